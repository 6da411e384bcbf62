// Lines of a room's outbox with made-up content, for tests of the archive.

import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary } from '../../src/domain/incident'
import type { OutboxRow } from '../../src/room/contract'
import { sampleIncident } from '../../views/design/sample'

const AT = Date.UTC(2026, 10, 20, 3, 4, 5, 678)
const iso = (ms: number) => new Date(ms).toISOString()

export function madeEvent(seq: number, changes: Partial<LogEvent> = {}): LogEvent {
  return {
    room: 'NCR',
    epoch: 'e1',
    seq,
    at: AT + seq,
    type: 'noted',
    incident: '01a',
    actor: { uid: 'u1', alias: 'Desk 1', kind: 'person' },
    body: { text: `line ${seq}`, nested: { z: 1, a: [1, null] } },
    salt: `salt-${seq}`,
    bodyHash: `b${seq}`,
    prevHash: `h${seq - 1}`,
    hash: `h${seq}`,
    ...changes,
  }
}

export function madeSummary(id: string, seq: number, changes: Partial<IncidentSummary> = {}): IncidentSummary {
  return sampleIncident({
    id,
    door: 'api',
    deviceId: 'demo-ncr-01',
    driver: { id: 'd1', name: 'Ramon Dimaculangan', phone: '+639005550001' },
    vehicle: { id: 'v1', plate: 'ZQA 1041', conduction: null, make: 'Toyota', model: 'Vios', colour: 'White' },
    position: {
      lat: 14.5995,
      lng: 120.9842,
      accuracyM: 12.5,
      headingDeg: null,
      speedMps: 3.25,
      fixedAt: iso(AT),
      doubts: ['stale', 'mocked'],
    },
    pressCount: 2,
    flags: ['re_pressed'],
    note: 'follows a "white" van, near Ñ',
    pressedAt: null,
    receivedAt: iso(AT),
    shownAt: null,
    alarmedAt: iso(AT),
    ring: { n: 1, to: 'all', reason: 'new', at: iso(AT) },
    seq,
    ...changes,
  })
}

export const madeRow = (
  id: string,
  seq: number,
  summary: Partial<IncidentSummary> = {},
  event: Partial<LogEvent> = {},
): OutboxRow => ({
  event: madeEvent(seq, { incident: id, ...event }),
  incident: madeSummary(id, seq, summary),
})
