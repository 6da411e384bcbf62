// What a room needs of the platform to tell people outside its screens, and what it answers about that. Platform glue only.

import { RpcTarget } from 'cloudflare:workers'
import type { CourierReport } from '../src/courier/contract'
import type { Viewer } from '../src/domain/access'
import { shortPlace } from '../src/domain/page-facts'
import type { RegionId } from '../src/domain/region'
import { describe } from '../src/geo/gazetteer'
import type { Env } from '../src/http/env'
import { courierShardCount, courierShardOf, roomOf } from '../src/http/objects'
import { AttentionTold, type People, together } from '../src/room/attention'
import type { RoomPorts } from '../src/room/ledger'
import type { AttentionThere, LadderView, PagingRpc, TakenOver, TakeOverAnswer } from '../src/room/paging-contract'
import type { Room } from '../src/room/room'
import { logFailure } from './failure-log'

export function pagingPorts(
  env: Env,
  region: RegionId,
): Required<Pick<RoomPorts, 'placeOf' | 'towerPhone' | 'courierShardOf'>> {
  const towerPhone = phoneOf(env.TOWER_PHONES, region)
  const shards = courierShardCount(env)
  return {
    placeOf: (position) => shortPlace(describe(position)),
    towerPhone: () => towerPhone,
    courierShardOf: (page) => courierShardOf(page, shards),
  }
}

/** "NCR:0286540000,CEB:0324150000". */
function phoneOf(setting: string | undefined, region: RegionId): string | null {
  for (const each of (setting ?? '').split(',')) {
    const [where, phone] = each.split(':').map((part) => part.trim())
    if (where === region && phone) return phone
  }
  return null
}

export type RoomPagingParts = {
  /** Something may have to leave, to be shown, or to ring. */
  changed(): void
  /** Keeps the object awake until it is said. */
  waitUntil(told: Promise<void>): void
  /** Who watches on this room's own screens. */
  people(): People
}

/** RPC of telling people outside the screens: `roomOf(env, region).paging.reports(…)` is one pipelined call. */
export class RoomPaging extends RpcTarget implements PagingRpc {
  readonly #env: Env
  readonly #region: RegionId
  readonly #room: Room
  readonly #parts: RoomPagingParts
  readonly #attentionTold = new AttentionTold()

  constructor(env: Env, region: RegionId, room: Room, parts: RoomPagingParts) {
    super()
    this.#env = env
    this.#region = region
    this.#room = room
    this.#parts = parts
  }

  async reports(reports: CourierReport[]): Promise<number[]> {
    return this.#after(this.#room.reports.take(reports))
  }

  async ladder(incidentId: string, viewer: Viewer): Promise<LadderView | null> {
    return this.#room.ladder(incidentId, viewer)
  }

  async takeOver(from: RegionId, reason: string, viewer: Viewer): Promise<TakeOverAnswer> {
    const answer = this.#after(this.#room.takeOver.takeOver(from, reason, viewer))
    this.tellWhoLooksAfter()
    return answer
  }

  async giveBack(viewer: Viewer): Promise<TakeOverAnswer> {
    const from = this.#room.takeOver.now?.from
    const answer = this.#after(this.#room.takeOver.giveBack(viewer))
    if (from && answer.ok) this.#tell(from)
    return answer
  }

  async lookAfter(region: RegionId, takenOver: TakenOver | null): Promise<void> {
    this.#after(this.#room.takeOver.heard(region, takenOver))
    this.tellWhoWatches()
  }

  async attentionThere(there: AttentionThere): Promise<void> {
    this.#after(this.#room.lookedAfter.heard(there))
  }

  async saysGoodbye(uid: string): Promise<void> {
    this.#room.towerDown.saysGoodbye(uid)
  }

  /** The room that looks after this one hears so; each minute again, for a word may be lost. */
  tellWhoLooksAfter(): void {
    const from = this.#room.takeOver.now?.from
    if (from) this.#tell(from)
  }

  /** Regions that are looked after from here hear who watches here, or their leads would be called though somebody does. */
  tellWhoWatches(): void {
    const others = this.#room.takeOver.lookingAfter.map(({ region }) => region)
    if (others.length === 0) return
    const people = this.#parts.people()
    const attention = together([people])
    const at = Date.now()
    for (const to of this.#attentionTold.due(others, attention, at)) {
      const there: AttentionThere = { from: this.#region, ...attention, people, at }
      this.#parts.waitUntil(
        roomOf(this.#env, to)
          .paging.attentionThere(there)
          .catch((error: unknown) => logFailure('who watches failed', { region: this.#region }, String(error), 1)),
      )
    }
  }

  #tell(to: RegionId): void {
    const { now } = this.#room.takeOver
    this.#parts.waitUntil(
      roomOf(this.#env, to)
        .paging.lookAfter(this.#region, now)
        .catch((error: unknown) => logFailure('looks after failed', { region: this.#region }, String(error), 1)),
    )
  }

  #after<T>(answer: T): T {
    this.#parts.changed()
    return answer
  }
}
