// How far from its last fix a device may be by now: what its receiver did not know, and what it may have driven since.

/** Metres and metres per second. */
export const UNCERTAINTY = {
  /** Of a fix whose receiver did not say: a phone between houses. */
  unknownAccuracyM: 50,
  /** A vehicle whose speed nobody knows, or that stood: what a jeepney makes of a minute in a city. */
  unknownMps: 4,
  /** Beyond this a circle says no more than "somewhere in the city". */
  limitM: 2_000,
} as const

/** Metres that it may have gone in so many seconds. `speedMps`: of the last fix, null where unknown. */
export const reachM = (seconds: number, speedMps: number | null): number =>
  Math.max(0, seconds) * Math.max(UNCERTAINTY.unknownMps, speedMps ?? 0)

/**
 * Radius in metres of the circle in which it probably is, `ageMs` after the fix. Never smaller with age, never below
 * what the receiver said, and grown to `limitM` at most.
 */
export function uncertaintyM(
  { accuracyM, speedMps }: { accuracyM: number | null; speedMps: number | null },
  ageMs: number,
): number {
  const known = accuracyM ?? UNCERTAINTY.unknownAccuracyM
  return Math.max(known, Math.min(UNCERTAINTY.limitM, known + reachM(ageMs / 1000, speedMps)))
}
