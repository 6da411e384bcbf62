// A region's room as the platform runs it (workers/sos-room.ts, room-drains.ts, room-sockets.ts): its core, its screens' sockets,
// its alarm, and what leaves it in the background. The times stand there and are repeated here.

import type { CourierReport } from '../../../src/courier/contract'
import type { Viewer } from '../../../src/domain/access'
import type { Act } from '../../../src/domain/command'
import type { IncidentSummary } from '../../../src/domain/incident'
import type { RegionId } from '../../../src/domain/region'
import { Rush } from '../../../src/durable/rush'
import type { Storage } from '../../../src/durable/storage'
import type { Answer, BatchReply, IntakeBatch } from '../../../src/room/contract'
import { Room } from '../../../src/room/room'
import { ROOM_MIGRATIONS } from '../../../src/room/schema'
import { type ScreenSocket, Screens } from '../../../src/room/screens'
import { Actor, type Clock, type Life } from '../world/actor'
import type { World } from '../world/world'
import type { CourierActor } from './courier'
import type { IntakeActor } from './intake'
import type { Postgres } from './postgres'
import { RoomDrains } from './room-drains'

const TICK_EVERY_MS = 5_000
const FRAME_EVERY_MS = 80
const REST_MS = 100

export type RoomNeighbours = {
  intakes(): readonly IntakeActor[]
  courier(): CourierActor
  postgres: Postgres
  room(region: RegionId): RoomActor
  /** The release before did not say of which epoch a status is. */
  isOld: boolean
  /** A bug: this press makes its transaction fail. */
  cannotTake(sosId: string): boolean
  /** Told of each change that screens hear of. */
  changed(summary: IncidentSummary): void
}

export class RoomActor extends Actor<RoomLife> {
  constructor(
    world: World,
    readonly region: RegionId,
    readonly neighbours: RoomNeighbours,
  ) {
    super(world, region === 'NCR' ? 'room' : `room:${region}`, 'room', ROOM_MIGRATIONS)
  }

  protected bear(storage: Storage, life: Life, clock: Clock): RoomLife {
    return new RoomLife(this.world, this, storage, life, clock)
  }

  protected ring(core: RoomLife): void {
    core.alarm()
  }

  tick(core: RoomLife): Promise<unknown> {
    return core.tick()
  }

  /** What a core asks of its platform. */
  wake(life: Life, at: number): void {
    this.wakeAt(life, at)
  }
}

export class RoomLife {
  readonly room: Room
  readonly screens: Screens
  private readonly rush = new Rush()
  private readonly drains: RoomDrains
  private armedFor: number | null = null
  private restsUntil = 0
  private framePending = false
  private lastFrameAt = 0
  private ticking = false

  constructor(
    world: World,
    private readonly actor: RoomActor,
    storage: Storage,
    private readonly life: Life,
    private readonly clock: Clock,
  ) {
    const { neighbours, region } = actor
    const { now } = clock
    const newId = () => world.random.id()
    this.room = new Room(storage, {
      region,
      now,
      newId,
      nextFree: (except) => this.screens.nextFree(except),
      hasScreen: (uid) => this.screens.hasScreen(uid),
      changed: (summary) => {
        neighbours.changed(summary)
        this.screens.note(summary)
      },
      attention: () => this.screens.attention().watching,
      free: () => this.screens.attention().free,
    })
    const { room } = this
    this.screens = new Screens(
      {
        region,
        now,
        after: (ms, run) => void clock.after(ms, run),
        newId,
        epoch: () => room.log.epoch,
        queue: (limit) => room.queue(limit),
        since: (seq, limit) => room.since(seq, limit),
        counts: () => room.counts(),
        holdsP1: (uid) => room.incidents.holdsP1(uid) || room.mirrors.holdsP1(uid),
        canaryAt: () => room.canaryAt,
        unverified: () => room.unverified.count(),
        notices: () => room.noticesShown(),
        shown: (ids, viewer) => {
          room.shown(ids, viewer.uid)
          this.after()
        },
        present: (viewer, present) => room.screenUser(viewer.uid, present),
        attended: () => {
          room.attentionChanged()
          if (room.timers.touched) this.arm()
        },
        came: (site, uid) => room.towerDown.came(site, uid),
        gone: (site, uid, goodbye) => room.towerDown.left(site, uid, goodbye),
      },
      room.log.seq,
    )
    this.drains = new RoomDrains(world, actor, room, life, clock)
  }

  async receive(batch: IntakeBatch): Promise<BatchReply> {
    this.rush.took(batch.presses.length, this.clock.now())
    if (batch.presses.some(({ sosId }) => this.actor.neighbours.cannotTake(sosId)))
      throw new Error('cannot take a press')
    return this.changed(this.room.receive(batch))
  }

  async reports(reports: CourierReport[]): Promise<number[]> {
    return this.changed(this.room.reports.take(reports))
  }

  async mirror(cards: IncidentSummary[]): Promise<void> {
    this.room.takeMirrored(cards)
    this.after()
  }

  async act(incidentId: string, act: Act, viewer: Viewer): Promise<Answer> {
    return this.changed(this.room.act(incidentId, act, viewer))
  }

  // Never throws: after six failures the platform would stop calling.
  alarm(): void {
    this.armedFor = null
    try {
      const isMoreDue = this.room.fire()
      this.restsUntil = isMoreDue ? 0 : this.clock.now() + REST_MS
    } catch (error) {
      if (!this.life.alive) throw error
      this.room.timers.set('again', '', this.clock.now() + 1_000)
    }
    this.after()
    this.arm()
  }

  async tick(): Promise<number> {
    this.armedFor = null
    this.room.heedClock()
    const rearmed = this.room.escalation.rearm()
    this.drains.wakeAll()
    this.arm()
    return rearmed
  }

  open(socket: ScreenSocket, viewer: Viewer, site: string): void {
    this.screens.join(socket, viewer, site)
    this.startTicking()
    this.after()
  }

  heard(socket: ScreenSocket, text: string): void {
    this.screens.hear(socket, text)
    this.after()
  }

  closed(socket: ScreenSocket): void {
    this.screens.leave(socket)
    this.after()
  }

  private after(): void {
    this.sendNews()
    this.drains.heed()
    if (this.room.timers.touched) this.arm()
  }

  private changed<T>(answer: T): T {
    this.after()
    return answer
  }

  private arm(): void {
    this.room.timers.touched = false
    const rest = Math.min(this.restsUntil, this.clock.now() + REST_MS)
    const due = this.room.timers.nextAlarm(this.armedFor, rest)
    if (due === null) return
    this.armedFor = due
    this.actor.wake(this.life, due)
  }

  private sendNews(): void {
    if (!this.screens.hasNews || this.framePending) return
    const wait = this.lastFrameAt + FRAME_EVERY_MS - this.clock.now()
    if (wait <= 0 || wait > FRAME_EVERY_MS) this.flush()
    else {
      this.framePending = true
      this.clock.after(wait, () => this.flush())
    }
  }

  private flush(): void {
    this.framePending = false
    this.lastFrameAt = this.clock.now()
    this.screens.flush()
  }

  private startTicking(): void {
    if (this.ticking) return
    this.ticking = true
    const tick = () => {
      this.screens.tick()
      this.after()
      if (this.screens.size === 0) this.ticking = false
      else this.clock.after(TICK_EVERY_MS, tick)
    }
    this.clock.after(TICK_EVERY_MS, tick)
  }
}
