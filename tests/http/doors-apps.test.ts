import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { setUp } from './doors-support'

const FORM = 'id=48241179&lat=14.5547&lon=121.0244&timestamp=1755930000&accuracy=8.0&speed=12.5&batt=41.0&charge=false'
const record = (extras: object, second = 0) => ({
  timestamp: new Date(1_755_930_000_000 + second * 1000).toISOString(),
  coords: { latitude: 14.5547, longitude: 121.0244 },
  extras,
})

function door() {
  const set = setUp()
  const at = (path: string, init?: RequestInit, token = set.token()) => set.ask(`/i/${token}${path}`, init)
  return { ...set, at }
}

describe("an SOS at a device's address", () => {
  test.each<[string, string, RequestInit, string]>([
    ['Traccar 8 by POST', `?${FORM}&alarm=sos`, { method: 'POST' }, ''],
    ['Traccar 8 by GET', `?${FORM}&alarm=sos`, { method: 'GET' }, ''],
    ['Traccar 8 by HEAD', `?${FORM}&alarm=sos`, { method: 'HEAD' }, ''],
    ['any other method', `?${FORM}&alarm=sos`, { method: 'PUT' }, ''],
    [
      'Traccar 9',
      '',
      { method: 'POST', body: JSON.stringify({ location: record({ alarm: 'sos' }), device_id: '1' }) },
      '{}',
    ],
    ['Traccar 10', '', { method: 'POST', body: `${FORM}&alarm=sos` }, ''],
  ])('of %s is durable, then answered as the app needs it', async (_, path, init, body) => {
    const { at, heard } = door()
    const answer = await at(path, init)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe(body)
    expect(heard).toHaveLength(1)
    expect(heard[0]?.press).toMatchObject({
      deviceId: 'NCR-1',
      door: 'traccar',
      reporter: 'driver',
      kind: 'panic',
      position: { lat: 14.5547, lng: 121.0244 },
    })
  })

  test('is one press, however often its phone sends it', async () => {
    const { at, heard } = door()
    for (let n = 0; n < 3; n++) await at(`?${FORM}&alarm=sos`, { method: 'POST' })
    expect(new Set(heard.map(({ press }) => press.sosId)).size).toBe(1)
  })

  test('is found among 500 positions that were kept while the phone was away', async () => {
    const { at, heard } = door()
    const location = Array.from({ length: 501 }, (_, n) => record(n === 300 ? { alarm: 'sos' } : {}, n))
    expect((await at('', { method: 'POST', body: JSON.stringify({ location }) })).status).toBe(200)
    expect(heard).toHaveLength(1)
    expect(heard[0]?.press.pressedAt).toBe(1_755_930_300_000)
  })

  test('many in one message become a few presses, the oldest and the newest', async () => {
    const { at, heard } = door()
    const location = Array.from({ length: 100 }, (_, n) => record({ alarm: 'sos' }, n))
    await at('', { method: 'POST', body: JSON.stringify({ location }) })
    const times = heard.map(({ press }) => ((press.pressedAt ?? 0) - 1_755_930_000_000) / 1000).sort((a, b) => a - b)
    expect(times).toEqual([0, 1, 2, 3, 96, 97, 98, 99])
  })

  test('is heard behind 5 MB of other things', async () => {
    const { at, heard } = door()
    const filler = `{"coords":{"latitude":14.5,"longitude":121.0},"x":"${'y'.repeat(1_000)}"},`.repeat(5_000)
    const body = `{"location":[${filler}{"extras":{"alarm":"sos"}}]}`
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        const bytes = new TextEncoder().encode(body)
        for (let from = 0; from < bytes.length; from += 100_000)
          controller.enqueue(bytes.subarray(from, from + 100_000))
        controller.close()
      },
    })
    expect((await at('', { method: 'POST', body: pieces, duplex: 'half' } as RequestInit)).status).toBe(200)
    expect(heard).toHaveLength(1)
    expect(heard[0]?.press.labels).toContain('garbled')
  })

  test('is taken with an expired token, and goes past a shard that died', async () => {
    const { at, token, heard, dead } = door()
    await at(`?${FORM}&alarm=sos`, undefined, token('NCR-1', { expiresAt: 1 }))
    expect(heard[0]?.press.labels).toContain('expired_token')
    dead.add(heard[0]?.shard as string)
    expect((await at('?alarm=sos')).status).toBe(200)
    expect(heard).toHaveLength(2)
  })

  test('is 503 only when it could not be made durable: then the phone must keep it', async () => {
    const { at, dead } = door()
    for (const shard of ['NCR:0', 'NCR:1']) dead.add(shard)
    expect((await at(`?${FORM}&alarm=sos`)).status).toBe(503)
    expect((await at(`?${FORM}`)).status).toBe(200)
  })

  test('of a phone that nobody enrolled is kept apart', async () => {
    const { at, heard, unverified } = door()
    expect((await at(`?${FORM}&alarm=sos`, undefined, 'made-up')).status).toBe(200)
    expect(heard).toHaveLength(0)
    expect(unverified[0]?.press).toMatchObject({
      source: 'claims:48241179',
      door: 'traccar',
      kind: 'panic',
      position: { lat: 14.5547 },
    })
  })
})

describe('anything else at that address', () => {
  test.each<[string, RequestInit]>([
    [`?${FORM}`, { method: 'POST' }],
    ['', { method: 'POST', body: 'id=48241179&notificationToken=abc' }],
    ['', { method: 'POST', body: '{' }],
    ['', { method: 'POST', body: '' }],
    ['?id=DRV-1042&interval=30&accuracy=high', { method: 'GET' }],
    ['', { method: 'DELETE' }],
  ])('is answered as kept, and is no press: %s %p', async (path, init) => {
    const { at, heard, unverified } = door()
    for (const token of [undefined, 'made-up']) expect((await at(path, init, token)).status).toBe(200)
    expect([...heard, ...unverified]).toEqual([])
  })

  test('is never an error and never refused, whatever bytes and whatever token', async () => {
    const { ask, token } = setUp()
    const tokens = fc.oneof(
      fc.constant(token()),
      fc
        .string({ minLength: 1 })
        .map(encodeURIComponent)
        .filter((text) => !/^\.+$/.test(text)),
    )
    await fc.assert(
      fc.asyncProperty(
        tokens,
        fc.webQueryParameters(),
        fc.option(fc.uint8Array({ maxLength: 500 })),
        async (text, query, body) => {
          const answer = await ask(`/i/${text}?${query}`, { method: 'POST', body })
          expect(answer.status).toBe(200)
        },
      ),
    )
  })
})
