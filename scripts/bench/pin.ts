// Which core runs what. The server under test has the first core and all that loads it has the second, so that a
// generator never takes the time of what it measures. Databases stay unpinned for everybody: the operating system
// gives them what is left. With one core, or without taskset (macOS), nothing is pinned, and the report says so.

import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

export type Place = 'server' | 'load' | 'anywhere'

const CORE: Record<Exclude<Place, 'anywhere'>, string> = { server: '0', load: '1' }

export const canPin = (): boolean => availableParallelism() > 1 && Bun.which('taskset') !== null

/** What stands before a command line so that it runs there. */
export const pinned = (place: Place): string[] =>
  place === 'anywhere' || !canPin() ? [] : ['taskset', '-c', CORE[place]]

/** Moves a running process there, with all its threads. */
export function pinProcess(pid: number, place: 'server' | 'load'): void {
  if (canPin()) Bun.spawnSync(['taskset', '-a', '-c', '-p', CORE[place], String(pid)])
}

/** Lets it run on every core again. */
export function unpinProcess(pid: number): void {
  if (canPin()) Bun.spawnSync(['taskset', '-a', '-c', '-p', `0-${availableParallelism() - 1}`, String(pid)])
}

/** The same with all processes of a name below `ancestor`. */
export function pinBelow(ancestor: number, name: string, place: 'server' | 'load'): void {
  for (const pid of descendantsOf(ancestor).filter((pid) => nameOf(pid) === name)) pinProcess(pid, place)
}

/** Resident memory in MB; NaN where it cannot be read. */
export function memoryOf(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1]
  return kb ? Math.round(Number(kb) / 1024) : Number.NaN
}

/** Processes that it began, itself, or that those began. */
export function descendantsOf(ancestor: number): number[] {
  const parents = new Map<number, number>()
  for (const entry of entries('/proc')) {
    // "pid (name) state ppid": the name may hold blanks and brackets, so what follows counts from the last one.
    const stat = /^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : ''
    if (stat !== '') parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const below = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === ancestor || below(parents.get(pid)))
  return [...parents.keys()].filter((pid) => pid !== ancestor && below(pid))
}

export const nameOf = (pid: number): string => read(`/proc/${pid}/comm`).trim()

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function entries(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
