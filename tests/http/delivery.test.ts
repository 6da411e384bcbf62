// Deliveries, the ways out and their lamp: what is configured is told without a secret, circuits as the sentinel found them,
// and each part stands without the others.

import { expect, test } from 'bun:test'
import type { Role } from '../../src/domain/access'
import type { Attempt } from '../../src/domain/page'
import type { RegionId } from '../../src/domain/region'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import { lampOf, REPORT_OLD_MS, waysOut } from '../../src/http/ways-out'
import type { TickReport } from '../../src/sentinel/contract'
import { saveAttempts } from '../../src/store/attempts'
import { openPostgres } from '../../src/store/postgres'
import { viewer } from '../support/made-up'
import { testDatabase } from '../support/postgres'
import { workerEnv } from '../support/worker-env'

const NOW = Date.now()
const SECRET = 'a-secret-that-nobody-may-read'
const TWILIO: Partial<Env> = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: SECRET,
  TWILIO_VOICE_FROM: '+15005550006',
}

type Circuits = { provider: string; open: boolean; failures: number; since?: number; until?: number }[]

const report = (circuits: Circuits, at = NOW): TickReport => ({
  at,
  rooms: [],
  intakes: [],
  fleets: [],
  couriers: [
    {
      name: 'NCR:0',
      queued: 2,
      underWay: 1,
      parked: 0,
      unreported: 0,
      oldestQueuedAt: null,
      circuits,
      ignored: { late: 0, repeated: 0, unknown: 0, forged: 0 },
      now: at,
    },
    { name: 'NCR:1', failed: 'away' },
  ],
  canaries: [],
  history: 'off',
  deadman: 'off',
})

const app = createApp()

function asks(env: Env) {
  return async (path: string, who: { role?: Role; regions?: RegionId[] } = {}) => {
    const person = viewer('someone', { role: who.role ?? 'operator', regions: who.regions ?? ['NCR'] })
    const headers = { authorization: `Bearer ${openSession(env, person, Date.now()).token}` }
    const answer = await app.request(path, { headers }, env)
    return { status: answer.status, text: await answer.text() }
  }
}
const room = () => ({ sessionHolds: async () => true })

test('a way that is off says which settings are missing, and no value of any', async () => {
  const ask = asks(workerEnv({ room, sentinel: { lastReport: async () => report([]) } }, TWILIO))
  const { status, text } = await ask('/delivery?region=NCR')
  expect(status).toBe(200)
  expect(text).toContain('off: TWILIO_SMS_FROM missing')
  expect(text).toContain('off: SIM_GATEWAY_URL, SIM_GATEWAY_TOKEN, SIM_GATEWAY_SECRET missing')
  expect(text).not.toContain(SECRET)
  expect((await ask('/api/regions/NCR/ways-out')).text).not.toContain(SECRET)
})

test('without Postgres, couriers and sentinel the page says so, and stands', async () => {
  const { status, text } = await asks(workerEnv({ room }, TWILIO))('/delivery?region=NCR')
  expect(status).toBe(200)
  expect(text).toContain('Postgres does not answer')
  expect(text).toContain('Couriers that do not answer: 1')
  expect(text).toContain('The sentinel has no report')
})

test('another region is not shown, neither as a page nor as a lamp nor in the API', async () => {
  const ask = asks(workerEnv({ room }, TWILIO))
  expect((await ask('/delivery?region=CEB')).status).toBe(404)
  expect((await ask('/delivery/lamp?region=CEB')).status).toBe(404)
  for (const part of ['delivery', 'ways-out', 'parked'])
    expect((await ask(`/api/regions/CEB/${part}`)).status).toBe(403)
})

test('the lamp: none, unknown, well, one down, all down', () => {
  const sms = { ...TWILIO, TWILIO_SMS_FROM: 'TOWER' }
  const well = { open: false, failures: 0 }
  const down = { open: true, failures: 4, since: NOW - 60_000, until: NOW + 5_000 }
  const lamp = (env: Partial<Env>, tick: TickReport | null) => lampOf(waysOut(env, 'NCR', tick, NOW))
  expect(lamp({}, report([]))).toEqual({ is: 'none' })
  expect(lamp({ WEBHOOK_SECRET: 'x' }, report([]))).toEqual({ is: 'none' })
  expect(lamp(sms, null)).toEqual({ is: 'unseen' })
  expect(lamp(sms, report([], NOW - REPORT_OLD_MS))).toEqual({ is: 'unseen' })
  expect(lamp(sms, report([{ provider: 'twilio sms', ...well }]))).toEqual({ is: 'ok' })
  expect(
    lamp(
      sms,
      report([
        { provider: 'twilio sms', ...down },
        { provider: 'twilio voice', ...well },
      ]),
    ),
  ).toEqual({ is: 'down', names: ['twilio sms'] })
  expect(
    lamp(
      sms,
      report([
        { provider: 'twilio sms', ...down },
        { provider: 'twilio voice', ...down },
      ]),
    ),
  ).toEqual({ is: 'all_down' })
})

test('an open circuit is said in words on the page and on the strip, with since when', async () => {
  const at = Date.parse('2026-11-22T13:14:09Z')
  const circuits = [{ provider: 'twilio voice', open: true, failures: 5, since: at, until: NOW + 5_000 }]
  const ask = asks(workerEnv({ room, sentinel: { lastReport: async () => report(circuits) } }, TWILIO))
  const { text } = await ask('/delivery?region=NCR')
  expect(text).toContain('DOWN, not asked now')
  expect(text).toContain('since 21:14:09')
  expect(text).toContain('5 failures in a row')
  const lamp = (await ask('/delivery/lamp?region=NCR')).text
  expect(lamp).toContain('data-state="bad"')
  expect(lamp).toContain('ALL DOWN')
  const { ways } = JSON.parse((await ask('/api/regions/NCR/ways-out')).text)
  expect(ways.find(({ name }: { name: string }) => name === 'twilio voice').circuit).toMatchObject({
    open: 1,
    of: 1,
    since: '2026-11-22T13:14:09.000Z',
  })
})

test('the report counts what became of it by way, provider and network, in the time that was asked for', async () => {
  const urls = await testDatabase()
  const store = openPostgres(urls.writer)
  const attempt = (n: number, change: Partial<Attempt>): Attempt => ({
    id: `NCR.0.00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    pageId: `p${n}`,
    incidentId: null,
    region: 'NCR',
    reason: 'escalation',
    step: 'lead',
    contact: { id: 'ana', name: 'Ana' },
    channel: 'sms',
    provider: 'twilio',
    network: 'Globe',
    to: '+63917•••4567',
    n: 1,
    state: 'delivered',
    error: null,
    answer: null,
    drill: false,
    at: { sending: NOW - 10_000, delivered: NOW - 8_000 },
    ...change,
  })
  try {
    await saveAttempts(store.db, [
      attempt(1, {}),
      attempt(2, { state: 'undelivered', at: { sending: NOW - 10_000, undelivered: NOW - 9_000 } }),
      attempt(3, { drill: true }),
      attempt(4, { at: { sending: NOW - 3 * 86_400_000, delivered: NOW - 3 * 86_400_000 + 1_000 } }),
    ])
    const ask = asks(workerEnv({ room }, { DATABASE_URL: urls.writer }))
    const { deliveries } = JSON.parse((await ask('/api/regions/NCR/delivery')).text)
    expect(deliveries).toEqual([
      {
        channel: 'sms',
        provider: 'twilio',
        network: 'Globe',
        sent: 2,
        delivered: 1,
        undelivered: 1,
        failed: 0,
        answered: 0,
        p50Ms: 2_000,
        p99Ms: 2_000,
      },
    ])
    const day = (await ask('/delivery?region=NCR')).text
    expect(day).toContain('2 tried')
    expect(day).toContain('1 (50 %)')
    expect(day).toContain('half within 2.0 s')
    expect((await ask('/delivery?region=NCR&period=week')).text).toContain('3 tried')
    expect((await ask('/api/regions/NCR/delivery?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z')).status).toBe(
      422,
    )
    expect((await ask('/api/regions/NCR/delivery?until=yesterday')).status).toBe(422)
  } finally {
    await store.close()
  }
}, 60_000)
