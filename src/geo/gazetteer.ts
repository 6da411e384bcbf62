// A position in terms of landmark, road and municipality, without asking anybody. The table is gazetteer-data.ts.
// Some 500 rows: a scan costs less than an index of them would weigh.

import type { LandmarkNear, PlaceKind, RoadNear, Whereabouts } from '../domain/whereabouts'
import { bearing, haversine, isPlace, type Point, turnBetween, windOf } from './distance'
import { GAZETTEER, type GazetteerPlace, ROADS } from './gazetteer-data'
import type { RoadLine } from './gazetteer-rows'
import { nearestOnLine } from './line'

/** What is known of a position; the same field names as the domain's. */
export type Moving = Point & {
  accuracyM?: number | null
  headingDeg?: number | null
  speedMps?: number | null
}

/** Farther than this a landmark tells a responder nothing. */
export const LANDMARK_MAX_M = 25_000
/** A line of ours may lie 150 m off its road: nearer than ON is "on", nearer than NEAR is "near". */
const ROAD_ON_M = 120
const ROAD_NEAR_M = 300
/** A fix less exact than this says nothing about roads. */
const ROAD_MIN_ACCURACY_M = 200
/** Slower than this a heading is noise. */
const MOVING_MPS = 1
/** More than this away from a road's direction is across it. */
const ALONG_DEG = 50
/** Beyond the last place that we know, no municipality is claimed. */
const MUNICIPALITY_MAX_M = 8_000
/** 13 km: neither the nearest place nor its rival at a border can be so far, and most rows are. */
const OUT_OF_REACH_DEG = 0.12
/** Borders are where two municipalities' places are equally near: right to about this. */
const BORDER_DOUBT_M = 300

/** People find their way by what can be seen from afar: a barangay's middle cannot. */
const WEIGHT: Record<PlaceKind, number> = {
  landmark: 1,
  mall: 0.9,
  hospital: 1,
  terminal: 1,
  bridge: 1.1,
  university: 1,
  barangay: 1.8,
  centre: 1.2,
}

/** Never throws; nothing at all for what is no place on earth. */
export function describe(at: Moving): Whereabouts {
  if (!isPlace(at)) return { landmark: null, road: null, municipality: null, orElse: null }
  return { landmark: landmarkNear(at), road: roadNear(at), ...municipalityAt(at) }
}

/** The place by which somebody would explain the way here. */
export function landmarkNear(at: Point): LandmarkNear | null {
  let best: { place: GazetteerPlace; distanceM: number; weighed: number } | null = null
  for (const place of GAZETTEER) {
    const distanceM = haversine(place, at)
    const weighed = distanceM * WEIGHT[place.kind]
    if (distanceM <= LANDMARK_MAX_M && (!best || weighed < best.weighed)) best = { place, distanceM, weighed }
  }
  if (!best) return null
  const way = bearing(best.place, at)
  const { name, kind } = best.place
  return { name, kind, distanceM: Math.round(best.distanceM), bearing: Math.round(way) % 360, wind: windOf(way) }
}

/** The road that it is on, or else near. Of two, the one that it moves along. */
export function roadNear(at: Moving): RoadNear | null {
  if ((at.accuracyM ?? 0) > ROAD_MIN_ACCURACY_M) return null
  const heading = (at.speedMps ?? 0) >= MOVING_MPS ? (at.headingDeg ?? null) : null
  let best: { near: RoadNear; rank: number } | null = null
  for (const road of ROADS) {
    const foot = nearestOnLine(at, road.line)
    if (foot.distanceM > ROAD_NEAR_M) continue
    const near = onRoad(road, foot, heading)
    const rank = foot.distanceM + (near.on ? 0 : ROAD_NEAR_M)
    if (!best || rank < best.rank) best = { near, rank }
  }
  return best?.near ?? null
}

function onRoad(road: RoadLine, foot: { distanceM: number; alongDeg: number }, heading: number | null): RoadNear {
  const off = heading === null ? null : turnBetween(heading, foot.alongDeg)
  const across = off !== null && off > ALONG_DEG && off < 180 - ALONG_DEG
  const on = foot.distanceM <= ROAD_ON_M && !across
  const forward = road.axis === 'ns' ? 'n' : 'e'
  const back = road.axis === 'ns' ? 's' : 'w'
  return {
    name: road.name,
    distanceM: Math.round(foot.distanceM),
    on,
    direction: on && off !== null ? (off <= ALONG_DEG ? forward : back) : null,
  }
}

/**
 * The municipality of the nearest place, so that each one's area is the union of its places' cells; and the neighbour
 * where the border between the two cells is nearer than the table is exact.
 */
export function municipalityAt(at: Point): Pick<Whereabouts, 'municipality' | 'orElse'> {
  const nearest = new Map<string, { place: GazetteerPlace; distanceM: number }>()
  for (const place of GAZETTEER) {
    // A bridge belongs to both of its ends.
    if (place.kind === 'bridge' || Math.abs(place.lat - at.lat) > OUT_OF_REACH_DEG) continue
    const distanceM = haversine(place, at)
    const known = nearest.get(place.municipality)
    if (!known || distanceM < known.distanceM) nearest.set(place.municipality, { place, distanceM })
  }
  const [first, ...others] = [...nearest].sort(([, a], [, b]) => a.distanceM - b.distanceM)
  if (!first || first[1].distanceM > MUNICIPALITY_MAX_M) return { municipality: null, orElse: null }
  const rival = others
    .map(([name, other]) => ({ name, borderM: toBorder(first[1], other) }))
    .sort((a, b) => a.borderM - b.borderM)[0]
  return { municipality: first[0], orElse: rival && rival.borderM <= BORDER_DOUBT_M ? rival.name : null }
}

/** Metres to the line on which both places are equally far. */
function toBorder(
  near: { place: GazetteerPlace; distanceM: number },
  far: { place: GazetteerPlace; distanceM: number },
): number {
  const apart = haversine(near.place, far.place)
  return apart === 0 ? 0 : (far.distanceM ** 2 - near.distanceM ** 2) / (2 * apart)
}
