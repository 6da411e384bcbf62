// @upstash/redis and @upstash/ratelimit themselves, against the bridge: what they can do with Upstash, they can do with it.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from './server'

let server: RedisServer
let redis: Redis

describe.skipIf(!HAS_REDIS)('through the bridge', () => {
  beforeAll(async () => {
    server = await startRedis()
    redis = new Redis({ url: server.bridge.url, token: TOKEN, retry: { retries: 0 } })
  })
  afterAll(() => server?.stop())
  beforeEach(() => server.flush())

  test('values of every kind come back as they were', async () => {
    const values = {
      text: 'ñandú 🚑 OK',
      number: 12.5,
      list: [1, 'two', null],
      nested: { a: { b: [true] } },
      empty: '',
    }
    for (const [key, value] of Object.entries(values)) expect(await redis.set(key, value)).toBe('OK')
    for (const [key, value] of Object.entries(values)) expect(await redis.get<unknown>(key)).toEqual(value)
    expect(await redis.mget<unknown[]>('number', 'missing', 'text')).toEqual([12.5, null, 'ñandú 🚑 OK'])
    await redis.set('said', 'OK')
    expect(await redis.get<string>('said')).toBe('OK')
  })

  test('expiry, conditions and counters', async () => {
    expect(await redis.set('a', 1, { nx: true, px: 60_000 })).toBe('OK')
    expect(await redis.set('a', 2, { nx: true })).toBeNull()
    expect(await redis.pttl('a')).toBeWithin(1, 60_001)
    expect([await redis.incrby('n', 5), await redis.decr('n'), await redis.exists('n', 'a')]).toEqual([5, 4, 2])
    expect(await redis.del('n', 'a')).toBe(2)
  })

  test('hashes, sets, lists, sorted sets, streams and scans', async () => {
    await redis.hset('h', { plate: 'NAB 1234', seats: 4 })
    expect(await redis.hgetall<Record<string, unknown>>('h')).toEqual({ plate: 'NAB 1234', seats: 4 })
    await redis.sadd('s', 'a', 'b')
    expect((await redis.smembers('s')).sort()).toEqual(['a', 'b'])
    await redis.rpush('l', 1, 2, 3)
    expect(await redis.lrange<number>('l', 0, -1)).toEqual([1, 2, 3])
    await redis.zadd('z', { score: 2, member: 'b' }, { score: 1.5, member: 'a' })
    expect(await redis.zrange('z', 0, -1, { withScores: true })).toEqual(['a', 1.5, 'b', 2])
    const id = await redis.xadd('x', '*', { kind: 'panic' })
    expect(await redis.xrange('x', '-', '+')).toEqual({ [id]: { kind: 'panic' } })
    const [cursor, keys] = await redis.scan(0, { match: '*', count: 100 })
    expect([cursor, keys.sort()]).toEqual(['0', ['h', 'l', 's', 'x', 'z']])
    expect(await redis.geoadd('g', { longitude: 121.02, latitude: 14.55, member: 'makati' })).toBe(1)
  })

  test('scripts, by their text and by their hash', async () => {
    const script = 'return {KEYS[1], ARGV[1], redis.call("INCR", KEYS[1]), false, redis.status_reply("OK")}'
    expect(await redis.eval(script, ['n'], ['ñ'])).toEqual(['n', 'ñ', 1, null, 'OK'])
    expect(redis.evalsha('0'.repeat(40), [], [])).rejects.toThrow('NOSCRIPT')
    const sha = await redis.scriptLoad('return 7')
    expect(await redis.evalsha<[], number>(sha, [], [])).toBe(7)
    const upstash = '#!lua flags=allow-key-locking\nreturn redis.call("INCR", KEYS[1])'
    expect(await redis.eval(upstash, ['m'], [])).toBe(1)
    const known = createHash('sha1').update(upstash).digest('hex')
    expect(await redis.evalsha<[], number>(known, ['m'], [])).toBe(2)
    expect(redis.eval('return redis.error_reply("ERR no")', [], [])).rejects.toThrow('ERR no')
  })

  test('pipelines, transactions and their errors', async () => {
    expect(await redis.pipeline().set('a', { b: 1 }).get('a').incr('n').exec<unknown[]>()).toEqual(['OK', { b: 1 }, 1])
    expect(await redis.multi().incr('n').incr('n').exec<number[]>()).toEqual([2, 3])
    const kept = await redis.pipeline().incr('a').get('n').exec({ keepErrors: true })
    expect(kept[0]?.error).toContain('not an integer')
    expect(kept[1]).toMatchObject({ result: 3 })
    expect(redis.incr('a')).rejects.toThrow('not an integer')
  })

  test('commands that the client joins by itself reach their callers', async () => {
    const joined = new Redis({ url: server.bridge.url, token: TOKEN, enableAutoPipelining: true })
    expect(await Promise.all([joined.incr('n'), joined.incr('n'), joined.get('n')])).toEqual([1, 2, 2])
  })

  test('a wrong token throws what Upstash’s throws', async () => {
    const stranger = new Redis({ url: server.bridge.url, token: 'not-the-token', retry: { retries: 0 } })
    expect(stranger.get('a')).rejects.toThrow('Unauthorized')
  })

  test.each<[string, () => ConstructorParameters<typeof Ratelimit>[0]['limiter']]>([
    ['a fixed window', () => Ratelimit.fixedWindow(3, '1 h')],
    ['a sliding window', () => Ratelimit.slidingWindow(3, '1 h')],
    ['a token bucket', () => Ratelimit.tokenBucket(3, '1 h', 3)],
  ])('%s of @upstash/ratelimit lets through what it should, of a hundred at once too', async (_, limiter) => {
    const limit = new Ratelimit({ redis, limiter: limiter(), prefix: 'limit', timeout: 0, ephemeralCache: false })
    const some = await Promise.all(Array.from({ length: 100 }, () => limit.limit('an operator')))
    await Promise.all(some.map(({ pending }) => pending))
    expect(some.filter(({ success }) => success)).toHaveLength(3)
    expect((await limit.limit('another')).success).toBe(true)
    expect(await limit.getRemaining('an operator')).toMatchObject({ remaining: 0 })
    await limit.resetUsedTokens('an operator')
    expect((await limit.limit('an operator')).success).toBe(true)
  })
})
