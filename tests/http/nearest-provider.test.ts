// Ways, times and words of a provider, however it misbehaves: a list and a place lose nothing but what it would have said.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { closedCircuit } from '../../src/durable/circuit'
import { CIRCUITS } from '../../src/geo/providers'
import { type Misbehaving, NO_USE, startMisbehaving } from '../geo/misbehaving'
import { inManila } from '../support/made-up'
import { degrees, tower } from './nearest-support'

describe('with a provider of ways and words', () => {
  let google: Misbehaving
  const direct = globalThis.fetch
  beforeAll(() => {
    google = startMisbehaving()
    // The platform's way out, and nothing of ours: Google's addresses lead to the provider of the test.
    globalThis.fetch = Object.assign(
      (url: string | URL | Request, init?: RequestInit) =>
        direct(String(url).replace(/^https:\/\/(routes|maps)\.googleapis\.com/, google.origin), init),
      direct,
    )
  })
  afterAll(async () => {
    globalThis.fetch = direct
    await google.stop()
  })
  beforeEach(() => {
    Object.assign(CIRCUITS, { routes: closedCircuit(), geocode: closedCircuit() })
    google.asked.length = 0
  })
  afterEach(() => {
    google.mood = { does: 'stall' }
  })

  const settings = { GOOGLE_MAPS_KEY: 'test-key' }
  const element = (originIndex: number, distanceMeters: number, seconds: number) => ({
    originIndex,
    destinationIndex: 0,
    condition: 'ROUTE_EXISTS',
    distanceMeters,
    duration: `${seconds}s`,
  })

  test('the order is by its times, one question for all, and each says whose its time is', async () => {
    const { drive, cry, nearest } = tower(settings)
    await drive('d-over-the-river', degrees(900))
    await drive('d-on-this-side', degrees(2_000))
    google.mood = { does: 'answer', body: [element(0, 9_000, 1_500), element(1, 2_600, 400)] }
    const { vehicles, responders } = await nearest(cry('d-own'))
    expect(
      vehicles.map(({ deviceId, etaS, by }: { deviceId: string; etaS: number; by: string }) => [deviceId, etaS, by]),
    ).toEqual([
      ['d-on-this-side', 400, 'google'],
      ['d-over-the-river', 1_500, 'google'],
    ])
    // Of what it did not answer for, our own estimate is told as such.
    expect(new Set(responders.map(({ by }: { by: string }) => by))).toEqual(new Set(['road_factor']))
    expect(google.asked).toHaveLength(1)
    expect(google.asked[0]?.headers.get('x-goog-api-key')).toBe('test-key')
    // No identity leaves the tower: places alone.
    expect(google.asked[0]?.body).not.toMatch(/d-|NAB|Vios/)
  })

  test.each(NO_USE)('one that %s costs the list nothing but its times', async (_, mood) => {
    const { drive, cry, nearest } = tower(settings)
    await drive('d-1', degrees(1_000))
    google.mood = mood
    const { vehicles } = await nearest(cry('d-own'))
    expect(vehicles).toMatchObject([{ deviceId: 'd-1', by: 'road_factor' }])
  })

  const ADDRESS = {
    status: 'OK',
    results: [
      {
        address_components: [
          { long_name: 'Ayala <Avenue>', types: ['route'] },
          { long_name: 'Makati', types: ['locality'] },
        ],
        formatted_address: '6750 Ayala <Avenue>, Makati',
        types: ['street_address'],
        geometry: { location: { lat: inManila.lat, lng: inManila.lng } },
      },
    ],
  }

  test('the place is told in its words, escaped, with its name beside them', async () => {
    const { cry, get } = tower(settings)
    google.mood = { does: 'answer', body: ADDRESS }
    const html = await (await get(`/desk/incidents/${cry('d-own')}/place`)).text()
    expect(html).toContain('6750 Ayala &lt;Avenue&gt;, Makati')
    expect(html).toContain('<span class="by-google" translate="no">Google Maps</span>')
    expect(html).not.toContain('<Avenue>')
  })

  test.each(NO_USE)('the place is told in our own words by one that %s', async (_, mood) => {
    const { cry, get } = tower(settings)
    google.mood = mood
    const answer = await get(`/desk/incidents/${cry('d-own')}/place`)
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(html).toContain('Makati')
    expect(html).not.toContain('Google')
  })

  test('the panel itself asks nobody outside: it comes whole while the provider is silent', async () => {
    const { drive, cry, get } = tower(settings)
    await drive('d-1', degrees(1_000))
    const html = await (await get(`/desk/incidents/${cry('d-own')}/panel`)).text()
    expect(google.asked).toEqual([])
    expect(html).toContain('hx-trigger="load, place-ask"')
    expect(html).toContain('hx-trigger="load, nearest-ask"')
  })
})

test('without a key nobody outside is asked, and the panel asks for its words only once the vehicle has moved', async () => {
  const direct = globalThis.fetch
  const { drive, cry, get, nearest } = tower()
  await drive('d-1', degrees(1_000))
  const id = cry('d-own')
  globalThis.fetch = Object.assign(() => Promise.reject(new Error('asked')), direct)
  try {
    expect((await nearest(id)).vehicles).toHaveLength(1)
    const place = await (await get(`/desk/incidents/${id}/place`)).text()
    expect(place).toContain('Makati')
    expect(await (await get(`/desk/incidents/${id}/panel`)).text()).toContain('hx-trigger="place-ask"')
  } finally {
    globalThis.fetch = direct
  }
})
