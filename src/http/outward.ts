// What people do towards the outside of an incident, as calls to its room: used by the JSON API and by the pages alike.

import type { Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { HandOffTold } from '../domain/handoff'
import { type RegionId, regionOfIncident } from '../domain/region'
import type { ShareWish } from '../domain/share'
import { within } from '../durable/deadline'
import type { Answer } from '../room/contract'
import type { KinTold, OutwardDesk, OutwardRpc, ShareAnswer } from '../room/outward-contract'
import { ROOM_DEADLINE_MS } from './desk'
import type { Env } from './env'
import { roomOf } from './objects'
import { towerPhones } from './settings-outward'

const UNKNOWN: Refusal = { code: 'not_found', reason: 'unknown_incident', message: 'There is no such incident.' }

/** Null where there is no such incident, or this person may not see it. */
export async function outwardDesk(env: Env, viewer: Viewer, incidentId: string): Promise<OutwardDesk | null> {
  const outward = of(env, incidentId)
  return outward && within(ROOM_DEADLINE_MS, outward.desk(incidentId, viewer))
}

export const handOff = (env: Env, viewer: Viewer, incidentId: string, told: HandOffTold): Promise<Answer> =>
  ask(env, incidentId, (outward) => outward.handOff(incidentId, told, viewer))

export const tellKin = (env: Env, viewer: Viewer, incidentId: string, told: KinTold): Promise<Answer> =>
  ask(env, incidentId, (outward) => outward.tellKin(incidentId, told, viewer))

export const messageDriver = (env: Env, viewer: Viewer, incidentId: string, text: string): Promise<Answer> =>
  ask(env, incidentId, (outward) => outward.message(incidentId, text, viewer))

export const share = (env: Env, viewer: Viewer, incidentId: string, wish: ShareWish): Promise<ShareAnswer> =>
  ask(env, incidentId, (outward) => outward.share(incidentId, wish, viewer))

export const revokeShare = (env: Env, viewer: Viewer, incidentId: string, shareId: string): Promise<Answer> =>
  ask(env, incidentId, (outward) => outward.revokeShare(incidentId, shareId, viewer))

/** As a phone opens it. */
export const shareAddress = (env: Pick<Env, 'PUBLIC_URL'>, token: string): string => `${env.PUBLIC_URL}/s/${token}`

/** The tower's own number in this region; null where none is configured. */
export const towerPhoneOf = ({ TOWER_PHONES }: Pick<Env, 'TOWER_PHONES'>, region: RegionId): string | null =>
  towerPhones(TOWER_PHONES ?? '')?.[region] ?? null

function of(env: Env, incidentId: string): OutwardRpc | null {
  const region = regionOfIncident(incidentId)
  return region && roomOf(env, region).outward
}

async function ask<T>(
  env: Env,
  incidentId: string,
  run: (outward: OutwardRpc) => Promise<T>,
): Promise<T | { ok: false; refusal: Refusal }> {
  const outward = of(env, incidentId)
  return outward ? within(ROOM_DEADLINE_MS, run(outward)) : { ok: false, refusal: UNKNOWN }
}
