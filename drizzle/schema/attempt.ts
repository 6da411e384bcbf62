// Every try of every way out, as the Courier told of it: for an incident's ladder and the delivery report.

import { sql } from 'drizzle-orm'
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
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
    // What the delivery report asks of each, so that its index answers it.
    wasSent: boolean('was_sent').notNull().generatedAlwaysAs(sql`times ? 'sending'`),
    wasDelivered: boolean('was_delivered').notNull().generatedAlwaysAs(sql`times ? 'delivered'`),
    /** From the call to the network's word. */
    tookMs: doublePrecision('took_ms').generatedAlwaysAs(
      sql`(times ->> 'delivered')::double precision - (times ->> 'sending')::double precision`,
    ),
  },
  (t) => [
    index('attempt_region_began').on(t.region, t.beganAt),
    // With what the report counts INCLUDEd, which this notation cannot say.
    index('attempt_report').on(t.region, t.beganAt).where(sql`NOT drill`),
    index('attempt_incident').on(t.incidentId, t.beganAt).where(sql`incident_id IS NOT NULL`),
  ],
)
