// Where the fleet has been, by region and day; what is kept of it with an incident; and who looked.

import { sql } from 'drizzle-orm'
import { doublePrecision, index, pgTable, primaryKey, real, text, uuid } from 'drizzle-orm/pg-core'
import { at } from './columns'

const positionColumns = () => ({
  /** Home of the device when it reported. */
  region: text().notNull(),
  deviceId: text('device_id').notNull(),
  at: at('at').notNull(),
  receivedAt: at('received_at').notNull(),
  lat: doublePrecision().notNull(),
  lng: doublePrecision().notNull(),
  accuracyM: real('accuracy_m'),
  headingDeg: real('heading_deg'),
  speedMps: real('speed_mps'),
  batteryPct: real('battery_pct'),
  event: text(),
  protocol: text().notNull(),
  doubts: text().array().notNull(),
})

/** Partitioned by region, then by day in Manila; see the migration, for Drizzle knows no partitions. */
export const position = pgTable('position', { ...positionColumns(), keptFor: text('kept_for') }, (t) => [
  primaryKey({ columns: [t.deviceId, t.at, t.lat, t.lng, t.region] }),
  index('position_at').using('brin', t.at).with({ pages_per_range: 32, autosummarize: true }),
])

/** What belongs to an incident, after its day was dropped. `keptFor` is that incident. */
export const positionKept = pgTable(
  'position_kept',
  { ...positionColumns(), keptFor: text('kept_for').notNull() },
  (t) => [
    primaryKey({ columns: [t.deviceId, t.at, t.lat, t.lng, t.region, t.keptFor] }),
    index('position_kept_incident').on(t.keptFor, t.at),
  ],
)

/** Who opened what shows where a person was, and what for. Append only. */
export const accessLog = pgTable(
  'access_log',
  {
    id: uuid().primaryKey().defaultRandom(),
    region: text().notNull(),
    at: at('at').notNull().default(sql`now()`),
    actorUid: text('actor_uid').notNull(),
    action: text().notNull(),
    /** As `device:ncr-0047`. */
    subject: text().notNull(),
    purpose: text().notNull(),
  },
  (t) => [
    index('access_log_region_at').on(t.region, t.at),
    index('access_log_subject_at').on(t.subject, t.at),
    index('access_log_actor_at').on(t.actorUid, t.at),
  ],
)
