// Whom drivers want told. Only names and numbers of people who are no part of the fleet: read for an incident or by who edits.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Kin } from '../domain/duty'
import type { KeptKin } from '../domain/duty-record'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'
import { bodies, KEPT, type Saved, touched } from './rows'

export type KinDriver = { id: string; region: RegionId; name: string; phone: string | null }

/** Null where the driver has named nobody. */
export async function kinOf(db: Db, driverId: string): Promise<KeptKin | null> {
  return (
    bodies<KeptKin>(
      await db.execute(sql`SELECT ${KIN} AS body FROM driver_kin WHERE driver_id = ${driverId} AND NOT retired`),
    )[0] ?? null
  )
}

/** Whose they are; null where there is no such driver. */
export async function driverOfKin(db: Db, driverId: string): Promise<KinDriver | null> {
  return (
    bodies<KinDriver>(
      await db.execute(sql`
        SELECT jsonb_build_object('id', id, 'region', region, 'name', name, 'phone', phone) AS body
        FROM driver WHERE id = ${driverId} AND NOT retired`),
    )[0] ?? null
  )
}

/**
 * All of a driver's at once, at most five. `from`: the version that its author saw, 0 where there were none; null to write them
 * whatever they are now. `no_such_driver`: none of this region.
 */
export async function saveKin(
  db: Db,
  { id, region, contacts }: Kin,
  by: string,
  from: number | null = null,
): Promise<Saved<KeptKin, 'no_such_driver'>> {
  const done = await db.execute(sql`
    INSERT INTO driver_kin (driver_id, region, contacts, changed_by)
    SELECT id, region, ${json(contacts)}, ${by} FROM driver WHERE id = ${id} AND region = ${region} AND NOT retired
    ON CONFLICT (driver_id) DO UPDATE SET (region, contacts, changed_by, changed_at) =
      ROW (excluded.region, excluded.contacts, excluded.changed_by, now())
      WHERE ${from}::bigint IS NULL OR driver_kin.version = ${from}::bigint
    RETURNING driver_id`)
  const kept = await kinOf(db, id)
  if (touched(done) && kept) return { ok: true, saved: kept }
  return { ok: false, refusal: kept?.region === region ? 'changed' : 'no_such_driver' }
}

const KIN = sql.raw(`jsonb_build_object('id', driver_id, 'region', region, 'contacts', contacts, ${KEPT})`)
