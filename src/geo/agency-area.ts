// Whose police, fire brigade and rescue come to a place: the municipality's, now and where it is heading.

import type { AgencyAhead, AgencyArea } from '../domain/whereabouts'
import { ahead, isPlace, type Point } from './distance'
import { type Moving, municipalityAt } from './gazetteer'

export type AgencyAreas = {
  now: AgencyArea | null
  /** The first other one on its way; `inM` in steps of 100 m, `inS` at its present speed. Null standing, or staying. */
  next: AgencyAhead | null
}

/** What is told to an agency must still be true when its car has started: about two minutes of driving. */
export const LOOK_AHEAD_M = 2_000
const STEP_M = 100
/** Slower than this a heading is noise, and there is no "next". */
const MOVING_MPS = 2

/** Never throws. The borders are those of the gazetteer: the union of the cells of each municipality's places. */
export function agencyAreas(at: Moving): AgencyAreas {
  if (!isPlace(at)) return { now: null, next: null }
  const now = areaAt(at)
  const { headingDeg, speedMps } = at
  if (headingDeg == null || speedMps == null) return { now, next: null }
  if (!Number.isFinite(headingDeg) || !(speedMps >= MOVING_MPS)) return { now, next: null }
  for (let inM = STEP_M; inM <= LOOK_AHEAD_M; inM += STEP_M) {
    const area = areaAt(ahead(at, headingDeg, inM))
    if (area && area.municipality !== now?.municipality) {
      return { now, next: { ...area, inM, inS: Math.round(inM / speedMps) } }
    }
  }
  return { now, next: null }
}

function areaAt(at: Point): AgencyArea | null {
  const { municipality, orElse } = municipalityAt(at)
  return municipality === null ? null : { municipality, orElse }
}
