// Housekeeping of the table of positions: days ahead are made, days beyond retention dropped. Postgres does the work, in
// functions that it lends to the writer; see the migration of positions.

import { sql } from 'drizzle-orm'
import type { Db } from './postgres'

/** Days: how many ahead have a table, and how many back are kept. */
export type Retention = { ahead: number; keep: number }
export const RETENTION: Retention = { ahead: 7, keep: 30 }

/** `inDefault`: positions of a kept day without a table. More than none is an alarm: tables are not made in time. */
export type PartitionReport = { made: number; dropped: number; inDefault: number }

/** Copying what belongs to incidents takes longer than any request may. Needs a deadline of its caller beyond it. */
export const HOUSEKEEPING_MS = 60_000

/**
 * Safe to repeat, and by several at once: they take turns. Throws where a lock was not to be had within 3 s, for positions
 * would queue behind it; the next run tries again. What was made stays made where dropping fails.
 */
export async function keepPartitions(db: Db, { ahead, keep }: Retention = RETENTION): Promise<PartitionReport> {
  const made = await patiently(db, sql`make_position_partitions(${ahead}::int, ${keep}::int)`)
  const dropped = await patiently(db, sql`drop_position_partitions(${keep}::int)`)
  const inDefault = await patiently(db, sql`positions_in_default(${keep}::int)`)
  return { made, dropped, inDefault }
}

/** Each in a transaction of its own, so that none holds the locks of the one before. */
const patiently = (db: Db, call: ReturnType<typeof sql>): Promise<number> =>
  db.transaction(async (tx) => {
    await tx.execute(sql`SELECT set_config('statement_timeout', ${String(HOUSEKEEPING_MS)}, true)`)
    const found = await tx.execute(sql`SELECT ${call}::float8 AS count`)
    return (found as unknown as { count: number }[])[0]?.count ?? 0
  })
