// Several isolates that count tries in one Redis decide as one that counts all of them by itself.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { closedCircuit } from '../../src/durable/circuit'
import { BoundedAttempts, FORGET_TRIES_MS, LogInThrottle } from '../../src/http/auth/throttle'
import { redisAt } from '../../src/store/redis/client'
import { triesIn } from '../../src/store/redis/tries'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from './server'

let server: RedisServer
const pepper = new Uint8Array(32).fill(7)
const shared = () =>
  triesIn(
    redisAt({ url: server.bridge.url, token: TOKEN, circuit: closedCircuit(), now: Date.now, deadlineMs: 5_000 }),
    {
      prefix: 'tower:',
      pepper,
      forgetMs: FORGET_TRIES_MS,
    },
  )

const ACCOUNTS = ['ana@x', 'ben@x'] as const
const ADDRESSES = ['1.1.1.1', '2.2.2.2', null] as const
const Act = fc.record({
  account: fc.constantFrom(...ACCOUNTS),
  address: fc.constantFrom(...ADDRESSES),
  right: fc.boolean(),
  after: fc.constantFrom(0, 1, 500, 1_000, 1_999, 4_000, 60_000, FORGET_TRIES_MS),
})

describe.skipIf(!HAS_REDIS)('tries in Redis', () => {
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server?.stop())

  test('are judged as by one isolate that sees them all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(Act, { minLength: 1, maxLength: 60 }), async (acts) => {
        await server.flush()
        let now = 1_800_000_000_000
        const alone = new LogInThrottle(new BoundedAttempts(), () => now)
        for (const { account, address, right, after } of acts) {
          now += after
          // Each try reaches an isolate that has seen nothing: all that it knows is what Redis tells.
          const fresh = new LogInThrottle(new BoundedAttempts(), () => now)
          const told = await fresh.attemptShared(account, address, shared())
          expect(told).toEqual(alone.attempt(account, address))
          if (!right || !told.ok) continue
          await fresh.succeeded(account, address, shared())
          await alone.succeeded(account, address)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('of a hundred isolates at once are a hundred: four go through', async () => {
    await server.flush()
    const now = () => 1_800_000_000_000
    const told = await Promise.all(
      Array.from({ length: 100 }, () => new LogInThrottle(undefined, now).attemptShared('ana@x', '1.1.1.1', shared())),
    )
    // The fifth would be the first that has to wait.
    expect(told.filter(({ ok }) => ok)).toHaveLength(4)
    expect(told.find(({ ok }) => !ok)).toEqual({ ok: false, retryAfterMs: 1_000 })
  })

  test('that others have refused count for nothing here', async () => {
    await server.flush()
    const now = () => 1_800_000_000_000
    for (let n = 0; n < 4; n++) await new LogInThrottle(undefined, now).attemptShared('ana@x', '1.1.1.1', shared())
    const here = new LogInThrottle(undefined, now)
    for (let n = 0; n < 50; n++) expect((await here.attemptShared('ana@x', '1.1.1.1', shared())).ok).toBe(false)
    // As if Redis had just died: this isolate has let nobody through yet.
    expect(await here.attemptShared('ana@x', '1.1.1.1', null)).toEqual({ ok: true })
  })

  test('that somebody else has put there lock nobody out', async () => {
    const key = `tower:try:${createHmac('sha256', pepper).update('account ana@x').digest('base64url').slice(0, 22)}`
    const at = 1_800_000_000_000
    for (const garbage of [
      ['SET', key, 'garbage'],
      ['HSET', key, 'count', '1e300', 'at', String(at + 3_600_000)],
      ['HSET', key, 'count', 'many', 'at', 'never'],
      ['HSET', key, 'count', '-5', 'at', String(at)],
      ['RPUSH', key, 'a'],
    ]) {
      await server.flush()
      await fetch(server.bridge.url, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(garbage),
      })
      const throttle = new LogInThrottle(undefined, () => at)
      expect(await throttle.attemptShared('ana@x', '1.1.1.1', shared())).toEqual({ ok: true })
    }
  })

  test('are forgotten by Redis itself', async () => {
    await server.flush()
    await new LogInThrottle().attemptShared('ana@x', '1.1.1.1', shared())
    const ask = async (...command: string[]) => {
      const answer = await fetch(`${server.bridge.url}/${command.join('/')}`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      })
      return ((await answer.json()) as { result: unknown }).result
    }
    const keys = (await ask('keys', '*')) as string[]
    expect(keys).toHaveLength(3)
    for (const key of keys)
      expect(Number(await ask('pttl', encodeURIComponent(key)))).toBeWithin(1, FORGET_TRIES_MS + 1)
  })
})
