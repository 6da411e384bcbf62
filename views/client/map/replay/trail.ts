// The way as lines by speed: a line per band of speed, broken where nobody knows the way between.

import { haversine } from '../../../../src/domain/distance'
import { GAP_MS } from '../../../../src/domain/track'
import { BANDS, type Band } from '../../../tower/replay-choices'
import type { Fix } from './moment'

type Place = [lat: number, lng: number]
export type Trail = {
  /** Of each band, its pieces; neighbouring pieces share their point. */
  lines: Record<Band, Place[][]>
  /** Fixes with a gap on either side: no line shows them. */
  lone: Place[]
}

export function trailOf(fixes: readonly Fix[]): Trail {
  const lines = Object.fromEntries(BANDS.map(({ name }): [Band, Place[][]] => [name, []])) as Trail['lines']
  const lone: Place[] = []
  let last: { band: Band; line: Place[] } | null = null
  fixes.forEach((fix, index) => {
    const next = fixes[index + 1]
    const place: Place = [fix.lat, fix.lng]
    if (!next || next.at - fix.at > GAP_MS) {
      if (last === null) lone.push(place)
      last = null
      return
    }
    const band = bandOf(speedOf(fix, next))
    if (last?.band === band) last.line.push([next.lat, next.lng])
    else {
      last = { band, line: [place, [next.lat, next.lng]] }
      lines[band].push(last.line)
    }
  })
  return { lines, lone }
}

/** Metres per second from one fix to the next: as the device said, else by the way and its time. */
export function speedOf(from: Fix, to: Fix): number {
  if (from.speedMps !== null && to.speedMps !== null) return (from.speedMps + to.speedMps) / 2
  const seconds = (to.at - from.at) / 1_000
  return from.speedMps ?? to.speedMps ?? (seconds > 0 ? haversine(from, to) / seconds : 0)
}

export const bandOf = (speedMps: number): Band =>
  BANDS.find(({ belowKmh }) => speedMps * 3.6 < belowKmh)?.name ?? 'fastest'
