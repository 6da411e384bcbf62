// The one place that names Durable Objects. Objects never move, so the first call's location hint counts for ever.

import type { CourierRpc } from '../courier/contract'
import { findRegion, type RegionId } from '../domain/region'
import type { PutBack } from '../durable/moved'
import type { FleetRpc } from '../fleet/contract'
import type { IntakeRpc, SpoolRpc } from '../intake/contract'
import type { RoomRpc } from '../room/contract'
import type { SentinelRpc } from '../sentinel/contract'
import type { Env } from './env'

const NEAR = { locationHint: 'apac' } as const

/** A stub as its interface: the runtime wraps results in types of its own that say the same. */
const as = <T>(stub: unknown): T => stub as T

export const roomOf = (env: Pick<Env, 'SOS_ROOM'>, region: RegionId): RoomRpc =>
  as(env.SOS_ROOM.get(env.SOS_ROOM.idFromName(region), NEAR))

/** `shard` is a number, or `u0`/`u1` for presses without a genuine token. */
export const intakeOf = (
  env: Pick<Env, 'SOS_INTAKE'>,
  region: RegionId,
  shard: number | 'u0' | 'u1',
): IntakeRpc & Pick<Fetcher, 'fetch'> =>
  as(env.SOS_INTAKE.get(env.SOS_INTAKE.idFromName(intakeName(region, shard)), NEAR))

export const roomSocket = (env: Pick<Env, 'SOS_ROOM'>, region: RegionId): Pick<Fetcher, 'fetch'> =>
  as(env.SOS_ROOM.get(env.SOS_ROOM.idFromName(region), NEAR))

export const fleetOf = (
  env: Pick<Env, 'FLEET_SHARD'>,
  region: RegionId,
  shard: number,
): FleetRpc & Pick<Fetcher, 'fetch'> => as(env.FLEET_SHARD.get(env.FLEET_SHARD.idFromName(`${region}:${shard}`), NEAR))

export const courierOf = (env: Pick<Env, 'COURIER'>, region: RegionId, shard: number): CourierRpc =>
  as(env.COURIER.get(env.COURIER.idFromName(`${region}:${shard}`), NEAR))

export const sentinelOf = (env: Pick<Env, 'SENTINEL'>): SentinelRpc =>
  as(env.SENTINEL.get(env.SENTINEL.idFromName('sentinel'), NEAR))

/** Of this machine. Throws in a process that keeps none. */
export function spoolOf({ SPOOL_OBJECTS }: Pick<Env, 'SPOOL_OBJECTS'>): SpoolRpc {
  if (!SPOOL_OBJECTS) throw new Error('this process keeps no spool')
  return as(SPOOL_OBJECTS.get(SPOOL_OBJECTS.idFromName('spool')))
}

/** Whatever can be moved into a cluster. */
export type Movable = { moveIn(text: ReadableStream): Promise<PutBack> }

/** By the name of its class and its own; null for what there is none of. */
export function movableObject(env: Env, className: string, name: string): Movable | null {
  const namespaces: Record<string, DurableObjectNamespace> = {
    SosIntake: env.SOS_INTAKE as unknown as DurableObjectNamespace,
    SosRoom: env.SOS_ROOM as unknown as DurableObjectNamespace,
    FleetShard: env.FLEET_SHARD as unknown as DurableObjectNamespace,
    Courier: env.COURIER as unknown as DurableObjectNamespace,
  }
  const namespace = namespaces[className]
  return namespace && findRegion(name.split(':')[0] ?? '') ? as(namespace.get(namespace.idFromName(name), NEAR)) : null
}

export const intakeName = (region: RegionId, shard: number | 'u0' | 'u1'): string => `${region}:${shard}`

export const shardCount = (env: Pick<Env, 'INTAKE_SHARDS'>): number => Number(env.INTAKE_SHARDS ?? 16)

export const fleetShardCount = (env: Pick<Env, 'FLEET_SHARDS'>): number => Number(env.FLEET_SHARDS ?? 4)

export const courierShardCount = (env: Pick<Env, 'COURIER_SHARDS'>): number => Number(env.COURIER_SHARDS ?? 4)

/** All of an incident's pages are with one shard; those of none, by themselves. */
export const courierShardOf = (page: { id: string; incidentId: string | null }, shards: number): number =>
  shardOf(page.incidentId ?? page.id, shards)

/** The shard of a device: FNV-1a of its id. Changing it sends retries to another shard, which the room absorbs. */
export function shardOf(deviceId: string, shards: number): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < deviceId.length; at++) hash = Math.imul(hash ^ deviceId.charCodeAt(at), 0x01000193)
  return (hash >>> 0) % shards
}
