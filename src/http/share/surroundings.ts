// What is around a position, for the little map of a shared place: roads and landmarks of our own tables, and nobody is asked.

import type { Spot, Surroundings } from '../../../views/share/little-map'
import { GAZETTEER, ROADS } from '../../geo/gazetteer-data'

/** Half the width of the map. */
const REACH_M = 2_500
const PLACES_MAX = 5
/** Names nearer to each other than this would lie on each other. */
const APART_M = 500
/** Nearer than this to the middle a landmark lies under the vehicle. */
const CLEAR_M = 150
const M_PER_DEG = 111_195

export function surroundings(middle: { lat: number; lng: number }): Surroundings {
  const perLng = M_PER_DEG * Math.cos((middle.lat * Math.PI) / 180)
  const spotOf = (lat: number, lng: number): Spot => ({
    x: Math.round((lng - middle.lng) * perLng),
    y: Math.round((lat - middle.lat) * M_PER_DEG),
  })
  const roads = ROADS.map(({ name, line }) => ({ name, line: line.map(([lat, lng]) => spotOf(lat, lng)) }))
    .map(({ name, line }) => ({ name, line: inside(line) }))
    .filter(({ line }) => line.length > 1)
  const places: Surroundings['places'] = []
  const near = GAZETTEER.filter(({ kind }) => kind !== 'barangay')
    .map(({ name, lat, lng }) => ({ name, ...spotOf(lat, lng) }))
    .filter((spot) => Math.max(Math.abs(spot.x), Math.abs(spot.y)) < REACH_M * 0.85 && far(spot) > CLEAR_M)
    .sort((a, b) => far(a) - far(b))
  for (const spot of near) {
    if (places.length === PLACES_MAX) break
    if (places.every((other) => Math.hypot(other.x - spot.x, other.y - spot.y) > APART_M)) places.push(spot)
  }
  return { reachM: REACH_M, roads, places }
}

const far = ({ x, y }: Spot): number => Math.hypot(x, y)

/** The piece of a road that can be seen, with one point more at each end so that it runs out of the picture. */
function inside(line: readonly Spot[]): Spot[] {
  const seen = (from: Spot, to: Spot) =>
    Math.min(from.x, to.x) < REACH_M &&
    Math.max(from.x, to.x) > -REACH_M &&
    Math.min(from.y, to.y) < REACH_M &&
    Math.max(from.y, to.y) > -REACH_M
  const parts = line.flatMap((from, at) => {
    const to = line[at + 1]
    return to && seen(from, to) ? [at, at + 1] : []
  })
  return parts.length === 0 ? [] : line.slice(Math.min(...parts), Math.max(...parts) + 1)
}
