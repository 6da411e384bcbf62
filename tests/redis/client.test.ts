// A Redis of no use costs its deadline at most, and soon nothing; what it answers is never taken for ours.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { closedCircuit } from '../../src/durable/circuit'
import { type RedisPort, redisAt } from '../../src/store/redis/client'
import { keptIn } from '../../src/store/redis/kept'
import { rowsIn } from '../../src/store/redis/rows'
import { triesIn } from '../../src/store/redis/tries'
import { type Misbehaving, OF_NO_USE, startMisbehaving } from './moods'

let server: Misbehaving
beforeEach(() => {
  server = startMisbehaving()
})
afterEach(() => server.stop())

/** A deadline that a busy test machine keeps where Redis answers at once. */
const DEADLINE_MS = 250

function client(now = () => 0) {
  const circuit = closedCircuit()
  const redis = redisAt({ url: server.origin, token: 'secret-token', circuit, now, deadlineMs: DEADLINE_MS })
  return { circuit, redis }
}
const RULES = [{ key: 'a', free: 4, maxDelayMs: 300_000 }]
const triesOf = (redis: RedisPort) => triesIn(redis, { prefix: 'p:', pepper: new Uint8Array(32), forgetMs: 900_000 })

for (const [name, mood, why] of OF_NO_USE) {
  test(`a Redis that ${name} counts no tries, and is said to be of no use`, async () => {
    server.mood = mood
    const { circuit, redis } = client()
    expect(await triesOf(redis).attempt(RULES, 0)).toBeNull()
    await triesOf(redis).succeeded(RULES)
    expect(circuit.failures).toBeGreaterThanOrEqual(1)
    expect(why).toContain(circuit.lastFailure as string)
  })

  test(`a Redis that ${name} keeps nothing and counts no rows`, async () => {
    server.mood = mood
    const { redis } = client()
    const kept = keptIn(redis, 'p:')
    const values = await kept.read(['a', 'b', 'c'])
    expect(values === null || values.every((value) => value === null)).toBe(true)
    expect(await keptIn(client().redis, 'p:').write({ a: 1 }, 1_000)).toBe(false)
    expect(await rowsIn(client().redis, 'p:').add(1, 5)).toBeNull()
  })
}

test('a question goes once, with the token, and nothing about whoever asks', async () => {
  server.mood = { does: 'answer', body: { result: 0 } }
  const { redis } = client()
  expect(await triesOf(redis).attempt(RULES, 0)).toEqual({ waitMs: 0 })
  const [asked] = server.asked
  expect(server.asked).toHaveLength(1)
  expect(asked?.headers.get('authorization')).toBe('Bearer secret-token')
  expect([...(asked?.headers.keys() ?? [])].filter((name) => name.startsWith('upstash-telemetry'))).toEqual([])
})

test('keys of tries are hashes: no address and no name reaches Redis', async () => {
  server.mood = { does: 'answer', body: { result: 0 } }
  await triesOf(client().redis).attempt([{ key: 'both ana@tower.example 203.0.113.9', free: 4, maxDelayMs: 1 }], 0)
  const { body } = server.asked[0] as { body: string }
  expect(body).toContain('"p:try:')
  expect(body).not.toContain('ana')
  expect(body).not.toContain('203.0.113')
})

describe('a Redis that is dead', () => {
  test('is not asked by every request: after three failures it is left alone, and tried again by one', async () => {
    server.mood = { does: 'say', status: 500, text: '{"error":"ERR"}' }
    let now = 1_000
    const { redis, circuit } = client(() => now)
    const read = () => keptIn(redis, 'p:').read(['a'])
    for (let n = 0; n < 100; n++) expect(await read()).toBeNull()
    expect(server.asked).toHaveLength(3)

    now += 1_000
    await Promise.all(Array.from({ length: 50 }, read))
    expect(server.asked).toHaveLength(4)

    now = circuit.openUntil
    server.mood = { does: 'answer', body: { result: [Buffer.from('7').toString('base64')] } }
    expect(await read()).toEqual([7])
    expect(circuit).toEqual({ failures: 0, openUntil: 0, lastFailure: null })
  })

  test('is tried again within half a minute, however long it has been dead', async () => {
    let now = 0
    const { redis, circuit } = client(() => now)
    server.mood = { does: 'say', status: 500, text: '{"error":"ERR"}' }
    for (let n = 0; n < 30; n++) {
      await keptIn(redis, 'p:').read(['a'])
      expect(circuit.openUntil - now).toBeLessThanOrEqual(30_000)
      now = Math.max(now, circuit.openUntil)
    }
  })

  test('that nobody listens at is a value, too', async () => {
    const circuit = closedCircuit()
    const redis = redisAt({ url: 'http://127.0.0.1:9', token: 't', circuit, now: () => 0 })
    expect(await redis.ask((client) => client.ping(), String)).toEqual({ ok: false, why: 'failed' })
  })

  test('whose token is wrong is not asked again for half a minute after the first time', async () => {
    server.mood = { does: 'say', status: 401, text: '{"error":"WRONGPASS invalid or missing auth token"}' }
    const { redis, circuit } = client(() => 5)
    await keptIn(redis, 'p:').read(['a'])
    await keptIn(redis, 'p:').read(['a'])
    expect([server.asked.length, circuit.openUntil]).toEqual([1, 30_005])
  })
})
