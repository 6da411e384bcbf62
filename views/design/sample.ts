// Made-up incidents for /design: the same every time, nobody's data.

import type { Viewer } from '../../src/domain/access'
import type { EventType, LogEvent } from '../../src/domain/event'
import type { IncidentSummary, Priority } from '../../src/domain/incident'
import { KINDS } from '../../src/domain/press'

/** When all of it is looked at: 22 Nov 2026, 21:14:27 in Manila. */
export const SAMPLE_NOW = Date.parse('2026-11-22T13:14:27Z')

export const SAMPLE_VIEWER: Viewer = {
  uid: 'sample-ana',
  name: 'Ana Reyes',
  alias: 'Desk 3',
  role: 'supervisor',
  regions: ['NCR', 'CEB', 'DVO', 'ILO'],
  epoch: 1,
}

const ago = (seconds: number) => new Date(SAMPLE_NOW - seconds * 1000).toISOString()

export function sampleIncident(change: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id: '01000000-0000-8000-8000-000000000047',
    code: 'NCR-47',
    state: 'new',
    priority: 'P1',
    contactPolicy: 'quiet',
    kind: 'panic',
    reporter: 'driver',
    door: 'traccar',
    region: 'NCR',
    desk: 'NCR',
    deviceId: 'dev-ncr-0047',
    driver: { id: 'drv-47', name: 'Juan Dela Cruz', phone: '+63 917 555 0147' },
    vehicle: { id: 'veh-47', plate: 'NAB 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'White' },
    position: {
      lat: 14.5869,
      lng: 121.0614,
      accuracyM: 8,
      headingDeg: 12,
      speedMps: 8.9,
      fixedAt: ago(12),
      doubts: [],
    },
    pressCount: 1,
    flags: [],
    note: null,
    pressedAt: ago(19),
    receivedAt: ago(18),
    shownAt: ago(17),
    takenAt: null,
    helpOnTheWayAt: null,
    safeAt: null,
    closedAt: null,
    alarmedAt: ago(18),
    lastActAt: null,
    owner: null,
    legs: [],
    furthestLeg: null,
    links: [],
    merged: [],
    mergedInto: null,
    pending: null,
    offeredTo: null,
    ring: { n: 1, to: 'all', reason: 'new', at: ago(18) },
    seq: 4711,
    ...change,
  }
}

export function sampleEvents(incident: IncidentSummary): LogEvent[] {
  const lines: [EventType, number, Record<string, unknown>, LogEvent['actor']][] = [
    [
      'created',
      18,
      { kind: 'panic', door: 'traccar', count: 1 },
      { uid: 'presser', alias: 'Presser', kind: 'presser' },
    ],
    ['shown', 17, {}, { uid: 'sample-ana', alias: 'Desk 3', kind: 'person' }],
    ['pressed', 9, { kind: 'panic', door: 'traccar', count: 2 }, { uid: 'presser', alias: 'Presser', kind: 'presser' }],
  ]
  return lines.map(([type, seconds, body, actor], at) => ({
    room: incident.region,
    epoch: 'sample',
    seq: 4700 + at,
    at: SAMPLE_NOW - seconds * 1000,
    type,
    incident: incident.id,
    actor,
    body,
    salt: '',
    bodyHash: '',
    prevHash: '',
    hash: '',
  }))
}

const NAMES = [
  'Maria Santos',
  'Pedro Garcia',
  'Liza Ramos',
  'Jose Bautista',
  'Carmen Cruz',
  'Ramon Aquino',
  'Tess Villanueva',
  'Noel Mendoza',
]
const CARS = [
  ['Toyota', 'Vios', 'White'],
  ['Mitsubishi', 'Mirage', 'Red'],
  ['Honda', 'City', 'Silver'],
  ['Toyota', 'Innova', 'Grey'],
  ['Nissan', 'Almera', 'Black'],
  ['Suzuki', 'Ertiga', 'Blue'],
] as const
const AROUND: readonly (readonly [number, number])[] = [
  [14.61, 120.99],
  [14.55, 121.02],
  [14.65, 121.04],
  [14.58, 121.08],
  [14.47, 121.0],
  [14.68, 120.97],
]

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

/** A flood over the capital: `count` incidents of all priorities and states. */
export function sampleStorm(count = 400): IncidentSummary[] {
  return Array.from({ length: count }, (_, n) => {
    const priority: Priority = n % 28 === 0 ? 'P1' : n % 5 === 0 ? 'P2' : n % 3 === 0 ? 'P4' : 'P3'
    const taken = n % 3 !== 1 && n % 28 !== 0
    const mine = taken && n % 61 === 0
    const [make, model, colour] = pick(CARS, n)
    const [lat, lng] = pick(AROUND, n * 7)
    const kind =
      n % 28 === 0 ? pick(['panic', 'medical', 'flood'] as const, n / 28) : n % 4 === 0 ? pick(KINDS, n) : 'flood'
    const seconds = 20 + ((n * 37) % 372)
    return sampleIncident({
      id: `01000000-0000-8000-8000-${String(n).padStart(12, '0')}`,
      code: `NCR-${100 + n}`,
      priority,
      kind,
      contactPolicy: kind === 'panic' || kind === 'security' || kind === 'harassment' ? 'quiet' : 'voice_ok',
      state: taken ? (n % 4 === 0 ? 'help_asked' : 'taken') : 'new',
      owner: taken
        ? {
            uid: mine ? SAMPLE_VIEWER.uid : `op-${n % 6}`,
            name: mine ? SAMPLE_VIEWER.name : pick(NAMES, n),
            initials: mine ? 'AR' : pick(['MS', 'PG', 'LR', 'JB', 'CC', 'RA'], n),
            alias: mine ? 'Desk 3' : `Desk ${(n % 6) + 4}`,
            at: ago(seconds - 10),
          }
        : null,
      driver: { id: `drv-${n}`, name: pick(NAMES, n * 3), phone: null },
      vehicle: {
        id: `veh-${n}`,
        plate: `N${pick(['AB', 'CD', 'EF', 'GH'], n)} ${1000 + n * 7}`,
        conduction: null,
        make,
        model,
        colour,
      },
      position: {
        lat: lat + ((n * 13) % 40) / 1000,
        lng: lng + ((n * 29) % 40) / 1000,
        accuracyM: 12,
        headingDeg: null,
        speedMps: 0,
        fixedAt: ago(seconds % 60),
        doubts: [],
      },
      pressCount: n % 17 === 0 ? 3 : 1,
      pressedAt: ago(seconds),
      receivedAt: ago(seconds),
      alarmedAt: ago(seconds),
      seq: 5000 + n,
    })
  })
}

/** One of each kind of card, for the gallery. */
export function sampleCards(): IncidentSummary[] {
  const owner = { uid: 'op-1', name: 'Maria Santos', initials: 'MS', alias: 'Desk 5', at: ago(90) }
  return [
    sampleIncident(),
    sampleIncident({
      id: 'a',
      code: 'NCR-46',
      priority: 'P1',
      kind: 'crash',
      contactPolicy: 'voice_ok',
      state: 'taken',
      owner,
      pressCount: 3,
      flags: ['re_pressed'],
      receivedAt: ago(140),
      pressedAt: ago(141),
    }),
    sampleIncident({
      id: 'b',
      code: 'NCR-45',
      priority: 'P2',
      kind: 'medical',
      contactPolicy: 'voice_ok',
      reporter: 'passenger',
      driver: null,
      vehicle: null,
      receivedAt: ago(44),
      pressedAt: null,
    }),
    sampleIncident({
      id: 'c',
      code: 'NCR-44',
      priority: 'P3',
      kind: 'flood',
      contactPolicy: 'voice_ok',
      state: 'help_asked',
      owner: { ...owner, uid: SAMPLE_VIEWER.uid, name: 'Ana Reyes', initials: 'AR', alias: 'Desk 3' },
      furthestLeg: 'on_the_way',
      legs: [{ id: 'l1', kind: 'rover', name: 'Rover 2', state: 'on_the_way', etaMinutes: 6 }],
      receivedAt: ago(700),
      pressedAt: ago(705),
    }),
    sampleIncident({
      id: 'd',
      code: 'NCR-43',
      priority: 'P4',
      kind: 'other',
      contactPolicy: 'voice_ok',
      state: 'cancelled',
      flags: ['cancel_verify', 'no_fix'],
      position: null,
      receivedAt: ago(60),
      pressedAt: ago(60),
    }),
  ]
}
