// Rows as the fleet shards and the rooms deliver them, new ones for every `n`.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { PositionRow } from '../../../src/domain/track'
import type { OutboxRow } from '../../../src/room/contract'
import { sampleIncident } from '../../../views/design/sample'
import { deviceId, incidentId, type Seed } from './seed'

/** Of one second of one shard. */
const BATCH = 250
const LINES = 20

export function madePositions(n: number, { devicesPerRegion }: Seed): PositionRow[] {
  const at = Date.now() - 1_000
  return Array.from({ length: BATCH }, (_, each) => ({
    region: 'NCR',
    deviceId: deviceId('NCR', (n * BATCH + each) % devicesPerRegion),
    at,
    receivedAt: at + 400,
    lat: 14.5 + (n % 10_000) / 1e5,
    lng: 121 + each / 1e4,
    accuracyM: 8,
    headingDeg: each % 360,
    speedMps: 8.5,
    batteryPct: 70,
    event: null,
    protocol: 'osmand',
    doubts: [],
  }))
}

export const madeOutbox = (n: number): OutboxRow[] =>
  Array.from({ length: LINES }, (_, each) => {
    const seq = 10_000_000 + n * LINES + each
    const incident = madeIncident(seq)
    return {
      event: {
        room: 'NCR',
        epoch: 'bench',
        seq,
        at: Date.now(),
        type: 'created',
        incident: incident.id,
        actor: { uid: 'presser', alias: 'Presser', kind: 'presser' },
        body: { kind: incident.kind },
        salt: 'salt',
        bodyHash: 'b',
        prevHash: 'p',
        hash: 'h',
      },
      incident,
    }
  })

function madeIncident(seq: number): IncidentSummary {
  const now = new Date().toISOString()
  return sampleIncident({
    id: incidentId(1, seq),
    code: `NCR-${seq}`,
    state: 'taken',
    door: 'api',
    deviceId: deviceId('NCR', 1),
    driver: null,
    vehicle: null,
    position: null,
    pressedAt: null,
    receivedAt: now,
    shownAt: null,
    takenAt: now,
    alarmedAt: now,
    lastActAt: now,
    legs: [{ id: `leg-${seq}`, kind: 'rover', name: 'Rover 7', state: 'asked', etaMinutes: 9 }],
    furthestLeg: 'asked',
    ring: { n: 0, to: 'none', reason: 'new', at: now },
    seq,
  })
}
