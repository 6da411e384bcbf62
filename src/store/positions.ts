// Carries a fleet shard's positions into Postgres. Safe to repeat: a position that is there already changes nothing.

import { type SQL, sql } from 'drizzle-orm'
import type { PositionRow } from '../domain/track'
import { sqlState } from './fault'
import type { Db } from './postgres'

/**
 * All of them in one statement or, where it throws, none; the answer is how many were new. `isRowFault` says of the error
 * whether smaller portions may help. Arrays instead of rows of values: one parameter per column, planned in half the time.
 */
export async function savePositions(db: Db, rows: readonly PositionRow[]): Promise<number> {
  if (rows.length === 0) return 0
  try {
    return await insert(db, rows, sql``)
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error
    return insert(db, rows, sql`ON CONFLICT DO NOTHING`)
  }
}

/**
 * Some of them are there already: seldom, for a shard keeps repeats to itself, and only a batch whose answer was lost comes
 * twice. Looking out for it with every row makes the statement twice as long.
 */
const UNIQUE_VIOLATION = '23505'

async function insert(db: Db, rows: readonly PositionRow[], onConflict: SQL): Promise<number> {
  const saved = await db.execute(sql`
    INSERT INTO position (region, device_id, at, received_at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct,
      event, protocol, doubts)
    SELECT region, device_id, to_timestamp(at / 1000.0), to_timestamp(received_at / 1000.0), lat, lng, accuracy_m,
      heading_deg, speed_mps, battery_pct, event, protocol, doubts::text[]
    FROM unnest(
      ${texts(rows, (row) => row.region)}::text[], ${texts(rows, (row) => row.deviceId)}::text[],
      ${numbers(rows, (row) => row.at)}::float8[], ${numbers(rows, (row) => row.receivedAt)}::float8[],
      ${numbers(rows, (row) => row.lat)}::float8[], ${numbers(rows, (row) => row.lng)}::float8[],
      ${numbers(rows, (row) => row.accuracyM)}::float4[], ${numbers(rows, (row) => row.headingDeg)}::float4[],
      ${numbers(rows, (row) => row.speedMps)}::float4[], ${numbers(rows, (row) => row.batteryPct)}::float4[],
      ${texts(rows, (row) => row.event)}::text[], ${texts(rows, (row) => row.protocol)}::text[],
      ${texts(rows, (row) => `{${row.doubts.map(quoted).join(',')}}`)}::text[]
    ) AS row(region, device_id, at, received_at, lat, lng, accuracy_m, heading_deg, speed_mps, battery_pct, event,
      protocol, doubts)
    ${onConflict}`)
  return (saved as unknown as { count: number }).count
}

// As literals of Postgres: our connections know the types of no arrays, and Drizzle would bind each item by itself.
const numbers = (rows: readonly PositionRow[], of: (row: PositionRow) => number | null): SQL =>
  sql`${`{${rows.map((row) => of(row) ?? 'NULL').join(',')}}`}::text`

const texts = (rows: readonly PositionRow[], of: (row: PositionRow) => string | null): SQL =>
  sql`${`{${rows.map((row) => quoted(of(row))).join(',')}}`}::text`

const quoted = (text: string | null): string => (text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, '\\$&')}"`)
