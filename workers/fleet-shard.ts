// The Durable Object of one fleet shard. Platform glue only: storage, alarm, sockets of drivers and of maps, RPC. What a
// report means, and what a map shows, is decided in src/fleet. Its sockets do not hibernate: last positions live in memory.

import { DurableObject } from 'cloudflare:workers'
import type { Corner } from '../src/domain/fence'
import type { FenceList } from '../src/domain/fence-record'
import { fixEvery } from '../src/domain/pace'
import { findRegion, type RegionId } from '../src/domain/region'
import type { Report } from '../src/domain/report'
import { wallClock } from '../src/durable/drain'
import type { PutBack } from '../src/durable/moved'
import type { Storage } from '../src/durable/storage'
import { Acknowledgements } from '../src/fleet/acknowledgements'
import type {
  FleetHealth,
  FleetRpc,
  InsideDevice,
  LastKnown,
  NearDevice,
  PaceSaid,
  ReportReply,
  ReportText,
  UnderstoodReport,
  WatchReply,
} from '../src/fleet/contract'
import { Fleet } from '../src/fleet/fleet'
import { MapViewers } from '../src/fleet/map-viewers'
import { isKnownPlace } from '../src/geo/known-places'
import { loadOf, reportsOf } from '../src/http/doors/own-load'
import { FLEET_HEADER } from '../src/http/doors/positions'
import type { Env } from '../src/http/env'
import { roomOf } from '../src/http/objects'
import { parsed } from '../src/ingest/json'
import { readPositions } from '../src/ingest/own-positions'
import { copyPositions } from '../src/store/copy-positions'
import { isRowFault } from '../src/store/fault'
import { saveFenceEvents } from '../src/store/geofence-events'
import { watchedFences } from '../src/store/geofences'
import { KeptPostgres } from '../src/store/kept-postgres'
import { savePositions } from '../src/store/positions'
import { withPostgres } from '../src/store/postgres'
import { moveIn } from './moved'
import { ownName } from './own-name'
import { holds, refuseBeyondLimit } from './sockets'

const FRAME_EVERY_MS = 1_000
const POSTGRES_DEADLINE_MS = 10_000
const TELL_AFTER_MS = 200
/** A thousand positions of our own form. */
const LONGEST_MESSAGE = 512 * 1024

/** Who the Worker says is at the other end, checked. */
type Caller = { is: 'driver'; deviceId: string; home: RegionId; generation: number } | { is: 'viewer'; uid: string }

export class FleetShard extends DurableObject<Env> implements FleetRpc {
  private readonly name: string
  private readonly fleet: Fleet
  private readonly viewers: MapViewers
  private readonly acknowledgements: Acknowledgements
  private readonly sockets = { map: 0, position: 0 }
  private watchers = 0
  private forRoom: Report[] = []
  private drawing: ReturnType<typeof setInterval> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const name = ownName(ctx)
    const [region = '', shard = '0'] = name.split(':')
    if (!findRegion(region)) throw new Error('a fleet shard is named after its region and number')
    this.name = name
    const database = env.HYPERDRIVE?.connectionString ?? env.DATABASE_URL
    // A COPY holds its connection, and that poolers bear it is proven for none.
    const isLent = env.HYPERDRIVE !== undefined
    const positions = database === undefined ? null : new KeptPostgres(database, POSTGRES_DEADLINE_MS)
    this.fleet = new Fleet(name, ctx.storage as unknown as Storage, {
      save: async (rows) => {
        if (positions === null) throw new Error('there is no database')
        await positions.run((db, sql) => (isLent ? savePositions(db, [...rows]) : copyPositions({ db, sql }, rows)))
      },
      isRowFault,
      saveFenceEvents: async (rows) => {
        if (database === undefined) throw new Error('there is no database')
        await withPostgres(database, POSTGRES_DEADLINE_MS, (db) => saveFenceEvents(db, rows))
      },
      ...(database !== undefined && {
        loadFences: (known: number) =>
          withPostgres(database, POSTGRES_DEADLINE_MS, (db) => watchedFences(db, region as RegionId, known)),
      }),
      watchSeen: (_, report) => this.tellRoom(report),
      wakeAt: (at) => ctx.waitUntil(ctx.storage.setAlarm(at)),
      ...(env.SILENT_AFTER_S ? { silentAfterMs: Number(env.SILENT_AFTER_S) * 1_000 } : {}),
      forRoom: { room: () => roomOf(env, this.fleet.region), isKnownPlace },
      onFailure: (failure, failures) => logFailure(name, failure, failures),
    })
    this.viewers = new MapViewers(this.fleet, Number(shard))
    this.acknowledgements = new Acknowledgements(wallClock, () => this.fleet.queued)
  }

  report(reports: (Report | ReportText)[], malformed?: Record<string, number>, said?: PaceSaid): Promise<ReportReply> {
    return this.fleet.report(reportsOf(reports), malformed, said)
  }

  lastOf(deviceIds: string[]): Promise<LastKnown[]> {
    return this.fleet.lastOf(deviceIds)
  }

  recent(deviceId: string): Promise<UnderstoodReport[]> {
    return this.fleet.recent(deviceId)
  }

  deviceAt(epoch: number, index: number): Promise<string | null> {
    return this.fleet.deviceAt(epoch, index)
  }

  near(at: { lat: number; lng: number }, limit: number, maxM: number): Promise<NearDevice[]> {
    return this.fleet.near(at, limit, maxM)
  }

  watch(
    deviceIds: string[],
    minGenerations?: Record<string, number>,
    hasten?: string[],
    fasterUntil?: Record<string, number>,
  ): Promise<WatchReply> {
    return this.fleet.watch(deviceIds, minGenerations, hasten, fasterUntil)
  }

  fences(list: FenceList): Promise<void> {
    return this.fleet.fences(list)
  }

  inside(polygon: Corner[]): Promise<InsideDevice[]> {
    return this.fleet.inside(polygon)
  }

  insideFences(): Promise<Record<string, number>> {
    return this.fleet.insideFences()
  }

  tick(): Promise<FleetHealth> {
    return this.fleet.tick()
  }

  moveIn(text: ReadableStream): Promise<PutBack> {
    return moveIn(this.ctx, text)
  }

  override async alarm(): Promise<void> {
    this.fleet.alarm()
  }

  /** The upgrade of a driver's or a map's socket. The Worker has checked who it is; nobody else can reach this object. */
  override async fetch(request: Request): Promise<Response> {
    const caller = JSON.parse(decodeURIComponent(request.headers.get(FLEET_HEADER) ?? 'null')) as Caller | null
    if (!caller) return new Response('nobody', { status: 403 })
    const use = caller.is === 'viewer' ? 'map' : 'position'
    const full = refuseBeyondLimit(this.env, use)
    if (full) return full
    const { 0: client, 1: server } = new WebSocketPair()
    server.accept()
    this.count(use, 1)
    let open = true
    const leave = (after: () => void) => () => {
      if (!open) return
      open = false
      this.count(use, -1)
      after()
    }
    if (caller.is === 'viewer') this.show(server, leave)
    else this.listen(server, caller, leave)
    return new Response(null, { status: 101, webSocket: client })
  }

  private show(server: WebSocket, leave: (after: () => void) => () => void): void {
    this.viewers.join(server)
    this.watchers++
    this.drawing ??= setInterval(() => this.viewers.flush(Date.now()), FRAME_EVERY_MS)
    server.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.viewers.hear(server, data)
    })
    const gone = leave(() => {
      this.viewers.leave(server)
      this.watchers--
      if (this.watchers > 0 || this.drawing === null) return
      clearInterval(this.drawing)
      this.drawing = null
    })
    server.addEventListener('close', gone)
    server.addEventListener('error', gone)
  }

  /** Each message is what POST /api/positions takes, and is answered `{taken, malformed}`; `ping` is answered `pong`. */
  private listen(
    server: WebSocket,
    device: Extract<Caller, { is: 'driver' }>,
    leave: (after: () => void) => () => void,
  ): void {
    server.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string' ? data : new TextDecoder().decode(data as ArrayBuffer)
      if (text === 'ping') return void say(server, 'pong')
      if (text.length > LONGEST_MESSAGE) return server.close(1009, 'messages have at most 512 kB')
      const now = Date.now()
      const read = readPositions(parsed(text), now)
      const { reports, malformed } = loadOf(device, read, now, 'own-socket')
      // Settled before it returns; what it promises is only its form as an RPC.
      void this.fleet.report(reports, malformed)
      const pace = fixEvery(this.fleet.paceOf(device.deviceId))
      const answer = JSON.stringify({ taken: reports.length, malformed: read.malformed, ...pace })
      this.acknowledgements.add(() => say(server, answer), now)
    })
    const gone = leave(() => {})
    server.addEventListener('close', gone)
    server.addEventListener('error', gone)
  }

  // What several vehicles in danger say in the same moment is one call. One that fails is made up for by the next report.
  private tellRoom(report: Report): void {
    this.forRoom.push(report)
    if (this.forRoom.length > 1) return
    setTimeout(() => {
      const reports = this.forRoom
      this.forRoom = []
      const told = roomOf(this.env, reports[0]?.home ?? report.home).moved(reports)
      this.ctx.waitUntil(told.catch((error: unknown) => logFailure(this.name, String(error), 1)))
    }, TELL_AFTER_MS)
  }

  private count(use: 'map' | 'position', change: number): void {
    this.sockets[use] += change
    holds(this.name, use, this.sockets[use])
  }
}

function say(socket: WebSocket, text: string): void {
  try {
    socket.send(text)
  } catch {
    // Closed meanwhile: the next report comes by another socket.
  }
}

function logFailure(shard: string, failure: string, failures: number): void {
  const message = 'positions do not reach Postgres'
  console.error(JSON.stringify({ level: 'warn', message, shard, failure: failure.slice(0, 200), failures }))
}
