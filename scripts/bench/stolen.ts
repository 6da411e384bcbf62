// How much of this machine's time other machines on the same host took while we measured: on a rented one it moves
// figures more than most of what is changed between two runs.

import { readFileSync } from 'node:fs'

export const MACHINE = 'machine'
export const STOLEN = 'time of its cores taken by other machines'

/** Answers what was taken since the call, in per cent; NaN where the system does not say (only Linux does). */
export function watchStolen(): () => number {
  const before = ticks()
  return () => {
    const now = ticks()
    const all = now.all - before.all
    return all > 0 ? (100 * (now.stolen - before.stolen)) / all : Number.NaN
  }
}

/** "cpu  user nice system idle iowait irq softirq steal guest guest_nice" (proc(5)); a guest's time is in user's already. */
function ticks(): { all: number; stolen: number } {
  try {
    const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number)
    return { all: fields.reduce((sum, each) => sum + each, 0), stolen: fields[7] ?? Number.NaN }
  } catch {
    return { all: Number.NaN, stolen: Number.NaN }
  }
}
