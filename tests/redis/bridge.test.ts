// The bridge says what Upstash says: addresses, shapes, encodings and refusals, before a real redis-server.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { startRedisBridge } from '../../scripts/lib/redis-bridge'
import { readReply } from '../../scripts/lib/resp'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from './server'

let redis: RedisServer

const ask = async (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) => {
  const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers }
  const response = await fetch(redis.bridge.url + path, { ...init, headers })
  return { status: response.status, body: (await response.json()) as unknown }
}
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body: JSON.stringify(body), headers })
const BASE64 = { 'upstash-encoding': 'base64' }

describe.skipIf(!HAS_REDIS)('the bridge', () => {
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.stop())
  beforeEach(() => redis.flush())

  test('lets nobody in without its token, and takes it in the header or the address', async () => {
    const refused = { status: 401, body: { error: 'Unauthorized' } }
    expect(await ask('/ping', { headers: { authorization: 'Bearer something-else' } })).toEqual(refused)
    expect(await ask('/ping', { headers: { authorization: '' } })).toEqual(refused)
    expect(await ask(`/ping?_token=${TOKEN}x`, { headers: { authorization: '' } })).toEqual(refused)
    const pong = { status: 200, body: { result: 'PONG' } }
    expect(await ask('/ping')).toEqual(pong)
    expect(await ask(`/ping?_token=${TOKEN}`, { headers: { authorization: '' } })).toEqual(pong)
  })

  test('takes a command as an array, as a path, and with its last word as the body', async () => {
    expect(await post('/', ['SET', 'a', 1, 'EX', 100])).toEqual({ status: 200, body: { result: 'OK' } })
    expect(await ask('/get/a')).toEqual({ status: 200, body: { result: '1' } })
    expect(await ask('/set/b%2Fc/d%20e')).toEqual({ status: 200, body: { result: 'OK' } })
    expect((await ask('/get/b%2Fc')).body).toEqual({ result: 'd e' })
    await ask('/set/f?EX=100', { method: 'POST', body: '{"long":"ñ"}' })
    expect((await ask('/get/f')).body).toEqual({ result: '{"long":"ñ"}' })
    const { result } = (await ask('/ttl/f')).body as { result: number }
    expect(result).toBeWithin(90, 101)
    expect((await ask('/get/nothing')).body).toEqual({ result: null })
  })

  test('answers in RESP2: hashes and scores are flat lists of texts', async () => {
    await post('/', ['HSET', 'h', 'x', '1', 'y', 'OK'])
    await post('/', ['ZADD', 'z', '1.5', 'a'])
    expect((await post('/', ['HGETALL', 'h'])).body).toEqual({ result: ['x', '1', 'y', 'OK'] })
    expect((await post('/', ['ZRANGE', 'z', 0, -1, 'WITHSCORES'])).body).toEqual({ result: ['a', '1.5'] })
    expect((await post('/', ['HGETALL', 'h'], BASE64)).body).toEqual({ result: ['eA==', 'MQ==', 'eQ==', 'T0s='] })
  })

  test('encodes every text where base64 is asked for, but the OK of a command', async () => {
    expect((await post('/', ['SET', 'a', 'OK'], BASE64)).body).toEqual({ result: 'OK' })
    expect((await post('/', ['GET', 'a'], BASE64)).body).toEqual({ result: 'T0s=' })
    expect((await post('/', ['PING'], BASE64)).body).toEqual({ result: 'UE9ORw==' })
    expect((await post('/', ['INCR', 'n'], BASE64)).body).toEqual({ result: 1 })
    // Bytes that are no text.
    await post('/', ['SETBIT', 'bits', 0, 1])
    expect((await post('/', ['GET', 'bits'], BASE64)).body).toEqual({ result: 'gA==' })
  })

  test('an error of Redis is 400 with its words', async () => {
    await post('/', ['SET', 'a', 'x'])
    expect(await post('/', ['INCR', 'a'])).toEqual({
      status: 400,
      body: { error: 'ERR value is not an integer or out of range' },
    })
    expect((await post('/', ['GET'])).body).toEqual({ error: "ERR wrong number of arguments for 'get' command" })
  })

  test('a pipeline goes on after an error, also of a command that is not available', async () => {
    const commands = [
      ['SET', 'a', 'x'],
      ['INCR', 'a'],
      ['SUBSCRIBE', 'a'],
      ['GET', 'a'],
    ]
    expect(await post('/pipeline', commands)).toEqual({
      status: 200,
      body: [
        { result: 'OK' },
        { error: 'ERR value is not an integer or out of range' },
        { error: "ERR Command is not available: 'SUBSCRIBE'" },
        { result: 'x' },
      ],
    })
  })

  test('a transaction is done as one, or not at all', async () => {
    await post('/', ['SET', 'a', 'x'])
    expect(
      await post('/multi-exec', [
        ['INCR', 'n'],
        ['INCR', 'a'],
        ['GET', 'n'],
      ]),
    ).toEqual({
      status: 200,
      body: [{ result: 1 }, { error: 'ERR value is not an integer or out of range' }, { result: '1' }],
    })
    const broken = await post('/multi-exec', [['INCR', 'n'], ['NO_SUCH_COMMAND']])
    expect(broken.status).toBe(400)
    expect((broken.body as { error: string }).error).toStartWith('EXECABORT')
    expect((await ask('/get/n')).body).toEqual({ result: '1' })
  })

  test('a hundred transactions at once do not mix', async () => {
    const all = Array.from({ length: 100 }, () =>
      post('/multi-exec', [
        ['INCR', 'n'],
        ['INCR', 'n'],
        ['GET', 'n'],
      ]),
    )
    for (const { body } of await Promise.all(all)) {
      const [first, second, read] = body as { result: number | string }[]
      expect([second?.result, Number(read?.result)]).toEqual([Number(first?.result) + 1, Number(first?.result) + 1])
    }
  })

  test.each([
    [['MULTI']],
    [['select', '1']],
    [['BLPOP', 'a', '0']],
    [['XREAD', 'BLOCK', '0', 'STREAMS', 'a', '$']],
    [['CONFIG', 'GET', '*']],
    [['SHUTDOWN']],
  ])('%p, which would hold or change what others share, is not available', async (command) => {
    const { status, body } = await post('/', command)
    expect([status, (body as { error: string }).error]).toEqual([
      400,
      `ERR Command is not available: '${command[0]?.toUpperCase()}'`,
    ])
    expect((await ask('/ping')).body).toEqual({ result: 'PONG' })
  })

  test.each(['', 'x', '{}', '[]', '[null]', '[["GET","a"]]', '["GET",{"a":1}]'])('%p is no command', async (body) => {
    expect((await ask('/', { method: 'POST', body })).status).toBe(400)
  })

  test.each(['[]', '["GET","a"]', '{}'])('%p is no pipeline', async (body) => {
    expect((await ask('/pipeline', { method: 'POST', body })).status).toBe(400)
    expect((await ask('/multi-exec', { method: 'POST', body })).status).toBe(400)
  })

  test('other methods than those of commands are refused', async () => {
    expect((await ask('/get/a', { method: 'DELETE' })).status).toBe(405)
  })
})

test('before a Redis that is away it says so, and does not hang', async () => {
  const bridge = await startRedisBridge({ redis: 'redis://127.0.0.1:9', token: TOKEN })
  const answer = await fetch(`${bridge.url}/ping`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect([answer.status, await answer.json()]).toEqual([503, { error: 'ERR Redis cannot be reached' }])
  await bridge.stop()
})

test('a reply that comes in pieces is read when it is whole', () => {
  const bytes = new TextEncoder().encode('*3\r\n$5\r\nhe\r\no\r\n:-7\r\n*-1\r\n')
  for (let length = 0; length < bytes.length; length++) expect(readReply(bytes.subarray(0, length), 0)).toBeNull()
  const read = readReply(bytes, 0)
  expect(read?.next).toBe(bytes.length)
  expect(read?.reply).toEqual([new TextEncoder().encode('he\r\no'), -7, null])
  expect(() => readReply(new TextEncoder().encode('HTTP/1.1 400\r\n'), 0)).toThrow()
})
