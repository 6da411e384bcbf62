// Where a vehicle may stand for long and nobody need ask why: terminals, malls and hospitals of the gazetteer. Rules as data.
// A fleet's own depots are geofences: src/fleet/own-places.ts.

import type { PlaceKind } from '../domain/whereabouts'
import { haversine, type Point } from './distance'
import { GAZETTEER } from './gazetteer-data'

/** How far about its middle a place of this kind reaches, metres: the table itself is right to 200. */
const REACH_M: Partial<Record<PlaceKind, number>> = { terminal: 500, mall: 400, hospital: 300 }
/** Farther apart north to south than this is out of any reach: most places are, and need no measuring. */
const NEAR_DEG = 0.006

const WAITING_PLACES = GAZETTEER.flatMap((place) => {
  const reachM = REACH_M[place.kind]
  return reachM === undefined ? [] : [{ ...place, reachM }]
})

export const isKnownPlace = (at: Point): boolean =>
  WAITING_PLACES.some((place) => Math.abs(place.lat - at.lat) < NEAR_DEG && haversine(place, at) <= place.reachM)
