// What a person at a desk can do, as calls to the rooms: used by the JSON API and by the pages alike.
// Rooms decide; here an incident is only found by its id.

import { may, type Viewer } from '../domain/access'
import type { Act, NewByPhone, Refusal } from '../domain/command'
import type { IncidentSummary } from '../domain/incident'
import { type RegionId, regionOfIncident } from '../domain/region'
import type { Answer, At, IncidentFile, ListQuery } from '../room/contract'
import type { Env } from './env'
import { roomOf } from './objects'

const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_incident', message: 'There is no such incident.' }
const FOREIGN: Refusal = { code: 'forbidden', reason: 'foreign_region', message: 'You have no rights in this region.' }

export async function actOn(env: Env, viewer: Viewer, incidentId: string, act: Act): Promise<Answer> {
  const region = regionOfIncident(incidentId)
  return region ? roomOf(env, region).act(incidentId, act, viewer) : { ok: false, refusal: UNKNOWN }
}

export async function createByPhone(env: Env, viewer: Viewer, input: NewByPhone): Promise<Answer> {
  if (!may(viewer, 'incident:create', [input.region])) return { ok: false, refusal: FOREIGN }
  return roomOf(env, input.region).create(input, viewer)
}

export async function openFile(
  env: Env,
  viewer: Viewer,
  incidentId: string,
): Promise<{ ok: true; file: IncidentFile } | { ok: false; refusal: Refusal }> {
  const region = regionOfIncident(incidentId)
  const file = region && (await roomOf(env, region).file(incidentId, viewer))
  if (!file) return { ok: false, refusal: UNKNOWN }
  if (!may(viewer, 'incident:see', [file.incident.desk, file.incident.region])) return { ok: false, refusal: FOREIGN }
  return { ok: true, file }
}

/** One region's list, in queue order. `forbidden` where the viewer has no rights there. */
export async function listRegion(
  env: Env,
  viewer: Viewer,
  region: RegionId,
  query: ListQuery,
): Promise<{ ok: true; incidents: IncidentSummary[]; at: At } | { ok: false; refusal: Refusal }> {
  if (!may(viewer, 'incident:see', [region])) return { ok: false, refusal: FOREIGN }
  return { ok: true, ...(await roomOf(env, region).list(query, viewer)) }
}
