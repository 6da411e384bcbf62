// Devices in Postgres, as the admin's pages list, make and revoke them. Rooms hear of every change through the directory.

import { sql } from 'drizzle-orm'
import type { DriverCard, VehicleCard } from '../domain/directory'
import type { EnrolledDevice } from '../domain/enrolment'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'

export type DeviceQuery = {
  /** Part of an id, a driver's name, a plate or a conduction sticker, in any case; empty for all. */
  q: string
  /** The id after which the page begins; null for the first. */
  after: string | null
  limit: number
}

/** A region's devices in the order of their ids, retired ones left out. `more`: there is a further page. */
export async function listDevices(
  db: Db,
  region: RegionId,
  { q, after, limit }: DeviceQuery,
): Promise<{ devices: EnrolledDevice[]; more: boolean }> {
  const found = await db.execute(sql`
    SELECT ${DEVICE} AS body FROM device ${WITH_CREW}
    WHERE device.region = ${region} AND NOT device.retired AND device.id > ${after ?? ''}
      AND (${q} = '' OR device.id ILIKE ${part(q)} OR driver.name ILIKE ${part(q)}
        OR translate(vehicle.plate, ' -', '') ILIKE ${mark(q)}
        OR translate(vehicle.conduction, ' -', '') ILIKE ${mark(q)})
    ORDER BY device.id LIMIT ${limit + 1}`)
  const devices = bodies<EnrolledDevice>(found)
  return { devices: devices.slice(0, limit), more: devices.length > limit }
}

/** Null where there is none, or it is retired. */
export async function readDevice(db: Db, id: string): Promise<EnrolledDevice | null> {
  const found = await db.execute(sql`
    SELECT ${DEVICE} AS body FROM device ${WITH_CREW} WHERE device.id = ${id} AND NOT device.retired`)
  return bodies<EnrolledDevice>(found)[0] ?? null
}

export type NewDevice = { id: string; region: RegionId; driverId: string | null; vehicleId: string | null }
/** `taken`: there is or was a device of this id. The others: not in the directory of this region. */
export type MakeRefusal = 'taken' | 'no_such_driver' | 'no_such_vehicle'

/** A device of generation 1. Its driver and vehicle must be of its region, for that region's room shows their cards. */
export function makeDevice(
  db: Db,
  { id, region, driverId, vehicleId }: NewDevice,
): Promise<{ ok: true; device: EnrolledDevice } | { ok: false; refusal: MakeRefusal }> {
  return db.transaction(async (tx) => {
    const [crew] = (await tx.execute(sql`
      SELECT
        EXISTS (SELECT FROM driver WHERE id = ${driverId} AND region = ${region} AND NOT retired) AS driver,
        EXISTS (SELECT FROM vehicle WHERE id = ${vehicleId} AND region = ${region} AND NOT retired) AS vehicle`)) as unknown as {
      driver: boolean
      vehicle: boolean
    }[]
    if (driverId !== null && !crew?.driver) return { ok: false, refusal: 'no_such_driver' }
    if (vehicleId !== null && !crew?.vehicle) return { ok: false, refusal: 'no_such_vehicle' }
    const made = await tx.execute(sql`
      INSERT INTO device (id, region, driver_id, vehicle_id) VALUES (${id}, ${region}, ${driverId}, ${vehicleId})
      ON CONFLICT (id) DO NOTHING RETURNING id`)
    if ((made as unknown as unknown[]).length === 0) return { ok: false, refusal: 'taken' }
    const device = await readDevice(tx, id)
    if (!device) throw new Error('a device that was just made is not there')
    return { ok: true, device }
  })
}

/** Counts up to the generation of a further token. Tokens before it stay good until they are revoked. Null where there is no device. */
export async function nextGeneration(db: Db, id: string): Promise<EnrolledDevice | null> {
  return changed(db, id, sql`generation = greatest(generation + 1, min_generation)`)
}

/** Revokes all tokens made so far, or all but the newest. Never gives one back. Safe to repeat. */
export async function revokeTokens(db: Db, id: string, keep: 'newest' | 'none'): Promise<EnrolledDevice | null> {
  const least = keep === 'newest' ? sql`generation` : sql`generation + 1`
  return changed(db, id, sql`min_generation = greatest(min_generation, ${least})`)
}

export type DriverChoice = DriverCard & { devices: string[] }
export type VehicleChoice = VehicleCard & { devices: string[] }

/** Drivers of a region by part of their name or phone (0917… finds +63917…), those without a device first. */
export async function chooseDriver(db: Db, region: RegionId, q: string, limit: number): Promise<DriverChoice[]> {
  const found = await db.execute(sql`
    SELECT jsonb_build_object('id', driver.id, 'name', driver.name, 'phone', driver.phone, 'devices', own.ids) AS body
    FROM driver, LATERAL (${ownDevices(sql`driver_id = driver.id`)}) AS own
    WHERE driver.region = ${region} AND NOT driver.retired
      AND (${q} = '' OR driver.name ILIKE ${part(q)} OR driver.phone ILIKE ${mark(q.replace(/^\s*0/, ''))} OR driver.id ILIKE ${part(q)})
    ORDER BY jsonb_array_length(own.ids) > 0, driver.name, driver.id LIMIT ${limit}`)
  return bodies<DriverChoice>(found)
}

/** Vehicles of a region by part of their plate, sticker, make or model, those without a device first. */
export async function chooseVehicle(db: Db, region: RegionId, q: string, limit: number): Promise<VehicleChoice[]> {
  const found = await db.execute(sql`
    SELECT jsonb_build_object('id', vehicle.id, 'plate', vehicle.plate, 'conduction', vehicle.conduction,
      'make', vehicle.make, 'model', vehicle.model, 'colour', vehicle.colour, 'devices', own.ids) AS body
    FROM vehicle, LATERAL (${ownDevices(sql`vehicle_id = vehicle.id`)}) AS own
    WHERE vehicle.region = ${region} AND NOT vehicle.retired
      AND (${q} = '' OR translate(vehicle.plate, ' -', '') ILIKE ${mark(q)}
        OR translate(vehicle.conduction, ' -', '') ILIKE ${mark(q)}
        OR concat_ws(' ', vehicle.make, vehicle.model) ILIKE ${part(q)} OR vehicle.id ILIKE ${part(q)})
    ORDER BY jsonb_array_length(own.ids) > 0, coalesce(vehicle.plate, vehicle.conduction), vehicle.id LIMIT ${limit}`)
  return bodies<VehicleChoice>(found)
}

async function changed(db: Db, id: string, change: ReturnType<typeof sql>): Promise<EnrolledDevice | null> {
  await db.execute(sql`UPDATE device SET ${change} WHERE id = ${id} AND NOT retired`)
  return readDevice(db, id)
}

const ownDevices = (whose: ReturnType<typeof sql>) => sql`
  SELECT coalesce(jsonb_agg(device.id ORDER BY device.id), '[]') AS ids FROM device WHERE ${whose} AND NOT device.retired`

const bodies = <T>(found: unknown): T[] => (found as { body: T }[]).map(({ body }) => body)

/** What was typed means itself, also where it holds a pattern's own marks. */
const part = (q: string): string => `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
/** Plates and phones are written with spaces and hyphens, or without. */
const mark = (q: string): string => part(q.replaceAll(/[\s-]/g, ''))

const WITH_CREW = sql.raw(
  'LEFT JOIN driver ON driver.id = device.driver_id LEFT JOIN vehicle ON vehicle.id = device.vehicle_id',
)

const DEVICE = sql.raw(`jsonb_build_object('id', device.id, 'home', device.region, 'generation', device.generation,
  'minGeneration', device.min_generation,
  'driver', CASE WHEN driver.id IS NOT NULL
    THEN jsonb_build_object('id', driver.id, 'name', driver.name, 'phone', driver.phone) END,
  'vehicle', CASE WHEN vehicle.id IS NOT NULL
    THEN jsonb_build_object('id', vehicle.id, 'plate', vehicle.plate, 'conduction', vehicle.conduction,
      'make', vehicle.make, 'model', vehicle.model, 'colour', vehicle.colour) END)`)
