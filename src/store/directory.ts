// The reference data in Postgres, as rooms copy it and as a log-in asks for it.

import { sql } from 'drizzle-orm'
import type { DirectoryRow, UserRow } from '../domain/directory'
import type { RegionId } from '../domain/region'
import { AGENCY_BODY } from './agencies'
import { CONTACT_BODY, SHIFT_BODY } from './duty'
import type { Db } from './postgres'

/**
 * What is newer than `afterVersion` for a region's room, oldest first. Ask again from the last row's version until nothing
 * comes. A row that has left the region, or is retired, comes with a null body.
 */
export async function pullDirectory(
  db: Db,
  region: RegionId,
  afterVersion: number,
  limit: number,
): Promise<DirectoryRow[]> {
  const found = await db.execute(sql`
    SELECT kind, id, version::float8 AS version, body FROM (
      SELECT 'driver' AS kind, id, version,
        CASE WHEN region = ${region} AND NOT retired
          THEN jsonb_build_object('id', id, 'name', name, 'phone', phone) END AS body
      FROM driver WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'vehicle', id, version,
        CASE WHEN region = ${region} AND NOT retired
          THEN jsonb_build_object('id', id, 'plate', plate, 'conduction', conduction, 'make', make, 'model', model,
            'colour', colour) END
      FROM vehicle WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'device', id, version,
        CASE WHEN region = ${region} AND NOT retired
          THEN jsonb_build_object('id', id, 'home', region, 'driverId', driver_id, 'vehicleId', vehicle_id,
            'minGeneration', min_generation, 'pinMac', pin_mac, 'duressPinMac', duress_pin_mac) END
      FROM device WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'user', id, version, CASE WHEN ${region} = ANY (regions) THEN ${USER} END
      FROM app_user
      WHERE version > ${afterVersion} AND (${region} = ANY (regions) OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'duty', region, version, jsonb_build_object('id', region, 'phones', phones)
      FROM duty_card WHERE version > ${afterVersion} AND region = ${region}
      UNION ALL
      SELECT 'contact', id, version, CASE WHEN region = ${region} AND NOT retired THEN ${CONTACT_BODY} END
      FROM duty_contact WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'shift', id, version, CASE WHEN region = ${region} AND NOT retired THEN ${SHIFT_BODY} END
      FROM duty_shift WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'policy', region, version, body || jsonb_build_object('id', region)
      FROM escalation_policy WHERE version > ${afterVersion} AND region = ${region}
      UNION ALL
      SELECT 'agency', id, version, CASE WHEN region = ${region} AND NOT retired THEN ${AGENCY_BODY} END
      FROM agency WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
      UNION ALL
      SELECT 'kin', driver_id, version, CASE WHEN region = ${region} AND NOT retired
        THEN jsonb_build_object('id', driver_id, 'region', region, 'contacts', contacts) END
      FROM driver_kin WHERE version > ${afterVersion} AND (region = ${region} OR ${region} = ANY (regions_before))
    ) AS row ORDER BY version LIMIT ${limit}`)
  return found as unknown as DirectoryRow[]
}

/** In any case of letters. Inactive users are found, too: who they are decides what the log-in says. */
export async function userByEmail(db: Db, email: string): Promise<UserRow | null> {
  const found = await db.execute(sql`
    SELECT ${USER} AS body FROM app_user WHERE lower(email) = lower(${email})`)
  return (found as unknown as { body: UserRow }[])[0]?.body ?? null
}

const USER = sql.raw(`jsonb_build_object('id', id, 'email', email, 'name', name, 'alias', alias, 'role', role,
  'regions', to_jsonb(regions), 'passwordHash', password_hash, 'sessionEpoch', session_epoch, 'active', active)`)
