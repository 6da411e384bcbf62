// What pages and API ask of a room beside its queue. Rights are asked here and by the room again.

import { may, type Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import type { CheckAct, CheckAnswer, Notices } from '../room/contract'
import { FOREIGN, ROOM_DEADLINE_MS } from './desk'
import type { Env } from './env'
import { roomOf } from './objects'

export async function noticesOf(
  env: Env,
  viewer: Viewer,
  region: RegionId,
): Promise<{ ok: true; notices: Notices } | { ok: false; refusal: Refusal }> {
  if (!may(viewer, 'incident:see', [region])) return { ok: false, refusal: FOREIGN }
  return { ok: true, notices: await within(ROOM_DEADLINE_MS, roomOf(env, region).notices(viewer)) }
}

export async function checkAct(
  env: Env,
  viewer: Viewer,
  region: RegionId,
  checkId: string,
  act: CheckAct,
): Promise<CheckAnswer> {
  if (!may(viewer, 'incident:act', [region])) return { ok: false, refusal: FOREIGN }
  return within(ROOM_DEADLINE_MS, roomOf(env, region).checkAct(checkId, act, viewer))
}
