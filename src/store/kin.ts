// Whom drivers want told. Only names and numbers of people who are no part of the fleet: read for an incident or by who edits.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Kin } from '../domain/duty'
import type { KeptKin } from '../domain/duty-record'
import type { Db } from './postgres'
import { bodies, KEPT, type Saved, touched } from './rows'

/** Null where the driver has named nobody. */
export async function kinOf(db: Db, driverId: string): Promise<KeptKin | null> {
  return (
    bodies<KeptKin>(
      await db.execute(sql`SELECT ${KIN} AS body FROM driver_kin WHERE driver_id = ${driverId} AND NOT retired`),
    )[0] ?? null
  )
}

/** All of a driver's at once, at most five. `no_such_driver`: none of this region. */
export async function saveKin(
  db: Db,
  { id, region, contacts }: Kin,
  by: string,
): Promise<Saved<KeptKin, 'no_such_driver'>> {
  const done = await db.execute(sql`
    INSERT INTO driver_kin (driver_id, region, contacts, changed_by)
    SELECT id, region, ${json(contacts)}, ${by} FROM driver WHERE id = ${id} AND region = ${region} AND NOT retired
    ON CONFLICT (driver_id) DO UPDATE SET (region, contacts, changed_by, changed_at) =
      ROW (excluded.region, excluded.contacts, excluded.changed_by, now())
    RETURNING driver_id`)
  const saved = touched(done) ? await kinOf(db, id) : null
  return saved ? { ok: true, saved } : { ok: false, refusal: 'no_such_driver' }
}

const KIN = sql.raw(`jsonb_build_object('id', driver_id, 'region', region, 'contacts', contacts, ${KEPT})`)
