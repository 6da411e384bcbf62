// What API and page do with a driver's emergency contacts alike: read them, check what a person wrote, keep it, and have the
// region's room take it over at once. Postgres owns them; without it nobody changes any, and rooms go on with their copy.

import type { Viewer } from '../domain/access'
import type { KeptKin } from '../domain/duty-record'
import { asKinContact, checkKin, type KinContact, type KinFault } from '../domain/kin-check'
import { within } from '../durable/deadline'
import { driverOfKin, type KinDriver, kinOf, saveKin } from '../store/kin'
import type { Env } from './env'
import { withFences as withPostgres } from './fences'
import { roomOf } from './objects'

const ROOM_DEADLINE_MS = 1_500

export type KinRead = { driver: KinDriver; kin: KeptKin | null }
export type KinNo = 'gone' | 'changed' | KinFault[]

/** Null where there is no such driver. Throws `TooLate` where Postgres does not answer. */
export const readKin = (env: Env, driverId: string): Promise<KinRead | null> =>
  withPostgres(env, async (db) => {
    const driver = await driverOfKin(db, driverId)
    return driver && { driver, kin: await kinOf(db, driverId) }
  })

/** `id`: of one who stays. */
export type KinWritten = Omit<KinContact, 'id'> & { id?: string | undefined }

/** `from`: the version that its author saw, 0 where there was none; null to write them whatever they are. */
export async function keepKin(
  env: Env,
  viewer: Viewer,
  { driver, kin }: KinRead,
  written: readonly KinWritten[],
  from: number | null,
): Promise<{ ok: true; saved: KeptKin } | { ok: false; why: KinNo }> {
  const contacts = named(written, kin?.contacts ?? [])
  const faults = checkKin(contacts, driver.phone)
  if (faults.length > 0) return { ok: false, why: faults }
  const { id, region } = driver
  const done = await withPostgres(env, (db) => saveKin(db, { id, region, contacts }, viewer.uid, from))
  if (!done.ok) return { ok: false, why: done.refusal === 'changed' ? 'changed' : 'gone' }
  // It pulls by itself what is newer than it has; else within the minute.
  await within(ROOM_DEADLINE_MS, roomOf(env, region).tick()).catch(() => {})
  return done
}

// Whoever stays, by id or else by number, keeps their id: by it an incident says that they were told already.
function named(written: readonly KinWritten[], before: readonly KinContact[]): KinContact[] {
  const left = new Map(before.map((each) => [each.id, each]))
  return written.map((each) => {
    const contact = asKinContact({ ...each, id: '' })
    const known = left.get(each.id ?? '') ?? [...left.values()].find(({ phone }) => phone === contact.phone)
    if (known) left.delete(known.id)
    return { ...contact, id: known?.id ?? crypto.randomUUID() }
  })
}
