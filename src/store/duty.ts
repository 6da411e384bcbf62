// The people on duty, their shifts and what one leaves to the next, and each region's policy: as the rota's pages keep them.
// Rooms hear of every change through the directory.

import { type SQL, sql } from 'drizzle-orm'
import { json } from '../../drizzle/schema/columns'
import type { DutyContact, Shift } from '../domain/duty'
import type { Handover, KeptContact, KeptPolicy, KeptShift } from '../domain/duty-record'
import type { EscalationPolicy } from '../domain/escalation-policy'
import type { RegionId } from '../domain/region'
import type { Db } from './postgres'
import { bodies, KEPT, ms, type Saved, time, touched } from './rows'

/** In the order of their names, also those who are not active; retired ones are left out. */
export async function listContacts(db: Db, region: RegionId): Promise<KeptContact[]> {
  return bodies(
    await db.execute(
      sql`SELECT ${CONTACT} AS body FROM duty_contact WHERE region = ${region} AND NOT retired ORDER BY name, id`,
    ),
  )
}

/** New, or changed. `from`: the version that its author saw; null for a new one, or to change it whatever it is now. */
export function saveContact(
  db: Db,
  contact: DutyContact,
  by: string,
  from: number | null = null,
): Promise<Saved<KeptContact>> {
  const { id, region, name, lang, addresses, teams, uid, active } = contact
  return db.transaction(async (tx): Promise<Saved<KeptContact>> => {
    await tx.execute(LOCK)
    const refusal = stale(await readContact(tx, region, id), from)
    if (refusal) return { ok: false, refusal }
    const done = await tx.execute(sql`
      INSERT INTO duty_contact AS kept (id, region, name, lang, addresses, teams, uid, active, changed_by)
      VALUES (${id}, ${region}, ${name}, ${lang}, ${json(addresses)}, ${list(teams)}, ${uid}, ${active}, ${by})
      ON CONFLICT (id) DO UPDATE SET (name, lang, addresses, teams, uid, active, changed_by, changed_at) =
        ROW (excluded.name, excluded.lang, excluded.addresses, excluded.teams, excluded.uid, excluded.active, ${by}, now())
      WHERE kept.region = ${region} AND NOT kept.retired
      RETURNING id`)
    return touched(done) ? savedAs(await readContact(tx, region, id)) : { ok: false, refusal: 'gone' }
  })
}

/** By what address a person logs in; null where there is none any more. */
export async function loginOf(db: Db, uid: string): Promise<string | null> {
  const found = await db.execute(sql`SELECT email AS body FROM app_user WHERE id = ${uid} AND active`)
  return bodies<string>(found)[0] ?? null
}

/** `has_shifts`: a shift of theirs goes on or is still to come, and somebody else must have it first. */
export async function retireContact(
  db: Db,
  { id, region }: Pick<DutyContact, 'id' | 'region'>,
  by: string,
): Promise<{ ok: true } | { ok: false; refusal: 'gone' | 'has_shifts' }> {
  return db.transaction(async (tx) => {
    await tx.execute(LOCK)
    const ahead = await tx.execute(sql`
      SELECT id FROM duty_shift WHERE contact_id = ${id} AND NOT retired
        AND coalesce(CASE WHEN weekly THEN coalesce(weekly_until, 'infinity') END, until_at) > now() LIMIT 1`)
    if (touched(ahead)) return { ok: false, refusal: 'has_shifts' }
    const done = await tx.execute(sql`
      UPDATE duty_contact SET retired = true, active = false, changed_by = ${by}, changed_at = now()
      WHERE id = ${id} AND region = ${region} AND NOT retired RETURNING id`)
    return touched(done) ? { ok: true } : { ok: false, refusal: 'gone' }
  })
}

/** By duty and beginning; those that ended before `since` (epoch ms; all where null) are left out. */
export async function listShifts(db: Db, region: RegionId, since: number | null = null): Promise<KeptShift[]> {
  return bodies(
    await db.execute(sql`
      SELECT ${SHIFT} AS body FROM duty_shift
      WHERE region = ${region} AND NOT retired AND (${since}::float8 IS NULL
        OR CASE WHEN weekly THEN coalesce(weekly_until, 'infinity') ELSE until_at END > ${time(since)})
      ORDER BY duty, from_at, id`),
  )
}

/** New, or changed. `no_such_contact`: nobody of this region has that id. */
export function saveShift(
  db: Db,
  shift: Shift,
  by: string,
  from: number | null = null,
): Promise<Saved<KeptShift, 'no_such_contact'>> {
  const { id, region, duty, contactId, weekly, weeklyUntil, override, note } = shift
  return db.transaction(async (tx): Promise<Saved<KeptShift, 'no_such_contact'>> => {
    await tx.execute(LOCK)
    const known = await tx.execute(
      sql`SELECT id FROM duty_contact WHERE id = ${contactId} AND region = ${region} AND NOT retired`,
    )
    if (!touched(known)) return { ok: false, refusal: 'no_such_contact' }
    const refusal = stale(await readShift(tx, region, id), from)
    if (refusal) return { ok: false, refusal }
    const done = await tx.execute(sql`
      INSERT INTO duty_shift AS kept (id, region, duty, contact_id, from_at, until_at, weekly, weekly_until, override, note,
        changed_by)
      VALUES (${id}, ${region}, ${duty}, ${contactId}, ${time(shift.from)}, ${time(shift.until)}, ${weekly},
        ${time(weeklyUntil)}, ${override}, ${note}, ${by})
      ON CONFLICT (id) DO UPDATE SET
        (duty, contact_id, from_at, until_at, weekly, weekly_until, override, note, changed_by, changed_at) =
        ROW (excluded.duty, excluded.contact_id, excluded.from_at, excluded.until_at, excluded.weekly,
          excluded.weekly_until, excluded.override, excluded.note, ${by}, now())
      WHERE kept.region = ${region} AND NOT kept.retired
      RETURNING id`)
    return touched(done) ? savedAs(await readShift(tx, region, id)) : { ok: false, refusal: 'gone' }
  })
}

/** False where there is none of this region. Its row stays, for rooms have to hear that it is gone. */
export async function removeShift(db: Db, { id, region }: Pick<Shift, 'id' | 'region'>, by: string): Promise<boolean> {
  return touched(
    await db.execute(sql`
      UPDATE duty_shift SET retired = true, changed_by = ${by}, changed_at = now()
      WHERE id = ${id} AND region = ${region} AND NOT retired RETURNING id`),
  )
}

/** Null where the region goes by the built-in clocks. */
export async function policyOf(db: Db, region: RegionId): Promise<KeptPolicy | null> {
  return (
    bodies<KeptPolicy>(
      await db.execute(sql`SELECT ${POLICY} AS body FROM escalation_policy WHERE region = ${region}`),
    )[0] ?? null
  )
}

/** One that was checked. `from`: the version that its author saw, 0 for the built-in one; null to change it whatever it is. */
export async function savePolicy(
  db: Db,
  policy: EscalationPolicy,
  by: string,
  from: number | null,
): Promise<Saved<KeptPolicy>> {
  return db.transaction(async (tx): Promise<Saved<KeptPolicy>> => {
    await tx.execute(LOCK)
    const before = await policyOf(tx, policy.id)
    if (from !== null && (before?.version ?? 0) !== from) return { ok: false, refusal: 'changed' }
    await tx.execute(sql`
      INSERT INTO escalation_policy (region, body, changed_by) VALUES (${policy.id}, ${json(policy)}, ${by})
      ON CONFLICT (region) DO UPDATE SET body = excluded.body, changed_by = ${by}, changed_at = now()`)
    return savedAs(await policyOf(tx, policy.id))
  })
}

/** Newest first. */
export async function listHandovers(db: Db, region: RegionId, limit: number): Promise<Handover[]> {
  return bodies(
    await db.execute(sql`
      SELECT ${HANDOVER} AS body FROM duty_handover WHERE region = ${region} ORDER BY at DESC, id LIMIT ${limit}`),
  )
}

/** Safe to repeat with the same id: the first stands. `no_such_contact`: one of both is nobody of this region. */
export async function writeHandover(
  db: Db,
  { id, region, duty, from, to, note }: Pick<Handover, 'id' | 'region' | 'duty' | 'from' | 'to' | 'note'>,
  by: string,
): Promise<{ ok: true } | { ok: false; refusal: 'no_such_contact' }> {
  const done = await db.execute(sql`
    INSERT INTO duty_handover (id, region, duty, from_contact, to_contact, note, written_by)
    SELECT ${id}::uuid, ${region}, ${duty}, ${from}, ${to}, ${note}, ${by}
    WHERE (SELECT count(*) FROM duty_contact WHERE id IN (${from}, ${to}) AND region = ${region} AND NOT retired) = 2
    ON CONFLICT (id) DO UPDATE SET accepted_at = duty_handover.accepted_at RETURNING id`)
  return touched(done) ? { ok: true } : { ok: false, refusal: 'no_such_contact' }
}

/** False where there is none of this region; accepting twice changes nothing. */
export async function acceptHandover(
  db: Db,
  { id, region }: Pick<Handover, 'id' | 'region'>,
  by: string,
): Promise<boolean> {
  return touched(
    await db.execute(sql`
      UPDATE duty_handover SET accepted_at = coalesce(accepted_at, now()), accepted_by = coalesce(accepted_by, ${by})
      WHERE id = ${id}::uuid AND region = ${region} RETURNING id`),
  )
}

const readContact = async (db: Db, region: RegionId, id: string): Promise<KeptContact | null> =>
  bodies<KeptContact>(
    await db.execute(
      sql`SELECT ${CONTACT} AS body FROM duty_contact WHERE id = ${id} AND region = ${region} AND NOT retired`,
    ),
  )[0] ?? null

const readShift = async (db: Db, region: RegionId, id: string): Promise<KeptShift | null> =>
  bodies<KeptShift>(
    await db.execute(
      sql`SELECT ${SHIFT} AS body FROM duty_shift WHERE id = ${id} AND region = ${region} AND NOT retired`,
    ),
  )[0] ?? null

/** Of the directory's triggers: two who change it take turns. */
const LOCK = sql`SELECT pg_advisory_xact_lock(7305)`

const stale = (now: { version: number } | null, from: number | null): 'gone' | 'changed' | null =>
  from === null ? null : !now ? 'gone' : now.version === from ? null : 'changed'

const savedAs = <T>(saved: T | null): Saved<T> => (saved ? { ok: true, saved } : { ok: false, refusal: 'gone' })

const list = (words: readonly string[]): SQL => sql`ARRAY(SELECT jsonb_array_elements_text(${json(words)}))`

const CONTACT_FIELDS = `'id', id, 'region', region, 'name', name, 'lang', lang, 'addresses', addresses,
  'teams', to_jsonb(teams), 'uid', uid, 'active', active`
const SHIFT_FIELDS = `'id', id, 'region', region, 'duty', duty, 'contactId', contact_id, 'from', ${ms('from_at')},
  'until', ${ms('until_at')}, 'weekly', weekly, 'weeklyUntil', ${ms('weekly_until')}, 'override', override, 'note', note`
/** As rooms have them. */
export const CONTACT_BODY = sql.raw(`jsonb_build_object(${CONTACT_FIELDS})`)
export const SHIFT_BODY = sql.raw(`jsonb_build_object(${SHIFT_FIELDS})`)
const CONTACT = sql.raw(`jsonb_build_object(${CONTACT_FIELDS}, ${KEPT})`)
const SHIFT = sql.raw(`jsonb_build_object(${SHIFT_FIELDS}, ${KEPT})`)
const POLICY = sql.raw(`jsonb_build_object('policy', body || jsonb_build_object('id', region), ${KEPT})`)
const HANDOVER = sql.raw(`jsonb_build_object('id', id, 'region', region, 'duty', duty, 'from', from_contact,
  'to', to_contact, 'note', note, 'writtenBy', written_by, 'at', ${ms('at')}, 'acceptedBy', accepted_by,
  'acceptedAt', ${ms('accepted_at')})`)
