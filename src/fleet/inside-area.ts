// Which devices are in an area that somebody has drawn just now. Whoever may be in it is: a warning too many harms nobody.

import { ASSUMED_ACCURACY_M, type Corner } from '../domain/fence'
import { borderOf, sideOfBorder } from './border'
import type { InsideDevice } from './contract'
import type { Known } from './known'

/** Fixes that are less exact than that would put half a city into every area. */
const DOUBT_MAX_M = 100

/** Those that are on the map, by the place that it shows. */
export function insideArea(devices: Iterable<Known>, polygon: readonly Corner[]): InsideDevice[] {
  const border = borderOf(polygon)
  const inside: InsideDevice[] = []
  for (const { deviceId, shown, standing } of devices) {
    if (!shown || standing === 'away') continue
    const { lat, lng, accuracyM } = shown.position
    const doubtM = Math.min(DOUBT_MAX_M, Math.max(0, accuracyM ?? ASSUMED_ACCURACY_M))
    if (sideOfBorder(border, lat, lng, doubtM) === 'outside') continue
    inside.push({ deviceId, lat, lng, accuracyM, fixedAt: shown.at })
  }
  return inside
}
