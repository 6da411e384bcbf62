// One workerd, looked after: started, watched until it answers, started again when it dies, and ended with its tower.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { installed } from './paths'
import { gone, send } from './processes'
import { CannotStart } from './refusal'

export type WorkerdOptions = {
  /** Path of the config. */
  config: string
  /** Where the world reaches it, `host:port`. */
  main: string
  /** Where only this machine does. */
  internal: string
  /** Further words of its command line. */
  flags?: readonly string[]
  /** How long it may take to end by itself; a member of a cluster hands its objects over meanwhile. */
  drainMs?: number
  /** Asked until it answers 2xx. */
  healthUrl: string
  env: Record<string, string>
  logFile: string
  log: (line: string) => void
  /** Told of each new process, and of `null` when there is none. */
  onPid: (pid: number | null) => void
}

export type Workerd = {
  readonly pid: number | null
  /** Sends a signal to the process that runs now. Resolves once it is gone; the supervisor then starts another. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends it and resolves when the next one answers. */
  restart(): Promise<void>
  /** Resolves when it answers. */
  ready(): Promise<void>
  /** For good. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 30_000
// SIGTERM lets connections finish, and screens hold theirs for ever. What was answered is on the disk already.
const DRAIN_MS = 1_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 5_000
const STOOD_MS = 10_000
const LARGEST_LOG = 20 * 1024 * 1024

/** Starts it and waits until it answers. */
export async function superviseWorkerd(options: WorkerdOptions): Promise<Workerd> {
  let child: ChildProcess | null = null
  let stopping = false
  let pause = FIRST_PAUSE_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  const launch = () => {
    const began = Date.now()
    const launched = spawnWorkerd(options)
    child = launched
    options.onPid(launched.pid ?? null)
    launched.once('exit', (code, signal) => {
      if (child === launched) child = null
      if (stopping) return
      options.onPid(null)
      pause = Date.now() - began > STOOD_MS ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS)
      options.log(`workerd ended (${signal ?? `code ${code}`}); starting it again. Its log: ${options.logFile}`)
      timer = setTimeout(launch, pause)
    })
  }

  const worker: Workerd = {
    get pid() {
      return child?.pid ?? null
    },
    kill: async (signal) => {
      const pid = child?.pid
      if (pid === undefined) return
      send(pid, signal)
      await gone(pid, READY_WITHIN_MS)
    },
    ready: () => answers(options.healthUrl, () => null),
    restart: async () => {
      await endOf(child, options.drainMs)
      await worker.ready()
    },
    stop: async () => {
      stopping = true
      clearTimeout(timer)
      await endOf(child, options.drainMs)
      options.onPid(null)
    },
  }

  rotate(options.logFile)
  launch()
  const first = child as ChildProcess | null
  try {
    await answers(options.healthUrl, () =>
      first?.exitCode != null || first?.signalCode != null ? lastLines(options.logFile) : null,
    )
  } catch (error) {
    await worker.stop()
    throw error
  }
  return worker
}

/** How many WebSockets a workerd that is started from here may hold. */
export function socketLimit(): number {
  const said = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout?.trim()
  const limit = said === 'unlimited' ? 1_000_000 : Number(said)
  return socketsWithin(limit > 0 ? limit : 1_024)
}

/** Files, Postgres, and the connections of requests, of which nothing in the runtime limits the number. */
const SPARE = { least: 400, share: 0.15 }
const MOST_SOCKETS = 30_000

/** Two descriptors each; where accept() finds none left, the process ends. */
export function socketsWithin(descriptors: number): number {
  const spare = Math.max(SPARE.least, descriptors * SPARE.share)
  return Math.max(10, Math.min(MOST_SOCKETS, Math.floor((descriptors - spare) / 2)))
}

function spawnWorkerd({ config, main, internal, flags = [], env, logFile }: WorkerdOptions): ChildProcess {
  const args = [
    'serve',
    config,
    'config',
    '--experimental',
    `--socket-addr=main=${main}`,
    `--socket-addr=internal=${internal}`,
    ...flags,
  ]
  const log = openSync(logFile, 'a', 0o600)
  try {
    const options = {
      detached: true,
      stdio: ['ignore', log, log] as ['ignore', number, number],
      env: { PATH: process.env.PATH ?? '', ...env },
    }
    if (process.platform === 'win32') return spawn(installed('workerd.exe'), args, options)
    // Its files are for the owner alone, and it may open as many as the machine lets it.
    const shell = 'umask 077; ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$0" "$@"'
    return spawn('sh', ['-c', shell, installed('workerd'), ...args], options)
  } finally {
    closeSync(log)
  }
}

async function endOf(child: ChildProcess | null, drainMs = DRAIN_MS): Promise<void> {
  const pid = child?.pid
  if (pid === undefined) return
  send(pid, 'SIGTERM')
  if (await gone(pid, drainMs)) return
  send(pid, 'SIGKILL')
  await gone(pid, 5_000)
}

/** `died`: the reason to give up early, or null. */
async function answers(url: string, died: () => string | null): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS
  let last = 'nothing'
  while (Date.now() < until) {
    const why = died()
    if (why !== null) throw new CannotStart(`workerd does not start: ${why}`)
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return void (await response.body?.cancel())
      last = `${response.status} ${(await response.text()).slice(0, 300)}`
    } catch (error) {
      last = String(error)
    }
    await Bun.sleep(50)
  }
  throw new CannotStart(`the Worker does not answer at ${url}: ${last}`)
}

const lastLines = (file: string): string =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n') : 'it left no log'

function rotate(file: string): void {
  if (existsSync(file) && statSync(file).size > LARGEST_LOG) renameSync(file, `${file}.1`)
}
