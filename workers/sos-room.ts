// The Durable Object of one region's room. Platform glue only: sockets, alarm, RPC, drains.
// What happens to an incident is decided in src/domain and kept by src/room.

import { DurableObject } from 'cloudflare:workers'
import type { Viewer } from '../src/domain/access'
import type { Act, NewByPhone } from '../src/domain/command'
import type { CoverageHeed, CoverageReport } from '../src/domain/coverage'
import type { DirectoryRow, UserRow } from '../src/domain/directory'
import type { LogEvent } from '../src/domain/event'
import { type IncidentSummary, regionsOf } from '../src/domain/incident'
import type { UnverifiedPress } from '../src/domain/press'
import { findRegion, type RegionId, regionOfIncident } from '../src/domain/region'
import type { Report } from '../src/domain/report'
import { Drain, type DrainRun } from '../src/durable/drain'
import { Rush } from '../src/durable/rush'
import { migrate, type Storage } from '../src/durable/storage'
import { areaNames } from '../src/geo/area'
import type { Env } from '../src/http/env'
import { VIEWER_HEADER } from '../src/http/live'
import { fleetOf, fleetShardCount, intakeOf, roomOf, shardCount, shardOf } from '../src/http/objects'
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
  RoomHealth,
  RoomRpc,
  SourceMoved,
  VehicleNear,
} from '../src/room/contract'
import {
  archiveLog,
  askLifelines,
  askPhones,
  pullDirectoryInto,
  pushStatuses,
  sendCards,
  tellFleets,
} from '../src/room/departures'
import type { Moved } from '../src/room/moving'
import { Room } from '../src/room/room'
import { ROOM_MIGRATIONS } from '../src/room/schema'
import { Screens } from '../src/room/screens'
import { archive } from '../src/store/archive'
import { pullDirectory } from '../src/store/directory'
import { isRowFault } from '../src/store/fault'
import { type Db, withPostgres } from '../src/store/postgres'
import { refuseIfDead } from './faults'
import { holds, refuseBeyondLimit } from './sockets'

const TICK_EVERY_MS = 5_000
/**
 * Changes within this time go out as one frame; a change after a quiet moment goes at once. In a stream of presses each frame
 * costs a send per screen, and twelve a second are more than an eye can tell apart.
 */
const FRAME_EVERY_MS = 80
/** In a rush each frame is of dozens of cards, and what it costs is answers that phones wait for. */
const RUSH_FRAME_EVERY_MS = 200
const ARCHIVE_DEADLINE_MS = 10_000
const RPC_DEADLINE_MS = 5_000
/** What comes later is too late to keep a phone from counting as silent. */
const LIFELINES_DEADLINE_MS = 4_000
/** Phones hear within this time; what happens meanwhile to the same press is said once. */
const STATUSES_AFTER_MS = 100
/** Each drain to Postgres opens a connection, which costs more than a hundred rows: a second's lines share it. */
const ARCHIVE_AFTER_MS = 1_000
/** Fleet shards hear so soon whose vehicle is in danger. */
const FLEETS_AFTER_MS = 1_000
/** They hear of all of them each time: so much later for each, or a storm would be spent on telling of it. */
const FLEETS_LATER_MS = 2
/** Screens hear so soon what stands beside the queue: several checks that end together are one frame. */
const NOTICES_AFTER_MS = 250
/** In a rush the archive lets presses go first, this long at most. */
const ARCHIVE_YIELDS_MS = 10_000

export class SosRoom extends DurableObject<Env> implements RoomRpc {
  private readonly region: RegionId
  private readonly room: Room
  private readonly screens: Screens
  private readonly statuses: Drain
  private readonly cards: Drain
  private readonly archive: Drain
  private readonly pull: Drain
  private readonly fleets: Drain
  private readonly asks: Drain
  private readonly lifelines: Drain
  private ticking: ReturnType<typeof setInterval> | null = null
  /** People with a screen in another room, as those rooms last said. */
  private readonly elsewhere = new Map<string, Set<RegionId>>()
  private framePending = false
  private lastFrameAt = 0
  private armedFor: number | null = null
  private departedSeq = 0
  private readonly rush = new Rush()
  private archiveWaitsSince: number | null = null
  private readonly soon: Partial<Record<'statuses' | 'archive' | 'fleets' | 'notices', true>> = {}

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const region = findRegion(ctx.id.name ?? '')?.id
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
      hasScreen: (uid) => this.screens.hasScreen(uid) || this.elsewhere.has(uid),
      changed: (summary) => this.screens.note(summary),
      attention: () => this.screens.attention().watching,
      namesOf: areaNames,
      noticed: () => {
        this.soon.notices ??= later(NOTICES_AFTER_MS, () => {
          delete this.soon.notices
          this.screens.noticed()
        })
      },
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
        holdsP1: (uid) => this.room.incidents.holdsP1(uid),
        canaryAt: () => this.room.canaryAt,
        unverified: () => this.room.unverified.count(),
        notices: () => this.room.noticesShown(),
        shown: (ids, viewer) => {
          this.room.shown(ids, viewer.uid)
          this.guestsShown(ids, viewer.uid)
          this.after()
        },
        present: (viewer, present) => this.present(viewer, present),
      },
      this.room.log.seq,
    )
    const drain = (name: string, deadlineMs: number, capMs: number, run: DrainRun) =>
      new Drain({
        name,
        run,
        deadlineMs,
        capMs,
        onFailure: (failure, failures) => logFailure(region, name, failure, failures),
      })
    this.statuses = drain('statuses', RPC_DEADLINE_MS, 2_000, () =>
      pushStatuses(this.room, (intake, pushes) => {
        const shard = intake.slice(region.length + 1)
        return intakeOf(env, region, shard === 'u0' || shard === 'u1' ? shard : Number(shard)).update(pushes)
      }),
    )
    this.cards = drain('cards', RPC_DEADLINE_MS, 5_000, () =>
      sendCards(this.room, (to, cards) => roomOf(env, to).mirror(cards)),
    )
    const database = env.HYPERDRIVE?.connectionString ?? env.DATABASE_URL
    const withDatabase = (run: (db: Db) => Promise<'idle' | 'more'>): Promise<'idle' | 'more'> =>
      database === undefined ? Promise.resolve('idle') : withPostgres(database, ARCHIVE_DEADLINE_MS, run)
    this.archive = drain('archive', ARCHIVE_DEADLINE_MS + 2_000, 10_000, (signal) =>
      withDatabase(async (db) => {
        await archiveLog(this.room, (rows) => archive(db, rows), isRowFault, signal)
        return 'idle'
      }),
    )
    this.pull = drain('directory', ARCHIVE_DEADLINE_MS + 2_000, 15_000, () =>
      withDatabase((db) =>
        pullDirectoryInto(
          this.room,
          (after, limit) => pullDirectory(db, region, after, limit),
          (rows) => this.learned(rows),
        ),
      ),
    )
    this.asks = drain('questions', RPC_DEADLINE_MS, 10_000, () =>
      askPhones(
        this.room,
        shardCount(env),
        (device) => shardOf(device, shardCount(env)),
        (shard, questions) => intakeOf(env, region, shard).ask(questions),
      ),
    )
    this.fleets = drain('fleets', RPC_DEADLINE_MS, 10_000, () =>
      tellFleets(
        this.room,
        fleetShardCount(env),
        (device) => shardOf(device, fleetShardCount(env)),
        (shard, ids, least, hasten) => fleetOf(env, region, shard).watch(ids, least, hasten),
      ),
    )
    this.lifelines = drain('lifelines', LIFELINES_DEADLINE_MS, 2_000, () =>
      askLifelines(
        this.room,
        shardCount(env),
        (device) => shardOf(device, shardCount(env)),
        (shard, ids) => intakeOf(env, region, shard).lifelinesHeard(ids),
      ),
    )
    if (this.room.directory.version === 0) this.pull.wake()
  }

  async receive(batch: IntakeBatch): Promise<BatchReply> {
    this.rush.took(batch.presses.length, Date.now())
    const reply = this.room.receive(batch)
    this.after()
    return reply
  }

  async moved(reports: Report[]): Promise<void> {
    const { moved, sources } = this.room.heard(reports)
    this.screens.moved(moved, sources)
    this.moveElsewhere(moved, sources)
    this.after()
  }

  async movedElsewhere(moved: Moved[], sources: SourceMoved[]): Promise<void> {
    this.screens.moved(moved, sources)
  }

  async coverage(report: CoverageReport): Promise<CoverageHeed> {
    const heed = this.room.coverage.heard(report)
    this.after()
    return heed
  }

  async welfare(news: FleetWelfare): Promise<void> {
    this.room.welfare.heard(news)
    this.asks.wake()
    this.after()
  }

  async checkOk(checkId: string, deviceId: string): Promise<boolean> {
    const known = this.room.welfare.ok(checkId, deviceId)
    this.after()
    return known
  }

  async notices(viewer: Viewer): Promise<Notices> {
    return this.room.notices(viewer)
  }

  async checkAct(checkId: string, act: CheckAct, viewer: Viewer): Promise<CheckAnswer> {
    const answer = this.room.welfare.act(checkId, act, viewer)
    this.after()
    return answer
  }

  async act(incidentId: string, act: Act, viewer: Viewer): Promise<Answer> {
    const answer = this.room.act(incidentId, act, viewer)
    this.after()
    return answer
  }

  async create(input: NewByPhone, viewer: Viewer): Promise<Answer> {
    const answer = this.room.create(input, viewer)
    this.after()
    return answer
  }

  async promote(source: string, receivedAt: number, viewer: Viewer): Promise<Answer> {
    const answer = this.room.promote(source, receivedAt, viewer)
    this.after()
    return answer
  }

  async list(query: ListQuery, viewer: Viewer): Promise<Listing> {
    return this.room.list(query, viewer)
  }

  async file(incidentId: string, viewer: Viewer): Promise<IncidentFile | null> {
    const file = this.room.file(incidentId, viewer)
    this.after()
    return file
  }

  async vehiclesNear(deviceIds: string[]): Promise<VehicleNear[]> {
    return this.room.vehiclesNear(deviceIds)
  }

  async noteShown(incidentId: string, subjects: string[], viewer: Viewer): Promise<boolean> {
    const noted = this.room.noteShown(incidentId, subjects, viewer)
    this.after()
    return noted
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

  async screenElsewhere(uid: string, where: RegionId, present: boolean): Promise<void> {
    const places = this.elsewhere.get(uid) ?? new Set()
    if (present) places.add(where)
    else places.delete(where)
    this.elsewhere.set(uid, places)
    if (places.size === 0) this.elsewhere.delete(uid)
    if (!this.screens.hasScreen(uid)) this.room.screenUser(uid, places.size > 0)
    this.after()
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
    const parked = this.room.log.unpark()
    this.archive.wake()
    return parked
  }

  /** For the fault tests: this object ends now, as if its process had died. */
  async die(): Promise<void> {
    if (this.env.FAULTS === 'on') this.ctx.abort('dead on purpose')
  }

  async tick(): Promise<RoomHealth> {
    this.armedFor = null
    this.statuses.wake()
    this.cards.wake()
    this.archive.wake()
    this.pull.wake()
    this.fleets.wake()
    this.asks.wake()
    await this.arm()
    const { open, untaken } = this.room.counts()
    const { watching, free } = this.screens.attention()
    const { outbox, parked } = this.room.log.waiting()
    return {
      region: this.region,
      epoch: this.room.log.epoch,
      seq: this.room.log.seq,
      open,
      untaken,
      watching,
      free,
      screens: this.screens.size,
      outbox,
      parked,
      archivedSeq: this.room.log.archivedSeq(),
      directoryVersion: this.room.directory.version,
      lastCanaryAt: this.room.canaryAt,
      now: Date.now(),
    }
  }

  override async fetch(request: Request): Promise<Response> {
    const viewer = JSON.parse(decodeURIComponent(request.headers.get(VIEWER_HEADER) ?? 'null')) as Viewer | null
    if (!viewer) return new Response('no viewer', { status: 403 })
    const full = refuseBeyondLimit(this.env)
    if (full) return full
    const { 0: client, 1: server } = new WebSocketPair()
    // Not the hibernating kind: a room with screens must show by its own tick that it lives.
    server.accept()
    server.addEventListener('message', (event) => {
      if (typeof event.data === 'string') this.screens.hear(server, event.data)
      this.after()
    })
    const gone = () => {
      this.screens.leave(server)
      holds(this.region, this.screens.size)
      if (this.screens.size === 0) this.stopTicking()
      this.after()
    }
    server.addEventListener('close', gone)
    server.addEventListener('error', gone)
    this.screens.join(server, viewer)
    holds(this.region, this.screens.size)
    this.startTicking()
    this.after()
    return new Response(null, { status: 101, webSocket: client })
  }

  // Never throws: after six failures the platform would stop calling. Never waits for anything outside its own storage.
  override async alarm(): Promise<void> {
    this.armedFor = null
    try {
      if (this.room.fire()) this.room.timers.set('again', '', Date.now())
    } catch (error) {
      logFailure(this.region, 'alarm', String(error), 0)
      this.room.timers.set('again', '', Date.now() + 1_000)
    }
    this.after()
    await this.arm()
  }

  /** After anything that may have changed something: frames out, drains woken, alarm set. None of it is waited for. */
  private after(): void {
    if (this.screens.hasNews) this.scheduleFrame()
    if (this.room.silence.hasSuspects) this.lifelines.wake()
    if (this.room.timers.touched) this.ctx.waitUntil(this.arm())
    if (this.room.log.seq === this.departedSeq) return
    this.departedSeq = this.room.log.seq
    this.soon.statuses ??= later(STATUSES_AFTER_MS, () => this.depart('statuses'))
    const { liveDeviceCount } = this.room.incidents
    this.soon.fleets ??= later(FLEETS_AFTER_MS + FLEETS_LATER_MS * liveDeviceCount, () => this.depart('fleets'))
    this.soon.archive ??= later(ARCHIVE_AFTER_MS, () => this.depart('archive'))
  }

  private depart(what: 'statuses' | 'archive' | 'fleets'): void {
    delete this.soon[what]
    if (what === 'fleets') {
      this.fleets.wake()
      return
    }
    if (what === 'statuses') {
      this.statuses.wake()
      this.cards.wake()
      return
    }
    const now = Date.now()
    this.archiveWaitsSince ??= now
    if (this.rush.isOn(now) && now - this.archiveWaitsSince < ARCHIVE_YIELDS_MS) {
      this.soon.archive = later(ARCHIVE_AFTER_MS, () => this.depart('archive'))
      return
    }
    this.archiveWaitsSince = null
    this.archive.wake()
  }

  private scheduleFrame(): void {
    if (this.framePending) return
    const now = Date.now()
    const wait = this.lastFrameAt + (this.rush.isOn(now) ? RUSH_FRAME_EVERY_MS : FRAME_EVERY_MS) - now
    if (wait <= 0) {
      this.flush()
      return
    }
    this.framePending = true
    setTimeout(() => this.flush(), wait)
  }

  private flush(): void {
    this.framePending = false
    this.lastFrameAt = Date.now()
    this.screens.flush()
  }

  private async arm(): Promise<void> {
    this.room.timers.touched = false
    const due = this.room.timers.nextAlarm(this.armedFor)
    if (due === null) return
    this.armedFor = due
    await this.ctx.storage.setAlarm(due)
  }

  private startTicking(): void {
    this.ticking ??= setInterval(() => {
      this.screens.tick()
      if (this.screens.size === 0) this.stopTicking()
      this.after()
    }, TICK_EVERY_MS)
  }

  private stopTicking(): void {
    if (this.ticking !== null) clearInterval(this.ticking)
    this.ticking = null
  }

  // Whoever changes from one region's screen to another's keeps what they hold, so the other rooms must know.
  private present(viewer: Viewer, present: boolean): void {
    const { uid, regions } = viewer
    if (present || !this.elsewhere.has(uid)) this.room.screenUser(uid, present)
    const others = new Set([...regions, ...this.room.mirrors.ownedBy(uid).map((card) => card.region)])
    others.delete(this.region)
    for (const other of others) {
      const told = roomOf(this.env, other).screenElsewhere(uid, this.region, present)
      this.ctx.waitUntil(told.catch((error: unknown) => logFailure(this.region, 'screen elsewhere', String(error), 1)))
    }
  }

  // Whoever has the card of a vehicle sees it drive.
  private moveElsewhere(moved: Moved[], sources: SourceMoved[]): void {
    const regions = new Map<RegionId, Set<string>>()
    for (const id of new Set([...moved, ...sources].map((each) => each.id))) {
      const incident = this.room.incidents.find(id)
      for (const to of incident ? regionsOf(incident) : [])
        if (to !== this.region) regions.set(to, (regions.get(to) ?? new Set()).add(id))
    }
    for (const [to, ids] of regions) {
      const of = <T extends { id: string }>(all: T[]): T[] => all.filter(({ id }) => ids.has(id))
      const told = roomOf(this.env, to).movedElsewhere(of(moved), of(sources))
      this.ctx.waitUntil(told.catch((error: unknown) => logFailure(this.region, 'moved elsewhere', String(error), 1)))
    }
  }

  private guestsShown(ids: readonly string[], uid: string): void {
    for (const id of ids) {
      const home = regionOfIncident(id)
      if (!home || home === this.region) continue
      const told = roomOf(this.env, home).cardsShown([id], uid)
      this.ctx.waitUntil(told.catch((error: unknown) => logFailure(this.region, 'card shown', String(error), 1)))
    }
  }

  // A user whose epoch rose, or who left, has no sessions here any more.
  private learned(rows: DirectoryRow[]): void {
    if (rows.some(({ kind }) => kind === 'device')) this.fleets.wake()
    for (const row of rows) {
      if (row.kind === 'user')
        this.screens.endSessions(row.id, row.body?.active ? row.body.sessionEpoch : Number.POSITIVE_INFINITY)
    }
  }
}

/** Always true, so that it can stand for "it is on its way". */
function later(ms: number, run: () => void): true {
  setTimeout(run, ms)
  return true
}

function logFailure(region: RegionId, what: string, failure: string, failures: number): void {
  console.error(
    JSON.stringify({ level: 'warn', message: `${what} failed`, region, failure: failure.slice(0, 200), failures }),
  )
}
