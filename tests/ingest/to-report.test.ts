import { expect, test } from 'bun:test'
import { toReport } from '../../src/ingest/to-report'
import { ask, FIX, NOW, only, PLACE, post } from './messages'

const device = { genuine: true, deviceId: 'CEB-1', home: 'CEB', generation: 2, expired: true } as const
const report = (query: string) => toReport(device, only(ask(query)), 'osmand-query', NOW)

test('a position with what was said beside it is a report of the device whose token it is', () => {
  expect(report('?id=somebody-else&timestamp=1755930000&lat=14.5547&lon=121.0244&charge=true&ignition=false')).toEqual({
    deviceId: 'CEB-1',
    home: 'CEB',
    generation: 2,
    protocol: 'osmand-query',
    receivedAt: NOW,
    position: {
      ...PLACE,
      accuracyM: null,
      headingDeg: null,
      speedMps: null,
      fixedAt: FIX,
      batteryPct: null,
      doubts: [],
    },
    event: null,
    charging: true,
    ignition: false,
  })
})

test('the place of a cry is reported, too', () => {
  expect(report('?timestamp=1755930000&lat=14.5547&lon=121.0244&alarm=sos')?.position).toMatchObject(PLACE)
})

test('an event without a place is a report without one', () => {
  const of = (body: string) => toReport(device, only(post(body)), 'x', NOW)
  expect(report('?timestamp=1755930000&id=1')).toMatchObject({ event: 'heartbeat', position: null })
  expect(of('id=1&notificationToken=abc')).toMatchObject({ event: 'push_token', position: null })
  expect(of('{"_type":"encrypted","data":"x"}')).toMatchObject({ event: 'encrypted', position: null })
})

test('a cry and no more is none', () => {
  expect(report('?alarm=sos')).toBeNull()
})

test('what nobody could read is none, also when it cries', () => {
  expect(report('?lat=914&lon=121.0&timestamp=1755930000')).toBeNull()
  expect(report('?lat=914&lon=121.0&timestamp=1755930000&alarm=sos')).toBeNull()
})
