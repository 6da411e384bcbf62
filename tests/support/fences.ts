// Geofences for tests: made up, valid, and changed only where a test says so.

import type { Corner, Geofence } from '../../src/domain/fence'
import type { WatchedFence } from '../../src/domain/fence-record'

/** About a kilometre by a kilometre around 14.6, 121. */
export const SQUARE: readonly Corner[] = [
  [14.5955, 120.9954],
  [14.5955, 121.0046],
  [14.6045, 121.0046],
  [14.6045, 120.9954],
]

export const aDrawnFence = (changes: Partial<Geofence & { active: boolean }> = {}) => ({
  id: crypto.randomUUID() as string,
  region: 'NCR' as const,
  name: 'Depot',
  kind: 'notice' as const,
  polygon: SQUARE,
  active: true,
  ...changes,
})

let count = 0
/** A kilometre's square around a place. */
export const aWatchedFence = (changes: Partial<WatchedFence> = {}, centre = { lat: 14.6, lng: 121 }): WatchedFence => ({
  id: `fence-${++count}`,
  name: `Fence ${count}`,
  kind: 'notice',
  drawnVersion: 1,
  polygon: SQUARE.map(([lat, lng]): Corner => [lat - 14.6 + centre.lat, lng - 121 + centre.lng]),
  ...changes,
})
