import { expect, test } from 'bun:test'
import { REGION_IDS } from '../../src/domain/region'
import { assess, health } from '../../src/http/health'
import type { CanaryResult } from '../../src/sentinel/contract'
import { workerEnv } from '../support/worker-env'

const up = { ok: true, ms: 3 }
const down = { ok: false, ms: 1_000, failed: 'no answer' as const }

test('a tower that takes presses is healthy, and says which of its parts are not', () => {
  const found = assess({ 'intake:NCR': up, 'room:NCR': down, postgres: down, redis: up }, 'v1', 0)
  expect(found).toMatchObject({ ok: true, degraded: ['room:NCR', 'postgres'], version: 'v1' })
})

test('a region whose intake does not answer makes it unhealthy', () => {
  expect(assess({ 'intake:NCR': up, 'intake:CEB': down }, 'v1', 0).ok).toBe(false)
})

test('parts that are dead, slow or never answer are told apart within a second, without a secret', async () => {
  const env = workerEnv(
    {
      room: (region) => ({
        tick: region === 'CEB' ? () => new Promise(() => {}) : async () => ({ region }) as never,
      }),
      intake: () => ({ tick: async () => ({}) as never }),
      fleet: (name) => ({
        tick: name === 'DVO:0' ? () => Promise.reject(new Error('gone')) : async () => ({}) as never,
      }),
    },
    { DATABASE_URL: 'postgres://tower:hunter2@127.0.0.1:1/tower' },
  )
  const answer = await health.request('/api/health', {}, env)
  expect(answer.status).toBe(200)
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({
    ok: true,
    degraded: ['room:CEB', 'fleet:DVO', 'postgres'],
    parts: { 'room:CEB': { ok: false, failed: 'no answer' }, 'room:NCR': { ok: true }, postgres: { ok: false } },
  })
  expect(text).not.toContain('hunter2')
  expect(text).not.toContain('127.0.0.1')
})

test('a flood of questions asks the parts once in two seconds', async () => {
  let asked = 0
  const env = workerEnv({
    intake: () => ({
      tick: async () => {
        asked++
        return {} as never
      },
    }),
  })
  await health.request('/api/health', {}, env)
  await Promise.all(Array.from({ length: 50 }, () => health.request('/api/health', {}, env)))
  expect(asked).toBe(REGION_IDS.length)
})

const canaries = (ok: (n: number) => boolean): CanaryResult[] =>
  REGION_IDS.map((region, n) => ({
    region,
    ok: ok(n),
    ms: 12,
    at: 1_800_000_000_000,
    failed: ok(n) ? null : 'secret way',
  }))

test('the emergency way is healthy while every region’s last canary passed', async () => {
  const env = workerEnv({ sentinel: { canary: async () => canaries(() => true) } })
  const answer = await health.request('/api/emergency/health', {}, env)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    ok: true,
    canaries: REGION_IDS.map((region) => ({ region, ok: true, ms: 12, at: '2027-01-15T08:00:00.000Z' })),
  })
})

test('one region’s failed canary is 503, and how it failed stays inside', async () => {
  const env = workerEnv({ sentinel: { canary: async () => canaries((n) => n !== 1) } })
  const answer = await health.request('/api/emergency/health', {}, env)
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('secret way')
})

test('a Sentinel that does not answer, or has none for a region, is 503', async () => {
  expect((await health.request('/api/emergency/health', {}, workerEnv())).status).toBe(503)
  const fewer = workerEnv({ sentinel: { canary: async () => canaries(() => true).slice(1) } })
  expect((await health.request('/api/emergency/health', {}, fewer)).status).toBe(503)
})
