// What is not kept for ever of what left the tower, and for how long it is. Postgres forgets it, in functions that it lends to
// the writer, who may not delete; see the migration of retention. Positions and crossings go by partitions: see partitions.ts.

import { sql } from 'drizzle-orm'
import type { Db } from './postgres'

/** Days. The functions keep at least these: a longer time is set here, a shorter one in a migration. */
export const RETENTION_DAYS = {
  attempt: { forget: 'forget_attempts', days: 365 },
  share_view: { forget: 'forget_share_views', days: 30 },
  broadcast_answer: { forget: 'forget_broadcast_answers', days: 365 },
  drill_result: { forget: 'forget_drill_results', days: 365 },
} as const

export type Forgotten = Record<keyof typeof RETENTION_DAYS, number>

/** Rows of one statement: it holds locks for milliseconds. */
const PORTION = 2_000
/** Of each table in one run; what is left beyond goes with the next. */
const PORTIONS_MOST = 100

/** Rows that are gone, by table. Safe to repeat, and by several at once. What was forgotten stays so where a later part fails. */
export async function forgetOld(db: Db, portion = PORTION, most = PORTIONS_MOST): Promise<Forgotten> {
  const forgotten: Forgotten = { attempt: 0, share_view: 0, broadcast_answer: 0, drill_result: 0 }
  for (const table of Object.keys(RETENTION_DAYS) as (keyof Forgotten)[]) {
    const { forget, days } = RETENTION_DAYS[table]
    for (let n = 0; n < most; n++) {
      const found = await db.execute(sql`SELECT ${sql.raw(forget)}(${days}::int, ${portion}::int)::float8 AS count`)
      const count = (found as unknown as { count: number }[])[0]?.count ?? 0
      forgotten[table] += count
      if (count < portion) break
    }
  }
  return forgotten
}
