// The one place that knows the Redis client. A question has 50 ms and one try, every way to go wrong is a value, and a Redis
// that does not answer is left alone for a while. Nothing here is ever awaited on the way of an SOS.

import { Redis } from '@upstash/redis/cloudflare'
import { type Circuit, itAnswered, itFailed, mayAsk, type Pauses } from '../../durable/circuit'

export type { Redis }

/** What is worth asking Redis for is worth this much, and no more. */
export const REDIS_DEADLINE_MS = 50

/** A restart of Redis takes a second or two, and a trial costs one request the deadline: try soon, and never rarely. */
const PAUSES: Pauses = { firstMs: 1_000, longestMs: 30_000, trialMs: 1_000 }

/**
 * `resting`: it failed lately and was not asked. `refused`: our token or our quota. `garbage`: it answered what we did not
 * write. `failed`: it cannot be reached, or says that it cannot do this. No text of Redis's own.
 */
export type NoRedis = 'resting' | 'late' | 'refused' | 'garbage' | 'failed'
export type Told<T> = { ok: true; value: T } | { ok: false; why: NoRedis }

export type RedisPort = {
  /**
   * One round trip: `question` makes it (a command, a pipeline, a script), `read` turns what came into what was asked for,
   * null where it is not that. Texts come as they were written, never parsed. Never rejects, and takes 50 ms at most.
   */
  ask<T>(question: (redis: Redis) => Promise<unknown>, read: (answer: unknown) => T | null): Promise<Told<T>>
}

export type RedisOptions = {
  url: string
  token: string
  /** Kept by the isolate, for one address. */
  circuit: Circuit
  now: () => number
  deadlineMs?: number
}

/** Made anew for each request: sockets and promises belong to the request that began them. */
export const redisAt = ({ url, token, circuit, now, deadlineMs = REDIS_DEADLINE_MS }: RedisOptions): RedisPort => ({
  async ask(question, read) {
    if (!mayAsk(circuit, now(), PAUSES)) return { ok: false, why: 'resting' }
    const abort = new AbortController()
    // The client's own deadline answers as if Redis had; a signal that is made per request throws instead.
    const redis = new Redis({
      url,
      token,
      signal: () => abort.signal,
      // `retry: false` still tries twice in 1.39.0.
      retry: { retries: 0 },
      automaticDeserialization: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
      readYourWrites: false,
    })
    const told = await asked(() => question(redis), read, deadlineMs)
    abort.abort()
    if (told.ok) itAnswered(circuit)
    else {
      const wasWell = circuit.openUntil === 0
      itFailed(circuit, told.why, now(), PAUSES)
      if (wasWell && circuit.openUntil !== 0) complain(told.why)
    }
    return told
  },
})

async function asked<T>(
  question: () => Promise<unknown>,
  read: (answer: unknown) => T | null,
  deadlineMs: number,
): Promise<Told<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Told<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, why: 'late' }), deadlineMs)
  })
  // A client that throws before it asks is no different from one that was refused.
  const answered = Promise.resolve()
    .then(question)
    .then((answer): Told<T> => {
      const value = read(answer)
      return value === null ? { ok: false, why: 'garbage' } : { ok: true, value }
    })
    .catch((cause: unknown): Told<T> => ({ ok: false, why: reasonOf(cause) }))
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
  }
}

/** By the name and the first words, for the client's messages repeat the whole command, and sometimes the whole answer. */
function reasonOf(cause: unknown): NoRedis {
  if (!(cause instanceof Error)) return 'failed'
  if (cause.name === 'UpstashJSONParseError') return 'garbage'
  if (cause.name !== 'UpstashError') return 'failed'
  return /^(Unauthorized|WRONGPASS|NOPERM|NOAUTH|ERR max )/i.test(cause.message) ? 'refused' : 'failed'
}

const complain = (why: NoRedis): void =>
  console.error(JSON.stringify({ level: 'warn', message: 'Redis is left alone for a while', why }))
