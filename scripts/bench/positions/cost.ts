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
    for (const [pid, taken] of takenByProcess()) {
      const part = PART_OF.find(([name]) => name.test(nameOf(pid)))?.[1]
      if (part) cost[part] += taken - (before.get(pid) ?? 0)
    }
    return cost
  }
}

const takenByProcess = (): Map<number, number> =>
  new Map(descendantsOf(process.pid).map((pid) => [pid, threadsOf(pid).reduce((sum, each) => sum + takenBy(each), 0)]))

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
