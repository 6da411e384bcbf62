// What API and pages do with the directory of agencies alike: read and change it in Postgres, and let the room learn at once.

import type { Viewer } from '../domain/access'
import type { Agency } from '../domain/agency'
import type { KeptAgency } from '../domain/duty-record'
import type { RegionId } from '../domain/region'
import { TooLate, within } from '../durable/deadline'
import { listAgencies, readAgency, retireAgency, saveAgency, verifyAgency } from '../store/agencies'
import { sqlState } from '../store/fault'
import { type Db, withPostgres } from '../store/postgres'
import type { Saved } from '../store/rows'
import type { Env } from './env'
import { roomOf } from './objects'
import { postgresUrl } from './settings'

const POSTGRES_DEADLINE_MS = 5_000
const ROOM_DEADLINE_MS = 5_000

export const agenciesOf = (env: Env, region: RegionId): Promise<KeptAgency[]> =>
  withDatabase(env, (db) => listAgencies(db, region))

export const agencyById = (env: Env, region: RegionId, id: string): Promise<KeptAgency | null> =>
  withDatabase(env, (db) => readAgency(db, region, id))

/** `from`: the version that its author saw; null for a new one. */
export async function keepAgency(
  env: Env,
  viewer: Viewer,
  agency: Agency,
  from: number | null,
): Promise<Saved<KeptAgency>> {
  const saved = await withDatabase(env, (db) => saveAgency(db, agency, viewer.uid, from))
  if (saved.ok) await learnt(env, agency.region)
  return saved
}

/** Somebody has asked its administrative line. 911 itself is never called to test. Null where there is none. */
export async function verified(env: Env, viewer: Viewer, region: RegionId, id: string): Promise<KeptAgency | null> {
  const agency = await withDatabase(env, (db) => verifyAgency(db, { id, region }, viewer.uid))
  if (agency) await learnt(env, region)
  return agency
}

export async function takeAgencyAway(env: Env, viewer: Viewer, region: RegionId, id: string): Promise<boolean> {
  const done = await withDatabase(env, (db) => retireAgency(db, { id, region }, viewer.uid))
  if (done) await learnt(env, region)
  return done
}

/** Throws `TooLate` where there is no Postgres, or it does not answer. */
async function withDatabase<T>(env: Env, run: (db: Db) => Promise<T>): Promise<T> {
  const url = postgresUrl(env)
  if (!url) throw new TooLate('this tower has no Postgres')
  return withPostgres(url, POSTGRES_DEADLINE_MS, run).catch((cause: unknown) => {
    throw /^(08|53|57)/.test(sqlState(cause) ?? '08') ? new TooLate('Postgres does not answer', { cause }) : cause
  })
}

/** Its room asks Postgres for what is new. One that does not answer asks by itself within the minute. */
async function learnt(env: Env, region: RegionId): Promise<void> {
  await within(ROOM_DEADLINE_MS, roomOf(env, region).tick()).catch(() => {})
}
