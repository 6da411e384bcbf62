// What leaves a simulated room in the background, and when (workers/room-drains.ts): what it is, is in src/room/departures.

import { Drain, type DrainRun } from '../../../src/durable/drain'
import { archiveLog, pushStatuses, sendCards, sendPages } from '../../../src/room/departures'
import type { Room } from '../../../src/room/room'
import type { Clock, Life } from '../world/actor'
import type { World } from '../world/world'
import { isRowFault } from './postgres'
import type { RoomActor } from './room'
import { WIRE } from './wire'

const ARCHIVE_DEADLINE_MS = 12_000
const RPC_DEADLINE_MS = 5_000
const STATUSES_AFTER_MS = 100
const ARCHIVE_AFTER_MS = 1_000

export class RoomDrains {
  private readonly statuses: Drain
  private readonly cards: Drain
  private readonly archive: Drain
  private readonly pages: Drain
  private readonly soon = new Set<string>()
  private departedSeq = 0

  constructor(
    private readonly world: World,
    private readonly actor: RoomActor,
    private readonly room: Room,
    life: Life,
    private readonly clock: Clock,
  ) {
    const { neighbours, region } = actor
    const caller = { name: actor.name, life }
    const { network } = world
    this.statuses = this.drain('statuses', RPC_DEADLINE_MS, 2_000, () =>
      pushStatuses(room, (intake, pushes) => {
        const to = neighbours.intakes()[Number(intake.slice(region.length + 1))]
        if (!to) return Promise.resolve()
        const sent = neighbours.isOld ? pushes.map(({ epoch: _, ...push }) => push) : pushes
        return network.call(caller, to, 'statuses', (core) => core.update(WIRE(sent)))
      }),
    )
    this.cards = this.drain('cards', RPC_DEADLINE_MS, 5_000, () =>
      sendCards(room, (to, cards) => {
        const sent = cards
        return network.call(caller, neighbours.room(to), 'cards', (core) => core.mirror(WIRE(sent)))
      }),
    )
    this.archive = this.drain('archive', ARCHIVE_DEADLINE_MS, 10_000, async (signal) => {
      await archiveLog(room, (rows) => neighbours.postgres.archive(caller, WIRE(rows)), isRowFault, signal)
      return 'idle'
    })
    this.pages = this.drain('pages', RPC_DEADLINE_MS, 2_000, () =>
      sendPages(room, 0, {
        send: (pages) => {
          const sent = pages
          return network.call(caller, neighbours.courier(), 'pages', (core) => core.send(WIRE(sent)))
        },
        stop: (what) => {
          world.say(actor.name, `stops ${what.pageIds.length} pages: ${what.why}`)
          return network.call(caller, neighbours.courier(), 'stop', (core) => core.stop(WIRE(what)))
        },
      }),
    )
  }

  heed(): void {
    this.sendPages()
    if (this.room.log.seq === this.departedSeq) return
    this.departedSeq = this.room.log.seq
    this.departAfter(STATUSES_AFTER_MS, 'statuses', () => {
      this.statuses.wake()
      this.cards.wake()
    })
    this.departAfter(ARCHIVE_AFTER_MS, 'archive', () => this.archive.wake())
  }

  wakeAll(): void {
    this.statuses.wake()
    this.cards.wake()
    this.archive.wake()
    this.sendPages()
  }

  private sendPages(): void {
    if (this.room.pages.shardsLeaving.length > 0) this.pages.wake()
  }

  private departAfter(ms: number, what: string, depart: () => void): void {
    if (this.soon.has(what)) return
    this.soon.add(what)
    this.clock.after(ms, () => {
      this.soon.delete(what)
      depart()
    })
  }

  private drain(name: string, deadlineMs: number, capMs: number, run: DrainRun): Drain {
    return new Drain({
      name,
      run,
      deadlineMs,
      capMs,
      clock: this.clock,
      onFailure: (failure) => this.world.say(this.actor.name, `${name} failed: ${failure}`),
    })
  }
}
