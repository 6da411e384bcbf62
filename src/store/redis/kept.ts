// Values that are worth keeping for a while, by key, as JSON. Whoever reads them checks what came: Redis is shared, and may
// hold anything under our names.

import type { RedisPort } from './client'

/** No value of ours is near it. */
const MAX_CHARS = 4_096

export type Kept = {
  /** One per key, null where there is none or it is not JSON; null altogether where Redis does not answer. */
  read(keys: readonly string[]): Promise<unknown[] | null>
  /** False where Redis did not take them. */
  write(values: Readonly<Record<string, unknown>>, forMs: number): Promise<boolean>
}

/** `prefix` keeps towers apart that share a Redis. */
export const keptIn = (redis: RedisPort, prefix: string): Kept => ({
  async read(keys) {
    if (keys.length === 0) return []
    const told = await redis.ask(
      (client) => client.mget(keys.map((key) => prefix + key)),
      (answer) => (Array.isArray(answer) && answer.length === keys.length ? answer.map(parsed) : null),
    )
    return told.ok ? told.value : null
  },
  async write(values, forMs) {
    const entries = Object.entries(values)
    if (entries.length === 0) return true
    const told = await redis.ask(
      (client) => {
        const all = client.pipeline()
        for (const [key, value] of entries) all.set(prefix + key, JSON.stringify(value), { px: forMs })
        return all.exec()
      },
      (answer) => (Array.isArray(answer) && answer.every((each) => each === 'OK') ? true : null),
    )
    return told.ok
  },
})

function parsed(text: unknown): unknown {
  if (typeof text !== 'string' || text.length > MAX_CHARS) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
