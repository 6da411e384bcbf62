// A corridor as a line on the ground: how long it is, and where one is after so many metres.

import type { Corridor } from './corridors'

export type Spot = { lat: number; lng: number; headingDeg: number }

export type Path = {
  lengthM: number
  /** Where each waypoint lies, metres from the first. */
  marksM: readonly number[]
  /** `right`: metres beside the line, as seen when driving towards its end (1) or its beginning (-1). */
  spotAt(m: number, towards: 1 | -1, right: number): Spot
}

const M_PER_DEG = 111_320

export function pathOf({ way }: Pick<Corridor, 'way'>): Path {
  const [first] = way
  if (!first || way.length < 2) throw new Error('a corridor needs two waypoints')
  // Within a city the earth is flat: errors are centimetres.
  const eastM = M_PER_DEG * Math.cos((first[0] * Math.PI) / 180)
  const points = way.map(([lat, lng]) => ({ x: (lng - first[1]) * eastM, y: (lat - first[0]) * M_PER_DEG }))
  const marksM = [0]
  for (const [nth, point] of points.entries()) {
    const before = points[nth - 1]
    if (before) marksM.push((marksM[nth - 1] ?? 0) + Math.hypot(point.x - before.x, point.y - before.y))
  }
  const lengthM = marksM.at(-1) ?? 0

  return {
    lengthM,
    marksM,
    spotAt: (m, towards, right) => {
      const at = Math.max(0, Math.min(lengthM, m))
      let nth = 1
      while (nth < marksM.length - 1 && (marksM[nth] ?? 0) < at) nth++
      const from = points[nth - 1] as (typeof points)[number]
      const to = points[nth] as (typeof points)[number]
      const start = marksM[nth - 1] ?? 0
      const span = (marksM[nth] ?? 0) - start
      const dx = ((to.x - from.x) / span) * towards
      const dy = ((to.y - from.y) / span) * towards
      const x = from.x + ((to.x - from.x) * (at - start)) / span + dy * right
      const y = from.y + ((to.y - from.y) * (at - start)) / span - dx * right
      return {
        lat: first[0] + y / M_PER_DEG,
        lng: first[1] + x / eastM,
        headingDeg: ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360,
      }
    },
  }
}

/** Metres from a place to the nearest point of the line. */
export function distanceTo({ way }: Pick<Corridor, 'way'>, lat: number, lng: number): number {
  const eastM = M_PER_DEG * Math.cos((lat * Math.PI) / 180)
  const points = way.map((point) => ({ x: (point[1] - lng) * eastM, y: (point[0] - lat) * M_PER_DEG }))
  let nearest = Number.POSITIVE_INFINITY
  for (const [nth, to] of points.entries()) {
    const from = points[nth - 1]
    if (!from) continue
    const dx = to.x - from.x
    const dy = to.y - from.y
    const part = Math.max(0, Math.min(1, -(from.x * dx + from.y * dy) / (dx * dx + dy * dy)))
    nearest = Math.min(nearest, Math.hypot(from.x + dx * part, from.y + dy * part))
  }
  return nearest
}
