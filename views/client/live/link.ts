// How good the link to the room is, from the age of its last tick alone. Ticks are due every 5 s.

export const TICK_EVERY_MS = 5_000
export const LATE_MS = 3_000
export const LOST_MS = 8_000

export type Link = 'connecting' | 'live' | 'late' | 'lost'

/** `tickAt`: when the last one came, null before the first; `openedAt`: when this page began to wait. All by one clock. */
export function linkState(tickAt: number | null, openedAt: number, now: number): Link {
  const overdue = now - (tickAt ?? openedAt) - TICK_EVERY_MS
  if (overdue > LOST_MS) return 'lost'
  if (overdue > LATE_MS) return 'late'
  return tickAt === null ? 'connecting' : 'live'
}

/** Wait before the next try: doubling from 250 ms, half of it by chance, never over 5 s: after an outage nobody waits long. */
export function retryDelay(failures: number, random: number): number {
  const ceiling = Math.min(5_000, 250 * 2 ** Math.min(failures, 10))
  return ceiling / 2 + (ceiling / 2) * random
}
