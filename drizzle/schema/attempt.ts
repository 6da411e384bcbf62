// Every try of every way out, as the Courier told of it: for an incident's ladder and the delivery report.

import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Attempt } from '../../src/domain/page'
import { at } from './columns'

export const attempt = pgTable(
  'attempt',
  {
    id: text().primaryKey(),
    region: text().notNull(),
    pageId: text('page_id').notNull(),
    incidentId: text('incident_id'),
    reason: text().notNull(),
    step: text().notNull(),
    contactId: text('contact_id').notNull(),
    contactName: text('contact_name').notNull(),
    channel: text().notNull(),
    provider: text(),
    network: text(),
    /** Shortened: +63917•••4567. */
    sentTo: text('sent_to').notNull(),
    n: integer().notNull(),
    state: text().notNull(),
    error: text(),
    answer: text(),
    drill: boolean().notNull(),
    /** When the first of its states was reached. */
    beganAt: at('began_at').notNull(),
    times: jsonb().$type<Attempt['at']>().notNull(),
  },
  (t) => [
    index('attempt_region_began').on(t.region, t.beganAt),
    index('attempt_incident').on(t.incidentId, t.beganAt).where(sql`incident_id IS NOT NULL`),
  ],
)
