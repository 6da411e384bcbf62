// A whole tower beside a real Redis, and then beside one that is slow, silent and gone: screens' counts come from it, people
// are counted in it, and a press never notices.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Redis } from '@upstash/redis'
import type { Tower } from '../../scripts/lib/tower'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from '../redis/server'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { startTestTower } from '../support/tower'
import { call, type Device, devicesOf, Person, press, until } from './people'

type Overview = { regions: { region: string; open: number | null; untaken: number | null; at: string | null }[] }

let server: RedisServer
let proxy: FaultProxy
let tower: Tower
let redis: Redis
let ana: Person
let next: () => Device

describe.skipIf(!HAS_REDIS)('a tower beside Redis', () => {
  beforeAll(async () => {
    server = await startRedis()
    proxy = await startFaultProxy({ port: Number(new URL(server.bridge.url).port) })
    tower = await startTestTower({
      settings: { UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${proxy.port}`, UPSTASH_REDIS_REST_TOKEN: TOKEN },
    })
    redis = new Redis({ url: server.bridge.url, token: TOKEN })
    next = devicesOf(tower, 'NCR')
    ana = await Person.logIn(tower, { role: 'operator', nth: 0 })
  }, 120_000)
  afterAll(async () => {
    await tower?.stop()
    await proxy?.stop()
    await server?.stop()
  }, 30_000)

  const openInNcr = async () => {
    const { body } = await ana.get<Overview>('/api/overview')
    return body.regions.find(({ region }) => region === 'NCR')?.open
  }

  test('tries to log in are counted there, by hashes', async () => {
    await Person.logIn(tower, { role: 'supervisor' })
    const keys = await redis.keys('*:try:*')
    expect(keys.length).toBeGreaterThan(0)
    expect(JSON.stringify(keys)).not.toContain('@')
  })

  test('the counts of the regions come from there to whoever asks, and from the room when they are old', async () => {
    expect(await openInNcr()).toBe(0)
    const key = `xot:${tower.url}:counts:NCR`
    await until(async () => (await redis.exists(key)) === 1)
    await redis.set(key, { open: 77, untaken: 5, at: Date.now() }, { px: 60_000 })
    expect(await openInNcr()).toBe(77)
    await redis.set(key, { open: 77, untaken: 5, at: Date.now() - 11_000 }, { px: 60_000 })
    expect(await openInNcr()).toBe(0)
    // Written after the answer, for the next who asks.
    await until(async () => (await redis.get<{ open: number }>(key))?.open === 0)
  })

  /** How often Redis was asked anything, but whether it is there. */
  const asked = async () => {
    const answer = await fetch(`${server.bridge.url}/info/commandstats`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    const { result } = (await answer.json()) as { result: string }
    const calls = [...result.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
    return calls.filter(([, name]) => !['ping', 'info'].includes(name ?? '')).map(([, name, count]) => [name, count])
  }

  test('a press asks it nothing, from its door to whoever takes it', async () => {
    const before = await asked()
    expect(before.length).toBeGreaterThan(0)
    for (let n = 0; n < 2; n++) {
      const { status, body } = await press(tower, next(), { kind: 'panic' })
      expect(status).toBe(201)
      await until(async () => (await ana.act(body.sosId ?? '', 'take')).status === 200)
      await ana.act(body.sosId ?? '', 'false-alarm', { reason: 'a test' })
    }
    expect(await asked()).toEqual(before)
  })

  test.each(['delay', 'drop', 'reset'] as const)(
    'a press is a press while Redis says nothing but %s',
    async (fault) => {
      proxy.delayMs = 3_000
      proxy.set(fault)
      const { status, body } = await press(tower, next(), { kind: 'panic' })
      expect(status).toBe(201)
      const stranger = await call(`${tower.url}/api/sos`, {
        method: 'POST',
        headers: { authorization: `Bearer nobody-${fault}` },
        body: JSON.stringify({ position: { lat: 14.55, lng: 121.02 } }),
      })
      expect(stranger.status).toBe(202)
      await Person.logIn(tower, { role: 'supervisor' })
      await until(async () => (await ana.act(body.sosId ?? '', 'take')).status === 200)
      expect(typeof (await openInNcr())).toBe('number')
      expect((await call<{ ok: boolean }>(`${tower.url}/api/health`)).body.ok).toBe(true)
      proxy.set('pass')
    },
  )

  test('it is asked again when it is well', async () => {
    const key = `xot:${tower.url}:counts:NCR`
    await until(
      async () => {
        await redis.set(key, { open: 88, untaken: 5, at: Date.now() }, { px: 60_000 })
        return (await openInNcr()) === 88
      },
      60_000,
      'an answer from Redis',
    )
  })
})
