// How the tower is: for load balancers, monitors and people who wonder. Addresses, names and secrets stay inside.

import { Hono } from 'hono'
import { REGION_IDS, type RegionId } from '../domain/region'
import { TooLate, within } from '../durable/deadline'
import { pingPostgres } from '../store/postgres'
import type { AppEnv, Env } from './env'
import { fleetOf, intakeOf, roomOf, sentinelOf, shardCount } from './objects'
import { postgresUrl } from './settings'

const DEADLINE_MS = 1_000
/** A canary that has to be run anew goes through an intake and a room. */
const CANARY_DEADLINE_MS = 8_000
/** Anybody may ask, so the objects are asked at most once in this time by each isolate. */
const FRESH_MS = 2_000

export type Part = { ok: boolean; ms: number; failed?: 'no answer' | 'error' }

export type Health = {
  /** The way of an SOS works: every region has an intake that answers. */
  ok: boolean
  /** What does not answer while presses still arrive. */
  degraded: string[]
  version: string
  at: string
  parts: Record<string, Part>
}

type Memory = { last: { health: Health; at: number } | null; checkingSince: number }
const memories = new WeakMap<object, Memory>()

export const health = new Hono<AppEnv>()
  .get('/api/health', async (c) => {
    const found = await healthOf(c.env)
    return c.json(found, found.ok ? 200 : 503)
  })
  .get('/api/emergency/health', async (c) => {
    const canaries = await within(CANARY_DEADLINE_MS, sentinelOf(c.env).canary()).catch(() => [])
    const ok = REGION_IDS.every((region) => canaries.some((canary) => canary.region === region && canary.ok))
    const seen = canaries.map(({ region, ok, ms, at }) => ({ region, ok, ms, at: new Date(at).toISOString() }))
    return c.json({ ok, canaries: seen }, ok ? 200 : 503)
  })

async function healthOf(env: Env): Promise<Health> {
  const memory = memories.get(env.SOS_INTAKE) ?? { last: null, checkingSince: 0 }
  memories.set(env.SOS_INTAKE, memory)
  const now = Date.now()
  // While one request asks, others are answered with what is known; a cancelled one blocks nobody for long.
  if (memory.last && now - Math.max(memory.last.at, memory.checkingSince) < FRESH_MS) return memory.last.health
  memory.checkingSince = now
  const health = assess(await checkAll(env), env.VERSION ?? 'dev', now)
  memory.last = { health, at: Date.now() }
  return health
}

/** Intakes decide whether the tower takes presses; all else only degrades it. */
export function assess(parts: Record<string, Part>, version: string, at: number): Health {
  const down = Object.keys(parts).filter((name) => !parts[name]?.ok)
  return {
    ok: !down.some((name) => name.startsWith('intake:')),
    degraded: down,
    version,
    at: new Date(at).toISOString(),
    parts,
  }
}

async function checkAll(env: Env): Promise<Record<string, Part>> {
  const checks: Record<string, () => Promise<unknown>> = {}
  for (const region of REGION_IDS) {
    checks[`intake:${region}`] = () => intakeOf(env, region, someShard(env, region)).tick()
    checks[`room:${region}`] = () => roomOf(env, region).tick()
    checks[`fleet:${region}`] = () => fleetOf(env, region, 0).tick()
  }
  const url = postgresUrl(env)
  if (url) checks.postgres = () => pingPostgres(url, DEADLINE_MS)
  if (env.UPSTASH_REDIS_REST_URL) checks.redis = () => pingRedis(env)
  const entries = Object.entries(checks).map(async ([name, check]) => [name, await timed(check)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

async function timed(check: () => Promise<unknown>): Promise<Part> {
  const began = Date.now()
  try {
    await within(DEADLINE_MS, check())
    return { ok: true, ms: Date.now() - began }
  } catch (cause) {
    return { ok: false, ms: Date.now() - began, failed: cause instanceof TooLate ? 'no answer' : 'error' }
  }
}

/** Another one with each minute: a dead shard shows itself without a call to all of them. */
const someShard = (env: Env, region: RegionId): number =>
  (Math.floor(Date.now() / 60_000) + REGION_IDS.indexOf(region)) % shardCount(env)

async function pingRedis(env: Env): Promise<void> {
  const answer = await fetch(`${env.UPSTASH_REDIS_REST_URL}/ping`, {
    headers: { authorization: `Bearer ${env.UPSTASH_REDIS_REST_TOKEN ?? ''}` },
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`Redis answered ${answer.status}`)
}
