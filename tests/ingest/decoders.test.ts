// Every decoder before anything whatever: it answers, its places are on earth, and a cry in it is never lost.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { REPORT_EVENTS } from '../../src/domain/report'
import { parsed } from '../../src/ingest/json'
import type { Item, Message } from '../../src/ingest/protocol'
import { PROTOCOLS } from '../../src/ingest/sniff'
import { toReport } from '../../src/ingest/to-report'
import { osmandQuery } from '../../src/ingest/traccar'
import { FIX, ISO, NOW, post } from './messages'

const device = { genuine: true, deviceId: 'NCR-1', home: 'NCR', generation: 1, expired: false } as const

/** The names that decoders look for, so that chance finds its way into them. */
const NAMES = [
  ...[
    '_type',
    'lat',
    'lon',
    'lng',
    'tst',
    'created_at',
    'vel',
    'acc',
    'batt',
    'bs',
    't',
    'poi',
    'tag',
    'topic',
    'event',
  ],
  ...['locations', 'current', 'type', 'geometry', 'coordinates', 'properties', 'timestamp', 'battery_level', 'speed'],
  ...[
    'position',
    'device',
    'uniqueId',
    'latitude',
    'longitude',
    'fixTime',
    'deviceTime',
    'attributes',
    'alarm',
    'motion',
  ],
  ...[
    'location',
    'coords',
    'extras',
    'battery',
    'level',
    'is_charging',
    'is_moving',
    'geofence',
    'action',
    'heartbeat',
  ],
  ...[
    'id',
    'status',
    'code',
    'gprmc',
    'ignition',
    'charge',
    'notificationToken',
    'valid',
    'mock',
    'toString',
    'length',
  ],
]
const VALUES = [
  'location',
  'transition',
  'waypoint',
  'encrypted',
  'lwt',
  'enter',
  'alarm',
  'Feature',
  ISO,
  FIX,
  FIX / 1000,
]
const leaf = fc.oneof(
  fc.constantFrom(...VALUES, 14.5, 121, -1, 0, 1, true, false, null, '14.5', '', '0xF020', 'lowBattery'),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.dictionary(fc.constantFrom(...NAMES), tie('tree'), { maxKeys: 6 }),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
}))
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.webQueryParameters(),
  tree.map((value) => JSON.stringify(value)),
  fc
    .array(fc.tuple(fc.constantFrom(...NAMES, 'ID#x', 'LT#14.5', 'TM#25:00'), fc.constantFrom('+', '=', '&', '\n')))
    .map((parts) => parts.flat().join('')),
)

const messageOf = (body: string, query: string): Message => ({
  method: 'POST',
  contentType: '',
  query: new URLSearchParams(query),
  body,
  json: /^\s*[[{]/.test(body) ? parsed(body) : undefined,
  now: NOW,
})

function isSound(item: Item): void {
  const { position, note } = item.fields
  if (item.said?.event) expect(REPORT_EVENTS).toContain(item.said.event)
  if (note !== null) expect(note.isWellFormed()).toBe(true)
  if (item.malformed) expect(toReport(device, item, 'x', NOW)).toBeNull()
  if (!position) return
  const { lat, lng, accuracyM, headingDeg, speedMps, batteryPct, fixedAt } = position
  const inBounds = (value: number | null, low: number, high: number) =>
    value === null || (Number.isFinite(value) && value >= low && value <= high)
  expect(inBounds(lat, -90, 90) && inBounds(lng, -180, 180)).toBe(true)
  expect(inBounds(accuracyM, 0, 1_000_000) && inBounds(headingDeg, 0, 359.999_999_999)).toBe(true)
  expect(inBounds(speedMps, 0, 200) && inBounds(batteryPct, 0, 100)).toBe(true)
  expect(inBounds(fixedAt, Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1))).toBe(true)
}

describe.each([...PROTOCOLS, osmandQuery].map((protocol) => [protocol.name, protocol] as const))(
  '%s',
  (_, protocol) => {
    test('reads any text and any JSON whatever', () => {
      fc.assert(
        fc.property(text, text, (body, query) => {
          for (const item of protocol.read(messageOf(body, query)) ?? []) isSound(item)
        }),
        { numRuns: 1_000 },
      )
    })

    test('reads whatever JSON is near its own', () => {
      const near = fc
        .tuple(
          fc.constantFrom('{"_type":"location",', '{"locations":', '{"location":', '{"position":', '{"event":'),
          tree,
          tree,
        )
        .map(([begin, one, other]) => {
          const value = JSON.stringify(one) ?? 'null'
          return begin.endsWith(',')
            ? `${begin}"lat":${value},"lon":1}`
            : `${begin}${value},"device":${JSON.stringify(other)}}`
        })
      fc.assert(
        fc.property(near, (body) => {
          for (const item of protocol.read(messageOf(body, '')) ?? []) isSound(item)
        }),
        { numRuns: 500 },
      )
    })

    test('answers with 200', () => {
      expect(protocol.reply.status).toBe(200)
    })
  },
)

describe('a cry is never lost, whatever else is in its record', () => {
  const junk = fc.dictionary(fc.constantFrom(...NAMES, 'x'), tree, { maxKeys: 6 })
  const hears = (body: unknown) => expect(post(JSON.stringify(body)).items.some(({ sos }) => sos)).toBe(true)

  test('of OwnTracks', () => {
    fc.assert(
      fc.property(junk, fc.constantFrom('poi', 'tag'), fc.boolean(), (extra, name, many) => {
        const cry = { ...extra, _type: 'location', [name]: 'tulong' }
        hears(many ? [extra, cry, extra] : cry)
      }),
    )
  })

  test('of a Traccar server, as a position and as an event', () => {
    fc.assert(
      fc.property(junk, junk, junk, fc.boolean(), (place, attributes, rest, isEvent) => {
        const alarm = { ...attributes, alarm: 'lowBattery,sos' }
        hears(
          isEvent
            ? { event: { ...rest, type: 'alarm', attributes: alarm }, position: place, device: rest }
            : { position: { ...place, attributes: alarm }, device: rest },
        )
      }),
    )
  })

  test('of an Overland batch', () => {
    fc.assert(
      fc.property(junk, junk, tree, (feature, said, other) => {
        hears({ locations: [other, { ...feature, properties: { ...said, alarm: 'sos' } }, other] })
      }),
    )
  })
})
