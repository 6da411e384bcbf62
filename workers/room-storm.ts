// What a room answers about its storm, its situations and NEXT. Platform glue only.

import { RpcTarget } from 'cloudflare:workers'
import { may, type Viewer } from '../src/domain/access'
import type { AnswerWay, QueueAnswer } from '../src/domain/queue-answer'
import type { RegionId } from '../src/domain/region'
import type { Room } from '../src/room/room'
import type { SituationAct, StormRpc } from '../src/room/storm-contract'

const FOREIGN = {
  code: 'forbidden',
  reason: 'foreign_region',
  message: 'You have no rights in this region.',
} as const

export class RoomStorm extends RpcTarget implements StormRpc {
  readonly #room: Room
  readonly #region: RegionId
  readonly #changed: () => void

  /** `changed`: something may have to leave, to be shown, or to ring. */
  constructor(room: Room, region: RegionId, changed: () => void) {
    super()
    this.#room = room
    this.#region = region
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
    return this.#after(this.#room.storm.leases.next(viewer))
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
