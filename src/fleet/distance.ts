// Who may be near, before anybody measures.

import { EARTH_RADIUS_M, type Point } from '../domain/distance'

const METRES_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180

/** False where they are surely farther apart than that: cheap, for looking at everybody. */
export const maybeWithin = (a: Point, b: Point, metres: number): boolean =>
  Math.abs(a.lat - b.lat) * METRES_PER_DEGREE <= metres + 1
