// What the Worker asks Redis for, where it is configured; without it every part has something of its own to go by.

import { type Circuit, closedCircuit } from '../durable/circuit'
import type { GeocodeMemory } from '../geo/remembered'
import { type RedisPort, redisAt } from '../store/redis/client'
import { type Kept, keptIn } from '../store/redis/kept'
import { rowsIn } from '../store/redis/rows'
import { triesIn } from '../store/redis/tries'
import { FORGET_TRIES_MS, type SharedTries } from './auth/throttle'
import type { SharedRows } from './doors/flood-share'
import type { Life } from './doors/take'
import type { Env } from './env'
import { settingsOf } from './settings'

type Configured = Pick<Env, 'UPSTASH_REDIS_REST_URL' | 'UPSTASH_REDIS_REST_TOKEN'>

/** An isolate's own memory of what was worth asking, by address. Plain data: no request waits for another's. */
const circuits = new Map<string, Circuit>()

function redisOf({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Configured): RedisPort | null {
  if (!url || !token) return null
  const circuit = circuits.get(url) ?? closedCircuit()
  circuits.set(url, circuit)
  return redisAt({ url, token, circuit, now: Date.now })
}

/** Towers that share a Redis are told apart by their address. */
const prefixOf = (env: Pick<Env, 'PUBLIC_URL'>): string => `xot:${env.PUBLIC_URL}:`

export function keptBy(env: Env): Kept | null {
  const redis = redisOf(env)
  return redis && keptIn(redis, prefixOf(env))
}

/** Tries to log in, of all isolates. */
export function sharedTries(env: Env): SharedTries | null {
  const redis = redisOf(env)
  if (!redis) return null
  return triesIn(redis, { prefix: prefixOf(env), pepper: settingsOf(env).pepper, forgetMs: FORGET_TRIES_MS })
}

/** Rows of unverified presses, of all isolates. */
export function sharedRows(env: Env): SharedRows | null {
  const redis = redisOf(env)
  return redis && rowsIn(redis, prefixOf(env))
}

/** A day: roads change more slowly than that. */
const GEOCODE_KEPT_MS = 24 * 3_600_000

/**
 * Only where it was switched on: not every contract with a provider lets addresses be kept.
 * `life` keeps what is remembered on its way after the answer has gone; without it nothing is remembered.
 */
export function geocodesOf(env: Env, life: Life | null): GeocodeMemory | undefined {
  const kept = env.GEOCODE_CACHE === 'on' ? keptBy(env) : null
  if (!kept) return undefined
  return {
    recall: async (key) => (await kept.read([key]))?.[0] ?? null,
    remember: (key, value) => life?.waitUntil(kept.write({ [key]: value }, GEOCODE_KEPT_MS)),
  }
}
