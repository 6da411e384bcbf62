// Phones that were away, and phones whose clock is wrong: in every protocol that takes several records in one message.

import { describe, expect, test } from 'bun:test'
import type { GenuineDevice } from '../../src/ingest/press'
import { toPress } from '../../src/ingest/press'
import { toReport } from '../../src/ingest/to-report'
import { FIX, NOW, PLACE, post } from './messages'

type Fix = { at: number; lat: number; lng: number; sos: boolean }

/** What each client writes of the same fixes. */
const WRITTEN: Record<string, (fixes: Fix[]) => unknown> = {
  'transistorsoft-json': (fixes) => ({
    location: fixes.map(({ at, lat, lng, sos }) => ({
      timestamp: new Date(at).toISOString(),
      coords: { latitude: lat, longitude: lng },
      extras: sos ? { alarm: 'sos' } : {},
    })),
  }),
  'flat-json': (fixes) =>
    fixes.map(({ at, lat, lng, sos }) => ({ id: '1', timestamp: at, lat, lon: lng, ...(sos ? { alarm: 'sos' } : {}) })),
  owntracks: (fixes) =>
    fixes.map(({ at, lat, lng, sos }) => ({
      _type: 'location',
      tst: at / 1000,
      lat,
      lon: lng,
      ...(sos ? { poi: 'SOS' } : {}),
    })),
  overland: (fixes) => ({
    locations: fixes.map(({ at, lat, lng, sos }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lng, lat] },
      properties: { timestamp: new Date(at).toISOString(), ...(sos ? { alarm: 'sos' } : {}) },
    })),
  }),
  'traccar-server': (fixes) =>
    fixes.map(({ at, lat, lng, sos }) => ({
      device: { uniqueId: '1' },
      position: {
        fixTime: new Date(at).toISOString(),
        deviceTime: new Date(at).toISOString(),
        latitude: lat,
        longitude: lng,
        attributes: sos ? { alarm: 'sos' } : {},
      },
    })),
}

const device: GenuineDevice = { genuine: true, deviceId: 'NCR-1', home: 'NCR', generation: 1, expired: false }
const HOUR = 3_600_000

describe.each(Object.keys(WRITTEN))('by %s', (protocol) => {
  const send = (fixes: Fix[]) => post(JSON.stringify(WRITTEN[protocol]?.(fixes)))
  const press = (at: number) => {
    const { items } = send([{ at, ...PLACE, sos: true }])
    const way = { door: 'traccar', reporter: 'driver', receivedAt: NOW, body: '', alarm: 'sos' } as const
    return toPress(device, items[0]?.fields as never, way)
  }

  test('500 old fixes, then an SOS: one cry with its own place, and all the fixes with theirs', () => {
    const old = Array.from({ length: 500 }, (_, n) => ({
      at: FIX - 2 * HOUR + n * 10_000,
      lat: 14.3 + n / 10_000,
      lng: 120.9,
      sos: false,
    }))
    const heard = send([...old, { at: FIX, ...PLACE, sos: true }])
    expect(heard.protocol).toBe(protocol)
    expect(heard.items).toHaveLength(501)
    expect(heard.items.filter(({ sos }) => sos)).toEqual([heard.items.at(-1) as never])
    expect(heard.items.at(-1)?.fields).toMatchObject({
      pressedAt: FIX,
      position: { ...PLACE, fixedAt: FIX, doubts: [] },
    })

    const reports = heard.items.map((item) => toReport(device, item, protocol, NOW))
    expect(reports.map((report) => report?.position?.fixedAt)).toEqual([...old.map(({ at }) => at), FIX])
    expect(reports.slice(0, 500).every((report) => report?.position?.doubts.includes('stale'))).toBe(true)
  })

  test('an SOS that was held up for an hour is a press of then', () => {
    const { pressedAt, labels } = press(FIX - HOUR)
    expect(pressedAt).toBe(FIX - HOUR)
    expect([...labels].sort()).toEqual(['delayed', 'stale_fix'])
  })

  test.each([
    ['a year ahead', 365 * 24 * HOUR],
    ['ten years behind', -10 * 365 * 24 * HOUR],
  ])('the SOS of a phone whose clock is %s is taken, and labelled', (_, off) => {
    const taken = press(FIX + off)
    expect(taken.labels).toContain('wrong_clock')
    expect(taken.position).toMatchObject(PLACE)
    expect(taken.receivedAt).toBe(NOW)
  })

  test('a fix of the future is a report in doubt', () => {
    const [item] = send([{ at: FIX + HOUR, ...PLACE, sos: false }]).items
    expect(toReport(device, item as never, protocol, NOW)?.position?.doubts).toEqual(['future'])
  })

  test('the same message again names the same press', () => {
    expect(press(FIX).sosId).toBe(press(FIX).sosId)
  })

  test('(0, 0) and a place abroad are flagged, not dropped', () => {
    const { items } = send([
      { at: FIX, lat: 0, lng: 0, sos: false },
      { at: FIX, lat: 35.6, lng: 139.7, sos: false },
    ])
    expect(items.map(({ fields }) => fields.position?.doubts)).toEqual([['null_island'], ['out_of_country']])
  })
})
