// How a vehicle gets from where it was shown to where it is said to be: evenly, within the second until the next frame.

export const MOTION_MS = 1_000
/** Farther than this in one step is no drive (a new phone, a tunnel, a jump): shown where it is, at once. */
export const LEAP_M = 1_500

/** How much of the way from the old place is still to go: 1 at the fix, 0 after the second, and always 0 where nothing may move. */
export function remaining(now: number, movedAt: number, still: boolean): number {
  if (still) return 0
  const gone = (now - movedAt) / MOTION_MS
  return gone >= 1 ? 0 : gone <= 0 ? 1 : 1 - gone
}
