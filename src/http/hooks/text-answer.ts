// A text that answers names nobody but its number: every courier shard is asked whether it waits for this one.

import type { CourierRpc, TextHeard } from '../../courier/contract'
import { REGION_IDS } from '../../domain/region'
import type { Env } from '../env'
import { courierOf, courierShardCount } from '../objects'
import { asked, logAway } from './courier'

/** True where it is settled: somebody waited for it, or nobody does. False where a shard could not be asked. */
export async function takeTextAnswer(env: Env, text: TextHeard): Promise<boolean> {
  const shards = REGION_IDS.flatMap((region) =>
    Array.from({ length: courierShardCount(env) }, (_, shard) => courierOf(env, region, shard)),
  )
  const newest = await Promise.allSettled(shards.map((courier) => asked(() => courier.awaits(text))))
  const waiting = newest.flatMap((each, at) => {
    const courier = shards[at]
    return each.status === 'fulfilled' && each.value && courier ? [{ courier, ...each.value }] : []
  })
  const failed = newest.find((each) => each.status === 'rejected')
  if (failed) logAway('sim', failed.reason)
  const last = waiting.sort((a, b) => b.sentAt - a.sentAt)[0]
  if (!last) return failed === undefined
  return settled(last.courier, last.attemptId, text)
}

async function settled(courier: CourierRpc, attemptId: string, { key, at }: TextHeard): Promise<boolean> {
  try {
    await asked(() => courier.heard({ attemptId, key, at }))
    return true
  } catch (error) {
    logAway('sim', error)
    return false
  }
}
