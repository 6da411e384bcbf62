// A fence's border as numbers: on which side of it a fix is, without making anything. The same as sideOf of
// src/domain/fence.ts, which a test holds it to.

import type { Corner, Side } from '../domain/fence'

export type Border = {
  readonly south: number
  readonly west: number
  readonly north: number
  readonly east: number
  readonly lats: Float64Array
  readonly lngs: Float64Array
}

const M_PER_DEGREE = 111_195

export function borderOf(polygon: readonly Corner[]): Border {
  const lats = Float64Array.from(polygon, ([lat]) => lat)
  const lngs = Float64Array.from(polygon, ([, lng]) => lng)
  return {
    lats,
    lngs,
    south: Math.min(...lats),
    north: Math.max(...lats),
    west: Math.min(...lngs),
    east: Math.max(...lngs),
  }
}

/** Null where the circle of `accuracyM` around the fix lies on both sides. */
export function sideOfBorder(border: Border, lat: number, lng: number, accuracyM: number): Side | null {
  const eastM = M_PER_DEGREE * Math.cos((lat * Math.PI) / 180)
  if (isBeyond(border, lat, lng, accuracyM, eastM)) return 'outside'
  const { lats, lngs } = border
  const reach = accuracyM * accuracyM
  let inside = false
  let last = lats.length - 1
  for (let at = 0; at < lats.length; last = at++) {
    const [aLat, aLng, bLat, bLng] = [
      lats[last] as number,
      lngs[last] as number,
      lats[at] as number,
      lngs[at] as number,
    ]
    if (aLat > lat !== bLat > lat && lng < aLng + ((lat - aLat) / (bLat - aLat)) * (bLng - aLng)) inside = !inside
    const ax = (aLng - lng) * eastM
    const ay = (aLat - lat) * M_PER_DEGREE
    const dx = (bLng - aLng) * eastM
    const dy = (bLat - aLat) * M_PER_DEGREE
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length))
    const x = ax + along * dx
    const y = ay + along * dy
    if (x * x + y * y <= reach) return null
  }
  return inside ? 'inside' : 'outside'
}

/** Farther from the box around it than the circle reaches. */
function isBeyond(
  { south, west, north, east }: Border,
  lat: number,
  lng: number,
  accuracyM: number,
  eastM: number,
): boolean {
  const y = Math.max(0, south - lat, lat - north) * M_PER_DEGREE
  const x = Math.max(0, west - lng, lng - east) * eastM
  return x * x + y * y > accuracyM * accuracyM
}
