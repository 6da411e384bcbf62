// What Traccar Client 9 and its kin say beside their place.

import { describe, expect, test } from 'bun:test'
import { ISO, only, PLACE, post } from './messages'

const record = (over: object = {}) => ({
  timestamp: ISO,
  coords: { latitude: 14.5547, longitude: 121.0244 },
  battery: { level: 0.57, is_charging: false },
  ...over,
})
const said = (over: object) => only(post({ location: record(over), device_id: '1' })).said

describe('a Traccar 9 record says', () => {
  test.each<[object, object]>([
    [{ event: 'motionchange', is_moving: true }, { event: 'moving' }],
    [{ event: 'motionchange', is_moving: false }, { event: 'stopped' }],
    [{ is_moving: true }, { event: null }],
    [{ event: 'heartbeat' }, { event: 'heartbeat' }],
    [{ extras: { heartbeat: true } }, { event: 'heartbeat' }],
    [{ geofence: { identifier: 'Terminal', action: 'ENTER' } }, { event: 'enter' }],
    [{ geofence: { identifier: 'Terminal', action: 'EXIT' } }, { event: 'exit' }],
    [{ geofence: { identifier: 'Terminal', action: 'DWELL' } }, { event: null }],
    [{ extras: { alarm: 'accident' } }, { event: 'crash' }],
    [{ battery: { level: 1, is_charging: true } }, { charging: true }],
  ])('%j: %j', (over, expected) => {
    expect(said(over)).toMatchObject(expected)
  })

  test('a battery of 0.57 is 57 percent', () => {
    expect(only(post({ location: record() })).fields.position?.batteryPct).toBe(57)
  })

  test('without coordinates, that its phone lives', () => {
    const item = only(post({ location: { timestamp: ISO, battery: { level: 0.5, is_charging: true } } }))
    expect(item).toMatchObject({
      said: { event: 'heartbeat', charging: true },
      fields: { position: null, labels: [] },
    })
    expect(item.malformed).toBeUndefined()
  })
})

test('in a batch, a record that cannot be read costs only itself, and cries if it can', () => {
  const bad = { timestamp: ISO, coords: { latitude: 'north', longitude: 121 } }
  const { items } = post({
    location: [record(), null, {}, bad, 'x', { ...bad, extras: { alarm: 'sos' } }, '"alarm":"sos"', record()],
  })
  expect(items.map(({ sos, malformed = false }) => [sos, malformed])).toEqual([
    [false, false],
    [false, true],
    [false, true],
    [false, true],
    [false, true],
    [true, true],
    [true, true],
    [false, false],
  ])
  expect(items.at(-1)?.fields.position).toMatchObject(PLACE)
})

test('a time that cannot be read leaves the place', () => {
  const item = only(post({ location: record({ timestamp: 'yesterday' }) }))
  expect(item.fields).toMatchObject({ labels: ['garbled'], position: { ...PLACE, fixedAt: null } })
  expect(item.malformed).toBeUndefined()
})
