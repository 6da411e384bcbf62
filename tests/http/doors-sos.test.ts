import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isPress } from '../../src/http/doors'
import { readStatusUrl, statusUrl } from '../../src/http/doors/status-url'
import { bearer, DURESS_PIN, PIN, setUp } from './doors-support'

const PLACE = { lat: 14.5547, lng: 121.0244 }
const ID = '6b1f3c1e-0c0c-4b1e-9d55-3f2a6c1f0001'
const JSON_TYPE = { 'content-type': 'application/json' }

function door(settings: Parameters<typeof setUp>[0] = {}) {
  const set = setUp(settings)
  const post = (
    body: BodyInit | null,
    token: string | null = set.token(),
    headers: Record<string, string> = JSON_TYPE,
  ) => set.ask('/api/sos', { method: 'POST', body, headers: { ...headers, ...(token === null ? {} : bearer(token)) } })
  const press = async (body: object = { id: ID, position: PLACE }, token?: string) =>
    (await (await post(JSON.stringify(body), token)).json()) as { sosId: string; receivedAt: string; statusUrl: string }
  const cancel = (sosId: string, body: string, token = set.token()) =>
    set.ask(`/api/sos/${sosId}/cancel`, { method: 'POST', body, headers: bearer(token) })
  return { ...set, post, press, cancel }
}

describe('the way past the router', () => {
  test('is for a press at its own address, and for nothing else', () => {
    const is = (method: string, path: string) => isPress(new Request(`https://tower.example:8443${path}`, { method }))
    expect(['/api/sos', '/api/sos?lang=fil'].map((path) => is('POST', path))).toEqual([true, true])
    const others = ['/api/sos/1', '/api/sos/', '/api/sosx', '/x/api/sos', '/?/api/sos', '/api', '/']
    expect(others.filter((path) => is('POST', path))).toEqual([])
    expect(is('GET', '/api/sos')).toBe(false)
  })
})

describe('a press with a genuine token', () => {
  test('is answered 201 when a shard has it, and the same press again 200 with the same id', async () => {
    const { post, heard, ask } = door()
    const first = await post(JSON.stringify({ id: ID, kind: 'medical', position: PLACE }))
    expect(first.status).toBe(201)
    const answer = (await first.json()) as { sosId: string; receivedAt: string; statusUrl: string }
    expect(Object.keys(answer)).toEqual(['sosId', 'receivedAt', 'statusUrl'])
    expect(new Date(answer.receivedAt).toISOString()).toBe(answer.receivedAt)
    expect(answer.statusUrl).toStartWith(`https://tower.example/api/sos/${answer.sosId}?s=NCR-`)
    expect(heard[0]?.press).toMatchObject({
      deviceId: 'NCR-1',
      home: 'NCR',
      kind: 'medical',
      door: 'api',
      labels: [],
      tokenGeneration: 1,
    })
    expect((await ask(answer.statusUrl)).status).toBe(200)

    const again = await post(JSON.stringify({ id: ID, kind: 'medical', position: PLACE }))
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual(answer)
  })

  test('is neither kept by caches nor read as anything but JSON', async () => {
    const { post } = door()
    const { headers } = await post('{}')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toStartWith('application/json')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
  })

  test.each([
    ['', ['no_fix']],
    ['{', ['garbled', 'no_fix']],
    ['[]', ['garbled', 'no_fix']],
    ['{}', ['no_fix']],
    ['{"kind":"dragon","position":{"lat":14.6,"lng":121}}', ['garbled']],
    ['{"position":{"lat":0,"lng":0}}', ['null_island']],
    ['\ufeff{"position":{"lat":14.6,"lng":121}}', []],
    ['id=1&lat=14.6&lon=121.0&alarm=sos', ['wrong_door']],
  ])('is taken whatever its body is: %j', async (body, labels) => {
    const { post, heard } = door()
    expect((await post(body)).status).toBe(201)
    expect(heard[0]?.press.labels.join()).toBe(labels.join())
  })

  test('is taken with invalid UTF-8, and what is stored of it is text', async () => {
    const { post, heard } = door()
    const bytes = Buffer.concat([
      Buffer.from('{"note":"a'),
      Buffer.from([0xff, 0xc3, 0x28]),
      Buffer.from('","position":{"lat":14.6,"lng":121}}'),
    ])
    expect((await post(new Uint8Array(bytes))).status).toBe(201)
    expect(heard[0]?.press.note).toBe('a\ufffd\ufffd(')
  })

  test('is taken from the first 8 kB of 10 MB, which nobody keeps', async () => {
    const { ask, token, heard } = door()
    let sent = 0
    let sentAtPress = 0
    const head = new TextEncoder().encode(
      `{"kind":"fire","position":{"lat":14.6,"lng":121},"note":"${'x'.repeat(9_000)}`,
    )
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent += sent === 0 ? head.byteLength : 65_536
          controller.enqueue(sent === head.byteLength ? head : new Uint8Array(65_536))
          if (heard.length > 0) sentAtPress ||= sent
          if (sent > 10 * 1024 * 1024) controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const answer = await ask('/api/sos', {
      method: 'POST',
      body,
      headers: bearer(token()),
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(201)
    expect(heard[0]?.press).toMatchObject({ kind: 'fire', position: { lat: 14.6 }, labels: ['garbled'] })
    expect(sentAtPress).toBeLessThan(2 * 1024 * 1024)
  })

  test('is taken when its body breaks off on the way', async () => {
    const { ask, token, heard } = door()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (controller.desiredSize === 1)
          controller.enqueue(new TextEncoder().encode('{"kind":"crash","position":{"lat":14.6,"lng":121'))
        else controller.error(new Error('connection lost'))
      },
    })
    const answer = await ask('/api/sos', {
      method: 'POST',
      body,
      headers: bearer(token()),
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(201)
    expect(heard).toHaveLength(1)
  })

  test('is taken with an expired token, and says so', async () => {
    const { post, token, heard } = door()
    expect((await post('{"position":{"lat":14.6,"lng":121}}', token('NCR-1', { expiresAt: 1_000 }))).status).toBe(201)
    expect(heard[0]?.press.labels).toEqual(['expired_token'])
  })

  test('goes to the next shard when its own has died, and its status is read there', async () => {
    const { press, ask, dead, heard } = door()
    await press()
    const own = heard[0]?.shard as string
    dead.add(own)
    const { statusUrl } = await press({ id: ID.replace('6', '7') })
    expect(heard[1]?.shard).not.toBe(own)
    expect(await (await ask(statusUrl)).json()).toMatchObject({ state: 'received' })
  })

  test('is answered 503 that says to call 911 only when no shard has it', async () => {
    const { post, dead, heard } = door()
    for (const shard of ['NCR:0', 'NCR:1']) dead.add(shard)
    const answer = await post('{}')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('911')
    expect(heard).toHaveLength(0)
  })

  test('is taken whatever bytes come', async () => {
    const { post } = door()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 9_000 }),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        async (bytes) => {
          expect([200, 201]).toContain((await post(bytes)).status)
        },
      ),
    )
  })
})

describe('a press without a genuine token', () => {
  test.each(['d1.x.y.z', 'nonsense', null])('is kept apart when it can be read (token %p)', async (token) => {
    const { post, heard, unverified } = door()
    const answer = await post(
      JSON.stringify({ note: 'tulong', position: { lat: 10.3157, lng: 123.8854 }, deviceId: `X-${token}` }),
      token,
    )
    expect(answer.status).toBe(202)
    expect(await answer.json()).toEqual({ received: true })
    expect(heard).toHaveLength(0)
    expect(unverified).toHaveLength(1)
    expect(unverified[0]?.shard).toMatch(/^CEB:u[01]$/)
    expect(unverified[0]?.press).toMatchObject({ source: `claims:X-${token}`, note: 'tulong', door: 'api', count: 1 })
  })

  test('comes from the address that Cloudflare saw, where it saw one', async () => {
    const { post, unverified } = door()
    await post('{"deviceId":"X-1"}', 'forged', { 'cf-connecting-ip': '203.0.113.7' })
    expect(unverified[0]?.press.source).toBe('address:203.0.113.7')
    expect(unverified[0]?.shard).toMatch(/^NCR:u[01]$/)
  })

  test.each(['', '{', '[]', 'hello'])('is refused only when its body cannot be read either: %j', async (body) => {
    const { post, unverified } = door()
    expect((await post(body, 'forged')).status).toBe(400)
    expect(unverified).toHaveLength(0)
  })

  test('is 503 when nothing of it is durable', async () => {
    const { post, dead } = door()
    for (const shard of ['NCR:u0', 'NCR:u1']) dead.add(shard)
    expect((await post('{"deviceId":"X-2"}', 'forged')).status).toBe(503)
  })
})

describe('the status of a press', () => {
  test('is read by the address alone, or by the token', async () => {
    const { press, ask, token } = door()
    const { sosId, receivedAt, statusUrl } = await press()
    const byAddress = await ask(statusUrl)
    expect(byAddress.headers.get('cache-control')).toBe('no-store')
    expect(await byAddress.json()).toEqual({ state: 'received', receivedAt })
    const byToken = await ask(`/api/sos/${sosId}`, { headers: bearer(token()) })
    expect(await byToken.json()).toEqual({ state: 'received', receivedAt })
  })

  test('is not told to another device, nor to an address that we did not write', async () => {
    const { press, ask, token } = door()
    const { sosId, statusUrl } = await press()
    expect((await ask(`/api/sos/${sosId}`, { headers: bearer(token('NCR-2')) })).status).toBe(404)
    expect((await ask(`/api/sos/${sosId}`)).status).toBe(401)
    expect((await ask(statusUrl.slice(0, -1) + (statusUrl.endsWith('A') ? 'B' : 'A'))).status).toBe(401)
    expect((await ask(statusUrl.replace('s=NCR-', 's=CEB-'))).status).toBe(401)
  })

  test('of a press that never was is 404', async () => {
    const { ask, token } = door()
    for (const id of ['nonsense', '01000000-0000-8000-8000-000000000000']) {
      expect((await ask(`/api/sos/${id}`, { headers: bearer(token()) })).status).toBe(404)
    }
  })

  test('is 503, and no denial, while its shards are away', async () => {
    const { press, ask, dead } = door()
    const { statusUrl } = await press()
    for (const shard of ['NCR:0', 'NCR:1']) dead.add(shard)
    expect((await ask(statusUrl)).status).toBe(503)
  })

  test('has an address that reads back as what was written, and no other does', () => {
    const { env } = setUp()
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.nat({ max: 63 }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string(),
        (sosId, shard, deviceId, junk) => {
          fc.pre(deviceId.isWellFormed())
          const { searchParams } = new URL(statusUrl(env, sosId, { region: 'ILO', shard, deviceId }))
          const [s, k] = [searchParams.get('s') ?? '', searchParams.get('k') ?? '']
          expect(readStatusUrl(env, sosId, s, k)).toEqual({ region: 'ILO', shard, deviceId })
          expect(readStatusUrl(env, `${sosId}0`, s, k)).toBeNull()
          expect(readStatusUrl(env, sosId, junk, k)).toBeNull()
          expect(readStatusUrl(env, sosId, s, junk)).toBeNull()
        },
      ),
    )
  })
})

describe('a cancel', () => {
  test('with the PIN and with the duress PIN is answered by the same bytes, and reads cancelled afterwards', async () => {
    const bodies: unknown[] = []
    for (const pin of [PIN, DURESS_PIN]) {
      const { press, cancel, ask } = door()
      const { sosId, statusUrl, receivedAt } = await press()
      const answer = await cancel(sosId, JSON.stringify({ pin }))
      expect(answer.status).toBe(200)
      const body = await answer.json()
      expect(body).toEqual({ state: 'cancelled', receivedAt })
      expect(await (await ask(statusUrl)).json()).toEqual(body)
      bodies.push([Object.keys(body as object), [...answer.headers]])
    }
    expect(bodies[0]).toEqual(bodies[1])
  })

  test('with a wrong PIN is 403, and cancels nothing', async () => {
    const { press, cancel, ask } = door()
    const { sosId, statusUrl } = await press()
    const answer = await cancel(sosId, '{"pin":"0000"}')
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ error: { code: 'wrong_pin' } })
    expect(await (await ask(statusUrl)).json()).toMatchObject({ state: 'received' })
  })

  test.each(['', '{', '{}', '{"pin":4711}', '{"pin":"47"}', '{"pin":"four"}', '[]'])(
    'that names no PIN is 422 and says which field: %j',
    async (body) => {
      const { press, cancel } = door()
      const { sosId } = await press()
      const answer = await cancel(sosId, body)
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({ error: { field: 'pin' } })
    },
  )

  test('without a token of ours is 401', async () => {
    const { press, cancel } = door()
    const { sosId } = await press()
    expect((await cancel(sosId, `{"pin":"${PIN}"}`, 'forged')).status).toBe(401)
  })

  test('is judged by the next shard when its own has died', async () => {
    const { press, cancel, dead, heard } = door()
    const { sosId } = await press()
    dead.add(heard[0]?.shard as string)
    expect((await cancel(sosId, `{"pin":"${PIN}"}`)).status).toBe(200)
  })
})

describe('the lifeline', () => {
  const upgrade = (token: string, over: Record<string, string> = {}) => ({
    headers: { ...bearer(token), upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-key': 'a', ...over },
  })

  test("opens at the device's own shard, which is told who it is by us and nobody else", async () => {
    const { ask, token, sockets } = door()
    const lie = {
      'x-xot-device': '{"deviceId":"NCR-2"}',
      'x-xot-anything': '1',
      'sec-websocket-extensions': 'permessage-deflate',
    }
    expect((await ask('/api/drivers/lifeline', upgrade(token('Drayber-ñ'), lie))).status).toBe(200)
    const [socket] = sockets
    const headers = socket?.request.headers as Headers
    expect(JSON.parse(headers.get('x-xot-device') ?? '')).toEqual({
      deviceId: 'Drayber-ñ',
      home: 'NCR',
      generation: 1,
      expired: false,
      shard: Number(socket?.shard.split(':')[1]),
    })
    for (const name of ['x-xot-anything', 'authorization', 'sec-websocket-extensions'])
      expect(headers.get(name)).toBeNull()
    expect(headers.get('upgrade')).toBe('websocket')
  })

  test('opens at the next shard when its own has died, and is 503 when all have', async () => {
    const { ask, token, sockets, dead } = door()
    await ask('/api/drivers/lifeline', upgrade(token()))
    dead.add(sockets[0]?.shard as string)
    await ask('/api/drivers/lifeline', upgrade(token()))
    expect(sockets[1]?.shard).not.toBe(sockets[0]?.shard)
    dead.add(sockets[1]?.shard as string)
    expect((await ask('/api/drivers/lifeline', upgrade(token()))).status).toBe(503)
  })

  test('is for sockets and for devices of ours', async () => {
    const { ask, token, sockets } = door()
    expect((await ask('/api/drivers/lifeline', { headers: bearer(token()) })).status).toBe(426)
    expect((await ask('/api/drivers/lifeline', upgrade('forged'))).status).toBe(401)
    expect(sockets).toHaveLength(0)
  })
})
