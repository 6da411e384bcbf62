// Who could be there soonest, over real rooms and fleet shards in memory, with and without a provider that behaves.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Viewer } from '../../src/domain/access'
import type { Position } from '../../src/domain/position'
import type { RegionId } from '../../src/domain/region'
import { closedCircuit } from '../../src/durable/circuit'
import { Fleet } from '../../src/fleet/fleet'
import { CIRCUITS } from '../../src/geo/providers'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { ManualClock } from '../durable/manual-clock'
import { type Misbehaving, NO_USE, startMisbehaving } from '../geo/misbehaving'
import { aPress, crew, inManila, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'
import { memoryStorage } from '../support/storage'
import { workerEnv } from '../support/worker-env'

const app = createApp()

/** Of a tower with two shards a region, in the middle of a day of Manila. */
function tower(settings: Partial<Env> = {}) {
  const clock = new ManualClock()
  const rooms = new Map<RegionId, TestRoom>()
  const fleets = new Map<string, Fleet>()
  const away = new Set<string>()
  const roomOf = (region: RegionId) => {
    const room = rooms.get(region) ?? openRoom({ region, clock: { now: clock.now() } })
    rooms.set(region, room)
    return room
  }
  const fleetOf = (name: string) => {
    const fleet = fleets.get(name) ?? new Fleet(name, memoryStorage(), { save: async () => {} }, clock)
    fleets.set(name, fleet)
    return fleet
  }
  const shown: [string, string[]][] = []
  const env = workerEnv(
    {
      room: (region) => {
        const { room } = roomOf(region)
        if (away.has(region)) return {}
        return {
          file: async (...given) => room.file(...given),
          act: async (...given) => room.act(...given),
          vehiclesNear: async (ids) => room.vehiclesNear(ids),
          noteShown: async (id, subjects, who) => {
            shown.push([who.uid, subjects])
            return room.noteShown(id, subjects, who)
          },
          sessionHolds: async () => true,
        }
      },
      fleet: (name) => (away.has(name) ? {} : { near: (...given) => fleetOf(name).near(...given) }),
    },
    { FLEET_SHARDS: '2', ...settings },
  )
  let version = 0
  /** A vehicle of the directory that reports where it is, this many degrees east of the incident. */
  const drive = async (
    deviceId: string,
    east: number,
    where: { shard?: number; region?: RegionId } & Partial<Position> = {},
  ) => {
    const { shard = 0, region = 'NCR', ...position } = where
    version += 10
    roomOf(region).room.learn(crew(deviceId, version))
    const { lat, lng } = inManila
    await fleetOf(`${region}:${shard}`).report([
      {
        deviceId,
        home: region,
        protocol: 'own',
        receivedAt: clock.now(),
        position: { ...inManila, lat, lng: lng + east, fixedAt: clock.now(), ...position },
        event: null,
        charging: null,
        ignition: null,
      },
    ])
  }
  const cry = (deviceId: string, changes: Parameters<typeof aPress>[0] = {}) => {
    const position = { ...inManila, fixedAt: clock.now() }
    const press = aPress({ deviceId, position, pressedAt: clock.now(), receivedAt: clock.now(), ...changes })
    roomOf('NCR').send([press])
    return press.sosId
  }
  const get = async (path: string, person: Viewer = viewer('ana')) => {
    const { token } = openSession(env, person, Date.now())
    return app.request(path, { headers: { authorization: `Bearer ${token}` } }, env)
  }
  // biome-ignore lint/suspicious/noExplicitAny: a test names the fields that it expects, and fails where they are missing.
  const nearest = async (id: string, query = '', person?: Viewer): Promise<any> =>
    (await get(`/api/incidents/${id}/nearest${query}`, person)).json()
  return { clock, roomOf, fleetOf, away, shown, drive, cry, get, nearest }
}

const ids = (list: { deviceId: string }[]) => list.map(({ deviceId }) => deviceId)
const degrees = (metres: number) => metres / 107_700

describe('the nearest vehicles', () => {
  test('come from all shards, soonest first, with plate, way and time; the one that pressed is not among them', async () => {
    const { drive, cry, nearest } = tower()
    await drive('d-own', 0)
    await drive('d-far', degrees(5_000))
    await drive('d-near', degrees(1_000), { shard: 1 })
    const { vehicles, responders, from, away } = await nearest(cry('d-own'))
    expect(ids(vehicles)).toEqual(['d-near', 'd-far'])
    expect(vehicles[0]).toMatchObject({
      label: 'NAB 1234 white Toyota Vios',
      ref: 'device:d-near',
      by: 'road_factor',
      busy: false,
      asked: null,
      vehicle: { plate: 'NAB 1234' },
    })
    // Streets are longer than the straight line.
    expect(vehicles[0].distanceM).toBeGreaterThan(1_300)
    expect(vehicles[0].distanceM).toBeLessThan(1_500)
    expect(vehicles[0].etaS).toBeGreaterThan(60)
    expect(vehicles[1].etaS).toBeGreaterThan(vehicles[0].etaS)
    expect(from).toEqual({ lat: inManila.lat, lng: inManila.lng })
    expect(away).toEqual([])
    expect(new Set(responders.map(({ kind }: { kind: string }) => kind))).toEqual(
      new Set(['police', 'fire', 'ambulance', 'coast_guard']),
    )
    const times = responders.map(({ etaS }: { etaS: number }) => etaS)
    expect(times).toEqual(times.toSorted((a: number, b: number) => a - b))
  })

  test('are never silent ones, nor with a place of long ago, nor under an incident of their own', async () => {
    const { clock, drive, cry, nearest } = tower()
    await drive('d-silent', degrees(500))
    await drive('d-danger', degrees(600))
    cry('d-danger')
    await clock.advance(6 * 60_000)
    await drive('d-danger', degrees(600))
    await drive('d-stale', degrees(700), { fixedAt: clock.now() - 10 * 60_000 })
    await drive('d-doubtful', degrees(800), { doubts: ['mocked'] })
    await drive('d-fresh', degrees(9_000))
    expect(ids((await nearest(cry('d-own'))).vehicles)).toEqual(['d-fresh'])
  })

  test('are as many as were asked for; a wrong number is refused', async () => {
    const { drive, cry, nearest, get } = tower()
    for (let n = 1; n <= 8; n++) await drive(`d-${n}`, degrees(n * 400))
    const id = cry('d-own')
    expect(ids((await nearest(id)).vehicles)).toEqual(['d-1', 'd-2', 'd-3', 'd-4', 'd-5'])
    expect(ids((await nearest(id, '?limit=2')).vehicles)).toEqual(['d-1', 'd-2'])
    for (const wrong of ['0', '21', 'x']) {
      expect((await get(`/api/incidents/${id}/nearest?limit=${wrong}`)).status).toBe(422)
    }
  })

  test('are measured from where the vehicle was heard last, not from where it was when somebody pressed', async () => {
    const { clock, drive, cry, nearest, roomOf } = tower()
    await drive('d-west', degrees(-1_000))
    await drive('d-east', degrees(8_000))
    const id = cry('d-own')
    expect(ids((await nearest(id)).vehicles)).toEqual(['d-west', 'd-east'])
    const at = clock.now() + 60_000
    const position = { ...inManila, lng: inManila.lng + degrees(7_000), fixedAt: at }
    const quiet = { event: null, charging: null, ignition: null }
    roomOf('NCR').room.moved([{ deviceId: 'd-own', home: 'NCR', protocol: 'own', receivedAt: at, position, ...quiet }])
    const { vehicles, from } = await nearest(id)
    expect(ids(vehicles)).toEqual(['d-east', 'd-west'])
    expect(from.lng).toBeCloseTo(position.lng, 6)
  })

  test('are said to be busy where another incident has asked them, and asked where this one has', async () => {
    const { drive, cry, nearest, roomOf } = tower()
    await drive('d-1', degrees(1_000))
    await drive('d-2', degrees(2_000))
    const [here, there] = [cry('d-own'), cry('d-other')]
    const ask = (id: string, ref: string) =>
      roomOf('NCR').room.act(id, { type: 'leg', kind: 'rover', name: 'NAB 1234', ref }, viewer('ana'))
    ask(here, 'device:d-1')
    ask(there, 'device:d-2')
    const { vehicles } = await nearest(here)
    expect(vehicles.map(({ busy, asked }: { busy: boolean; asked: string | null }) => [busy, asked])).toEqual([
      [false, 'asked'],
      [true, null],
    ])
  })

  test('are none where nobody knows where the incident is, and then nobody’s vehicles were looked at', async () => {
    const { drive, cry, nearest, shown } = tower()
    await drive('d-1', degrees(1_000))
    for (const position of [null, { ...inManila, lat: 0, lng: 0, doubts: ['null_island' as const] }]) {
      expect(await nearest(cry(`d-${position === null}`, { position }))).toMatchObject({
        from: null,
        vehicles: [],
        responders: [],
      })
    }
    expect(shown).toEqual([])
  })
})

describe('what does not answer', () => {
  test('as one shard of two hides no vehicle of the other, and is said', async () => {
    const { drive, cry, nearest, away } = tower()
    await drive('d-1', degrees(1_000))
    await drive('d-2', degrees(500), { shard: 1 })
    const id = cry('d-own')
    away.add('NCR:1')
    const found = await nearest(id)
    expect(ids(found.vehicles)).toEqual(['d-1'])
    expect(found.away).toEqual(['NCR'])
  })
})

describe('whoever looks', () => {
  test('is written down once a look, with the vehicles that were shown, before Postgres is there', async () => {
    const { drive, cry, nearest, shown } = tower()
    await drive('d-1', degrees(1_000))
    await drive('d-2', degrees(2_000))
    await nearest(cry('d-own'))
    expect(shown).toEqual([['ana', ['device:d-1', 'device:d-2']]])
  })

  test('sees no vehicle where the look cannot be written down', async () => {
    const { drive, cry, get, roomOf } = tower()
    await drive('d-1', degrees(1_000))
    const id = cry('d-own')
    roomOf('NCR').room.noteShown = () => false
    const answer = await get(`/api/incidents/${id}/nearest`)
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.text()).not.toContain('NAB 1234')
  })

  test('needs the right to see whose a vehicle is, in a region of the incident', async () => {
    const { drive, cry, get } = tower()
    await drive('d-1', degrees(1_000))
    const id = cry('d-own')
    const status = async (person: Viewer) => (await get(`/api/incidents/${id}/nearest`, person)).status
    expect(await status(viewer('tess', { role: 'trainee' }))).toBe(403)
    expect(await status(viewer('celia', { regions: ['CEB'] }))).toBe(403)
    expect(await status(viewer('audrey', { role: 'auditor' }))).toBe(200)
    expect((await get(`/api/incidents/${crypto.randomUUID()}/nearest`)).status).toBe(404)
  })
})

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
