// Columns that several tables have in common.

import { type SQL, sql } from 'drizzle-orm'
import { bigint, text, timestamp } from 'drizzle-orm/pg-core'

export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A jsonb value, also where the driver hands it over as text. */
export const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::text::jsonb`

/**
 * What every table of the directory has. `version` comes from one sequence and becomes visible in order, so that "what is
 * newer than v" never misses a row; `regionsBefore` are the regions that were once told of the row and have to forget it.
 * Triggers write both.
 */
export const directoryColumns = () => ({
  version: bigint({ mode: 'number' }).notNull(),
  regionsBefore: text('regions_before').array().notNull().default([]),
})

/** Who last changed a row that people keep, and when. */
export const changedColumns = () => ({
  changedBy: text('changed_by').notNull(),
  changedAt: at('changed_at').notNull().default(sql`now()`),
})
