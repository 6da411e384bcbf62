// How far apart two places are, as the crow flies.

const METRES_PER_DEGREE = 111_195
const RADIANS = Math.PI / 180

export type Point = { lat: number; lng: number }

/** Metres, by haversine. */
export function metresBetween(a: Point, b: Point): number {
  const north = Math.sin(((b.lat - a.lat) * RADIANS) / 2)
  const east = Math.sin(((b.lng - a.lng) * RADIANS) / 2)
  const h = north * north + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * east * east
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** False where they are surely farther apart than that: cheap, for looking at everybody. */
export const maybeWithin = (a: Point, b: Point, metres: number): boolean =>
  Math.abs(a.lat - b.lat) * METRES_PER_DEGREE <= metres + 1
