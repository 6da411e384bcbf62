// Where the time of a workerd goes: V8's own CPU profiler, through workerd's inspector. Linux only, for it starts the
// running process again as it is, read from /proc, with an inspector beside it.

import { readFileSync } from 'node:fs'
import { freePort } from '../lib/ports'
import { pinned } from './pin'

export type Inspected = { profile(run: () => Promise<void>): Promise<CpuProfile>; stop(): Promise<void> }

/** As V8 writes it, and as browsers' developer tools open it. Times in µs. */
export type CpuProfile = { nodes: ProfileNode[]; samples: number[]; timeDeltas: number[] }
type ProfileNode = { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }

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

/** Self time by function, most first; what is idle stands among it as `(idle)` and `(program)`. Shares of the whole. */
export function selfTimes(profile: CpuProfile, most: number): { share: number; where: string }[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  let whole = 0
  for (const [n, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[n] ?? 0
    const where = names.get(id) ?? '?'
    times.set(where, (times.get(where) ?? 0) + delta)
    whole += delta
  }
  return [...times]
    .map(([where, time]) => ({ where, share: time / whole }))
    .sort((a, b) => b.share - a.share)
    .slice(0, most)
}

const nameOf = ({ functionName, url, lineNumber }: ProfileNode['callFrame']): string =>
  `${functionName || '(anonymous)'}${url ? ` ${url.split('/').at(-1)}:${lineNumber + 1}` : ''}`

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
