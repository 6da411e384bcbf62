// The reference data: who drives what with which device, who may log in, whom to call. Rooms keep copies of it.

import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { directoryColumns } from './columns'
import { region } from './region'

const inRegion = () =>
  text()
    .notNull()
    .references(() => region.region)

export const driver = pgTable(
  'driver',
  {
    id: text().primaryKey(),
    region: inRegion(),
    name: text().notNull(),
    /** E.164. */
    phone: text(),
    retired: boolean().notNull().default(false),
    ...directoryColumns(),
  },
  (t) => [index('driver_version').on(t.version)],
)

/** `plate`, or `conduction` (the sticker of a car too new for plates): a check asks for one of them. */
export const vehicle = pgTable(
  'vehicle',
  {
    id: text().primaryKey(),
    region: inRegion(),
    plate: text(),
    conduction: text(),
    make: text().notNull(),
    model: text().notNull(),
    colour: text().notNull(),
    retired: boolean().notNull().default(false),
    ...directoryColumns(),
  },
  (t) => [index('vehicle_version').on(t.version)],
)

/** `region` is its home: the room of all its incidents. */
export const device = pgTable(
  'device',
  {
    id: text().primaryKey(),
    region: inRegion(),
    driverId: text('driver_id').references(() => driver.id),
    vehicleId: text('vehicle_id').references(() => vehicle.id),
    /** Of the newest token made for it. */
    generation: integer().notNull().default(1),
    /** Tokens below this generation are revoked. */
    minGeneration: integer('min_generation').notNull().default(0),
    pinMac: text('pin_mac'),
    duressPinMac: text('duress_pin_mac'),
    retired: boolean().notNull().default(false),
    ...directoryColumns(),
  },
  (t) => [
    index('device_version').on(t.version),
    index('device_driver').on(t.driverId),
    index('device_vehicle').on(t.vehicleId),
  ],
)

/** `region` is where the person belongs; `regions` is where their rights are. */
export const appUser = pgTable(
  'app_user',
  {
    id: text().primaryKey(),
    region: inRegion(),
    email: text().notNull(),
    name: text().notNull(),
    alias: text().notNull(),
    role: text().notNull(),
    regions: text().array().notNull(),
    passwordHash: text('password_hash').notNull(),
    sessionEpoch: integer('session_epoch').notNull().default(1),
    active: boolean().notNull().default(true),
    ...directoryColumns(),
  },
  (t) => [uniqueIndex('app_user_email').on(sql`lower(${t.email})`), index('app_user_version').on(t.version)],
)

/** Up to five phones per region that are paged while the region's room is dead. */
export const dutyCard = pgTable('duty_card', {
  region: text()
    .primaryKey()
    .references(() => region.region),
  phones: jsonb().$type<{ name: string; phone: string }[]>().notNull(),
  ...directoryColumns(),
})
