// Which vehicle crossed which fence's border: carried into Postgres by fleet shards, and read back by the newest or since.

import { type SQL, sql } from 'drizzle-orm'
import type { FenceEventRead, FenceEventRow } from '../domain/fence-record'
import type { RegionId } from '../domain/region'
import type { PartitionReport, Retention } from './partitions'
import type { Db } from './postgres'

/** All of them or, where it throws, none. Safe to repeat: one that is there already changes nothing. */
export async function saveFenceEvents(db: Db, rows: readonly FenceEventRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const saved = await db.execute(sql`
    INSERT INTO geofence_event (region, device_id, geofence_id, event, at, received_at, lat, lng)
    SELECT region, "deviceId", "fenceId", event, to_timestamp(at / 1000.0), to_timestamp("receivedAt" / 1000.0), lat, lng
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS row(region text, "deviceId" text, "fenceId" uuid,
      event text, at float8, "receivedAt" float8, lat float8, lng float8)
    ON CONFLICT DO NOTHING`)
  return (saved as unknown as { count: number }).count
}

/** Newest first by when we heard of them, not before `since` (epoch ms), of one fence or of all. */
export async function lastFenceEvents(
  db: Db,
  region: RegionId,
  fenceId: string | null,
  since: number,
  limit: number,
): Promise<FenceEventRead[]> {
  return rows(db, sql`${eventsOf(region, fenceId, since)} ORDER BY e.received_at DESC, e.at DESC LIMIT ${limit}`)
}

/** Oldest first, received at `since` or later. At most `limit`, and one more where there are further ones. */
export async function fenceEventsSince(
  db: Db,
  region: RegionId,
  fenceId: string | null,
  since: number,
  limit: number,
): Promise<FenceEventRead[]> {
  return rows(db, sql`${eventsOf(region, fenceId, since)} ORDER BY e.received_at, e.at LIMIT ${limit + 1}`)
}

/** Days ahead are made, days beyond retention dropped, as those of positions. Safe to repeat. */
export async function keepFenceEventPartitions(db: Db, { ahead, keep }: Retention): Promise<PartitionReport> {
  const call = async (what: SQL): Promise<number> => {
    const found = await db.execute(sql`SELECT ${what}::float8 AS count`)
    return (found as unknown as { count: number }[])[0]?.count ?? 0
  }
  const made = await call(sql`make_geofence_event_partitions(${ahead}::int)`)
  const dropped = await call(sql`drop_geofence_event_partitions(${keep}::int)`)
  return { made, dropped, inDefault: await call(sql`geofence_events_in_default()`) }
}

const eventsOf = (region: RegionId, fenceId: string | null, since: number): SQL => sql`
    SELECT ${COLUMNS} FROM geofence_event AS e JOIN geofence AS f ON f.id = e.geofence_id
    WHERE ${of(region, fenceId)} AND ${between(since)}`

const of = (region: RegionId, fenceId: string | null): SQL =>
  fenceId === null ? sql`e.region = ${region}` : sql`e.region = ${region} AND e.geofence_id = ${fenceId}::uuid`

/** A shard's clock may be ahead a little. The end lets the planner leave out the days that are still to come. */
const AHEAD_MS = 300_000
const between = (since: number): SQL =>
  sql`e.received_at >= ${time(since)} AND e.received_at < ${time(Date.now() + AHEAD_MS)}`

// Immutable, so that the planner itself leaves out the other days.
const time = (ms: number): SQL => sql`to_timestamp(${ms}::float8 / 1000)`

const COLUMNS = sql.raw(`e.device_id AS "deviceId", e.geofence_id AS "fenceId", e.event,
  (extract(epoch FROM e.at) * 1000)::float8 AS at, (extract(epoch FROM e.received_at) * 1000)::float8 AS "receivedAt",
  e.lat, e.lng, f.name, f.kind`)

const rows = async (db: Db, query: SQL): Promise<FenceEventRead[]> =>
  (await db.execute(query)) as unknown as FenceEventRead[]
