// What API and pages do with geofences alike: read and change them in Postgres, hand every change to the shards that watch
// them, ask those how many are inside, and read what was crossed, with identity only for a purpose that was written down.

import { may, type Viewer } from '../domain/access'
import { checkFence, type Drawn, type DrawnFence } from '../domain/drawn-fence'
import type { FenceEventRead } from '../domain/fence-record'
import type { RegionId } from '../domain/region'
import { TooLate, within } from '../durable/deadline'
import { noteAccess } from '../store/access-log'
import { sqlState } from '../store/fault'
import { fenceEventsSince, lastFenceEvents } from '../store/geofence-events'
import {
  changeFence,
  type FenceRefusal,
  type FenceSaved,
  makeFence,
  readFence,
  retireFence,
  setFenceActive,
  watchedFences,
} from '../store/geofences'
import { type Db, withPostgres } from '../store/postgres'
import type { Env } from './env'
import { fleetOf, fleetShardCount } from './objects'
import { postgresUrl } from './settings'

const POSTGRES_DEADLINE_MS = 5_000
const FLEET_DEADLINE_MS = 1_500

/** Runs with the tower's Postgres. Throws `TooLate` where there is none, or it does not answer. */
export async function withFences<T>(env: Env, run: (db: Db) => Promise<T>): Promise<T> {
  const url = postgresUrl(env)
  if (!url) throw new TooLate('this tower has no Postgres')
  return withPostgres(url, POSTGRES_DEADLINE_MS, run).catch((cause: unknown) => {
    // Postgres said nothing, or that it cannot now (connection, resources, shutting down). Anything else is a bug of ours.
    throw /^(08|53|57)/.test(sqlState(cause) ?? '08') ? new TooLate('Postgres does not answer', { cause }) : cause
  })
}

export type FenceChange = { ok: true; fence: Extract<FenceSaved, { ok: true }>['fence'] } | { ok: false; why: FenceNo }
export type FenceNo = FenceRefusal | Extract<Drawn, { ok: false }>['refusal']

/** Checks what was drawn and keeps it. `from` of a change: the version that its author saw. */
export async function drawFence(
  env: Env,
  viewer: Viewer,
  drawn: DrawnFence & { active: boolean },
  change: { from: number | null } | null,
): Promise<FenceChange> {
  const checked = checkFence(drawn)
  if (!checked.ok) return { ok: false, why: checked.refusal }
  const fence = { ...checked.fence, active: drawn.active }
  return changed(env, fence.region, async (db) => {
    if (!change) return makeFence(db, fence, viewer.uid)
    const before = await readFence(db, fence.id)
    if (before?.region !== fence.region) return { ok: false, refusal: 'gone' }
    return changeFence(db, fence, fence, viewer.uid, change.from)
  })
}

/** Of a fence that its caller has read, and may change. */
export const switchFence = (env: Env, viewer: Viewer, fence: { id: string; region: RegionId }, active: boolean) =>
  changed(env, fence.region, (db) => setFenceActive(db, fence, active, viewer.uid))

/** False where there is none of this region. */
export async function takeFenceAway(env: Env, viewer: Viewer, region: RegionId, id: string): Promise<boolean> {
  return withFences(env, async (db) => {
    if ((await readFence(db, id))?.region !== region) return false
    const done = await retireFence(db, id, viewer.uid)
    await handOut(env, db, region)
    return done
  })
}

/** By fence id; null where not every shard answers, for a part of the count would be a wrong one. */
export async function insideOf(env: Env, region: RegionId): Promise<Record<string, number> | null> {
  const shards = Array.from({ length: fleetShardCount(env) }, (_, shard) => fleetOf(env, region, shard))
  const told = await Promise.all(
    shards.map((shard) => within(FLEET_DEADLINE_MS, shard.insideFences()).catch(() => null)),
  )
  const all: Record<string, number> = {}
  for (const counts of told) {
    if (!counts) return null
    for (const [id, count] of Object.entries(counts)) all[id] = (all[id] ?? 0) + count
  }
  return all
}

export type EventsQuery = {
  region: RegionId
  fenceId: string | null
  since: number
  limit: number
  order: 'newest' | 'oldest'
  /** What the devices are shown for; null to leave them out. */
  purpose: string | null
}

/** Whose they are is null without a purpose. With one, that is in the log of accesses before anything is read. */
export type ShownFenceEvent = Omit<FenceEventRead, 'deviceId'> & { deviceId: string | null }

/** The right to the region is the caller's to ask. `not_allowed`: this person may read nobody's track. */
export async function crossedIn(
  env: Env,
  viewer: Viewer,
  { region, fenceId, since, limit, order, purpose }: EventsQuery,
): Promise<ShownFenceEvent[] | 'not_allowed'> {
  if (purpose !== null && !may(viewer, 'track:read', [region])) return 'not_allowed'
  return withFences(env, async (db) => {
    if (purpose !== null) {
      const subject = fenceId === null ? `geofences:${region}` : `geofence:${fenceId}`
      await noteAccess(db, { region, actorUid: viewer.uid, action: 'track:read', subject, purpose })
    }
    const read = order === 'newest' ? lastFenceEvents : fenceEventsSince
    const events = await read(db, region, fenceId, since, limit)
    return purpose === null ? events.map((event) => ({ ...event, deviceId: null })) : events
  })
}

async function changed(env: Env, region: RegionId, change: (db: Db) => Promise<FenceSaved>): Promise<FenceChange> {
  const saved = await withFences(env, async (db) => {
    const result = await change(db)
    if (result.ok) await handOut(env, db, region)
    return result
  })
  return saved.ok ? saved : { ok: false, why: saved.refusal }
}

/** Whoever drew sees it watched at once. A shard that does not answer asks by itself within the minute. */
async function handOut(env: Env, db: Db, region: RegionId): Promise<void> {
  const list = await watchedFences(db, region, -1)
  if (!list) return
  const shards = Array.from({ length: fleetShardCount(env) }, (_, shard) => fleetOf(env, region, shard))
  await Promise.all(shards.map((shard) => within(FLEET_DEADLINE_MS, shard.fences(list)).catch(() => {})))
}
