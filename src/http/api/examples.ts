// Made-up data for the reference: one incident, as it looks after a person took it and a rover accepted.

import { sampleIncident } from '../../../views/design/sample'
import type { IncidentSummary } from '../../domain/incident'

export const INCIDENT_ID = '018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1'
export const OTHER_ID = '0142b7d0-19ce-8f03-a5e8-77c1f3d9b260'
export const SOS_ID = INCIDENT_ID
export const LEG_ID = 'a1b9c7d2-4e05-4b7f-8c3a-9d61f20e5b88'
export const EPOCH = 'q7Zk2mVd9sXw'

export const INCIDENT: IncidentSummary = sampleIncident({
  id: INCIDENT_ID,
  state: 'help_asked',
  door: 'api',
  deviceId: 'ncr-0047',
  driver: { id: 'drv-0047', name: 'Juan Dela Cruz', phone: '+63 900 000 0047' },
  vehicle: { id: 'veh-0047', plate: 'NAB 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'white' },
  position: {
    lat: 14.5869,
    lng: 121.0569,
    accuracyM: 8,
    headingDeg: 12,
    speedMps: 8.9,
    fixedAt: '2026-11-22T18:10:01.000Z',
    doubts: [],
  },
  pressCount: 2,
  flags: ['re_pressed'],
  pressedAt: '2026-11-22T18:10:02.000Z',
  receivedAt: '2026-11-22T18:10:03.120Z',
  shownAt: '2026-11-22T18:10:03.410Z',
  takenAt: '2026-11-22T18:10:09.000Z',
  helpOnTheWayAt: '2026-11-22T18:12:40.000Z',
  alarmedAt: '2026-11-22T18:10:03.120Z',
  lastActAt: '2026-11-22T18:12:40.000Z',
  owner: { uid: 'usr-ana', name: 'Ana Reyes', initials: 'AR', alias: 'Desk 3', at: '2026-11-22T18:10:09.000Z' },
  legs: [{ id: LEG_ID, kind: 'rover', name: 'Rover 12', state: 'accepted', etaMinutes: 6 }],
  furthestLeg: 'accepted',
  ring: { n: 3, to: 'none', reason: 'taken', at: '2026-11-22T18:10:09.000Z' },
  seq: 1042,
})
