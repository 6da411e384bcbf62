// Where a vehicle was at a moment, from its fixes: between two of them a straight line, in a gap nothing that was not said.

import { GAP_MS } from '../../../../src/domain/track'

/** One fix on the way. `at` in epoch ms. */
export type Fix = {
  at: number
  lat: number
  lng: number
  speedMps: number | null
  headingDeg: number | null
}

export type Moment = {
  lat: number
  lng: number
  speedMps: number | null
  headingDeg: number | null
  /** Of the newest fix until then. */
  fixedAt: number
  /** No fix lies near enough: this is where it was last, or, before the first of all, where it was first heard. */
  lost: boolean
}

/** A leg shorter than this has no direction but the receiver's noise. */
const BEARING_FROM_DEG = 0.0001

/** `fixes` oldest first, without those where it cannot have been. Null where there are none. */
export function momentAt(fixes: readonly Fix[], at: number): Moment | null {
  const [first] = fixes
  if (!first) return null
  const index = lastUntil(fixes, at)
  const from = fixes[index]
  if (!from) return { ...placeOf(first), lost: first.at - at > GAP_MS }
  const to = fixes[index + 1]
  if (!to) return { ...placeOf(from), lost: at - from.at > GAP_MS }
  if (to.at - from.at > GAP_MS) return { ...placeOf(from), lost: at > from.at }
  const part = (at - from.at) / (to.at - from.at)
  return {
    lat: between(from.lat, to.lat, part),
    lng: between(from.lng, to.lng, part),
    speedMps:
      from.speedMps === null || to.speedMps === null ? from.speedMps : between(from.speedMps, to.speedMps, part),
    headingDeg: headingBetween(from, to, part),
    fixedAt: from.at,
    lost: false,
  }
}

/** Index of the newest fix at or before `at`; -1 where all are later. */
export function lastUntil(fixes: readonly Pick<Fix, 'at'>[], at: number): number {
  let [low, high] = [0, fixes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((fixes[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Degrees from north of the straight way; null where the two are as good as one. */
export function bearing(from: Pick<Fix, 'lat' | 'lng'>, to: Pick<Fix, 'lat' | 'lng'>): number | null {
  const north = to.lat - from.lat
  const east = (to.lng - from.lng) * Math.cos((from.lat * Math.PI) / 180)
  if (Math.hypot(north, east) < BEARING_FROM_DEG) return null
  return (Math.atan2(east, north) * (180 / Math.PI) + 360) % 360
}

function headingBetween(from: Fix, to: Fix, part: number): number | null {
  if (from.headingDeg === null || to.headingDeg === null) return from.headingDeg ?? bearing(from, to)
  // The shorter way round.
  const turn = ((to.headingDeg - from.headingDeg + 540) % 360) - 180
  return (from.headingDeg + turn * part + 360) % 360
}

const between = (from: number, to: number, part: number): number => from + (to - from) * part

const placeOf = ({ lat, lng, speedMps, headingDeg, at }: Fix) => ({ lat, lng, speedMps, headingDeg, fixedAt: at })
