// Whom operators call outside: dated data with its source.

import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Agency } from '../../src/domain/agency'
import { at, changedColumns, directoryColumns } from './columns'
import { region } from './region'

export const agency = pgTable(
  'agency',
  {
    id: text().primaryKey(),
    region: text()
      .notNull()
      .references(() => region.region),
    kind: text().notNull(),
    name: text().notNull(),
    numbers: jsonb().$type<Agency['numbers']>().notNull(),
    languages: text().array().notNull().default([]),
    covers: text().notNull(),
    source: text().notNull(),
    verifiedAt: at('verified_at'),
    verifiedBy: text('verified_by'),
    reverifyDays: integer('reverify_days').notNull(),
    machine: jsonb().$type<Agency['machine']>(),
    note: text(),
    active: boolean().notNull().default(true),
    retired: boolean().notNull().default(false),
    ...changedColumns(),
    ...directoryColumns(),
  },
  (t) => [index('agency_version').on(t.version), index('agency_region').on(t.region, t.kind).where(sql`NOT retired`)],
)
