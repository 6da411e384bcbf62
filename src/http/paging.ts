// What pages and API ask about telling people outside the screens: the room knows what was decided, the courier what came of it.

import { may, type Viewer } from '../domain/access'
import type { Attempt } from '../domain/page'
import { type RegionId, regionOfIncident } from '../domain/region'
import { within } from '../durable/deadline'
import type { LadderView, TakeOverAnswer } from '../room/paging-contract'
import { FOREIGN, ROOM_DEADLINE_MS } from './desk'
import type { Env } from './env'
import { courierOf, courierShardCount, courierShardOf, roomOf } from './objects'

const COURIER_DEADLINE_MS = 2_000
const ATTEMPTS = 500

/** Null where there is no such incident, or this person may not see it. Without the courier's word `attempts` is null. */
export async function ladderOf(
  env: Env,
  viewer: Viewer,
  incidentId: string,
): Promise<{ view: LadderView; attempts: Attempt[] | null } | null> {
  const region = regionOfIncident(incidentId)
  if (!region) return null
  const courier = courierOf(env, region, courierShardOf({ id: '', incidentId }, courierShardCount(env)))
  const [view, attempts] = await Promise.all([
    within(ROOM_DEADLINE_MS, roomOf(env, region).paging.ladder(incidentId, viewer)),
    within(COURIER_DEADLINE_MS, courier.attempts({ incidentId, limit: ATTEMPTS })).catch(() => null),
  ])
  return view && { view, attempts }
}

/** This person's region `from` looks after `region`. */
export async function takeOver(
  env: Env,
  viewer: Viewer,
  region: RegionId,
  from: RegionId,
  reason: string,
): Promise<TakeOverAnswer> {
  if (!may(viewer, 'region:take-over', [from])) return { ok: false, refusal: FOREIGN }
  return within(ROOM_DEADLINE_MS, roomOf(env, region).paging.takeOver(from, reason, viewer))
}

/** By a supervisor of either side: the room knows which those are. */
export const giveBack = (env: Env, viewer: Viewer, region: RegionId): Promise<TakeOverAnswer> =>
  within(ROOM_DEADLINE_MS, roomOf(env, region).paging.giveBack(viewer))

/** Their screens close now, and nothing is lost by it. A room that does not hear it tells the leads once too often. */
export async function sayGoodbye(env: Env, viewer: Viewer): Promise<void> {
  await Promise.allSettled(
    viewer.regions.map((region) => within(ROOM_DEADLINE_MS, roomOf(env, region).paging.saysGoodbye(viewer.uid))),
  )
}
