// What left the tower by a person's decision: what was told to whom, live-location links and who opened them, broadcasts.

import { index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Broadcast, Disclosure } from '../../src/domain/outward-record'
import { at } from './columns'

/** Append only. */
export const disclosure = pgTable(
  'disclosure',
  {
    id: uuid().primaryKey(),
    region: text().notNull(),
    incidentId: text('incident_id').notNull(),
    at: at('at').notNull(),
    recipientKind: text('recipient_kind').notNull(),
    recipientId: text('recipient_id'),
    recipientName: text('recipient_name').notNull(),
    way: text().notNull(),
    sent: jsonb().$type<Disclosure['sent']>().notNull(),
    decidedBy: text('decided_by').notNull(),
    decidedByName: text('decided_by_name').notNull(),
  },
  (t) => [index('disclosure_incident').on(t.incidentId, t.at), index('disclosure_region').on(t.region, t.at)],
)

export const shareLink = pgTable(
  'share_link',
  {
    id: uuid().primaryKey(),
    region: text().notNull(),
    incidentId: text('incident_id').notNull(),
    tokenHash: text('token_hash').notNull(),
    codeHash: text('code_hash'),
    recipient: text().notNull(),
    granted: text().array().notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: at('made_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    revokedBy: text('revoked_by'),
  },
  (t) => [uniqueIndex('share_link_token').on(t.tokenHash), index('share_link_incident').on(t.incidentId, t.madeAt)],
)

export const shareView = pgTable(
  'share_view',
  {
    id: uuid().primaryKey(),
    region: text().notNull(),
    linkId: uuid('link_id')
      .notNull()
      .references(() => shareLink.id),
    at: at('at').notNull(),
    /** Of the address's first part, with a salt. */
    ipHash: text('ip_hash').notNull(),
    agent: text(),
  },
  (t) => [index('share_view_link').on(t.linkId, t.at), index('share_view_at').on(t.at)],
)

export const broadcast = pgTable(
  'broadcast',
  {
    id: uuid().primaryKey(),
    region: text().notNull(),
    ref: text().notNull(),
    area: jsonb().$type<Broadcast['area']>().notNull(),
    text: text().notNull(),
    counts: jsonb().$type<Broadcast['counts']>().notNull(),
    sentBy: text('sent_by').notNull(),
    at: at('at').notNull(),
    expiresAt: at('expires_at').notNull(),
    cancelledAt: at('cancelled_at'),
    cancelledBy: text('cancelled_by'),
  },
  (t) => [index('broadcast_region').on(t.region, t.at)],
)

/** The newest answer of each phone. */
export const broadcastAnswer = pgTable(
  'broadcast_answer',
  {
    broadcastId: uuid('broadcast_id')
      .notNull()
      .references(() => broadcast.id),
    deviceId: text('device_id').notNull(),
    region: text().notNull(),
    answer: text().notNull(),
    at: at('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.deviceId] }), index('broadcast_answer_at').on(t.at)],
)
