// What a position's age does to its dot: it fades, then it is hollow and stands in a ring in which the vehicle may be by now.

import { reachM, UNCERTAINTY } from '../../../../src/domain/uncertainty'

/** Younger is solid. */
export const FADES_AFTER_S = 20
/** Older is hollow, and the ring begins to grow. */
export const HOLLOW_AFTER_S = 60
/** Beyond this a ring says no more than "somewhere in the city". */
export const RING_LIMIT_M = UNCERTAINTY.limitM

/** Steps of drawing: 0 solid, 1 faded, 2 hollow. */
export const AGE_STEPS = 3
export const ageStep = (ageS: number): number => (ageS > HOLLOW_AFTER_S ? 2 : ageS > FADES_AFTER_S ? 1 : 0)

/** Metres; 0 up to a minute. `speedMps`: of the last fix, null where unknown. */
export function ringM(ageS: number, speedMps: number | null): number {
  if (ageS <= HOLLOW_AFTER_S) return 0
  return Math.min(RING_LIMIT_M, reachM(ageS - HOLLOW_AFTER_S, speedMps))
}
