// What API and pages do with the rota alike: read it, check what a person wrote, keep it, and have the region's room take it
// over at once. Postgres owns it; without it nobody changes anything, and rooms go on with their copy.

import { may, type Viewer } from '../domain/access'
import type { DutyContact, Shift } from '../domain/duty'
import type { Handover, KeptContact, KeptPolicy, KeptShift } from '../domain/duty-record'
import { defaultPolicy, type EscalationPolicy } from '../domain/escalation-policy'
import { checkPolicy, type PolicyFault } from '../domain/policy-check'
import type { RegionId } from '../domain/region'
import { asAddress, checkContact, checkHandover, checkShift, type RotaFault } from '../domain/rota-check'
import { within } from '../durable/deadline'
import {
  acceptHandover,
  listContacts,
  listHandovers,
  listShifts,
  policyOf,
  removeShift,
  retireContact,
  saveContact,
  savePolicy,
  saveShift,
  writeHandover,
} from '../store/duty'
import type { Db } from '../store/postgres'
import type { Env } from './env'
import { withFences } from './fences'
import { roomOf } from './objects'

const ROOM_DEADLINE_MS = 1_500
const HANDOVERS = 10

export const withRota = withFences

export type Rota = {
  contacts: KeptContact[]
  shifts: KeptShift[]
  handovers: Handover[]
  policy: EscalationPolicy
  /** Null where the region goes by the built-in clocks. */
  kept: KeptPolicy | null
}

/** All that a region's rota is now; shifts that were over at `since` (epoch ms) are left out. */
export async function readRota(db: Db, region: RegionId, since: number): Promise<Rota> {
  const contacts = await listContacts(db, region)
  const shifts = await listShifts(db, region, since)
  const handovers = await listHandovers(db, region, HANDOVERS)
  const kept = await policyOf(db, region)
  return { contacts, shifts, handovers, kept, policy: kept?.policy ?? defaultPolicy(region) }
}

export type RotaNo = 'gone' | 'changed' | 'has_shifts' | 'no_such_contact' | RotaFault[]
export type RotaChange<T> = { ok: true; saved: T } | { ok: false; why: RotaNo }

/** `from`: the version that its author saw; null for a new one, or to change it whatever it is. */
export async function keepContact(
  env: Env,
  viewer: Viewer,
  written: DutyContact,
  from: number | null,
): Promise<RotaChange<KeptContact>> {
  const contact = { ...written, addresses: written.addresses.map(asAddress) }
  const faults = checkContact(contact)
  if (faults.length > 0) return { ok: false, why: faults }
  return changed(env, contact.region, (db) => saveContact(db, contact, viewer.uid, from))
}

export const letContactGo = (env: Env, viewer: Viewer, contact: Pick<DutyContact, 'id' | 'region'>) =>
  changed(env, contact.region, async (db) => {
    const done = await retireContact(db, contact, viewer.uid)
    return done.ok ? { ok: true, saved: null } : done
  })

export async function keepShift(
  env: Env,
  viewer: Viewer,
  shift: Shift,
  from: number | null,
): Promise<RotaChange<KeptShift>> {
  const faults = checkShift(shift)
  if (faults.length > 0) return { ok: false, why: faults }
  return changed(env, shift.region, (db) => saveShift(db, shift, viewer.uid, from))
}

export const takeShiftAway = (env: Env, viewer: Viewer, shift: Pick<Shift, 'id' | 'region'>) =>
  changed(env, shift.region, async (db) =>
    (await removeShift(db, shift, viewer.uid)) ? { ok: true, saved: null } : { ok: false, refusal: 'gone' as const },
  )

export type PolicyNo = 'changed' | PolicyFault[]

/** `from`: the version that its author saw, 0 for the built-in one; null to change it whatever it is. */
export async function keepPolicy(
  env: Env,
  viewer: Viewer,
  policy: EscalationPolicy,
  from: number | null,
): Promise<{ ok: true; saved: KeptPolicy } | { ok: false; why: PolicyNo }> {
  const known = await withRota(env, async (db) => {
    const people = await listContacts(db, policy.id)
    // Who is named already may stay named: the built-in policy names a team that nobody may be in yet.
    const named = Object.values(((await policyOf(db, policy.id))?.policy ?? defaultPolicy(policy.id)).steps)
      .flat()
      .flatMap(({ who }) => who)
    return {
      contactIds: new Set([
        ...people.map(({ id }) => id),
        ...named.flatMap((target) => (target.kind === 'person' ? [target.contactId] : [])),
      ]),
      teams: new Set([
        ...people.flatMap(({ teams }) => teams),
        ...named.flatMap((target) => (target.kind === 'team' ? [target.team] : [])),
      ]),
    }
  })
  const faults = checkPolicy(policy, known)
  if (faults.length > 0) return { ok: false, why: faults }
  const done = await changed(env, policy.id, (db) => savePolicy(db, policy, viewer.uid, from))
  return done.ok ? done : { ok: false, why: 'changed' }
}

/** Whoever looks after the rota, and the outgoing or incoming person of it. */
export const isTheirs = (viewer: Viewer, region: RegionId, contact: DutyContact | undefined): boolean =>
  may(viewer, 'rota:manage', [region]) || (contact?.uid != null && contact.uid === viewer.uid)

export async function keepHandover(
  env: Env,
  viewer: Viewer,
  handover: Pick<Handover, 'id' | 'region' | 'duty' | 'from' | 'to' | 'note'>,
): Promise<RotaChange<null>> {
  const faults = checkHandover(handover)
  if (faults.length > 0) return { ok: false, why: faults }
  const done = await withRota(env, (db) => writeHandover(db, handover, viewer.uid))
  return done.ok ? { ok: true, saved: null } : { ok: false, why: done.refusal }
}

export const takeHandover = (env: Env, viewer: Viewer, handover: Pick<Handover, 'id' | 'region'>) =>
  withRota(env, (db) => acceptHandover(db, handover, viewer.uid))

type Stored<T> = { ok: true; saved: T } | { ok: false; refusal: Exclude<RotaNo, RotaFault[]> }

async function changed<T>(env: Env, region: RegionId, change: (db: Db) => Promise<Stored<T>>): Promise<RotaChange<T>> {
  const done = await withRota(env, change)
  if (!done.ok) return { ok: false, why: done.refusal }
  // It pulls by itself what is newer than it has, this row and those of others before it; else within the minute.
  await within(ROOM_DEADLINE_MS, roomOf(env, region).tick()).catch(() => {})
  return done
}
