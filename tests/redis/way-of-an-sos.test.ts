// Whatever becomes of Redis, a press is answered as without it and never asks it; people log in as without it.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { UserRow } from '../../src/domain/directory'
import { createAuth } from '../../src/http/auth'
import { logInParts } from '../../src/http/auth/log-in'
import { HashPace, hashPassword } from '../../src/http/auth/password'
import { hearPress } from '../../src/http/doors'
import { settingsOf } from '../../src/http/settings'
import { bearer, setUp } from '../http/doors-support'
import { workerEnv } from '../support/worker-env'
import { type Misbehaving, OF_NO_USE, startMisbehaving } from './moods'

let redis: Misbehaving
beforeEach(() => {
  redis = startMisbehaving()
})
afterEach(() => redis.stop())

const settings = () => ({ UPSTASH_REDIS_REST_URL: redis.origin, UPSTASH_REDIS_REST_TOKEN: 'token' })
const PLACE = { lat: 14.5547, lng: 121.0244 }

const PASSWORD = 'sampaguita-9'
const ana: UserRow = {
  id: 'u-ana',
  email: 'ana@tower.example',
  name: 'Ana Reyes',
  alias: 'Desk 3',
  role: 'supervisor',
  regions: ['NCR'],
  passwordHash: await hashPassword(PASSWORD, settingsOf(workerEnv()).pepper),
  sessionEpoch: 2,
  active: true,
}

/** Hashing is slow on purpose: log-in is tried beside one of each kind. */
const FOR_PEOPLE = [
  'answers nothing',
  'fails with 500',
  'refuses the token',
  'answers a page of HTML',
  'answers a time beyond all',
]

/** Whose fleet shards take everything. */
const QUIET = { fleet: () => ({ report: async () => ({ queued: 0 }) }) }

/** What a door answers with and without Redis, without what differs from press to press. */
async function told(response: Response) {
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, fields: Object.keys(body), headers: [...response.headers.keys()] }
}

for (const [name, mood] of OF_NO_USE) {
  describe(`beside a Redis that ${name}`, () => {
    beforeEach(() => {
      redis.mood = mood
    })

    test('a press with a token is answered as ever, and asks Redis nothing', async () => {
      const [without, beside] = [setUp({}, QUIET), setUp(settings(), QUIET)]
      const press = (set: ReturnType<typeof setUp>) =>
        set.ask('/api/sos', { method: 'POST', body: JSON.stringify({ position: PLACE }), headers: bearer(set.token()) })
      expect(await told(await press(beside))).toEqual(await told(await press(without)))
      const app = await beside.ask(`/i/${beside.token()}?id=1&lat=14.55&lon=121.02&alarm=sos`, { method: 'POST' })
      expect([app.status, beside.heard.length]).toEqual([200, 2])
      expect(redis.asked).toEqual([])
    })

    test('a press without a token is durable and answered before anything is heard of Redis', async () => {
      const { env, unverified } = setUp(settings())
      const after: Promise<unknown>[] = []
      const life = { waitUntil: (work: Promise<unknown>) => void after.push(work) }
      const headers = { 'cf-connecting-ip': `203.0.113.${OF_NO_USE.findIndex(([each]) => each === name)}` }
      const request = new Request('https://tower.example/api/sos', {
        method: 'POST',
        headers,
        body: JSON.stringify({ position: PLACE }),
      })
      const answer = await hearPress(request, env, life)
      expect([answer.status, unverified.length]).toEqual([202, 1])
      // What goes on after the answer ends by itself, and never rejects.
      await Promise.all(after)
    })

    if (!FOR_PEOPLE.includes(name)) return
    test('the right password opens a session, the wrong one does not, and guessing is slowed', async () => {
      const env = workerEnv(
        { room: () => ({ userByEmail: async () => ana, sessionHolds: async () => true }) },
        settings(),
      )
      const app = createAuth({ ...logInParts(), pace: new HashPace(0) })
      const logIn = (password: string) =>
        app.request(
          '/api/auth/login',
          {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ email: 'ana@tower.example', password }),
          },
          env,
        )
      expect((await logIn(PASSWORD)).status).toBe(200)
      expect((await logIn('something else')).status).toBe(401)
      const guesses = await Promise.all(Array.from({ length: 12 }, () => logIn('guess')))
      expect(guesses.filter(({ status }) => status === 401)).toHaveLength(3)
      expect(guesses.filter(({ status }) => status === 429)).toHaveLength(9)
    })
  })
}
