// Positions for tests of what Postgres keeps: made up, complete, and changed only where a test says so.

import type { PositionRow } from '../../src/domain/track'

/** In Manila, a minute before now. */
export const aRow = (changes: Partial<PositionRow> = {}): PositionRow => {
  const at = changes.at ?? Date.now() - 60_000
  return {
    region: 'NCR',
    deviceId: 'ncr-0047',
    at,
    receivedAt: at + 1_200,
    lat: 14.5869,
    lng: 121.0569,
    accuracyM: 8,
    headingDeg: 90,
    speedMps: 12.5,
    batteryPct: 61,
    event: null,
    protocol: 'osmand',
    doubts: [],
    ...changes,
  }
}
