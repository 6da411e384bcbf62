// What a room says to those of other regions at once, unlike the cards, which a drain brings: who looks, what they saw, and
// how a vehicle drives. A word that is lost is not said again.

import type { Viewer } from '../src/domain/access'
import { regionsOf } from '../src/domain/incident'
import { REGIONS, type RegionId, regionOfIncident } from '../src/domain/region'
import type { Env } from '../src/http/env'
import { roomOf } from '../src/http/objects'
import type { RoomRpc, SourceMoved } from '../src/room/contract'
import type { Moved } from '../src/room/moving'
import type { Room } from '../src/room/room'
import { logFailure } from './failure-log'

export type RoomNeighboursParts = {
  env: Env
  region: RegionId
  room: Room
  /** This person has a screen here. */
  hasScreen(uid: string): boolean
  /** Keeps the object awake until it is said. */
  waitUntil(told: Promise<void>): void
  /** Something is to be done later that was not. */
  changed(): void
}

export class RoomNeighbours {
  /** People with a screen in another room, as those rooms last said. */
  private readonly elsewhere = new Map<string, Set<RegionId>>()

  constructor(private readonly parts: RoomNeighboursParts) {}

  hasScreenElsewhere(uid: string): boolean {
    return this.elsewhere.has(uid)
  }

  /** Another room says that somebody's first screen there has come, or their last has gone. */
  screenElsewhere(uid: string, where: RegionId, present: boolean, goneSince?: number): void {
    const places = this.elsewhere.get(uid) ?? new Set()
    if (present) places.add(where)
    else places.delete(where)
    this.elsewhere.set(uid, places)
    if (places.size === 0) this.elsewhere.delete(uid)
    if (!this.parts.hasScreen(uid)) this.parts.room.screenUser(uid, places.size > 0, goneSince)
  }

  /**
   * This object is new: it was let go while it had no screen, or has died. Others forget the screens that were here, and say who
   * looks from there: whoever holds something and has a screen in any region keeps it.
   */
  born(): void {
    const { region, room, changed } = this.parts
    const owners = room.incidents.owners()
    if (owners.length === 0 && room.vanished.length === 0) return
    for (const { id } of REGIONS) {
      if (id === region) continue
      this.tell(id, 'born anew', async (there) => {
        for (const uid of await there.bornElsewhere(region, owners)) this.screenElsewhere(uid, id, true)
        changed()
      })
    }
  }

  bornElsewhere(where: RegionId, owners: readonly string[]): string[] {
    for (const [uid, places] of [...this.elsewhere]) if (places.has(where)) this.screenElsewhere(uid, where, false)
    return owners.filter((uid) => this.parts.hasScreen(uid))
  }

  /**
   * The same of a screen here. Whoever changes from one region's screen to another's keeps what they hold, so the other
   * rooms must know.
   */
  screenHere({ uid, regions }: Viewer, present: boolean, goneSince?: number): void {
    const { room, region } = this.parts
    if (present || !this.elsewhere.has(uid)) room.screenUser(uid, present, goneSince)
    const others = new Set([...regions, ...room.mirrors.ownedBy(uid).map((card) => card.region)])
    others.delete(region)
    for (const other of others) {
      this.tell(other, 'screen elsewhere', (there) => there.screenElsewhere(uid, region, present, goneSince))
    }
  }

  /** Whoever has the card of a vehicle sees it drive. */
  moved(moved: Moved[], sources: SourceMoved[]): void {
    const { room, region } = this.parts
    const regions = new Map<RegionId, Set<string>>()
    for (const id of new Set([...moved, ...sources].map((each) => each.id))) {
      const incident = room.incidents.find(id)
      for (const to of incident ? regionsOf(incident) : [])
        if (to !== region) regions.set(to, (regions.get(to) ?? new Set()).add(id))
    }
    for (const [to, ids] of regions) {
      const of = <T extends { id: string }>(all: T[]): T[] => all.filter(({ id }) => ids.has(id))
      this.tell(to, 'moved elsewhere', (there) => there.movedElsewhere(of(moved), of(sources)))
    }
  }

  /** Cards of other rooms were painted on a screen of this one. */
  guestsShown(ids: readonly string[], uid: string): void {
    for (const id of ids) {
      const home = regionOfIncident(id)
      if (home && home !== this.parts.region) this.tell(home, 'card shown', (there) => there.cardsShown([id], uid))
    }
  }

  private tell(to: RegionId, what: string, say: (room: RoomRpc) => Promise<void>): void {
    const { env, region, waitUntil } = this.parts
    waitUntil(
      say(roomOf(env, to)).catch((error: unknown) => logFailure(`${what} failed`, { region }, String(error), 1)),
    )
  }
}
