// What a person at a desk can do, as calls to the rooms: used by the JSON API and by the pages alike.
// Rooms decide; here an incident is only found by its id.

import { may, type Viewer } from '../domain/access'
import type { Act, NewByPhone, Refusal } from '../domain/command'
import type { LogEvent } from '../domain/event'
import { type IncidentSummary, regionsOf } from '../domain/incident'
import type { UnverifiedPress } from '../domain/press'
import { type RegionId, regionOfIncident } from '../domain/region'
import type { AgencyAhead, Whereabouts } from '../domain/whereabouts'
import { within } from '../durable/deadline'
import { agencyAreas } from '../geo/agency-area'
import { describe } from '../geo/gazetteer'
import { queueOrder } from '../room/cards'
import type { Answer, At, IncidentFile, Listing, ListQuery } from '../room/contract'
import type { Env } from './env'
import { roomOf } from './objects'

/** After it the caller hears that the room is away. What was asked may still be done; all of it may be repeated. */
export const ROOM_DEADLINE_MS = 10_000

const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_incident', message: 'There is no such incident.' }
export const FOREIGN: Refusal = {
  code: 'forbidden',
  reason: 'foreign_region',
  message: 'You have no rights in this region.',
}

export async function actOn(env: Env, viewer: Viewer, incidentId: string, act: Act): Promise<Answer> {
  const region = regionOfIncident(incidentId)
  if (!region) return { ok: false, refusal: UNKNOWN }
  return within(ROOM_DEADLINE_MS, roomOf(env, region).act(incidentId, act, viewer))
}

/** `repeated`: this person's `requestId` was known before, and the answer is the incident that it made then. */
export async function createByPhone(
  env: Env,
  viewer: Viewer,
  input: NewByPhone,
): Promise<Answer & { repeated?: boolean }> {
  if (!may(viewer, 'incident:create', [input.region])) return { ok: false, refusal: FOREIGN }
  const room = roomOf(env, input.region)
  const { at } = await within(ROOM_DEADLINE_MS, room.list({ status: 'open', q: null, limit: 1 }, viewer))
  const answer = await within(ROOM_DEADLINE_MS, room.create(input, viewer))
  return answer.ok ? { ...answer, repeated: answer.incident.seq <= at.seq } : answer
}

export async function openFile(
  env: Env,
  viewer: Viewer,
  incidentId: string,
): Promise<{ ok: true; file: IncidentFile } | { ok: false; refusal: Refusal }> {
  const region = regionOfIncident(incidentId)
  const file = region && (await within(ROOM_DEADLINE_MS, roomOf(env, region).file(incidentId, viewer)))
  if (!file) return { ok: false, refusal: UNKNOWN }
  if (!may(viewer, 'incident:see', regionsOf(file.incident))) return { ok: false, refusal: FOREIGN }
  return { ok: true, file }
}

/** Its place by landmark, road and municipality, from what is known here: nobody outside is asked. */
export const whereIs = ({
  position,
}: Pick<IncidentSummary, 'position'>): { where: Whereabouts; ahead: AgencyAhead | null } | null =>
  position && { where: describe(position), ahead: agencyAreas(position).next }

/** One region's list, in queue order. `forbidden` where the viewer has no rights there. */
export async function listRegion(
  env: Env,
  viewer: Viewer,
  region: RegionId,
  query: ListQuery,
): Promise<({ ok: true } & Listing) | { ok: false; refusal: Refusal }> {
  if (!may(viewer, 'incident:see', [region])) return { ok: false, refusal: FOREIGN }
  return { ok: true, ...(await within(ROOM_DEADLINE_MS, roomOf(env, region).list(query, viewer))) }
}

export type RegionAt = { region: RegionId; at: At }

/**
 * Several regions' lists as one, in queue order. An incident that two of them know, home and desk, comes once, as its
 * home tells it. A room that does not answer is named in `away` and hides no other; with none answering this throws.
 */
export async function listRegions(
  env: Env,
  viewer: Viewer,
  regions: readonly RegionId[],
  query: ListQuery,
): Promise<
  { ok: true; incidents: IncidentSummary[]; rooms: RegionAt[]; away: RegionId[] } | { ok: false; refusal: Refusal }
> {
  if (!regions.every((region) => may(viewer, 'incident:see', [region]))) return { ok: false, refusal: FOREIGN }
  const found = await Promise.allSettled(
    regions.map((region) => within(ROOM_DEADLINE_MS, roomOf(env, region).list(query, viewer))),
  )
  const rooms: RegionAt[] = []
  const away: RegionId[] = []
  const byId = new Map<string, IncidentSummary>()
  for (const [index, region] of regions.entries()) {
    const listing = found[index]
    if (listing?.status !== 'fulfilled') {
      away.push(region)
      continue
    }
    rooms.push({ region, at: listing.value.at })
    for (const incident of listing.value.incidents) {
      if (!byId.has(incident.id) || incident.region === region) byId.set(incident.id, incident)
    }
  }
  const failed = found.find((each) => each.status === 'rejected')
  if (rooms.length === 0 && failed) throw failed.reason
  return { ok: true, incidents: [...byId.values()].sort(queueOrder).slice(0, query.limit), rooms, away }
}

/** Presses without a genuine token, newest first: counted, shown, never paged. */
export async function listUnverified(
  env: Env,
  viewer: Viewer,
  region: RegionId,
): Promise<{ ok: true; count: number; latest: UnverifiedPress[] } | { ok: false; refusal: Refusal }> {
  if (!may(viewer, 'unverified:see', [region])) return { ok: false, refusal: FOREIGN }
  return { ok: true, ...(await within(ROOM_DEADLINE_MS, roomOf(env, region).unverified(viewer))) }
}

/** Makes an unverified press a real incident. `receivedAt` in epoch ms, as the list gave it. */
export async function promotePress(
  env: Env,
  viewer: Viewer,
  region: RegionId,
  source: string,
  receivedAt: number,
): Promise<Answer> {
  if (!may(viewer, 'unverified:promote', [region])) return { ok: false, refusal: FOREIGN }
  return within(ROOM_DEADLINE_MS, roomOf(env, region).promote(source, receivedAt, viewer))
}

/** A room's raw log, ascending from `fromSeq`. */
export async function readLog(
  env: Env,
  viewer: Viewer,
  region: RegionId,
  fromSeq: number,
  limit: number,
): Promise<{ ok: true; events: LogEvent[] } | { ok: false; refusal: Refusal }> {
  if (!may(viewer, 'log:read', [region])) return { ok: false, refusal: FOREIGN }
  return { ok: true, events: await within(ROOM_DEADLINE_MS, roomOf(env, region).log(fromSeq, limit)) }
}
