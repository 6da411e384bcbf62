// RPC of a room's drills: `roomOf(env, region).drills.start(…)` is one pipelined call. Platform glue only.

import { RpcTarget } from 'cloudflare:workers'
import type { Viewer } from '../src/domain/access'
import type { DrillSchedule } from '../src/domain/drill-schedule'
import type {
  BoardAnswer,
  DrillAnswer,
  DrillEnd,
  DrillsRpc,
  DrillWish,
  PlanAnswer,
  ScheduleAnswer,
} from '../src/room/drills-contract'
import type { DrillsDesk } from '../src/room/drills-desk'

export class RoomDrills extends RpcTarget implements DrillsRpc {
  readonly #desk: DrillsDesk
  readonly #changed: () => void

  /** `changed`: something may have to leave, to be shown, or to ring. */
  constructor(desk: DrillsDesk, changed: () => void) {
    super()
    this.#desk = desk
    this.#changed = changed
  }

  async board(viewer: Viewer): Promise<BoardAnswer> {
    return this.#desk.board(viewer)
  }

  async file(id: string, viewer: Viewer): Promise<DrillAnswer> {
    return this.#desk.file(id, viewer)
  }

  async plan(wish: DrillWish, viewer: Viewer): Promise<PlanAnswer> {
    return this.#desk.plan(wish, viewer)
  }

  async start(wish: DrillWish, viewer: Viewer): Promise<DrillAnswer> {
    return this.#after(this.#desk.start(wish, viewer))
  }

  async end(id: string, how: DrillEnd, viewer: Viewer): Promise<DrillAnswer> {
    return this.#after(this.#desk.end(id, how, viewer))
  }

  async schedule(schedule: Omit<DrillSchedule, 'by' | 'region'>, viewer: Viewer): Promise<ScheduleAnswer> {
    return this.#after(this.#desk.schedule(schedule, viewer))
  }

  async unschedule(id: string, viewer: Viewer): ReturnType<DrillsRpc['unschedule']> {
    return this.#after(this.#desk.unschedule(id, viewer))
  }

  #after<T>(answer: T): T {
    this.#changed()
    return answer
  }
}
