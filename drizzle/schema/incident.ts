// What Postgres remembers after the rooms have moved on. Written by the rooms' outboxes alone.

import { sql } from 'drizzle-orm'
import {
  bigint,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { at } from './columns'

/** The latest state of every incident, one row each. `region` is its room. No foreign keys: the past needs no directory. */
export const incident = pgTable(
  'incident',
  {
    id: text().primaryKey(),
    region: text().notNull(),
    desk: text().notNull(),
    code: text().notNull(),
    state: text().notNull(),
    priority: text().notNull(),
    contactPolicy: text('contact_policy').notNull(),
    kind: text().notNull(),
    reporter: text().notNull(),
    door: text().notNull(),
    deviceId: text('device_id'),
    driver: jsonb(),
    vehicle: jsonb(),
    lat: doublePrecision(),
    lng: doublePrecision(),
    accuracyM: doublePrecision('accuracy_m'),
    headingDeg: doublePrecision('heading_deg'),
    speedMps: doublePrecision('speed_mps'),
    fixedAt: at('fixed_at'),
    doubts: text().array().notNull(),
    pressCount: integer('press_count').notNull(),
    flags: text().array().notNull(),
    note: text(),
    pressedAt: at('pressed_at'),
    receivedAt: at('received_at').notNull(),
    shownAt: at('shown_at'),
    takenAt: at('taken_at'),
    helpOnTheWayAt: at('help_on_the_way_at'),
    safeAt: at('safe_at'),
    closedAt: at('closed_at'),
    alarmedAt: at('alarmed_at').notNull(),
    lastActAt: at('last_act_at'),
    owner: jsonb(),
    /** To whom it was passed, until somebody takes it. */
    offeredTo: jsonb('offered_to'),
    furthestLeg: text('furthest_leg'),
    links: text().array().notNull(),
    merged: text().array().notNull(),
    mergedInto: text('merged_into'),
    pending: jsonb(),
    ring: jsonb().notNull(),
    /** Place in the room's log of the change that wrote this row: a repeat or a late arrival does not go back. */
    epoch: text().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    changedAt: at('changed_at').notNull(),
  },
  (t) => [
    index('incident_region_received').on(t.region, t.receivedAt),
    index('incident_desk_received').on(t.desk, t.receivedAt),
    index('incident_device').on(t.deviceId, t.receivedAt),
    index('incident_driver').on(sql`(${t.driver} ->> 'id')`),
  ],
)

/** The responders' ways of an incident, as they were with its latest row. */
export const leg = pgTable(
  'leg',
  {
    incidentId: text('incident_id').notNull(),
    id: text().notNull(),
    region: text().notNull(),
    kind: text().notNull(),
    name: text().notNull(),
    state: text().notNull(),
    etaMinutes: integer('eta_minutes'),
  },
  (t) => [
    primaryKey({ columns: [t.incidentId, t.id] }),
    foreignKey({ columns: [t.incidentId], foreignColumns: [incident.id] }).onDelete('cascade'),
  ],
)

/** Every line of every room's log. Append only: the writer has no right to update or delete. */
export const incidentEvent = pgTable(
  'incident_event',
  {
    room: text().notNull(),
    epoch: text().notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    region: text().notNull().generatedAlwaysAs(sql`room`),
    at: at('at').notNull(),
    type: text().notNull(),
    incident: text(),
    actor: jsonb().notNull(),
    body: jsonb(),
    salt: text(),
    bodyHash: text('body_hash').notNull(),
    prevHash: text('prev_hash').notNull(),
    hash: text().notNull(),
  },
  (t) => [
    // The room's own numbering, so delivering the same line twice changes nothing.
    primaryKey({ columns: [t.room, t.epoch, t.seq] }),
    index('incident_event_incident').on(t.incident, t.at),
    index('incident_event_room_at').on(t.room, t.at),
  ],
)
