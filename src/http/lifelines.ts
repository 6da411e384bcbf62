// Saying something to phones on their open lifelines, and asking which have one: by the device's own intake shard, and by the
// next, which holds the lines that the first would not take.

import type { RegionId } from '../domain/region'
import type { LifelineFrame } from '../intake/contract'
import type { Env } from './env'
import { intakeOf, shardCount, shardOf } from './objects'

type Lines = Pick<Env, 'SOS_INTAKE' | 'INTAKE_SHARDS'>

/** One call to each shard. Gives the devices that took it; those of a shard that does not answer are not among them. */
export async function sayOnLifelines(
  env: Lines,
  region: RegionId,
  frames: readonly LifelineFrame[],
): Promise<string[]> {
  const took = new Set<string>()
  await byShard(
    env,
    frames,
    ({ deviceId }) => deviceId,
    async (at, own) => {
      const left = own.filter(({ deviceId }) => !took.has(deviceId))
      if (left.length > 0) for (const id of await intakeOf(env, region, at).say(left)) took.add(id)
    },
  )
  return [...took]
}

/** Which of these devices have an open lifeline whose phone was heard since then, epoch ms. */
export async function openLifelines(
  env: Lines,
  region: RegionId,
  deviceIds: readonly string[],
  since: number,
): Promise<string[]> {
  const open = new Set<string>()
  await byShard(
    env,
    deviceIds,
    (id) => id,
    async (at, own) => {
      const left = own.filter((id) => !open.has(id))
      if (left.length === 0) return
      const heard = await intakeOf(env, region, at).lifelinesHeard(left)
      for (const [id, last] of Object.entries(heard)) if (last > since) open.add(id)
    },
  )
  return [...open]
}

async function byShard<T>(
  env: Lines,
  all: readonly T[],
  deviceOf: (each: T) => string,
  ask: (shard: number, own: T[]) => Promise<void>,
): Promise<void> {
  const shards = shardCount(env)
  const groups = Map.groupBy(all, (each) => shardOf(deviceOf(each), shards))
  await Promise.all(
    [...groups].map(async ([shard, own]) => {
      // A shard that does not answer keeps the next from nothing.
      for (const at of new Set([shard, (shard + 1) % shards])) await ask(at, own).catch(() => {})
    }),
  )
}
