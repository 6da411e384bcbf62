// What a room answers about its storm, its situations and NEXT. Platform glue only.

import { RpcTarget } from 'cloudflare:workers'
import { may, type Viewer } from '../src/domain/access'
import type { AnswerWay, QueueAnswer } from '../src/domain/queue-answer'
import type { RegionId } from '../src/domain/region'
import { within } from '../src/durable/deadline'
import type { Env } from '../src/http/env'
import { roomOf } from '../src/http/objects'
import type { Room } from '../src/room/room'
import type { SituationAct, StormRpc } from '../src/room/storm-contract'
import { type Homes, nextAsking } from '../src/room/storm-guests'
import { logFailure } from './failure-log'

/** A key was pressed for it: longer nobody waits to learn who else looks at a card. */
const HOME_ANSWERS_MS = 1_000

/** Rooms whose cards are shown here, by RPC. */
export const homesOf = (env: Env, region: RegionId, waitUntil: (told: Promise<void>) => void): Homes => ({
  lease: (home, incidentId, viewer) => within(HOME_ANSWERS_MS, roomOf(env, home).storm.lease(incidentId, viewer)),
  unlease: (home, incidentId, viewer) =>
    waitUntil(
      roomOf(env, home)
        .storm.unlease(incidentId, viewer)
        .catch((error: unknown) => logFailure('unlease failed', { region }, String(error), 1)),
    ),
})

const FOREIGN = {
  code: 'forbidden',
  reason: 'foreign_region',
  message: 'You have no rights in this region.',
} as const

export class RoomStorm extends RpcTarget implements StormRpc {
  readonly #room: Room
  readonly #region: RegionId
  readonly #homes: Homes
  readonly #changed: () => void

  /** `changed`: something may have to leave, to be shown, or to ring. */
  constructor(room: Room, { region, homes, changed }: { region: RegionId; homes: Homes; changed: () => void }) {
    super()
    this.#room = room
    this.#region = region
    this.#homes = homes
    this.#changed = changed
  }

  async seen(viewer: Viewer) {
    if (!may(viewer, 'incident:see', [this.#region])) return { ok: false as const, refusal: FOREIGN }
    return { ok: true as const, seen: this.#room.stormSeen() }
  }

  async set(on: boolean, reason: string | null, viewer: Viewer) {
    return this.#after(this.#room.storm.set(on, reason, viewer))
  }

  async next(viewer: Viewer) {
    const at = { region: this.#region, now: () => Date.now(), homes: this.#homes }
    return this.#after(await nextAsking(this.#room.storm.leases, at, viewer))
  }

  async lease(incidentId: string, viewer: Viewer) {
    return this.#after(this.#room.storm.leases.leaseTo(incidentId, viewer))
  }

  async unlease(incidentId: string, viewer: Viewer) {
    this.#after(this.#room.storm.leases.unlease(incidentId, viewer))
  }

  async situation(act: SituationAct, viewer: Viewer) {
    return this.#after(this.#room.situations.act(act, viewer))
  }

  async situationFile(id: string, viewer: Viewer) {
    if (!may(viewer, 'incident:see', [this.#region])) return { ok: false as const, refusal: FOREIGN }
    return this.#room.situations.file(id)
  }

  async answered(id: string, deviceId: string, answer: QueueAnswer, via: AnswerWay) {
    return this.#after(this.#room.storm.questions.answeredByPhone(id, deviceId, answer, via))
  }

  #after<T>(answer: T): T {
    this.#changed()
    return answer
  }
}
