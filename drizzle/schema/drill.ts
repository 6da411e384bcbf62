// Drills, and what each of those that were tried did.

import { boolean, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './columns'

export const drill = pgTable(
  'drill',
  {
    id: uuid().primaryKey(),
    region: text().notNull(),
    ref: text().notNull(),
    kind: text().notNull(),
    /** A device, a contact, a channel or the region. */
    subject: text().notNull(),
    startedBy: text('started_by').notNull(),
    at: at('at').notNull(),
    untilAt: at('until_at').notNull(),
    endedAt: at('ended_at'),
    /** Null while it goes on. */
    passed: boolean(),
    note: text(),
  },
  (t) => [index('drill_region').on(t.region, t.at)],
)

export const drillResult = pgTable(
  'drill_result',
  {
    drillId: uuid('drill_id')
      .notNull()
      .references(() => drill.id),
    subject: text().notNull(),
    region: text().notNull(),
    name: text().notNull(),
    passed: boolean().notNull(),
    tookMs: integer('took_ms'),
    why: text(),
    appVersion: text('app_version'),
    at: at('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.drillId, t.subject] }), index('drill_result_at').on(t.at)],
)
