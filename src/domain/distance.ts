// How far apart two places on the earth are. Degrees in, metres out.

export type Point = { lat: number; lng: number }

/** Mean radius, metres: half a percent off at worst, far below a phone's accuracy. */
export const EARTH_RADIUS_M = 6_371_008.8

const rad = (degrees: number) => (degrees * Math.PI) / 180

/** Metres along the great circle. Never NaN for finite places: rounding cannot push the root over 1. */
export function haversine(a: Point, b: Point): number {
  const north = Math.sin(rad(b.lat - a.lat) / 2)
  const east = Math.sin(rad(b.lng - a.lng) / 2)
  const h = north * north + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * east * east
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}
