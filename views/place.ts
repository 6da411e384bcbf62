// A position in words, without internet: the nearest city we know, how far and which way.

import { PLACES } from './map/places'
import type { Say } from './words'

const DIRECTIONS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
type Direction = (typeof DIRECTIONS)[number]

/** Nearer than this a fix is "in" the city rather than beside it. */
const INSIDE_KM = 2.5
/** Farther than this from every city we know, a name would mislead. */
const UNKNOWN_KM = 400
const KM_PER_DEGREE = 111.2

/** "in Makati", "6 km north-east of Cebu City"; null where no city of ours is anywhere near. */
export function placeInWords(lat: number, lng: number, say: Say): string | null {
  let best: { name: string; km: number; bearing: number } | null = null
  for (const city of PLACES) {
    const north = (lat - city.lat) * KM_PER_DEGREE
    const east = (lng - city.lng) * KM_PER_DEGREE * Math.cos((city.lat * Math.PI) / 180)
    const km = Math.hypot(north, east)
    if (!best || km < best.km) best = { name: city.name, km, bearing: (Math.atan2(east, north) * 180) / Math.PI }
  }
  if (!best || best.km > UNKNOWN_KM) return null
  if (best.km < INSIDE_KM) return say('place.in', { city: best.name })
  const km = best.km < 10 ? best.km.toFixed(1) : String(Math.round(best.km))
  return say('place.near', { km, dir: directionInWords(best.bearing, say), city: best.name })
}

/** One of eight directions of a bearing in degrees clockwise from north. */
export function directionInWords(degrees: number, say: Say): string {
  const at = Math.round((((degrees % 360) + 360) % 360) / 45) % 8
  return say(`dir.${DIRECTIONS[at] as Direction}`)
}
