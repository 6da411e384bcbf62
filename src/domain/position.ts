// One place on earth at one time, as a phone or tracker reported it, with what makes it doubtful.

export type Position = {
  lat: number
  lng: number
  /** Radius of the circle that probably holds the device, metres. */
  accuracyM: number | null
  /** Degrees clockwise from north, 0 <= h < 360. */
  headingDeg: number | null
  /** Metres per second. */
  speedMps: number | null
  /** When the device fixed it, epoch ms by the device's clock; null where it did not say. */
  fixedAt: number | null
  /** 0..100. */
  batteryPct: number | null
  doubts: readonly PositionDoubt[]
}

/** Flags, never reasons to drop: an SOS from a mocked GPS is still an SOS. */
export type PositionDoubt = 'null_island' | 'mocked' | 'stale' | 'future' | 'out_of_country' | 'local_time'

/** A fix older than this at receipt is stale: it may still be shown, but does not choose the desk. */
export const FRESH_FIX_MS = 120_000

/** True where the fix may decide whose desk an incident is on. */
export function isFresh(position: Position, now: number): boolean {
  if (position.doubts.length > 0) return false
  return position.fixedAt === null || now - position.fixedAt <= FRESH_FIX_MS
}
