// Addresses: Google's where it is well, the gazetteer's whatever Google does; and nothing of it is ever an error.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { closedCircuit } from '../../src/durable/circuit'
import { googleReverse } from '../../src/geo/google-reverse'
import { geoOf } from '../../src/geo/providers'
import { byGazetteer } from '../../src/geo/reverse'
import { type Misbehaving, NO_USE, startMisbehaving } from './misbehaving'

const AT = { lat: 14.5841, lng: 121.0548, headingDeg: 25, speedMps: 9 }
const RURAL = { lat: 16.41, lng: 120.59, headingDeg: 90, speedMps: 9 }

let google: Misbehaving
beforeEach(() => {
  google = startMisbehaving()
})
afterEach(() => google.stop())

const reverse = (circuit = closedCircuit()) =>
  googleReverse({ key: 'k&secret', fetch, now: () => 0, circuit, origin: google.origin, deadlineMs: 250 })

const result = (parts: [string, ...string[]][], lat: number, lng: number, address = 'Somewhere 1, Baguio') => ({
  address_components: parts.map(([long_name, ...types]) => ({ long_name, short_name: long_name, types })),
  formatted_address: address,
  geometry: { location: { lat, lng }, location_type: 'ROOFTOP', viewport: {} },
  place_id: 'p',
  types: ['street_address'],
})
const answer = (...results: unknown[]) => ({ does: 'answer' as const, body: { status: 'OK', results } })

test('without a key the gazetteer answers, and nobody is asked', async () => {
  const plain = geoOf({ GOOGLE_MAPS_KEY: '' }, { fetch: () => Promise.reject(new Error('asked')) }).reverse
  expect(await plain.reverse(AT, 'fil')).toEqual(byGazetteer(AT))
})

test('the question has the place, the language and the key, each in its own part', async () => {
  google.mood = answer(result([['EDSA', 'route']], AT.lat, AT.lng))
  await reverse().reverse(AT, 'fil')
  const { path, query } = google.asked[0] ?? { path: '', query: new URLSearchParams() }
  expect(path).toBe('/maps/api/geocode/json')
  expect([...query]).toEqual([
    ['latlng', '14.58410,121.05480'],
    ['language', 'fil'],
    ['key', 'k&secret'],
  ])
})

test('where the gazetteer knows nothing, Google names landmark, road, direction and city', async () => {
  google.mood = answer(
    result(
      [
        ['Session Road', 'route'],
        ['Baguio', 'locality', 'political'],
      ],
      16.4101,
      120.5901,
      'Session Rd, Baguio',
    ),
    result([['Baguio Cathedral', 'establishment', 'point_of_interest']], 16.4118, 120.59, 'Cathedral'),
  )
  expect(await reverse().reverse(RURAL, 'en')).toEqual({
    where: {
      landmark: { name: 'Baguio Cathedral', kind: 'landmark', distanceM: 200, bearing: 180, wind: 's' },
      road: { name: 'Session Road', distanceM: 15, on: true, direction: 'e' },
      municipality: 'Baguio',
      orElse: null,
    },
    address: 'Session Rd, Baguio',
    source: 'google',
  })
})

test('our own landmark stays before somebody’s shop, and our carriageway before the compass', async () => {
  google.mood = answer(
    result(
      [
        ['Nail Shop', 'establishment'],
        ['Epifanio de los Santos Avenue', 'route'],
        ['City of Mandaluyong', 'locality'],
      ],
      AT.lat,
      AT.lng,
    ),
  )
  const { where } = await reverse().reverse(AT, 'en')
  expect(where).toMatchObject({
    landmark: { name: 'SM Megamall' },
    road: { name: 'Epifanio de los Santos Avenue', on: true, direction: 'n' },
    municipality: 'Mandaluyong',
  })
})

test('cities are written as we write them, and Quezon City keeps its name', async () => {
  const cityOf = async (name: string) => {
    google.mood = answer(result([[name, 'locality']], AT.lat, AT.lng))
    return (await reverse().reverse(AT, 'en')).where.municipality
  }
  const [quezon, makati, stranger] = [
    await cityOf('Quezon City'),
    await cityOf('Makati City'),
    await cityOf('Ormoc City'),
  ]
  expect([quezon, makati, stranger]).toEqual(['Quezon City', 'Makati', 'Ormoc City'])
})

test('an answer about another place, an unnamed road and control characters are not passed on', async () => {
  google.mood = answer(
    result(
      [
        ['Rue de Rivoli', 'route'],
        ['Paris', 'locality'],
      ],
      48.85,
      2.35,
    ),
  )
  expect(await reverse().reverse(AT, 'en')).toEqual(byGazetteer(AT))
  google.mood = answer(
    result([['Unnamed Road', 'route']], RURAL.lat, RURAL.lng, 'a\u0000b\n\u202ec'.padEnd(9_999, 'x')),
  )
  const told = await reverse().reverse(RURAL, 'en')
  expect(told.where.road).toBeNull()
  expect(told.address).toMatch(/^a b cx+$/)
  expect(told.address?.length).toBeLessThanOrEqual(160)
})

test('broken results among good ones cost only themselves', async () => {
  google.mood = answer(null, 7, { formatted_address: 'x' }, result([['Session Road', 'route']], 16.41, 120.59))
  expect((await reverse().reverse(RURAL, 'en')).where.road?.name).toBe('Session Road')
})

test('nothing there is an answer, not a failure', async () => {
  google.mood = { does: 'answer', body: { status: 'ZERO_RESULTS', results: [] } }
  const circuit = closedCircuit()
  expect(await reverse(circuit).reverse(AT, 'en')).toEqual(byGazetteer(AT))
  expect(circuit.failures).toBe(0)
})

for (const status of ['REQUEST_DENIED', 'OVER_QUERY_LIMIT', 'OVER_DAILY_LIMIT']) {
  test(`${status} comes with 200 and stops the asking all the same`, async () => {
    google.mood = { does: 'answer', body: { status, results: [], error_message: 'The key k&secret is wrong.' } }
    const circuit = closedCircuit()
    expect(await reverse(circuit).reverse(AT, 'en')).toEqual(byGazetteer(AT))
    expect(circuit).toEqual({ failures: 1, openUntil: 600_000, lastFailure: 'refused' })
    await reverse(circuit).reverse(AT, 'en')
    expect(google.asked).toHaveLength(1)
  })
}

for (const [name, mood, why] of NO_USE) {
  test(`a provider that ${name} costs its deadline at most, and the gazetteer answers`, async () => {
    google.mood = mood
    const circuit = closedCircuit()
    expect(await reverse(circuit).reverse(AT, 'en')).toEqual(byGazetteer(AT))
    expect(circuit.failures).toBe(1)
    expect(why).toContain(circuit.lastFailure as string)
  })
}

test('what is no place is described as nowhere, and Google is not asked', async () => {
  const told = await reverse().reverse({ lat: Number.NaN, lng: 121 }, 'en')
  expect(told.where).toEqual({ landmark: null, road: null, municipality: null, orElse: null })
  expect(google.asked).toEqual([])
})
