// Tries to log in, counted by all isolates together: the rule of the log-in throttle as one script, so that a hundred at once
// are a hundred. Keys are hashes: whoever reads Redis learns no address.

import { createHmac } from 'node:crypto'
import type { Redis, RedisPort } from './client'

/** As the throttle has it: one row that a try is counted in, how many are free, and how far the next may be put off. */
type TryRule = { key: string; free: number; maxDelayMs: number }

export type TriesInRedis = {
  /** Counts this try, or says how long to wait and counts nothing. Null where Redis does not answer. */
  attempt(rules: readonly TryRule[], now: number): Promise<{ waitMs: number } | null>
  /** The right password: the first row starts anew, the others forget this one try. */
  succeeded(rules: readonly TryRule[]): Promise<void>
}

/** A clock that is further ahead than this is no clock of ours. */
const MAX_AHEAD_MS = 60_000

const ATTEMPT = `
local now, forget, ahead = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wait, counts = 0, {}
for i, key in ipairs(KEYS) do
  local free, most = tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])
  local kept = redis.call('HMGET', key, 'count', 'at')
  local count, at = tonumber(kept[1]), tonumber(kept[2])
  if not count or not at or now - at >= forget or at - now > ahead then count, at = 0, 0 end
  counts[i] = count
  if count >= free then
    local delay = math.min(most, 1000 * 2 ^ math.min(count - free, 30))
    wait = math.max(wait, math.min(delay, at + delay - now))
  end
end
if wait > 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'count', counts[i] + 1, 'at', ARGV[1])
  redis.call('PEXPIRE', key, ARGV[2])
end
return 0`

const SUCCEEDED = `
redis.call('DEL', KEYS[1])
for i = 2, #KEYS do
  local count = tonumber(redis.call('HGET', KEYS[i], 'count'))
  if count then redis.call('HSET', KEYS[i], 'count', math.max(0, count - 1)) end
end
return 0`

export const triesIn = (
  redis: RedisPort,
  { prefix, pepper, forgetMs }: { prefix: string; pepper: Uint8Array; forgetMs: number },
): TriesInRedis => {
  const keysOf = (rules: readonly TryRule[]) =>
    rules.map(({ key }) => `${prefix}try:${createHmac('sha256', pepper).update(key).digest('base64url').slice(0, 22)}`)
  return {
    async attempt(rules, now) {
      const limits = rules.flatMap(({ free, maxDelayMs }) => [free, maxDelayMs])
      const longestMs = Math.max(...rules.map(({ maxDelayMs }) => maxDelayMs))
      const told = await redis.ask(
        (client) => run(client, ATTEMPT, keysOf(rules), [now, forgetMs, MAX_AHEAD_MS, ...limits]),
        (answer) => (isWhole(answer) && answer <= longestMs ? { waitMs: answer } : null),
      )
      return told.ok ? told.value : null
    },
    async succeeded(rules) {
      await redis.ask(
        (client) => run(client, SUCCEEDED, keysOf(rules)),
        (answer) => (answer === 0 ? true : null),
      )
    },
  }
}

/** Sent whole each time: half a kilobyte, and never a second trip for a Redis that has forgotten it. */
const run = (client: Redis, script: string, keys: readonly string[], given: readonly number[] = []): Promise<unknown> =>
  client.exec(['EVAL', script, keys.length, ...keys, ...given])

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
