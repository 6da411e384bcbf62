// Who is near a place, among those that are on the map and were heard a moment ago.

import { haversine } from '../domain/distance'
import { isFresh } from '../domain/position'
import type { NearDevice } from './contract'
import { maybeWithin } from './distance'
import type { Known } from './known'

/** The nearest first. */
export function nearest(
  devices: Iterable<Known>,
  at: { lat: number; lng: number },
  { limit, maxM, now }: { limit: number; maxM: number; now: number },
): NearDevice[] {
  const found: NearDevice[] = []
  for (const { deviceId, shown, standing, lastContactAt } of devices) {
    if (!shown || standing !== 'heard' || !maybeWithin(at, shown.position, maxM)) continue
    const { position } = shown
    if (!isFresh({ ...position, fixedAt: shown.at }, now)) continue
    const distanceM = haversine(at, position)
    if (distanceM <= maxM) found.push({ deviceId, position, distanceM, lastContactAt })
  }
  return found.sort((a, b) => a.distanceM - b.distanceM).slice(0, Math.max(0, limit))
}
