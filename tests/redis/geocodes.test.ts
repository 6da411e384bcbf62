// Addresses that are asked for once for all who look, through a real Redis; whatever it holds, the answer is the provider's or
// one that the provider has given.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { closedCircuit } from '../../src/durable/circuit'
import { geoOf } from '../../src/geo/providers'
import { type GeocodeMemory, remembered } from '../../src/geo/remembered'
import { byGazetteer, type Reversed, type ReverseProvider } from '../../src/geo/reverse'
import { geocodesOf } from '../../src/http/redis'
import { redisAt } from '../../src/store/redis/client'
import { type Kept, keptIn } from '../../src/store/redis/kept'
import { workerEnv } from '../support/worker-env'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from './server'

const RURAL = { lat: 16.41, lng: 120.59, headingDeg: 90, speedMps: 9 }
const ON_EDSA = { lat: 14.5841, lng: 121.0548, headingDeg: 25, speedMps: 9 }

/** A provider outside that says how often it was asked. */
function provider(road = 'Session Road', source: Reversed['source'] = 'google') {
  const asked: string[] = []
  const reverse: ReverseProvider = {
    async reverse(at, lang) {
      asked.push(lang)
      const direction = at.headingDeg === 90 ? 'e' : 'n'
      return {
        where: {
          landmark: null,
          road: { name: road, distanceM: 12, on: true, direction },
          municipality: 'Baguio',
          orElse: null,
        },
        address: `${road} 1, Baguio`,
        source,
      }
    },
  }
  return { asked, reverse }
}

let server: RedisServer
let kept: Kept
const writes: Promise<unknown>[] = []
const memory: GeocodeMemory = {
  recall: async (key) => (await kept.read([key]))?.[0] ?? null,
  remember: (key, value) => void writes.push(kept.write({ [key]: value }, 60_000)),
}
const settled = () => Promise.all(writes.splice(0))

describe.skipIf(!HAS_REDIS)('an address', () => {
  beforeAll(async () => {
    server = await startRedis()
    kept = keptIn(
      redisAt({ url: server.bridge.url, token: TOKEN, circuit: closedCircuit(), now: Date.now, deadlineMs: 5_000 }),
      'tower:',
    )
  })
  afterAll(() => server?.stop())
  beforeEach(async () => {
    await settled()
    await server.flush()
  })

  test('is asked for once for the same few metres, heading and language', async () => {
    const { asked, reverse } = provider()
    const first = await remembered(reverse, memory).reverse(RURAL, 'en')
    await settled()
    const near = { ...RURAL, lat: RURAL.lat + 0.00002, headingDeg: 99 }
    expect(await remembered(reverse, memory).reverse(near, 'en')).toEqual(first)
    expect(asked).toEqual(['en'])
    await remembered(reverse, memory).reverse(RURAL, 'fil')
    await remembered(reverse, memory).reverse({ ...RURAL, headingDeg: 270 }, 'en')
    await remembered(reverse, memory).reverse({ ...RURAL, speedMps: 0 }, 'en')
    await remembered(reverse, memory).reverse({ ...RURAL, lat: RURAL.lat + 0.001 }, 'en')
    expect(asked).toHaveLength(5)
  })

  test('on a road of ours has the carriageway of the vehicle that asks now', async () => {
    const { reverse } = provider('Epifanio de los Santos Avenue')
    await remembered(reverse, memory).reverse(ON_EDSA, 'en')
    await settled()
    const { where } = await remembered(reverse, memory).reverse({ ...ON_EDSA, headingDeg: 40 }, 'en')
    const own = byGazetteer({ ...ON_EDSA, headingDeg: 40 }).where.road
    expect(own?.on).toBe(true)
    expect(where.road).toEqual({
      name: 'Epifanio de los Santos Avenue',
      distanceM: 12,
      on: true,
      direction: own?.direction ?? null,
    })
  })

  test('from the gazetteer is not kept: the next time the provider may be well', async () => {
    const { asked, reverse } = provider('EDSA', 'gazetteer')
    await remembered(reverse, memory).reverse(RURAL, 'en')
    await settled()
    await remembered(reverse, memory).reverse(RURAL, 'en')
    expect(asked).toHaveLength(2)
  })

  test.each<[string, unknown]>([
    ['is no address', 'hello'],
    ['is null', null],
    ['is older or newer than we are', { where: { road: 'Session Road' }, address: 'x', source: 'google' }],
    ['has a road as long as a book', withRoad('x'.repeat(2_000))],
    [
      'has numbers that are none',
      { ...withRoad('A'), where: { ...withRoad('A').where, road: { name: 'A', distanceM: -1 } } },
    ],
    ['says that it is ours', { ...withRoad('A'), source: 'gazetteer' }],
  ])('that %s is asked for anew', async (_, value) => {
    const { asked, reverse } = provider()
    await remembered(reverse, memory).reverse(RURAL, 'en')
    await settled()
    await kept.write({ 'where:en:16.4100:120.5900:e': value }, 60_000)
    expect((await remembered(reverse, memory).reverse(RURAL, 'en')).where.road?.name).toBe('Session Road')
    expect(asked).toHaveLength(2)
  })

  test('without a key of a provider is the gazetteer’s, and no memory is asked', async () => {
    const nobody: GeocodeMemory = {
      recall: () => Promise.reject(new Error('asked')),
      remember: () => {
        throw new Error('told')
      },
    }
    expect(await geoOf({}, { memory: nobody }).reverse.reverse(RURAL, 'en')).toEqual(byGazetteer(RURAL))
  })
})

test('without Redis the provider answers, each time', async () => {
  const away = redisAt({ url: 'http://127.0.0.1:9', token: 't', circuit: closedCircuit(), now: Date.now })
  const { asked, reverse } = provider()
  const nowhere: GeocodeMemory = {
    recall: async (key) => (await keptIn(away, '').read([key]))?.[0] ?? null,
    remember: (key, value) => void keptIn(away, '').write({ [key]: value }, 1_000),
  }
  for (let n = 0; n < 5; n++) await remembered(reverse, nowhere).reverse(RURAL, 'en')
  expect(asked).toHaveLength(5)
})

test('no address is kept unless that was switched on, for not every contract with a provider allows it', () => {
  const redis = { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:9', UPSTASH_REDIS_REST_TOKEN: 't' }
  expect(geocodesOf(workerEnv({}, redis), null)).toBeUndefined()
  expect(geocodesOf(workerEnv({}, { ...redis, GEOCODE_CACHE: 'off' }), null)).toBeUndefined()
  expect(geocodesOf(workerEnv({}, { ...redis, GEOCODE_CACHE: 'on' }), null)).toBeDefined()
  expect(geocodesOf(workerEnv({}, { GEOCODE_CACHE: 'on' }), null)).toBeUndefined()
})

function withRoad(name: string) {
  const road = { name, distanceM: 1, on: true, direction: null }
  return { where: { landmark: null, road, municipality: null, orElse: null }, address: null, source: 'google' }
}
