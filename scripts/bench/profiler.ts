// Where the time of a workerd goes: V8's own CPU profiler, through workerd's inspector. Linux only, for it starts the
// running process again as it is, read from /proc, with an inspector beside it.

import { readFileSync } from 'node:fs'
import { freePort } from '../lib/ports'
import { pinned } from './pin'

export type Inspected = { profile(run: () => Promise<void>): Promise<CpuProfile>; stop(): Promise<void> }

/** As V8 writes it, and as browsers' developer tools open it. Times in µs. */
export type CpuProfile = { nodes: ProfileNode[]; samples: number[]; timeDeltas: number[] }
type ProfileNode = { id: number; callFrame: CallFrame; children?: number[] }
type CallFrame = { functionName: string; url: string; lineNumber: number }

const READY_LIMIT_MS = 10_000

export type CommandLine = { command: string[]; env: Record<string, string> }

/** How a running process was started. */
export function commandLineOf(pid: number): CommandLine {
  const words = (name: string) =>
    readFileSync(`/proc/${pid}/${name}`, 'utf8')
      .split('\0')
      .filter((word) => word !== '')
  const env = words('environ').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  return { command: words('cmdline'), env: Object.fromEntries(env) }
}

/** Starts that workerd, which must have ended, again with an inspector. */
export async function startInspected({ command, env }: CommandLine, healthUrl: string): Promise<Inspected> {
  const port = await freePort()
  const workerd = Bun.spawn([...pinned('server'), ...command, `--inspector-addr=127.0.0.1:${port}`], {
    env,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const until = Date.now() + READY_LIMIT_MS
  while (!(await fetch(healthUrl).catch(() => null))?.ok) {
    if (Date.now() > until) throw new Error('workerd does not answer with an inspector')
    await Bun.sleep(50)
  }
  const [found] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { webSocketDebuggerUrl: string }[]
  if (!found) throw new Error('workerd has no inspector')
  const ask = await openInspector(found.webSocketDebuggerUrl)
  await ask('Profiler.enable')
  await ask('Profiler.setSamplingInterval', { interval: 500 })
  return {
    profile: async (run) => {
      await ask('Profiler.start')
      await run()
      return ((await ask('Profiler.stop')) as { profile: CpuProfile }).profile
    },
    stop: async () => {
      workerd.kill('SIGKILL') // sockets that are still open would make it wait
      await workerd.exited
    },
  }
}

/**
 * Self time by function, most first, as shares of the whole; `(idle)` and `(program)` are among them. What the runtime
 * does for us (`exec`, `send`) stands with the function of ours that asked for it. `bundle`: the text of the worker,
 * in which comments of the bundler name the file of what follows them.
 */
export function selfTimes(profile: CpuProfile, bundle: string, most: number): Share[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])))
  const files = filesOf(bundle)
  const nameOf = (id: number | undefined): string => {
    const node = id === undefined ? undefined : nodes.get(id)
    if (!node) return '(root)'
    const { functionName, url, lineNumber } = node.callFrame
    const name = functionName || '(anonymous)'
    if (url.endsWith(BUNDLE)) return `${name} ${files(lineNumber)}`
    return name.startsWith('(') ? name : `${name} ← ${nameOf(parents.get(node.id))}`
  }
  const names = new Map<number, string>()
  const times = new Map<string, number>()
  let whole = 0
  for (const [n, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[n] ?? 0
    const where = names.get(id) ?? nameOf(id)
    names.set(id, where)
    times.set(where, (times.get(where) ?? 0) + delta)
    whole += delta
  }
  return [...times]
    .map(([where, time]) => ({ where, share: time / whole }))
    .sort((a, b) => b.share - a.share)
    .slice(0, most)
}

export type Share = { share: number; where: string }

/** The same, summed by source file. */
export function byFile(times: readonly Share[]): Share[] {
  const sums = new Map<string, number>()
  for (const { share, where } of times) {
    const file =
      where
        .split(' ')
        .at(-1)
        ?.replace(/\+\d+$/, '') ?? where
    sums.set(file, (sums.get(file) ?? 0) + share)
  }
  return [...sums].map(([where, share]) => ({ where, share })).sort((a, b) => b.share - a.share)
}

const BUNDLE = 'worker.js'

/** From a line (from 0) of the bundle to the source file that it came from, and the line there counted from its start. */
function filesOf(bundle: string): (line: number) => string {
  const starts: { at: number; file: string }[] = []
  for (const [at, line] of bundle.split('\n').entries()) {
    const file = /^\/\/ ((?:src|workers|views|drizzle|node_modules)\/\S+)$/.exec(line)?.[1]
    if (file) starts.push({ at, file })
  }
  return (line) => {
    const found = starts.findLast(({ at }) => at <= line)
    return found ? `${found.file}+${line - found.at}` : `${BUNDLE}:${line + 1}`
  }
}

type Ask = (method: string, params?: object) => Promise<unknown>

async function openInspector(url: string): Promise<Ask> {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let next = 1
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('the inspector cannot be reached')))
  })
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } }
    const asked = waiting.get(message.id ?? 0)
    waiting.delete(message.id ?? 0)
    if (message.error) asked?.reject(new Error(message.error.message))
    else asked?.resolve(message.result)
  })
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params }))
    })
}
