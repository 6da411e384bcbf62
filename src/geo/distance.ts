// Directions on the earth, and with them the distances of the domain. Degrees in, metres and degrees out.

import { EARTH_RADIUS_M, haversine, type Point } from '../domain/distance'
import { WINDS, type Wind } from '../domain/whereabouts'

export { EARTH_RADIUS_M, haversine, type Point }

const rad = (degrees: number) => (degrees * Math.PI) / 180
const deg = (radians: number) => (radians * 180) / Math.PI

/** The way from `a` to `b` as it begins, degrees clockwise from north, 0 <= bearing < 360; 0 between equal places. */
export function bearing(a: Point, b: Point): number {
  const east = rad(b.lng - a.lng)
  const y = Math.sin(east) * Math.cos(rad(b.lat))
  const x = Math.cos(rad(a.lat)) * Math.sin(rad(b.lat)) - Math.sin(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.cos(east)
  return around(deg(Math.atan2(y, x)))
}

/** The place `distanceM` from `from` in the direction `bearingDeg`. */
export function ahead(from: Point, bearingDeg: number, distanceM: number): Point {
  const far = distanceM / EARTH_RADIUS_M
  const [lat, way] = [rad(from.lat), rad(bearingDeg)]
  const north = Math.asin(Math.sin(lat) * Math.cos(far) + Math.cos(lat) * Math.sin(far) * Math.cos(way))
  const east = Math.atan2(
    Math.sin(way) * Math.sin(far) * Math.cos(lat),
    Math.cos(far) - Math.sin(lat) * Math.sin(north),
  )
  return { lat: deg(north), lng: ((from.lng + deg(east) + 540) % 360) - 180 }
}

/** Any angle as 0 <= degrees < 360. */
export const around = (degrees: number): number => {
  const turned = ((degrees % 360) + 360) % 360
  // The sum of a tiny negative remainder and 360 rounds to 360 itself.
  return turned === 360 ? 0 : turned
}

/** Between two directions, 0..180. */
export const turnBetween = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180)

/** The nearest of the eight winds, a key of the dictionary. */
export const windOf = (degrees: number): Wind => WINDS[Math.round(around(degrees) / 45) % 8] as Wind

export const isPlace = ({ lat, lng }: Point): boolean =>
  Number.isFinite(lat) && Number.isFinite(lng) && Math.abs(lat) <= 90 && Math.abs(lng) <= 180
