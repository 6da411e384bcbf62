// Who could be with an incident soonest: vehicles of the fleet and stations around it, with the way and the time of each.
// Nothing of it is waited for by a panel. Whoever was shown which vehicles is written down before they are.

import { may, type Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { VehicleCard } from '../domain/directory'
import { type IncidentSummary, type LegState, type ResponderKind, regionsOf } from '../domain/incident'
import { freshest } from '../domain/position-source'
import { type RegionId, regionAt } from '../domain/region'
import { within } from '../durable/deadline'
import type { NearDevice } from '../fleet/contract'
import { geoOf } from '../geo/providers'
import { stationRef, stationsNear } from '../geo/responders/responders'
import type { RouteSource } from '../geo/travel'
import type { IncidentFile, VehicleNear } from '../room/contract'
import { noteAccess } from '../store/access-log'
import { withPostgres } from '../store/postgres'
import { openFile } from './desk'
import type { Env } from './env'
import { fleetOf, fleetShardCount, roomOf } from './objects'
import { postgresUrl } from './settings'

/** Straight line times a factor and a table of speeds, or whose answer it is. */
export type NearBy = 'road_factor' | Exclude<RouteSource, 'offline'>

type Way = {
  lat: number
  lng: number
  /** Metres of road. */
  distanceM: number
  etaS: number
  by: NearBy
  /** What a leg of this incident calls it; and where that leg is, if there is one. */
  ref: string
  asked: LegState | null
}

export type NearVehicle = Way & {
  deviceId: string
  vehicle: VehicleCard | null
  /** Epoch ms. */
  lastContactAt: number
  /** Asked for another open incident, or on its way there. */
  busy: boolean
}
/** `lat`, `lng` right to about 500 m: a station is where it starts from, a patrol may be nearer. */
export type NearResponder = Way & { id: string; kind: ResponderKind; name: string }

export type Nearest = {
  /** The freshest known place, from which all was measured; null where there is none, and then nobody is near it. */
  from: { lat: number; lng: number } | null
  /** Both soonest first. */
  vehicles: NearVehicle[]
  responders: NearResponder[]
  /** Regions of whose fleet a part did not answer: there may be nearer ones. */
  away: RegionId[]
  /** Epoch ms. */
  at: number
}

/** Farther vehicles come too late for whatever it is. */
export const FARTHEST_M = 40_000
export const VEHICLES_USUAL = 5
export const VEHICLES_MAX = 20
const RESPONDERS = 5
/** The nearest by straight line are not the soonest by road: so many more are measured. */
const SPARE = 3
/** Those under an incident of their own, and second devices of one vehicle, fall out of what the shards find. */
const FALL_OUT = 10
const SHARD_DEADLINE_MS = 1_500
const ROOM_DEADLINE_MS = 3_000
/** Then the room's own log says who looked, and Postgres hears it from there. */
const NOTE_DEADLINE_MS = 1_500

export async function nearestTo(
  env: Env,
  viewer: Viewer,
  incidentId: string,
  limit: number,
  now: () => number = Date.now,
): Promise<{ ok: true; nearest: Nearest; incident: IncidentSummary } | { ok: false; refusal: Refusal }> {
  const opened = await openFile(env, viewer, incidentId)
  if (!opened.ok) return opened
  const { incident } = opened.file
  if (!may(viewer, 'identity:read', regionsOf(incident)))
    return { ok: false, refusal: { code: 'forbidden', reason: 'role', message: 'Your role may not see vehicles.' } }
  const from = placeOf(opened.file)
  if (!from) return { ok: true, incident, nearest: { from: null, vehicles: [], responders: [], away: [], at: now() } }
  const { found, away } = await devicesNear(env, viewer, incident, from, limit)
  const candidates = found.slice(0, limit + SPARE)
  const stations = stationsNear(from, RESPONDERS)
  const { routes } = geoOf(env)
  const [ways] = await Promise.all([
    routes.matrix([...candidates.map(({ near }) => near.position), ...stations.map(({ at }) => at)], from),
    noteShown(env, viewer, incident, candidates),
  ])
  const legOf = (ref: string): LegState | null => incident.legs.findLast((leg) => leg.ref === ref)?.state ?? null
  const way = (n: number, ref: string, { lat, lng }: { lat: number; lng: number }): Way => {
    const {
      distanceM = Number.POSITIVE_INFINITY,
      seconds = Number.POSITIVE_INFINITY,
      source = 'offline',
    } = ways[n] ?? {}
    const by = source === 'offline' ? 'road_factor' : source
    return { lat, lng, distanceM, etaS: seconds, by, ref, asked: legOf(ref) }
  }
  const vehicles = candidates.map(({ near, known }, n): NearVehicle => {
    const { deviceId, position, lastContactAt } = near
    const busy = known.askedFor !== null && known.askedFor !== incident.id
    return { ...way(n, `device:${deviceId}`, position), deviceId, vehicle: known.vehicle, lastContactAt, busy }
  })
  const responders = stations.map(
    ({ id, kind, name, at }, n): NearResponder => ({
      ...way(candidates.length + n, stationRef(id), at),
      id,
      kind,
      name,
    }),
  )
  return {
    ok: true,
    incident,
    nearest: {
      from: { lat: from.lat, lng: from.lng },
      vehicles: vehicles.filter(isReachable).sort(soonestFirst).slice(0, limit),
      responders: responders.filter(isReachable).sort(soonestFirst),
      away,
      at: now(),
    },
  }
}

const placeOf = ({ incident, heard }: IncidentFile) => {
  const fresh = freshest(incident.position, heard)
  // (0, 0) is a receiver without a fix: everybody would be equally far.
  return fresh && !fresh.position.doubts.includes('null_island') ? fresh.position : null
}

type Candidate = { near: NearDevice; known: VehicleNear }

/** Of all shards of the regions that may have somebody there and that this person may see, nearest first. */
async function devicesNear(
  env: Env,
  viewer: Viewer,
  incident: IncidentSummary,
  from: { lat: number; lng: number },
  limit: number,
): Promise<{ found: Candidate[]; away: RegionId[] }> {
  const there = regionAt(from.lat, from.lng)
  const regions = [...new Set([...regionsOf(incident), ...(there ? [there] : [])])].filter((region) =>
    may(viewer, 'identity:read', [region]),
  )
  const parts = await Promise.all(regions.map((region) => ofRegion(env, region, from, limit + SPARE + FALL_OUT)))
  const own = incident.vehicle?.id
  const seen = new Set<string>()
  const found = parts
    .flatMap((part) => part.found)
    .sort((a, b) => a.near.distanceM - b.near.distanceM)
    .filter(({ near, known }) => {
      if (known.inIncident || near.deviceId === incident.deviceId || (own && known.vehicle?.id === own)) return false
      // A phone and a tracker of one vehicle are one that can come.
      const key = known.vehicle?.id ?? near.deviceId
      return !seen.has(key) && seen.add(key)
    })
  return { found, away: regions.filter((_, n) => parts[n]?.away) }
}

async function ofRegion(
  env: Env,
  region: RegionId,
  from: { lat: number; lng: number },
  limit: number,
): Promise<{ found: Candidate[]; away: boolean }> {
  const shards = Array.from({ length: fleetShardCount(env) }, (_, shard) => fleetOf(env, region, shard))
  const answers = await Promise.allSettled(
    shards.map((shard) => within(SHARD_DEADLINE_MS, shard.near(from, limit, FARTHEST_M))),
  )
  const near = answers
    .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    .sort((a, b) => a.distanceM - b.distanceM)
    .slice(0, limit)
  const away = answers.some(({ status }) => status === 'rejected')
  if (near.length === 0) return { found: [], away }
  const ids = near.map(({ deviceId }) => deviceId)
  const known = await within(ROOM_DEADLINE_MS, roomOf(env, region).vehiclesNear(ids)).catch(() => null)
  // A vehicle of which nobody can say whether it is itself in danger is not sent anywhere.
  if (!known) return { found: [], away: true }
  const byId = new Map(known.map((each) => [each.deviceId, each]))
  return {
    found: near.flatMap((each) => {
      const card = byId.get(each.deviceId)
      return card ? [{ near: each, known: card }] : []
    }),
    away,
  }
}

/** One line a look. Rejects where neither Postgres nor the room can write it: then nothing may be shown. */
async function noteShown(
  env: Env,
  viewer: Viewer,
  { id, region }: IncidentSummary,
  shown: readonly Candidate[],
): Promise<void> {
  if (shown.length === 0) return
  const ids = shown.map(({ near }) => near.deviceId)
  const url = postgresUrl(env)
  const access = {
    region,
    actorUid: viewer.uid,
    action: 'identity:read',
    subject: `devices:${ids.join(',')}`,
    purpose: `nearest to incident ${id}`,
  } as const
  const noted =
    url &&
    withPostgres(url, NOTE_DEADLINE_MS, (db) => noteAccess(db, access)).then(
      () => true,
      () => false,
    )
  if (noted && (await noted)) return
  const subjects = ids.map((each) => `device:${each}`)
  if (!(await within(ROOM_DEADLINE_MS, roomOf(env, region).noteShown(id, subjects, viewer))))
    throw new Error('a look at vehicles could not be written down')
}

const soonestFirst = (a: Way, b: Way): number => a.etaS - b.etaS || a.distanceM - b.distanceM
const isReachable = ({ etaS }: Way): boolean => Number.isFinite(etaS)
