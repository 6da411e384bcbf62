// How many rows of unverified presses all isolates together have written in a step of time. Told after the fact, and heard
// for the next second: no press waits for it.

import type { RedisPort } from './client'

export type RowsInRedis = {
  /** Adds this isolate's rows of that step; resolves to those of all, null where Redis does not answer. */
  add(step: number, rows: number): Promise<number | null>
}

const KEEP_S = 60

export const rowsIn = (redis: RedisPort, prefix: string): RowsInRedis => ({
  async add(step, rows) {
    const key = `${prefix}rows:${step}`
    const told = await redis.ask(
      (client) => client.pipeline().incrby(key, rows).expire(key, KEEP_S).exec(),
      (answer) => {
        const total: unknown = Array.isArray(answer) ? answer[0] : null
        return Number.isSafeInteger(total) && (total as number) >= rows ? (total as number) : null
      },
    )
    return told.ok ? told.value : null
  },
})
