// The nearest point of a line of several legs, on the flat: good to a metre over the few kilometres of a leg.

import { around, EARTH_RADIUS_M, type Point } from './distance'

export type Foot = {
  distanceM: number
  /** Direction of the leg on which the nearest point lies, in the line's order, degrees clockwise from north. */
  alongDeg: number
}

const M_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180

/** `line` has at least one point; of one point, the direction is 0. Infinitely far from no points. */
export function nearestOnLine(at: Point, line: readonly (readonly [lat: number, lng: number])[]): Foot {
  const east = M_PER_DEGREE * Math.cos((at.lat * Math.PI) / 180)
  const flat = line.map(([lat, lng]) => [(lng - at.lng) * east, (lat - at.lat) * M_PER_DEGREE] as const)
  let best: Foot = { distanceM: Number.POSITIVE_INFINITY, alongDeg: 0 }
  flat.forEach(([ax, ay], n) => {
    const [bx, by] = flat[n + 1] ?? [ax, ay]
    const [dx, dy] = [bx - ax, by - ay]
    const length = dx * dx + dy * dy
    // The last point is a leg of no length: its direction would be made up, so it counts only where it stands alone.
    if (length === 0 && line.length > 1) return
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length))
    const distanceM = Math.hypot(ax + along * dx, ay + along * dy)
    if (distanceM < best.distanceM) {
      best = { distanceM, alongDeg: around((Math.atan2(dx, dy) * 180) / Math.PI) }
    }
  })
  return best
}
