// Agencies in Postgres: whom operators call outside, as people edit and verify them. Rooms hear of it through the directory.

import { sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { Agency } from '../domain/agency'
import type { KeptAgency } from '../domain/duty-record'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'
import { bodies, KEPT, ms, type Saved, time, touched } from './rows'

/** By kind and name, also those that are not active; retired ones are left out. */
export async function listAgencies(db: Db, region: RegionId): Promise<KeptAgency[]> {
  return bodies(
    await db.execute(
      sql`SELECT ${AGENCY} AS body FROM agency WHERE region = ${region} AND NOT retired ORDER BY kind, name, id`,
    ),
  )
}

/** Null where there is none of this region. */
export async function readAgency(db: Db, region: RegionId, id: string): Promise<KeptAgency | null> {
  return (
    bodies<KeptAgency>(
      await db.execute(
        sql`SELECT ${AGENCY} AS body FROM agency WHERE id = ${id} AND region = ${region} AND NOT retired`,
      ),
    )[0] ?? null
  )
}

/**
 * New, or changed. `from`: the version that its author saw; null for a new one, or to change it whatever it is now. A changed
 * one keeps when it was verified, unless its numbers changed: those nobody has verified.
 */
export function saveAgency(db: Db, agency: Agency, by: string, from: number | null = null): Promise<Saved<KeptAgency>> {
  const { id, region, verifiedAt, ...rest } = agency
  return db.transaction(async (tx): Promise<Saved<KeptAgency>> => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(7305)`)
    const before = await readAgency(tx, region, id)
    if (from !== null && !before) return { ok: false, refusal: 'gone' }
    if (from !== null && before?.version !== from) return { ok: false, refusal: 'changed' }
    const done = await tx.execute(sql`
      INSERT INTO agency AS kept (id, region, kind, name, numbers, languages, covers, source, verified_at, verified_by,
        reverify_days, machine, note, active, changed_by)
      VALUES (${id}, ${region}, ${rest.kind}, ${rest.name}, ${json(rest.numbers)},
        ARRAY(SELECT jsonb_array_elements_text(${json(rest.languages)})), ${rest.covers}, ${rest.source},
        ${time(verifiedAt)}, ${rest.verifiedBy}, ${rest.reverifyDays}, nullif(${json(rest.machine)}, 'null'), ${rest.note},
        ${rest.active}, ${by})
      ON CONFLICT (id) DO UPDATE SET
        (kind, name, numbers, languages, covers, source, verified_at, verified_by, reverify_days, machine, note, active,
          changed_by, changed_at) =
        ROW (excluded.kind, excluded.name, excluded.numbers, excluded.languages, excluded.covers, excluded.source,
          CASE WHEN kept.numbers = excluded.numbers THEN kept.verified_at END,
          CASE WHEN kept.numbers = excluded.numbers THEN kept.verified_by END,
          excluded.reverify_days, excluded.machine, excluded.note, excluded.active, ${by}, now())
      WHERE kept.region = ${region} AND NOT kept.retired
      RETURNING id`)
    const saved = touched(done) ? await readAgency(tx, region, id) : null
    return saved ? { ok: true, saved } : { ok: false, refusal: 'gone' }
  })
}

/** Somebody has asked its administrative line, and all of it is as it stands here. Null where there is none of this region. */
export async function verifyAgency(
  db: Db,
  { id, region }: Pick<Agency, 'id' | 'region'>,
  by: string,
): Promise<KeptAgency | null> {
  await db.execute(sql`
    UPDATE agency SET verified_at = now(), verified_by = ${by}, changed_by = ${by}, changed_at = now()
    WHERE id = ${id} AND region = ${region} AND NOT retired`)
  return readAgency(db, region, id)
}

/** False where there is none of this region. */
export async function retireAgency(
  db: Db,
  { id, region }: Pick<Agency, 'id' | 'region'>,
  by: string,
): Promise<boolean> {
  return touched(
    await db.execute(sql`
      UPDATE agency SET retired = true, active = false, changed_by = ${by}, changed_at = now()
      WHERE id = ${id} AND region = ${region} AND NOT retired RETURNING id`),
  )
}

const FIELDS = `'id', id, 'region', region, 'kind', kind, 'name', name, 'numbers', numbers,
  'languages', to_jsonb(languages), 'covers', covers, 'source', source, 'verifiedAt', ${ms('verified_at')},
  'verifiedBy', verified_by, 'reverifyDays', reverify_days, 'machine', machine, 'note', note, 'active', active`
/** As rooms have them. */
export const AGENCY_BODY = sql.raw(`jsonb_build_object(${FIELDS})`)
const AGENCY = sql.raw(`jsonb_build_object(${FIELDS}, ${KEPT})`)
