// Geofences in Postgres: made, changed and taken away by people, read whole by pages and by the shards that watch them.

import { type SQL, sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Geofence } from '../domain/fence'
import { type FenceList, type KeptFence, MAX_ACTIVE_FENCES } from '../domain/fence-record'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'

/** In the order of their names. Those that were taken away are left out. */
export async function listFences(db: Db, region: RegionId): Promise<KeptFence[]> {
  const found = await db.execute(sql`
    SELECT ${FENCE} AS body FROM geofence WHERE region = ${region} AND NOT retired ORDER BY name, id`)
  return bodies<KeptFence>(found)
}

/** Null where there is none, or it was taken away. */
export async function readFence(db: Db, id: string): Promise<KeptFence | null> {
  const found = await db.execute(sql`SELECT ${FENCE} AS body FROM geofence WHERE id = ${id}::uuid AND NOT retired`)
  return bodies<KeptFence>(found)[0] ?? null
}

/** What shards watch; null where nothing has changed since the version that they have. */
export async function watchedFences(db: Db, region: RegionId, known: number): Promise<FenceList | null> {
  const newest = await db.execute(
    sql`SELECT coalesce(max(version), 0)::float8 AS version FROM geofence WHERE region = ${region}`,
  )
  const version = (newest as unknown as { version: number }[])[0]?.version ?? 0
  if (version === known) return null
  // Read after the version: newer ones among them are only sent again.
  const found = await db.execute(sql`
    SELECT jsonb_build_object('id', id, 'name', name, 'kind', kind, 'polygon', rings -> 0,
      'drawnVersion', drawn_version) AS body
    FROM geofence WHERE region = ${region} AND NOT retired AND active ORDER BY name, id`)
  return { version, fences: bodies<FenceList['fences'][number]>(found) }
}

/** `too_many`: the region has as many active ones as are watched. `changed`: not the version that the change was made from. */
export type FenceRefusal = 'gone' | 'changed' | 'too_many'
export type FenceSaved = { ok: true; fence: KeptFence } | { ok: false; refusal: FenceRefusal }
type Drawn = Pick<Geofence, 'name' | 'kind' | 'polygon'> & { active: boolean }

/** One that was checked. Safe to repeat with the same id: the first stands. */
export function makeFence(db: Db, fence: Drawn & { id: string; region: RegionId }, by: string): Promise<FenceSaved> {
  return db.transaction(async (tx) => {
    if (fence.active && (await isFull(tx, fence.region, fence.id))) return refused('too_many')
    await tx.execute(sql`
      INSERT INTO geofence (id, region, name, kind, rings, active, made_by, changed_by)
      VALUES (${fence.id}::uuid, ${fence.region}, ${fence.name}, ${fence.kind}, ${json([fence.polygon])}, ${fence.active},
        ${by}, ${by})
      ON CONFLICT (id) DO NOTHING`)
    return saved(await readFence(tx, fence.id))
  })
}

/** All that can be changed at once. `from`: the version that its author saw; null to change it whatever it is now. */
export function changeFence(
  db: Db,
  { id, region }: Pick<Geofence, 'id' | 'region'>,
  drawn: Drawn,
  by: string,
  from: number | null,
): Promise<FenceSaved> {
  return db.transaction(async (tx) => {
    if (drawn.active && (await isFull(tx, region, id))) return refused('too_many')
    const done = await tx.execute(sql`
      UPDATE geofence SET name = ${drawn.name}, kind = ${drawn.kind}, rings = ${json([drawn.polygon])},
        active = ${drawn.active}, changed_by = ${by}
      WHERE id = ${id}::uuid AND NOT retired AND (${from}::bigint IS NULL OR version = ${from}::bigint) RETURNING id`)
    const now = await readFence(tx, id)
    return now && (done as unknown as unknown[]).length === 0 ? refused('changed') : saved(now)
  })
}

/** Watched, or not. Safe to repeat. */
export function setFenceActive(
  db: Db,
  { id, region }: Pick<Geofence, 'id' | 'region'>,
  active: boolean,
  by: string,
): Promise<FenceSaved> {
  return db.transaction(async (tx) => {
    if (active && (await isFull(tx, region, id))) return refused('too_many')
    await tx.execute(sql`
      UPDATE geofence SET active = ${active}, changed_by = ${by} WHERE id = ${id}::uuid AND NOT retired AND active <> ${active}`)
    return saved(await readFence(tx, id))
  })
}

/** Its row stays, for its events name it. False where there is none, or it was taken away before. */
export async function retireFence(db: Db, id: string, by: string): Promise<boolean> {
  const done = await db.execute(sql`
    UPDATE geofence SET retired = true, active = false, changed_by = ${by} WHERE id = ${id}::uuid AND NOT retired RETURNING id`)
  return (done as unknown as unknown[]).length > 0
}

/** The lock is the trigger's own: two who make the last one take turns. */
async function isFull(tx: Db, region: RegionId, but: string): Promise<boolean> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(7307)`)
  const found = await tx.execute(sql`
    SELECT count(*)::int AS count FROM geofence WHERE region = ${region} AND NOT retired AND active AND id <> ${but}::uuid`)
  return ((found as unknown as { count: number }[])[0]?.count ?? 0) >= MAX_ACTIVE_FENCES
}

const refused = (refusal: FenceRefusal): FenceSaved => ({ ok: false, refusal })
const saved = (fence: KeptFence | null): FenceSaved => (fence ? { ok: true, fence } : refused('gone'))
const bodies = <T>(found: unknown): T[] => (found as { body: T }[]).map(({ body }) => body)

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`
const FENCE: SQL =
  sql.raw(`jsonb_build_object('id', id, 'region', region, 'name', name, 'kind', kind, 'polygon', rings -> 0,
  'active', active, 'version', version, 'madeBy', made_by, 'madeAt', ${ms('made_at')}, 'changedBy', changed_by,
  'changedAt', ${ms('changed_at')})`)
