// What fleet shards know of devices that Postgres lists: when each was last heard, and what it reported of late.

import type { Heard } from '../../views/devices/list'
import type { EnrolledDevice } from '../domain/enrolment'
import type { RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import type { LastKnown, UnderstoodReport } from '../fleet/contract'
import type { Env } from './env'
import { fleetOf, fleetShardCount, shardOf } from './objects'

const FLEET_DEADLINE_MS = 1_500

const fleetShardOf = (env: Env, { id, home }: Pick<EnrolledDevice, 'id' | 'home'>) =>
  fleetOf(env, home, shardOf(id, fleetShardCount(env)))

/** Null where the shard does not answer. */
export const recentOf = (env: Env, device: EnrolledDevice): Promise<UnderstoodReport[] | null> =>
  within(FLEET_DEADLINE_MS, fleetShardOf(env, device).recent(device.id)).catch(() => null)

/** Each with when it was last heard; `unknown` where its shard does not answer. */
export async function withHeard(env: Env, region: RegionId, listed: EnrolledDevice[]) {
  const shards = fleetShardCount(env)
  const byShard = Map.groupBy(listed, ({ id }) => shardOf(id, shards))
  const heard = new Map<string, Heard>()
  await Promise.all(
    [...byShard].map(async ([shard, some]) => {
      const ids = some.map(({ id }) => id)
      const last = await within(FLEET_DEADLINE_MS, fleetOf(env, region, shard).lastOf(ids)).catch(() => null)
      for (const id of ids) heard.set(id, last ? heardOf(last, id) : 'unknown')
    }),
  )
  return listed.map((device) => ({ device, heard: heard.get(device.id) ?? ('unknown' as const) }))
}

function heardOf(last: readonly LastKnown[], id: string): Heard {
  const known = last.find(({ deviceId }) => deviceId === id)
  return known ? { at: known.lastContactAt, silent: known.silent } : 'never'
}
