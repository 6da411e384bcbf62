// Who is on duty, and whom a driver wants told: the part of the directory that says who is told. Triggers stamp it.

import { sql } from 'drizzle-orm'
import { boolean, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import type { Kin } from '../../src/domain/duty'
import type { EscalationPolicy } from '../../src/domain/escalation-policy'
import type { Address } from '../../src/domain/page'
import { at, changedColumns, directoryColumns } from './columns'
import { driver } from './directory'
import { region } from './region'

const inRegion = () =>
  text()
    .notNull()
    .references(() => region.region)

export const dutyContact = pgTable(
  'duty_contact',
  {
    id: text().primaryKey(),
    region: inRegion(),
    name: text().notNull(),
    lang: text().notNull(),
    /** In order of preference. */
    addresses: jsonb().$type<Address[]>().notNull(),
    teams: text().array().notNull().default([]),
    /** The tower's user that this person is. */
    uid: text(),
    active: boolean().notNull().default(true),
    retired: boolean().notNull().default(false),
    ...changedColumns(),
    ...directoryColumns(),
  },
  (t) => [
    index('duty_contact_version').on(t.version),
    index('duty_contact_region').on(t.region, t.name).where(sql`NOT retired`),
  ],
)

export const dutyShift = pgTable(
  'duty_shift',
  {
    id: text().primaryKey(),
    region: inRegion(),
    duty: text().notNull(),
    contactId: text('contact_id')
      .notNull()
      .references(() => dutyContact.id),
    fromAt: at('from_at').notNull(),
    untilAt: at('until_at').notNull(),
    weekly: boolean().notNull().default(false),
    weeklyUntil: at('weekly_until'),
    override: boolean().notNull().default(false),
    note: text(),
    retired: boolean().notNull().default(false),
    ...changedColumns(),
    ...directoryColumns(),
  },
  (t) => [
    index('duty_shift_version').on(t.version),
    index('duty_shift_region').on(t.region, t.duty, t.fromAt).where(sql`NOT retired`),
    index('duty_shift_contact').on(t.contactId).where(sql`NOT retired`),
  ],
)

/** A region without a row goes by the built-in clocks. */
export const escalationPolicy = pgTable('escalation_policy', {
  region: text()
    .primaryKey()
    .references(() => region.region),
  body: jsonb().$type<EscalationPolicy>().notNull(),
  ...changedColumns(),
  ...directoryColumns(),
})

/** Goes where its driver goes: a trigger of `driver` moves it. */
export const driverKin = pgTable(
  'driver_kin',
  {
    driverId: text('driver_id')
      .primaryKey()
      .references(() => driver.id),
    region: inRegion(),
    contacts: jsonb().$type<Kin['contacts']>().notNull(),
    retired: boolean().notNull().default(false),
    ...changedColumns(),
    ...directoryColumns(),
  },
  (t) => [index('driver_kin_version').on(t.version)],
)

/** What one shift leaves to the next. Its words cannot be changed, only accepted. */
export const dutyHandover = pgTable(
  'duty_handover',
  {
    id: uuid().primaryKey().defaultRandom(),
    region: inRegion(),
    duty: text().notNull(),
    fromContact: text('from_contact')
      .notNull()
      .references(() => dutyContact.id),
    toContact: text('to_contact')
      .notNull()
      .references(() => dutyContact.id),
    note: text().notNull(),
    writtenBy: text('written_by').notNull(),
    at: at('at').notNull().default(sql`now()`),
    acceptedBy: text('accepted_by'),
    acceptedAt: at('accepted_at'),
  },
  (t) => [index('duty_handover_region').on(t.region, t.at)],
)
