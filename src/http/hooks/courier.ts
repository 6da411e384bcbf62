// How a hook reaches the courier shard of an attempt: by the attempt's own id, with a deadline, and once more where it failed.

import { type CourierRpc, placeOfAttempt, type Receipt } from '../../courier/contract'
import { REGION_IDS, type RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import type { Env } from '../env'
import { courierOf } from '../objects'

const DEADLINE_MS = 3_000
const TRIES = 2

/** Null for an id that is none of ours: nothing is asked, and no object comes into being for it. */
export function courierOfAttempt(env: Env, attemptId: string): CourierRpc | null {
  const place = placeOfAttempt(attemptId)
  const region = place && REGION_IDS.find((each) => each === place.region)
  return place && region && place.shard < MOST_SHARDS ? courierOf(env, region, place.shard) : null
}

/** More than any configuration has; a shard that is none any more still knows its attempts. */
const MOST_SHARDS = 64

/** Throws where the shard answers neither time. Only for what may be repeated. */
export async function asked<T>(call: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await within(DEADLINE_MS, call())
    } catch (error) {
      if (tried === TRIES) throw error
    }
  }
}

/** False where its shard could not be told: the provider should say it again. */
export async function tell(env: Env, receipt: Receipt): Promise<boolean> {
  const courier = courierOfAttempt(env, receipt.attemptId)
  if (!courier) return true
  try {
    await asked(() => courier.receipt(receipt))
    return true
  } catch (error) {
    logAway(receipt.provider, error)
    return false
  }
}

export const logAway = (provider: string, error: unknown): void =>
  console.error(
    JSON.stringify({
      level: 'error',
      message: 'a courier did not take what a provider said',
      provider,
      error: String(error).slice(0, 200),
    }),
  )

/** Whose courier counts what names no attempt that can be believed. */
const COUNTS: RegionId = 'NCR'
/** Of a flood of forgeries so many a second are counted; each of them is refused. */
const COUNTED_PER_S = 10
const counted = { second: 0, count: 0 }

/** Never awaited by an answer, and never in its way. */
export function countForged(env: Env, provider: string, now: number): Promise<void> {
  const second = Math.floor(now / 1000)
  if (counted.second !== second) Object.assign(counted, { second, count: 0 })
  if (counted.count++ >= COUNTED_PER_S) return Promise.resolve()
  return within(DEADLINE_MS, courierOf(env, COUNTS, 0).forged(provider)).catch(() => {})
}
