// Areas that people draw, and which vehicles went into them and out.

import { sql } from 'drizzle-orm'
import { bigint, boolean, doublePrecision, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './columns'
import { region } from './region'

/** Triggers write `version`, `drawnVersion` and `changedAt`. */
export const geofence = pgTable(
  'geofence',
  {
    id: uuid().primaryKey().defaultRandom(),
    region: text()
      .notNull()
      .references(() => region.region),
    name: text().notNull(),
    kind: text().notNull(),
    /** The outer ring first, each a list of [lat, lng], not closed. */
    rings: jsonb().notNull(),
    active: boolean().notNull().default(true),
    /** Taken away: shown nowhere but beside its events. */
    retired: boolean().notNull().default(false),
    version: bigint({ mode: 'number' }).notNull(),
    /** The version at which its border came to be what it is. */
    drawnVersion: bigint('drawn_version', { mode: 'number' }).notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: at('made_at').notNull().default(sql`now()`),
    changedBy: text('changed_by').notNull(),
    changedAt: at('changed_at').notNull().default(sql`now()`),
  },
  (t) => [
    index('geofence_region').on(t.region, t.name).where(sql`NOT retired`),
    index('geofence_region_version').on(t.region, t.version),
  ],
)

/** Partitioned by day in Manila, by when it was received; see the migration. */
export const geofenceEvent = pgTable(
  'geofence_event',
  {
    region: text().notNull(),
    deviceId: text('device_id').notNull(),
    geofenceId: uuid('geofence_id').notNull(),
    event: text().notNull(),
    at: at('at').notNull(),
    receivedAt: at('received_at').notNull(),
    lat: doublePrecision().notNull(),
    lng: doublePrecision().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.geofenceId, t.receivedAt, t.deviceId, t.at, t.event] }),
    index('geofence_event_region').on(t.region, t.receivedAt),
  ],
)
