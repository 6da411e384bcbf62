// Whose vehicle a dot of the map is: for its open incident, or for a purpose. Either is written down before it is said.

import { may, type Viewer } from '../domain/access'
import type { DriverCard, VehicleCard } from '../domain/directory'
import type { IncidentSummary } from '../domain/incident'
import type { RegionId } from '../domain/region'
import { noteAccess } from '../store/access-log'
import { readDevice } from '../store/devices'
import { type Db, withPostgres } from '../store/postgres'
import { listRegion, openFile } from './desk'
import type { Env } from './env'
import { postgresUrl } from './settings'

/** Without a phone: a number is for an incident, under its contact policy. */
export type Identity = {
  deviceId: string
  /** Home region. */
  region: RegionId
  driver: Pick<DriverCard, 'id' | 'name'> | null
  vehicle: VehicleCard | null
  /** The open incident that it was opened for. */
  incident: { id: string; code: string } | null
}

/** `unwritten`: nobody could write down who looks, so nothing is shown. */
export type Unsaid = 'no_purpose' | 'unknown_device' | 'foreign_region' | 'unwritten'

/** An incident cannot wait for Postgres: its room has written down who looks, and shows its own copy. */
const INCIDENT_DEADLINE_MS = 1_500
const PURPOSE_DEADLINE_MS = 5_000
/** Ids of devices may be parts of each other; so many at once are none of them. */
const OPEN_MAX = 50

export async function identify(
  env: Env,
  viewer: Viewer,
  regions: readonly RegionId[],
  deviceId: string,
  purpose: string | undefined,
): Promise<{ ok: true; identity: Identity } | { ok: false; why: Unsaid }> {
  const incident = await openIncidentOf(env, viewer, regions, deviceId)
  if (incident) {
    const { id, code, region, driver, vehicle } = incident
    const why = [purpose, `incident ${id}`].filter(Boolean).join('; ')
    await written(env, INCIDENT_DEADLINE_MS, (db) => note(db, viewer, region, deviceId, why)).catch(() => null)
    return { ok: true, identity: { deviceId, region, driver: named(driver), vehicle, incident: { id, code } } }
  }
  if (purpose === undefined) return { ok: false, why: 'no_purpose' }
  return written(env, PURPOSE_DEADLINE_MS, async (db) => {
    const device = await readDevice(db, deviceId)
    if (!device) return { ok: false, why: 'unknown_device' } as const
    const { home: region, driver, vehicle } = device
    if (!may(viewer, 'identity:read', [region])) return { ok: false, why: 'foreign_region' } as const
    await note(db, viewer, region, deviceId, purpose)
    return { ok: true, identity: { deviceId, region, driver: named(driver), vehicle, incident: null } } as const
  }).catch(() => ({ ok: false, why: 'unwritten' }))
}

/** Its room knows it without Postgres, and opening it there is in the room's log. */
async function openIncidentOf(
  env: Env,
  viewer: Viewer,
  regions: readonly RegionId[],
  deviceId: string,
): Promise<IncidentSummary | null> {
  const lists = await Promise.allSettled(
    regions.map((region) => listRegion(env, viewer, region, { status: 'queue', q: deviceId, limit: OPEN_MAX })),
  )
  const found = lists
    .flatMap((list) => (list.status === 'fulfilled' && list.value.ok ? list.value.incidents : []))
    .find((each) => each.deviceId === deviceId && may(viewer, 'identity:read', [each.desk, each.region]))
  const opened = found && (await openFile(env, viewer, found.id).catch(() => null))
  return opened?.ok ? opened.file.incident : null
}

const note = (db: Db, { uid }: Viewer, region: RegionId, deviceId: string, purpose: string) =>
  noteAccess(db, { region, actorUid: uid, action: 'identity:read', subject: `device:${deviceId}`, purpose })

async function written<T>(env: Env, deadlineMs: number, run: (db: Db) => Promise<T>): Promise<T> {
  const url = postgresUrl(env)
  if (!url) throw new Error('this tower has no Postgres')
  return withPostgres(url, deadlineMs, run)
}

const named = (driver: DriverCard | null) => driver && { id: driver.id, name: driver.name }
