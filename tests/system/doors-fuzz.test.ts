// Anything whatever, sent to every door of the running tower: never a failure of ours, never a lost press, and a clear
// refusal where something is refused.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import { ACCESS_TABLE } from '../../src/http/access-table'
import { startTestTower } from '../support/tower'
import { call, type Device, Lifeline, Person, press, strangerCalled, until } from './people'

let tower: Tower
let alma: Person
let incident: string

beforeAll(async () => {
  tower = await startTestTower()
  alma = await Person.logIn(tower, { role: 'admin' })
  incident = (await press(tower, stranger(), { kind: 'crash' })).body.sosId
  await until(async () => (await alma.get(`/api/incidents/${incident}`)).status === 200)
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const RUNS = Number(process.env.FUZZ_RUNS ?? 250)
const settings = (numRuns = RUNS) => ({ numRuns, interruptAfterTimeLimit: 12_000, markInterruptAsFailure: false })

let strangers = 0
const stranger = (): Device => strangerCalled(tower, `fuzz-${++strangers}`)

// What people, apps and attackers put into a body.

const value = fc.oneof(
  fc.anything({ withNullPrototype: false, maxDepth: 2 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    1e308,
    -0,
    Number.MAX_SAFE_INTEGER,
    '\u0000',
    '\ud800',
    '2026-02-30T25:61:61Z',
    'NaN',
    '1e999',
    [],
    {},
  ),
)
const pressLike = fc.record(
  {
    id: fc.oneof(fc.uuid(), value),
    kind: fc.oneof(fc.constantFrom('panic', 'crash', 'fire', 'PANIC', 'nothing'), value),
    position: fc.oneof(fc.record({ lat: fc.oneof(fc.double(), value), lng: fc.oneof(fc.double(), value) }), value),
    safeToTalk: fc.oneof(fc.boolean(), value),
    note: fc.oneof(fc.string({ unit: 'binary', maxLength: 2_000 }), value),
    pressedAt: fc.oneof(fc.date({ noInvalidDate: true }), value),
    tripId: value,
    deviceId: value,
    __proto__: value,
    alarm: fc.constantFrom('sos', 'none'),
    location: value,
    _type: fc.constantFrom('location', 'waypoint'),
  },
  { requiredKeys: [] },
)
const jsonText = (body: unknown): string => {
  try {
    return JSON.stringify(body, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ?? ''
  } catch {
    return '{"circular":'
  }
}
const text = fc.oneof(
  pressLike.map(jsonText),
  fc.tuple(pressLike.map(jsonText), fc.nat(200)).map(([json, cut]) => json.slice(0, -1 - cut)),
  value.map(jsonText),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '{',
    '[',
    'null',
    '"',
    '\ufeff{}',
    '{"note":"\\ud800\\u0000"}',
    `${'['.repeat(5_000)}`,
    '{"a":1}{',
  ),
  fc.webQueryParameters(),
)
const bytes = fc.oneof(
  text.map((each) => new TextEncoder().encode(each)),
  fc.uint8Array({ maxLength: 400 }),
  fc.nat(20_000).map((length) => new Uint8Array(length).fill(0xc3)),
)
const contentType = fc.constantFrom(
  'application/json',
  'application/x-www-form-urlencoded; charset=UTF-8',
  'text/plain',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/octet-stream',
  'application/json; charset=shift_jis',
  '',
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')
/** What fetch and the runtime let pass in an address; `%zz` and `%ff` are no UTF-8. */
const AWKWARD = ['%zz', '%ff', '%00', '%2e%2e', '..', '~', '%E0%A4%A', "'", '%22%3E', 'x'.repeat(3_000)]
const part = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((each) => encodeURIComponent(each.toWellFormed())),
  fc.constantFrom(...AWKWARD),
)
const query = fc.oneof(fc.constant(''), fc.webQueryParameters(), part)

type Sent = { method: string; bytes: Uint8Array; type: string; chunked: boolean; query: string }
const sent = fc.record<Sent>({ method, bytes, type: contentType, chunked: fc.boolean(), query })

function send(url: string, { method, bytes, type, chunked, query }: Sent, headers: Record<string, string> = {}) {
  const withBody = method !== 'GET' && method !== 'HEAD'
  const body = chunked ? pieces(bytes) : bytes
  return fetch(`${url}${query ? `?${query}` : ''}`, {
    method,
    redirect: 'manual',
    // Whoever answers without reading a body closes the connection after it: the next one must not be on its way there.
    keepalive: false,
    headers: { ...(type ? { 'content-type': type } : {}), ...headers },
    ...(withBody ? ({ body, duplex: 'half' } as RequestInit) : {}),
  })
}

/** Without a Content-Length, in pieces that break in the middle of characters. */
const pieces = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      const length = bytes.length > 100_000 ? 65_537 : 301
      for (let at = 0; at < bytes.length; at += length) controller.enqueue(bytes.slice(at, at + length))
      controller.close()
    },
  })

/** 4xx of an API says what and why; a failure of ours is never an answer. */
async function expectClear(response: Response, path: string): Promise<void> {
  const body = await response.text()
  if (response.status >= 500) throw new Error(`${path} answered ${response.status}: ${body.slice(0, 300)}`)
  if (response.status < 400 || !path.startsWith('/api/') || body === '') return
  const { error } = JSON.parse(body) as { error?: { code: unknown; message: unknown } }
  expect([path, typeof error?.code, typeof error?.message]).toEqual([path, 'string', 'string'])
}

const genuine = (device: Device) => ({ authorization: `Bearer ${device.token}` })

/** Presses that the room counts for devices of this test, folded and merged ones included. */
async function counted(ids: ReadonlySet<string>): Promise<number> {
  const { body } = await alma.get<{ incidents: IncidentSummary[] }>('/api/incidents?region=NCR&status=all&limit=1000')
  return body.incidents
    .filter(({ deviceId }) => deviceId && ids.has(deviceId))
    .reduce((sum, { pressCount }) => sum + pressCount, 0)
}

describe('POST /api/sos with a genuine token', () => {
  test('takes anything as a press, and every one of them is in the room', async () => {
    const ids = new Set<string>()
    let device = stranger()
    let created = 0
    let answered = 0
    await fc.assert(
      fc.asyncProperty(sent, async (what) => {
        // Some alone, some as the fourth press and more of one device, whose counts alone go on.
        if (answered++ % 4 !== 0) device = stranger()
        ids.add(device.id)
        const response = await send(`${tower.url}/api/sos`, { ...what, method: 'POST' }, genuine(device))
        const body = (await response.json()) as Record<string, string>
        expect([200, 201]).toContain(response.status)
        expect(body).toEqual({
          sosId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receivedAt: expect.any(String),
          statusUrl: expect.stringContaining(body.sosId as string),
        })
        expect((await fetch(body.statusUrl as string)).status).toBe(200)
        if (response.status === 201) created++
      }),
      settings(),
    )
    await until(async () => (await counted(ids)) === created, 10_000, `${created} presses in the room`)
    console.log(`${answered} bodies of every sort: ${created} presses, all in the room`)
  }, 60_000)

  test('takes 10 MB, with and without a length, of text and of noise', async () => {
    const noise = new Uint8Array(10 * 1024 * 1024).fill(0xff)
    const long = new TextEncoder().encode(JSON.stringify({ kind: 'fire', note: 'x'.repeat(10 * 1024 * 1024) }))
    for (const bytes of [noise, long]) {
      for (const chunked of [false, true]) {
        const device = stranger()
        const what = { method: 'POST', bytes, type: 'application/json', chunked, query: '' }
        const response = await send(`${tower.url}/api/sos`, what, genuine(device))
        expect(response.status).toBe(201)
        await until(async () => (await counted(new Set([device.id]))) === 1, 5_000, 'the press in the room')
      }
    }
  }, 60_000)

  test('takes a body that stalls, and one whose phone hangs up in the middle', async () => {
    const { hostname, port } = new URL(tower.url)
    const raw = async (device: Device, hangUp: boolean): Promise<string> => {
      let answer = ''
      const socket = await Bun.connect({
        hostname,
        port: Number(port),
        socket: {
          data: (_, data) => {
            answer += data.toString()
          },
        },
      })
      socket.write(
        `POST /api/sos HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${device.token}\r\n` +
          'Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{"kind":"fire",',
      )
      if (hangUp) {
        await Bun.sleep(100)
        socket.terminate()
      } else {
        await until(() => answer.includes('\r\n\r\n'), 10_000, 'an answer to half a body')
        socket.end()
      }
      return answer
    }
    const [stalled, gone] = [stranger(), stranger()]
    const [answer] = await Promise.all([raw(stalled, false), raw(gone, true)])
    expect(answer).toStartWith('HTTP/1.1 201')
    await until(async () => (await counted(new Set([stalled.id]))) === 1, 5_000, 'the press of half a body')
    await until(async () => (await counted(new Set([gone.id]))) === 1, 5_000, 'the press of a phone that hung up')
  }, 60_000)
})

describe('/i/<token>', () => {
  test('answers 2xx to every method, body and query, for a genuine token and for none of ours', async () => {
    const device = stranger()
    await fc.assert(
      fc.asyncProperty(sent, part, fc.boolean(), async (what, token, ours) => {
        const path = ours ? `/i/${device.token}` : `/i/${token === '..' || token === '%2e%2e' ? 'x' : token}`
        const response = await send(tower.url + path, what)
        await response.text()
        expect([path, response.status >= 200 && response.status < 300]).toEqual([path, true])
      }),
      settings(),
    )
  }, 60_000)
})

describe('doors of devices', () => {
  const authorization = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 100 }).map((each) => `Bearer ${each}`),
    fc.constantFrom('', 'Bearer', 'Basic eDp5', 'bearer d1.x.y.z', `Bearer ${'d1.'.repeat(200)}`),
    fc.nat(60).map((cut) => `Bearer ${stranger().token.slice(0, -1 - cut)}`),
  )
  test('refuse forged tokens clearly, and count what could be an SOS', async () => {
    await fc.assert(
      fc.asyncProperty(sent, authorization, part, async (what, header, id) => {
        const bearer = { authorization: header }
        const cried = await send(`${tower.url}/api/sos`, { ...what, method: 'POST' }, bearer)
        expect([202, 400]).toContain(cried.status)
        await expectClear(cried, '/api/sos')
        for (const [path, method, wanted] of [
          [`/api/sos/${id}`, 'GET', [401, 404]],
          [`/api/sos/${id}/cancel`, 'POST', [401, 404]],
          ['/api/drivers/lifeline', 'GET', [401, 426]],
        ] as const) {
          const response = await send(tower.url + path, { ...what, method }, bearer)
          expect([path, wanted.includes(response.status as never)]).toEqual([path, true])
          await expectClear(response, path)
        }
      }),
      settings(Math.ceil(RUNS / 4)),
    )
  }, 60_000)

  test('refuse wrong cancels clearly, whatever they say', async () => {
    const device = stranger()
    const { sosId } = (await press(tower, device, { kind: 'crash' })).body
    await fc.assert(
      fc.asyncProperty(sent, fc.oneof(fc.constant(sosId), part), async (what, id) => {
        const path = `/api/sos/${id === '..' || id === '%2e%2e' ? 'x' : id}/cancel`
        const response = await send(tower.url + path, { ...what, method: 'POST' }, genuine(device))
        expect([403, 404, 422]).toContain(response.status)
        await expectClear(response, path)
      }),
      settings(Math.ceil(RUNS / 2)),
    )
    expect(await (await fetch(`${tower.url}/api/sos/${sosId}`, { headers: genuine(device) })).json()).toMatchObject({
      state: expect.stringMatching(/received|shown/),
    })
  }, 60_000)

  test('the lifeline answers every frame, and every frame that is nothing else is a press', async () => {
    const ids = new Set<string>()
    let created = new Set<string>()
    let frames = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(text, bytes), { minLength: 1, maxLength: 3 }), async (sends) => {
        const device = stranger()
        ids.add(device.id)
        const line = await Lifeline.open(tower, device)
        for (const frame of sends) {
          // Answered by the runtime, as it should be.
          if (frame === 'ping') continue
          const before = line.heard.length
          line.socket.send(frame as string)
          // What becomes of an earlier press is pushed whenever it happens, and is no answer to this frame.
          const pushed = (heard: (typeof line.heard)[number]) =>
            heard.t === 'status' && created.has(String(heard.sosId))
          const answer = await until(
            () => line.heard.slice(before).find((heard) => !pushed(heard)),
            5_000,
            'an answer on the lifeline',
          )
          frames++
          expect(['received', 'pong', 'cancel', 'status', 'error']).toContain(answer.t)
          expect(answer.code ?? '').not.toBe('try_again')
          if (answer.t === 'received') created = created.add(String(answer.sosId))
          if (frame.length > 16_384) break
        }
        line.socket.close()
      }),
      settings(Math.ceil(RUNS / 3)),
    )
    await until(async () => (await counted(ids)) >= created.size, 10_000, `${created.size} presses in the room`)
    expect(await counted(ids)).toBe(created.size)
    console.log(`${frames} frames on ${ids.size} lifelines: ${created.size} presses, all in the room`)
  }, 60_000)

  test('the lifeline hears the cry in a frame that is far too long, and then closes', async () => {
    const device = stranger()
    const line = await Lifeline.open(tower, device)
    let closed = 0
    line.socket.addEventListener('close', ({ code }) => {
      closed = code
    })
    expect(await line.ask(`{"kind":"fire","note":"${'x'.repeat(200_000)}"}`)).toMatchObject({ t: 'received' })
    await until(() => closed === 1009)
    await until(async () => (await counted(new Set([device.id]))) === 1)
  }, 30_000)
})

describe('everything else', () => {
  const PATHS = [...new Set(ACCESS_TABLE.map(([, path]) => path))].filter((path) => !path.startsWith('/i/'))

  test('answers no failure to any method, body, query and part of an address, with a session or without', async () => {
    const path = fc.constantFrom(...PATHS, '/nothing', '/api/nothing', '/assets/nothing')
    await fc.assert(
      fc.asyncProperty(path, sent, part, fc.boolean(), async (pattern, what, id, known) => {
        const filled = pattern
          .replace(':region', known ? 'NCR' : id)
          .replace(/:(id|sosId|token)/, known ? incident : id)
          .replace(':act', known ? 'note' : id)
        const { pathname } = new URL(tower.url + filled)
        const response = await send(tower.url + filled, what, { authorization: `Bearer ${alma.token}` })
        await expectClear(response, pathname)
        await expectClear(await send(tower.url + filled, what), pathname)
      }),
      settings(RUNS * 2),
    )
  }, 60_000)

  test('answers no failure to any awkward part of any address, nor to one in any field of a query', async () => {
    const FIELDS = [
      'q',
      'after',
      'region',
      'of',
      'from',
      'to',
      'period',
      'purpose',
      'next',
      'screen',
      'cursor',
      'limit',
    ]
    const authorization = `Bearer ${alma.token}`
    for (const [method, pattern] of ACCESS_TABLE.filter(([, path]) => !path.startsWith('/i/'))) {
      for (const awkward of AWKWARD) {
        const path = pattern.replace(':region', 'NCR').replaceAll(/:\w+/g, awkward)
        const query = FIELDS.map((field) => `${field}=${field === 'region' ? 'NCR' : awkward}`).join('&')
        const asked = pattern.includes(':') ? [path, `${path}?${query}`] : [`${path}?${query}`]
        for (const address of asked) {
          const init = {
            method: method === 'ALL' ? 'GET' : method,
            headers: { authorization },
            redirect: 'manual' as const,
          }
          await expectClear(await fetch(tower.url + address, init), `${method} ${address.slice(0, 200)}`)
        }
      }
    }
  }, 60_000)

  test('refuses 10 MB where no SOS can be in it', async () => {
    const bytes = new Uint8Array(10 * 1024 * 1024).fill(0x20)
    for (const path of ['/api/incidents', `/api/incidents/${incident}/note`, '/api/auth/login', '/login']) {
      for (const chunked of [false, true]) {
        const what = { method: 'POST', bytes, type: 'application/json', chunked, query: '' }
        const response = await send(tower.url + path, what, { authorization: `Bearer ${alma.token}` })
        expect([path, chunked, response.status]).toEqual([path, chunked, 413])
        await response.text()
      }
    }
  }, 60_000)

  test("bad bodies of people's acts are 422 that name the field", async () => {
    const BAD: [act: string, body: unknown, field: string | undefined][] = [
      ['note', {}, 'text'],
      ['note', { text: 7 }, 'text'],
      ['note', { text: '   ' }, 'text'],
      ['note', { text: 'x'.repeat(2_001) }, 'text'],
      ['priority', { priority: 'P9' }, 'priority'],
      ['contact-policy', { policy: 'loud', reason: 'x' }, 'policy'],
      ['contact-policy', { policy: 'voice_ok' }, 'reason'],
      ['contact-attempts', { to: 'driver' }, 'outcome'],
      ['legs', { kind: 'rover' }, 'name'],
      ['legs', { kind: 'dragon', name: 'x' }, 'kind'],
      ['legs', { legId: 'x' }, 'state'],
      ['legs', { kind: 'rover', name: 'x', etaMinutes: -1 }, 'etaMinutes'],
      ['safe', {}, 'confirmedBy'],
      ['safe', { confirmedBy: 'nobody' }, 'confirmedBy'],
      ['false-alarm', { reason: 'bored' }, 'reason'],
      ['link', { otherId: 'x' }, 'otherId'],
      ['merge', {}, 'intoId'],
      ['lift-duress', {}, 'reason'],
      ['pass', { to: 5 }, 'to'],
      ['note', [], undefined],
      ['note', 'null', undefined],
    ]
    for (const [act, body, field] of BAD) {
      const { status, body: answer } = await alma.act(incident, act, body)
      expect([act, body, status, answer.error?.field]).toEqual([act, body, 422, field])
    }
    const byPhone = await alma.post('/api/incidents', { region: 'NCR', position: { lat: 91, lng: 0 } })
    expect([byPhone.status, byPhone.body.error?.field]).toEqual([422, 'position.lat'])
    expect((await alma.act(incident, 'note', '{"text":')).status).toBe(400)
    const list = await call(`${tower.url}/api/incidents?limit=0`, {
      headers: { authorization: `Bearer ${alma.token}` },
    })
    expect([list.status, (list.body as { error: { field: string } }).error.field]).toEqual([422, 'limit'])
  })

  test('noise instead of HTTP harms nobody', async () => {
    const { hostname, port } = new URL(tower.url)
    await fc.assert(
      fc.asyncProperty(bytes, async (noise) => {
        const socket = await Bun.connect({ hostname, port: Number(port), socket: { data: () => {} } })
        socket.write(noise)
        await Bun.sleep(2)
        socket.terminate()
      }),
      settings(Math.ceil(RUNS / 5)),
    )
    expect((await fetch(`${tower.url}/api/health`)).status).toBe(200)
  }, 30_000)
})
