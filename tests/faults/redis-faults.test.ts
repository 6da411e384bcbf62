// R15 to R18: Redis is down, slow, talks nonsense, has forgotten all. Nothing on the way of an SOS asks it; log-in is slowed all the
// same, and nobody is let in or kept out by it.

import { afterAll, afterEach, describe, expect } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import type { Mood } from '../geo/misbehaving'
import { HAS_REDIS, type RedisServer, startRedis, TOKEN } from '../redis/server'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy'
import { startTestTower } from '../support/tower'
import { call, Person, press, until } from '../system/people'
import { beforeCampaign, campaign } from './campaign'
import { accountFor, aStranger, pressing, quantile } from './phones'

let server: RedisServer
let proxy: FaultProxy
let front: ReturnType<typeof startFront>
let tower: Tower
let ana: Person

/** Before the proxy, for answers that are none: passes everything on until it is told to say something else. */
function startFront(to: number) {
  const state = { says: null as Mood | null, asked: 0 }
  const http = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 30,
    async fetch(request) {
      state.asked++
      if (state.says?.does === 'say') return new Response(state.says.text, { status: state.says.status })
      const url = new URL(request.url)
      const { method, headers } = request
      const body = method === 'GET' ? null : await request.arrayBuffer()
      const answer = await fetch(`http://127.0.0.1:${to}${url.pathname}${url.search}`, { method, headers, body })
      return new Response(await answer.arrayBuffer(), {
        status: answer.status,
        headers: { 'content-type': 'application/json' },
      })
    },
    error: () => new Response(null, { status: 502 }),
  })
  return { state, url: `http://127.0.0.1:${http.port}`, stop: () => http.stop(true) }
}

describe.skipIf(!HAS_REDIS)('beside a Redis in trouble', () => {
  beforeCampaign(async () => {
    server = await startRedis()
    proxy = await startFaultProxy({ port: Number(new URL(server.bridge.url).port) })
    front = startFront(proxy.port)
    tower = await startTestTower({
      settings: { UPSTASH_REDIS_REST_URL: front.url, UPSTASH_REDIS_REST_TOKEN: TOKEN },
    })
    ana = await Person.logIn(tower, { role: 'operator' })
  }, 120_000)
  afterAll(async () => {
    await tower?.stop()
    await front?.stop()
    await proxy?.stop()
    await server?.stop()
  }, 30_000)
  afterEach(() => {
    front.state.says = null
    proxy.set('pass')
  })

  const PER_SECOND = sized(15, 30, 50)
  const LASTS_MS = sized(2_000, 8_000, 60_000)
  let guesser = 0

  /** Presses, a log-in, an overview and a guesser, all under the fault. */
  async function live(fault: string, did: string, begin: () => unknown): Promise<void> {
    const calm = pressing(tower, PER_SECOND, { name: `${fault}-calm` })
    await Bun.sleep(sized(1_500, 5_000, 10_000))
    const before = await calm.stop()
    await begin()
    const stream = pressing(tower, PER_SECOND, { name: fault })
    const strangers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        call(`${tower.url}/api/sos`, {
          method: 'POST',
          headers: { authorization: `Bearer nobody-${fault}-${n}` },
          body: JSON.stringify({ position: { lat: 14.55, lng: 121.02 } }),
        }),
      ),
    )
    expect(strangers.map(({ status }) => status)).toEqual(strangers.map(() => 202))
    const overview = await ana.get('/api/overview')
    const logIn = performance.now()
    await Person.logIn(tower, { role: 'supervisor' })
    const logInMs = performance.now() - logIn
    // Log-in is the one thing that must not open where counting fails.
    const email = `guesser-${++guesser}@tower.example`
    const guesses: number[] = []
    for (let n = 0; n < 8; n++) {
      const { status } = await call(`${tower.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: `guess ${n}` }),
      })
      guesses.push(status)
    }
    await Bun.sleep(LASTS_MS)
    const pressed = await stream.stop()
    const { lost, doubled } = await accountFor(tower, [...before, ...pressed])
    expect([lost, doubled]).toEqual([0, 0])
    expect(overview.status).toBe(200)
    expect(guesses.filter((status) => status === 200)).toEqual([])
    expect(guesses).toContain(429)
    const own = (await press(tower, aStranger(tower), { id: crypto.randomUUID(), kind: 'panic' })).body.sosId
    await until(async () => (await ana.act(own, 'take')).status === 200)
    const p99 = (all: typeof before) =>
      Math.round(
        quantile(
          all.map(({ ms }) => ms),
          0.99,
        ),
      )
    tell({
      fault,
      did,
      ...{ answered: before.length + pressed.length, lost, doubled },
      seen:
        `answers p99 ${p99(pressed)} ms, before ${p99(before)} ms; a person logged in after ${Math.round(logInMs)} ms; of 8 guesses ` +
        `${guesses.filter((status) => status === 429).length} were slowed and none let in; counts still shown`,
    })
  }

  campaign(
    'R15 down: presses, counts and log-in go on, and guessing stays slow',
    () => live('R15', 'connections to Redis are refused', () => proxy.set('reset')),
    180_000,
  )

  campaign(
    'R16 five seconds slow: nobody waits for it',
    () =>
      live('R16', 'Redis answers after 5 s', () => {
        proxy.delayMs = 5_000
        proxy.set('delay')
      }),
    180_000,
  )

  campaign(
    'R17 garbage: what is no answer is none',
    () =>
      live('R17', 'Redis answers a page of HTML with 200', () => {
        front.state.says = { does: 'say', status: 200, text: '<html>Sign in to the hotel</html>' }
      }),
    180_000,
  )

  campaign(
    'R17 401: a token that is refused costs nobody anything',
    () =>
      live('R17', 'Redis answers 401', () => {
        front.state.says = { does: 'say', status: 401, text: '{"error":"Unauthorized"}' }
      }),
    180_000,
  )

  campaign(
    'R18 its data gone: nothing that anybody needs was there',
    () => live('R18', 'all keys are flushed', () => server.flush()),
    180_000,
  )
})
