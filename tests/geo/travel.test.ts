// Distances and times: offline they are believable at every hour, and with Google they never depend on Google.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import fc from 'fast-check'
import { REGION_IDS } from '../../src/domain/region'
import { closedCircuit, itAnswered, itFailed, mayAsk } from '../../src/durable/circuit'
import { haversine } from '../../src/geo/distance'
import { googleRoutes, MAX_ORIGINS } from '../../src/geo/google-routes'
import { geoOf } from '../../src/geo/providers'
import { offlineRoute, offlineRoutes, ROAD_FACTOR, speedAt } from '../../src/geo/travel'
import { type Misbehaving, NO_USE, startMisbehaving } from './misbehaving'

const NOON = Date.parse('2026-11-23T12:00:00+08:00')
const MEGAMALL = { lat: 14.5848, lng: 121.0566 }
const CUBAO = { lat: 14.6207, lng: 121.0534 }
const MAKATI = { lat: 14.551, lng: 121.0253 }

let google: Misbehaving
beforeEach(() => {
  google = startMisbehaving()
})
afterEach(() => google.stop())

const routes = (circuit = closedCircuit(), deadlineMs = 250) =>
  googleRoutes({ key: 'k-secret', fetch, now: () => NOON, circuit, origin: google.origin, deadlineMs })

const element = (originIndex: number, distanceMeters: number, duration: string) => ({
  originIndex,
  destinationIndex: 0,
  status: {},
  distanceMeters,
  duration,
  condition: 'ROUTE_EXISTS',
})

test('offline the way is longer than the straight line, and slower in the rush than at night', () => {
  const at = (time: string) => offlineRoute(MAKATI, CUBAO, Date.parse(`2026-11-23T${time}+08:00`))
  expect(at('12:00').distanceM).toBe(Math.round(haversine(MAKATI, CUBAO) * ROAD_FACTOR))
  expect(at('17:30').seconds).toBeGreaterThan(at('12:00').seconds)
  expect(at('12:00').seconds).toBeGreaterThan(at('02:00').seconds)
  // 11.6 km of road in the evening rush: more than half an hour, less than one.
  expect(at('17:30').seconds / 60).toBeGreaterThan(30)
  expect(at('17:30').seconds / 60).toBeLessThan(60)
})

test('every region has a believable speed at every hour, and so has the open country', () => {
  for (const region of [...REGION_IDS, null]) {
    for (let hour = 0; hour < 24; hour++) {
      const kmh = speedAt(region, NOON + hour * 3_600_000)
      expect(kmh >= 10 && kmh <= 60).toBe(true)
    }
  }
})

test('offline a farther place never takes less time', () => {
  const eastward = fc.double({ min: 0, max: 0.5, noNaN: true })
  fc.assert(
    fc.property(eastward, eastward, (a, b) => {
      const [near, far] = [Math.min(a, b), Math.max(a, b)].map((by) =>
        offlineRoute({ lat: MEGAMALL.lat, lng: MEGAMALL.lng - by }, MEGAMALL, NOON),
      )
      expect((far?.seconds ?? 0) >= (near?.seconds ?? 0)).toBe(true)
    }),
  )
})

test('what is no place is infinitely far, and sorts itself to the end', async () => {
  const [nowhere, here] = await offlineRoutes(() => NOON).matrix([{ lat: Number.NaN, lng: 0 }, MAKATI], CUBAO)
  expect(nowhere).toEqual({ distanceM: Infinity, seconds: Infinity, source: 'offline' })
  expect(here?.distanceM).toBeGreaterThan(0)
})

test('without a key nobody is asked', async () => {
  const { routes: plain } = geoOf({}, { fetch: () => Promise.reject(new Error('asked')), now: () => NOON })
  expect((await plain.matrix([MAKATI], CUBAO)).map(({ source }) => source)).toEqual(['offline'])
})

test('Google’s answer is taken in any order, and says that it is Google’s', async () => {
  google.mood = { does: 'answer', body: [element(1, 6_100, '1260s'), element(0, 9_800, '2145.5s')] }
  expect(await routes().matrix([MAKATI, MEGAMALL], CUBAO)).toEqual([
    { distanceM: 9_800, seconds: 2_146, source: 'google' },
    { distanceM: 6_100, seconds: 1_260, source: 'google' },
  ])
  const [asked] = google.asked
  expect(asked?.path).toBe('/distanceMatrix/v2:computeRouteMatrix')
  expect(asked?.headers.get('x-goog-api-key')).toBe('k-secret')
  expect(asked?.headers.get('x-goog-fieldmask')?.split(',')).toContain('status')
  expect(JSON.parse(asked?.body ?? '')).toMatchObject({
    origins: [
      { waypoint: { location: { latLng: { latitude: 14.551, longitude: 121.0253 } } } },
      { waypoint: { location: { latLng: { latitude: 14.5848, longitude: 121.0566 } } } },
    ],
    destinations: [{ waypoint: { location: { latLng: { latitude: 14.6207, longitude: 121.0534 } } } }],
    travelMode: 'DRIVE',
    routingPreference: 'TRAFFIC_AWARE',
  })
})

test('zeros that protobuf leaves out are zeros', async () => {
  google.mood = { does: 'answer', body: [{ status: {}, duration: '0s', condition: 'ROUTE_EXISTS' }] }
  expect(await routes().matrix([CUBAO], CUBAO)).toEqual([{ distanceM: 0, seconds: 0, source: 'google' }])
})

test('what Google cannot say of one origin comes from offline, the rest from Google', async () => {
  google.mood = {
    does: 'answer',
    body: [
      element(0, 9_800, '2100s'),
      { originIndex: 1, destinationIndex: 0, condition: 'ROUTE_NOT_FOUND' },
      { ...element(2, 9_000, '10s'), status: { code: 3, message: 'bad' } },
      element(3, 5, '10s'),
      element(4, 9_000, 'soon'),
      { ...element(5, 9_000, '600s'), destinationIndex: 7 },
    ],
  }
  const circuit = closedCircuit()
  const told = await routes(circuit).matrix(Array(6).fill(MAKATI), CUBAO)
  expect(told.map(({ source }) => source)).toEqual(['google', ...Array(5).fill('offline')])
  expect(circuit.failures).toBe(0)
})

test('of many only the nearest are asked for, and each keeps its own answer', async () => {
  const from = Array.from({ length: 60 }, (_, n) => ({ lat: CUBAO.lat - 0.5 + n * 0.005, lng: CUBAO.lng }))
  google.mood = { does: 'answer', body: Array.from({ length: MAX_ORIGINS }, (_, n) => element(n, 80_000 + n, '60s')) }
  const told = await routes().matrix(from, CUBAO)
  expect(JSON.parse(google.asked[0]?.body ?? '{}').origins).toHaveLength(MAX_ORIGINS)
  const byGoogle = told.map(({ source }, at) => (source === 'google' ? at : -1)).filter((at) => at >= 0)
  expect(byGoogle).toEqual(Array.from({ length: MAX_ORIGINS }, (_, n) => 60 - MAX_ORIGINS + n))
  expect([told[60 - MAX_ORIGINS]?.distanceM, told[59]?.distanceM]).toEqual([80_000, 80_000 + MAX_ORIGINS - 1])
})

for (const [name, mood, why] of NO_USE) {
  test(`a provider that ${name} costs its deadline at most, and the answer is offline’s`, async () => {
    google.mood = mood
    const circuit = closedCircuit()
    const told = await routes(circuit).matrix([MAKATI, MEGAMALL], CUBAO)
    expect(told).toEqual([offlineRoute(MAKATI, CUBAO, NOON), offlineRoute(MEGAMALL, CUBAO, NOON)])
    expect(circuit.failures).toBe(1)
    expect(why).toContain(circuit.lastFailure as string)
  })
}

test('also a fetch that never settles and knows no signal ends with the deadline', async () => {
  const deaf = googleRoutes({
    key: 'k',
    fetch: () => new Promise<Response>(() => {}),
    now: () => NOON,
    circuit: closedCircuit(),
    deadlineMs: 50,
  })
  expect((await deaf.matrix([MAKATI], CUBAO)).map(({ source }) => source)).toEqual(['offline'])
})

test('where nobody listens, offline answers', async () => {
  await google.stop()
  const circuit = closedCircuit()
  expect((await routes(circuit).matrix([MAKATI], CUBAO)).map(({ source }) => source)).toEqual(['offline'])
  expect(circuit.lastFailure).toBe('unreachable')
})

test('a caller who leaves gets offline’s answer, and the provider is not blamed', async () => {
  const circuit = closedCircuit()
  const leaving = new AbortController()
  const told = routes(circuit, 20_000).matrix([MAKATI], CUBAO, leaving.signal)
  setTimeout(() => leaving.abort(), 50)
  expect((await told).map(({ source }) => source)).toEqual(['offline'])
  expect(circuit).toEqual(closedCircuit())
  expect((await routes(circuit).matrix([MAKATI], CUBAO, leaving.signal)).map(({ source }) => source)).toEqual([
    'offline',
  ])
})

test('after three failures in a row nobody asks until the pause is over, then one does, and a success closes it', () => {
  const circuit = closedCircuit()
  for (let n = 0; n < 3; n++) {
    expect(mayAsk(circuit, 1_000)).toBe(true)
    itFailed(circuit, 'late', 1_000)
  }
  expect(mayAsk(circuit, 15_999)).toBe(false)
  expect(mayAsk(circuit, 16_000)).toBe(true)
  expect(mayAsk(circuit, 16_001)).toBe(false)
  itFailed(circuit, 'late', 17_000)
  expect(mayAsk(circuit, 46_999)).toBe(false)
  expect(mayAsk(circuit, 47_000)).toBe(true)
  itAnswered(circuit)
  expect(circuit).toEqual(closedCircuit())
})

test('the pause grows to ten minutes and no further; a refused key waits as long at once', () => {
  const circuit = closedCircuit()
  for (let n = 0; n < 100; n++) itFailed(circuit, 'status', 0)
  expect(circuit.openUntil).toBe(600_000)
  const refused = closedCircuit()
  itFailed(refused, 'refused', 0)
  expect(refused.openUntil).toBe(600_000)
})

test('an open circuit asks nobody', async () => {
  google.mood = { does: 'say', status: 500, text: '' }
  const circuit = closedCircuit()
  for (let n = 0; n < 5; n++) await routes(circuit).matrix([MAKATI], CUBAO)
  expect(google.asked).toHaveLength(3)
})
