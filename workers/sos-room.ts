// The Durable Object of one region's room. Platform glue only: storage, alarm and RPC; its screens' sockets are in
// room-sockets.ts, what it sends in the background in room-drains.ts, what it says to other rooms in room-neighbours.ts.
// What happens to an incident is decided in src/domain and kept by src/room.

import { DurableObject } from 'cloudflare:workers'
import type { Viewer } from '../src/domain/access'
import type { Act, NewByPhone } from '../src/domain/command'
import type { CoverageHeed, CoverageReport } from '../src/domain/coverage'
import type { DirectoryRow, UserRow } from '../src/domain/directory'
import type { LogEvent } from '../src/domain/event'
import type { IncidentSummary } from '../src/domain/incident'
import type { UnverifiedPress } from '../src/domain/press'
import { findRegion, type RegionId } from '../src/domain/region'
import type { Report } from '../src/domain/report'
import type { PutBack } from '../src/durable/moved'
import { Rush } from '../src/durable/rush'
import { migrate, type Storage } from '../src/durable/storage'
import { areaNames } from '../src/geo/area'
import type { Env } from '../src/http/env'
import { SITE_HEADER, VIEWER_HEADER } from '../src/http/live'
import type {
  Answer,
  BatchReply,
  CheckAct,
  CheckAnswer,
  FleetWelfare,
  IncidentFile,
  IntakeBatch,
  Listing,
  ListQuery,
  Notices,
  PhoneDevice,
  RoomHealth,
  RoomRpc,
  SourceMoved,
  VehicleNear,
} from '../src/room/contract'
import { healthOf } from '../src/room/health'
import type { Moved } from '../src/room/moving'
import { deviceOfPhone } from '../src/room/phones'
import { Room } from '../src/room/room'
import { ROOM_MIGRATIONS } from '../src/room/schema'
import { Screens } from '../src/room/screens'
import { logFailure } from './failure-log'
import { refuseIfDead } from './faults'
import { moveIn } from './moved'
import { ownName } from './own-name'
import { areasPorts, RoomAreas, textsLeave } from './room-areas'
import { RoomDrains } from './room-drains'
import { RoomDrills } from './room-drills'
import { RoomNeighbours } from './room-neighbours'
import { outwardPorts, RoomOutward } from './room-outward'
import { pagingPorts, RoomPaging } from './room-paging'
import { RoomSockets } from './room-sockets'
import { homesOf, RoomStorm } from './room-storm'

/** After an alarm the next is so much later at least: of a crowd some twenty timers come due in it, and share one. */
const REST_MS = 100

export class SosRoom extends DurableObject<Env> implements RoomRpc {
  private readonly region: RegionId
  private readonly room: Room
  private readonly screens: Screens
  private readonly sockets: RoomSockets
  private readonly drains: RoomDrains
  private readonly neighbours: RoomNeighbours
  private readonly rush = new Rush()
  private readonly stormPart: RoomStorm
  private readonly pagingPart: RoomPaging
  private readonly outwardPart: RoomOutward
  private readonly drillsPart: RoomDrills
  private readonly areasPart: RoomAreas
  private armedFor: number | null = null
  private restsUntil = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const region = findRegion(ownName(ctx))?.id
    if (!region) throw new Error('a room is named after its region')
    refuseIfDead(region)
    this.region = region
    const storage = ctx.storage as unknown as Storage
    migrate(storage, ROOM_MIGRATIONS)
    const now = () => Date.now()
    const newId = () => crypto.randomUUID()
    this.room = new Room(storage, {
      region,
      now,
      newId,
      nextFree: (except) => this.screens.nextFree(except),
      hasScreen: (uid) => this.screens.hasScreen(uid) || this.neighbours.hasScreenElsewhere(uid),
      changed: (summary) => this.screens.note(summary),
      attention: () => this.screens.attention().watching,
      free: () => this.screens.attention().free,
      people: () => this.screens.people(),
      namesOf: areaNames,
      noticed: () => this.sockets.sendNoticesSoon(),
      ...pagingPorts(env, region),
      ...outwardPorts(env),
      textsLeave: () => textsLeave(env),
    })
    this.screens = new Screens(
      {
        region,
        now,
        after: (ms, run) => void setTimeout(run, ms),
        newId,
        epoch: () => this.room.log.epoch,
        queue: (limit) => this.room.queue(limit),
        since: (seq, limit) => this.room.since(seq, limit),
        counts: () => this.room.counts(),
        holdsP1: (uid) => this.room.incidents.holdsP1(uid) || this.room.mirrors.holdsP1(uid),
        canaryAt: () => this.room.canaryAt,
        unverified: () => this.room.unverified.count(),
        notices: () => this.room.noticesShown(),
        shown: (ids, viewer) => {
          this.room.shown(ids, viewer.uid)
          this.neighbours.guestsShown(ids, viewer.uid)
          this.after()
        },
        present: (viewer, present, lastHeardAt) => this.neighbours.screenHere(viewer, present, lastHeardAt),
        attended: () => {
          this.room.attentionChanged()
          this.pagingPart.tellWhoWatches()
          if (this.room.timers.touched) this.ctx.waitUntil(this.arm())
        },
        came: (site, uid) => this.room.towerDown.came(site, uid),
        gone: (site, uid, goodbye) => this.room.towerDown.left(site, uid, goodbye),
      },
      this.room.log.seq,
    )
    const { room, screens, rush } = this
    this.sockets = new RoomSockets({ env, region, screens, rush, heard: () => this.after() })
    this.neighbours = new RoomNeighbours({
      env,
      region,
      room,
      hasScreen: (uid) => screens.hasScreen(uid),
      waitUntil: (told) => ctx.waitUntil(told),
      changed: () => this.after(),
    })
    this.drains = new RoomDrains({
      env,
      region,
      room,
      rush,
      learned: (rows) => this.learned(rows),
      changed: () => this.after(),
    })
    this.outwardPart = new RoomOutward(room.outward, () => this.after())
    this.areasPart = new RoomAreas(room, areasPorts(env, region), () => this.after())
    this.drillsPart = new RoomDrills(room.drillsDesk, () => this.after())
    this.stormPart = new RoomStorm(room, {
      region,
      homes: homesOf(env, region, (told) => ctx.waitUntil(told)),
      changed: () => this.after(),
    })
    this.pagingPart = new RoomPaging(env, region, room, {
      changed: () => this.after(),
      waitUntil: (told) => ctx.waitUntil(told),
      people: () => screens.people(),
    })
    this.neighbours.born()
  }

  get outward(): RoomOutward {
    return this.outwardPart
  }

  get areas(): RoomAreas {
    return this.areasPart
  }

  get drills(): RoomDrills {
    return this.drillsPart
  }

  get paging(): RoomPaging {
    return this.pagingPart
  }

  get storm(): RoomStorm {
    return this.stormPart
  }

  async receive(batch: IntakeBatch): Promise<BatchReply> {
    this.rush.took(batch.presses.length, Date.now())
    return this.changed(this.room.receive(batch))
  }

  async moved(reports: Report[]): Promise<void> {
    const { moved, sources } = this.room.heard(reports)
    this.screens.moved(moved, sources)
    this.neighbours.moved(moved, sources)
    this.after()
  }

  async movedElsewhere(moved: Moved[], sources: SourceMoved[]): Promise<void> {
    this.screens.moved(moved, sources)
  }

  async coverage(report: CoverageReport): Promise<CoverageHeed> {
    return this.changed(this.room.coverage.heard(report))
  }

  async welfare(news: FleetWelfare): Promise<void> {
    this.room.welfare.heard(news)
    this.drains.ask()
    this.after()
  }

  async checkOk(checkId: string, deviceId: string): Promise<boolean> {
    return this.changed(this.room.welfare.ok(checkId, deviceId))
  }

  async notices(viewer: Viewer): Promise<Notices> {
    return this.room.notices(viewer)
  }

  async checkAct(checkId: string, act: CheckAct, viewer: Viewer): Promise<CheckAnswer> {
    return this.changed(this.room.welfare.act(checkId, act, viewer))
  }

  async act(incidentId: string, act: Act, viewer: Viewer): Promise<Answer> {
    return this.changed(this.room.act(incidentId, act, viewer))
  }

  async create(input: NewByPhone, viewer: Viewer): Promise<Answer> {
    return this.changed(this.room.create(input, viewer))
  }

  async promote(source: string, receivedAt: number, viewer: Viewer): Promise<Answer> {
    return this.changed(this.room.promote(source, receivedAt, viewer))
  }

  async list(query: ListQuery, viewer: Viewer): Promise<Listing> {
    return this.room.list(query, viewer)
  }

  async file(incidentId: string, viewer: Viewer): Promise<IncidentFile | null> {
    return this.changed(this.room.file(incidentId, viewer))
  }

  async vehiclesNear(deviceIds: string[]): Promise<VehicleNear[]> {
    return this.room.vehiclesNear(deviceIds)
  }

  async deviceOfPhone(phone: string): Promise<PhoneDevice | null> {
    return deviceOfPhone(this.room.directory, phone)
  }

  async noteShown(incidentId: string, subjects: string[], viewer: Viewer): Promise<boolean> {
    return this.changed(this.room.noteShown(incidentId, subjects, viewer))
  }

  async log(fromSeq: number, limit: number): Promise<LogEvent[]> {
    return this.room.log.from(fromSeq, limit)
  }

  async unverified(_viewer: Viewer): Promise<{ count: number; latest: UnverifiedPress[] }> {
    return { count: this.room.unverified.count(), latest: this.room.unverified.latest() }
  }

  async mirror(cards: IncidentSummary[]): Promise<void> {
    this.room.takeMirrored(cards)
    this.after()
  }

  async cardsShown(incidentIds: string[], uid: string): Promise<void> {
    this.room.shown(incidentIds, uid)
    this.after()
  }

  async screenElsewhere(uid: string, where: RegionId, present: boolean, goneSince?: number): Promise<void> {
    this.neighbours.screenElsewhere(uid, where, present, goneSince)
    this.after()
  }

  async bornElsewhere(where: RegionId, owners: string[]): Promise<string[]> {
    const here = this.neighbours.bornElsewhere(where, owners)
    this.after()
    return here
  }

  async userByEmail(email: string): Promise<UserRow | null> {
    return this.room.directory.userByEmail(email)
  }

  async sessionHolds(uid: string, epoch: number): Promise<boolean> {
    const user = this.room.directory.get('user', uid)
    return !user || (user.active && user.sessionEpoch <= epoch)
  }

  async endSessions(uid: string, epoch: number): Promise<void> {
    this.screens.endSessions(uid, epoch)
  }

  async holdsIncident(uid: string): Promise<boolean> {
    return this.room.incidents.ownedBy(uid).length > 0
  }

  async learn(rows: DirectoryRow[]): Promise<void> {
    this.learned(this.room.learn(rows))
    this.after()
  }

  async resendParked(): Promise<number> {
    const parked = this.room.log.unpark() + this.room.outward.records.unpark()
    this.drains.archiveNow()
    return parked
  }

  /** For the fault tests: this object ends now, as if its process had died. */
  async die(): Promise<void> {
    if (this.env.FAULTS === 'on') this.ctx.abort('dead on purpose')
  }

  async tick(): Promise<RoomHealth> {
    this.armedFor = null
    this.room.heedClock()
    const rearmed = this.room.escalation.rearm()
    this.pagingPart.tellWhoLooksAfter()
    this.drains.wakeAll()
    await this.arm()
    return { ...healthOf(this.region, this.room, this.screens, Date.now()), rearmed }
  }

  override async fetch(request: Request): Promise<Response> {
    const viewer = JSON.parse(decodeURIComponent(request.headers.get(VIEWER_HEADER) ?? 'null')) as Viewer | null
    if (!viewer) return new Response('no viewer', { status: 403 })
    return this.sockets.open(viewer, request.headers.get(SITE_HEADER) ?? '')
  }

  moveIn(text: ReadableStream): Promise<PutBack> {
    return moveIn(this.ctx, text)
  }

  // Never throws: after six failures the platform would stop calling. Never waits for anything outside its own storage.
  override async alarm(): Promise<void> {
    this.armedFor = null
    try {
      const isMoreDue = this.room.fire()
      this.restsUntil = isMoreDue ? 0 : Date.now() + REST_MS
    } catch (error) {
      logFailure('alarm failed', { region: this.region }, String(error), 0)
      this.room.timers.set('again', '', Date.now() + 1_000)
    }
    this.after()
    await this.arm()
  }

  /** After anything that may have changed something: frames out, drains woken, alarm set. None of it is waited for. */
  private after(): void {
    this.sockets.sendNews()
    this.drains.heed()
    if (this.room.timers.touched) this.ctx.waitUntil(this.arm())
  }

  /** An answer by which something may have changed. */
  private changed<T>(answer: T): T {
    this.after()
    return answer
  }

  private async arm(): Promise<void> {
    this.room.timers.touched = false
    // A clock that was set back lengthens no rest.
    const rest = Math.min(this.restsUntil, Date.now() + REST_MS)
    const due = this.room.timers.nextAlarm(this.armedFor, rest)
    if (due === null) return
    this.armedFor = due
    await this.ctx.storage.setAlarm(due)
  }

  // A user whose epoch rose, or who left, has no sessions here any more.
  private learned(rows: DirectoryRow[]): void {
    if (rows.some(({ kind }) => kind === 'device')) this.drains.tellFleets()
    for (const row of rows) {
      if (row.kind === 'user')
        this.screens.endSessions(row.id, row.body?.active ? row.body.sessionEpoch : Number.POSITIVE_INFINITY)
    }
  }
}
