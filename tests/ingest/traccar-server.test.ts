import { describe, expect, test } from 'bun:test'
import { toPress } from '../../src/ingest/press'
import { FIX, NOW, only, PLACE, post } from './messages'

const device = { id: 314, attributes: {}, name: 'ST-901', uniqueId: '917000000000', status: 'online' }
const position = (attributes: object = {}, over: object = {}) => ({
  id: 0,
  attributes: { sat: 11, hdop: 0.8, batteryLevel: 87, power: 13.6, battery: 4.1, ...attributes },
  deviceId: 314,
  protocol: 'h02',
  serverTime: '2025-08-23T06:20:02.001+00:00',
  deviceTime: '2025-08-23T06:20:01.000+00:00',
  fixTime: '2025-08-23T06:20:00.000+00:00',
  valid: true,
  outdated: false,
  latitude: 14.5547,
  longitude: 121.0244,
  altitude: 18.2,
  speed: 10,
  course: 271.5,
  accuracy: 4.8,
  ...over,
})
const happening = (type: string, attributes: object = {}) => ({
  event: { id: 0, attributes, deviceId: 314, type, eventTime: '2025-08-23T06:20:01.000+00:00', positionId: 9 },
  device,
})

describe('a position that a Traccar server forwards', () => {
  test('is read whole: knots become m/s, `battery` is volts', () => {
    const heard = post({ position: position({ ignition: true, motion: true, charge: false }), device })
    expect(heard).toMatchObject({ protocol: 'traccar-server', reply: { status: 200, body: '' } })
    const item = only(heard)
    expect(item).toMatchObject({
      sos: false,
      claimedId: '917000000000',
      said: { event: 'moving', charging: false, ignition: true },
      fields: { pressedAt: FIX + 1_000, labels: [] },
    })
    expect(item.fields.position).toEqual({
      ...PLACE,
      accuracyM: 4.8,
      headingDeg: 271.5,
      speedMps: 10 * 0.514444,
      fixedAt: FIX,
      batteryPct: 87,
      doubts: [],
    })
  })

  test.each(['sos', 'sos,lowBattery', 'lowBattery,sos'])('with alarm "%s" is the cry of a wired button', (alarm) => {
    expect(only(post({ position: position({ alarm }), device }))).toMatchObject({
      sos: true,
      claimedId: '917000000000',
      fields: { kind: 'panic', position: PLACE },
    })
  })

  test.each([
    ['lowBattery', 'low_battery'],
    ['powerCut', 'power_cut'],
    ['accident', 'crash'],
    ['fallDown', 'crash'],
    ['tow', 'tow'],
    ['lowBattery,accident', 'crash'],
    ['overspeed', 'stopped'],
  ])('with alarm "%s" is no cry, but %s', (alarm, event) => {
    expect(only(post({ position: position({ alarm, motion: false }), device }))).toMatchObject({
      sos: false,
      said: { event },
    } as object)
  })

  test('that is not valid, or a repeat of the last known one, is stale', () => {
    for (const over of [{ valid: false }, { outdated: true }]) {
      expect(only(post({ position: position({}, over), device })).fields.position?.doubts).toEqual(['stale'])
    }
  })

  test('may say as little as a device and a place', () => {
    const item = only(post('{"device":{"uniqueId":"TEST"},"position":{"latitude":44.97,"longitude":-93.26}}'))
    expect(item).toMatchObject({
      claimedId: 'TEST',
      fields: {
        pressedAt: null,
        labels: [],
        position: { lat: 44.97, lng: -93.26, fixedAt: null, doubts: ['out_of_country'] },
      },
    })
    expect(item.said).toBeUndefined()
  })

  test('without a place that can be read is counted, and heard if it cries', () => {
    expect(only(post({ position: position({}, { latitude: null }), device }))).toMatchObject({
      sos: false,
      malformed: true,
    })
    expect(only(post({ position: position({ alarm: 'sos' }, { latitude: null }), device }))).toMatchObject({
      sos: true,
      fields: { position: null, labels: ['garbled'] },
    })
  })

  test('in a list with others that cannot be read costs them nothing, and is cost nothing', () => {
    const { items } = post([{ position: position(), device }, 5, { position: position({ alarm: 'sos' }), device }, {}])
    expect(items.map(({ sos, malformed = false }) => [sos, malformed])).toEqual([
      [false, false],
      [false, true],
      [true, false],
      [false, true],
    ])
  })
})

describe('an event that a Traccar server forwards', () => {
  test.each([
    ['ignitionOn', { event: 'ignition_on', ignition: true }],
    ['ignitionOff', { event: 'ignition_off', ignition: false }],
    ['deviceOnline', { event: 'online' }],
    ['deviceOffline', { event: 'offline' }],
    ['deviceInactive', { event: 'offline' }],
    ['deviceMoving', { event: 'moving' }],
    ['deviceStopped', { event: 'stopped' }],
    ['geofenceEnter', { event: 'enter' }],
    ['geofenceExit', { event: 'exit' }],
  ])('%s, with its position and without', (type, said) => {
    expect(
      only(post({ ...happening(type), position: position(), geofence: { id: 3, name: 'Terminal' } })),
    ).toMatchObject({
      sos: false,
      claimedId: '917000000000',
      said,
      fields: { position: PLACE },
    })
    expect(only(post(happening(type)))).toMatchObject({
      said,
      fields: { position: null, labels: [], pressedAt: FIX + 1_000 },
    })
  })

  test('an alarm is a hint, or a cry', () => {
    expect(only(post({ ...happening('alarm', { alarm: 'powerCut' }), position: position() }))).toMatchObject({
      sos: false,
      said: { event: 'power_cut' },
    })
    expect(only(post({ ...happening('alarm', { alarm: 'sos' }), position: position() })).sos).toBe(true)
    expect(only(post(happening('alarm', { alarm: 'sos' })))).toMatchObject({ sos: true, fields: { position: null } })
  })

  test('of another type is nothing but its place', () => {
    expect(post(happening('maintenance')).items).toEqual([])
    const item = only(post({ ...happening('driverChanged'), position: position() }))
    expect(item.fields.position).toMatchObject(PLACE)
    expect(item.said).toBeUndefined()
  })

  test('and the position that it is about are one press', () => {
    const token = { genuine: true, deviceId: 'NCR-1', home: 'NCR', generation: 1, expired: false } as const
    const sosIds = [
      { position: position({ alarm: 'sos' }), device },
      { ...happening('alarm', { alarm: 'sos' }), position: position({ alarm: 'sos' }) },
    ].map((message) => {
      const way = { door: 'traccar', reporter: 'driver', receivedAt: NOW, body: JSON.stringify(message) } as const
      return toPress(token, only(post(message)).fields, way).sosId
    })
    expect(sosIds[0]).toBe(sosIds[1] as string)
  })
})

test("our own press is not taken for a server's position, though it may have one of the same shape", () => {
  const heard = post({ kind: 'fire', position: { latitude: 14.5547, longitude: 121.0244 } })
  expect(heard.protocol).toBe('press-json')
  expect(only(heard)).toMatchObject({ sos: true, fields: { kind: 'fire', position: PLACE } })
})
