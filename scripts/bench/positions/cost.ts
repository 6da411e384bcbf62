// What each part of a stack takes of the processor for one position: the kernel's own count, of all threads of every process
// that this one began. Linux only. It says what to mend where a rate only says that something is slow.

import { readdirSync, readFileSync } from 'node:fs'
import { descendantsOf, nameOf } from '../pin'

export const PARTS = ['server', 'PostgreSQL', 'load'] as const
export type Part = (typeof PARTS)[number]

const PART_OF: readonly (readonly [name: RegExp, part: Part])[] = [
  [/^(workerd|node)/, 'server'],
  [/^postgres/, 'PostgreSQL'],
  [/^bun/, 'load'],
]

/** Answers the microseconds of processor that each part took since the call; 0 where the system does not say. */
export function watchCost(): () => Record<Part, number> {
  const before = takenByProcess()
  return () => {
    const cost: Record<Part, number> = { server: 0, PostgreSQL: 0, load: 0 }
    for (const { part, taken } of takenByProcess().values()) cost[part] += taken
    for (const { part, taken } of before.values()) cost[part] -= taken
    return cost
  }
}

/** A process counts with its children that have ended: PostgreSQL has one for each connection. */
function takenByProcess(): Map<number, { part: Part; taken: number }> {
  return new Map(
    descendantsOf(process.pid).flatMap((pid) => {
      const part = PART_OF.find(([name]) => name.test(nameOf(pid)))?.[1]
      const own = threadsOf(pid).reduce((sum, each) => sum + takenBy(each), 0)
      return part ? [[pid, { part, taken: own + takenByTheEnded(pid) }]] : []
    }),
  )
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
  } catch {
    return []
  }
}

/** "time on a processor (ns), time waiting for one (ns), turns": Documentation/scheduler/sched-stats.rst. */
function takenBy(thread: string): number {
  try {
    return Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000
  } catch {
    return 0 // it ended meanwhile
  }
}

/** Microseconds; counted by the system in hundredths of a second, and when it has collected them. */
function takenByTheEnded(pid: number): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    const [user, system] = fields.split(' ').slice(13, 15).map(Number)
    return ((user ?? 0) + (system ?? 0)) * 10_000
  } catch {
    return 0
  }
}
