// One shard of the fleet: where its devices are, what they said last, and who of them is silent. Positions leave it for
// Postgres in batches and for maps as dots. Nothing here is waited for by an SOS.

import type { Corner } from '../domain/fence'
import type { FenceList } from '../domain/fence-record'
import type { ToMap } from '../domain/map-frame'
import type { Pace } from '../domain/pace'
import type { PositionBatch } from '../domain/position-batch'
import { findRegion, type RegionId } from '../domain/region'
import type { Report } from '../domain/report'
import type { PositionRow } from '../domain/track'
import { type DrainClock, wallClock } from '../durable/drain'
import { migrate, type Storage } from '../durable/storage'
import { Chores } from './chores'
import { SILENT_AFTER_MS } from './contacts'
import type {
  FleetHealth,
  FleetRpc,
  InsideDevice,
  LastKnown,
  NearDevice,
  PaceSaid,
  ReportReply,
  UnderstoodReport,
  WatchReply,
} from './contract'
import { Devices } from './devices'
import type { Dots } from './dots'
import { FenceWatch } from './fence-watch'
import { ForRoom } from './for-room'
import { insideArea } from './inside-area'
import { Keeping } from './keeping'
import { lastOf } from './known'
import type { MapSource } from './map-viewers'
import { nearest } from './near'
import { Paces } from './pace'
import type { FleetPorts } from './ports'
import { PositionsLine } from './positions-line'
import { PositionsQueue } from './positions-queue'
import { FLEET_MIGRATIONS } from './schema'
import { Taking } from './taking'
import { Watched } from './watched'

export type { FleetPorts } from './ports'

const SWEEP_EVERY_MS = 10_000

export class Fleet implements Omit<FleetRpc, 'report'>, MapSource {
  readonly epoch: number
  readonly region: RegionId
  private readonly shard: number
  private readonly chores: Chores
  private readonly devices: Devices
  private readonly taking: Taking
  private readonly queue: PositionsQueue<PositionRow, PositionBatch>
  private readonly watched: Watched
  private readonly paces: Paces
  private readonly forRoom: ForRoom | null
  private readonly fenceWatch: FenceWatch
  private readonly keeping: Keeping

  /** `name` as `NCR:0`. Restores what the last checkpoint holds. */
  constructor(
    name: string,
    private readonly storage: Storage,
    ports: FleetPorts,
    private readonly clock: DrainClock = wallClock,
  ) {
    const [id = '', shard = ''] = name.split(':')
    const region = findRegion(id)
    if (!region || !/^\d{1,4}$/.test(shard)) throw new Error('a fleet shard is named after its region and number')
    this.region = region.id
    this.shard = Number(shard)
    this.epoch = ports.newEpoch?.() ?? (crypto.getRandomValues(new Uint32Array(1))[0] as number)
    migrate(storage, FLEET_MIGRATIONS)
    this.chores = new Chores(
      storage,
      () => clock.now(),
      (at) => ports.wakeAt?.(at),
    )
    const silentAfterMs = ports.silentAfterMs ?? SILENT_AFTER_MS
    this.paces = new Paces(storage)
    this.watched = new Watched(clock, (deviceId, report) => ports.watchSeen?.(deviceId, report))
    this.queue = new PositionsQueue({
      name,
      clock,
      line: new PositionsLine(),
      save: (rows, signal) => ports.save(rows, signal),
      isRowFault: ports.isRowFault && ((error) => ports.isRowFault?.(error) ?? false),
      onFailure: (failure, failures) => ports.onFailure?.(failure, failures),
      maxRows: ports.maxQueued,
    })
    this.fenceWatch = new FenceWatch(name, storage, ports, clock)
    this.forRoom = ports.forRoom
      ? new ForRoom({
          ...ports.forRoom,
          isDepotAt: (at) => this.fenceWatch.isDepotAt(at),
          silentAfterMs,
          shard: this.shard,
          clock,
          onFailure: (failure, failures) => ports.onFailure?.(`room: ${failure}`, failures),
        })
      : null
    this.devices = new Devices({
      now: () => clock.now(),
      silentAfterMs,
      isWatched: (deviceId) => this.watched.has(deviceId),
      changed: (known) => this.forRoom?.stands(known),
      forgotten: (known) => {
        this.forRoom?.forget(known)
        this.fenceWatch.forget(known.deviceId)
      },
    })
    this.taking = new Taking({
      region: this.region,
      devices: this.devices,
      queue: this.queue,
      fences: this.fenceWatch,
      watched: this.watched,
      forRoom: this.forRoom,
    })
    this.keeping = new Keeping({
      storage,
      clock,
      chores: this.chores,
      devices: this.devices,
      fences: this.fenceWatch,
      onFailure: (failure, failures) => ports.onFailure?.(failure, failures),
    })
    this.restore()
  }

  get dots(): Dots {
    return this.devices.dots
  }

  async report(reports: Report[], malformed: Record<string, number> = {}, said: PaceSaid = {}): Promise<ReportReply> {
    for (const [deviceId, pace] of Object.entries(said)) this.paces.said(deviceId, pace)
    const now = this.clock.now()
    this.taking.take(reports, now)
    for (const [deviceId, count] of Object.entries(malformed)) this.taking.takeMalformed(deviceId, count, now)
    if (this.devices.size === 0) return { queued: this.queued }
    this.keeping.heard(now)
    this.sweepLater()
    this.chores.arm()
    const pace: Record<string, Pace> = {}
    for (const { deviceId } of reports) {
      const asked = this.paceOf(deviceId)
      if (asked) pace[deviceId] = asked
    }
    return { queued: this.queued, pace }
  }

  /** What its next answer should tell this device of how often to report; null: nothing. */
  paceOf(deviceId: string): Pace | null {
    return this.paces.of(deviceId, this.clock.now())
  }

  async lastOf(deviceIds: string[]): Promise<LastKnown[]> {
    return deviceIds.flatMap((id) => {
      const known = this.devices.get(id)
      return known ? [lastOf(known)] : []
    })
  }

  async recent(deviceId: string): Promise<UnderstoodReport[]> {
    return this.taking.recent(deviceId)
  }

  async deviceAt(epoch: number, index: number): Promise<string | null> {
    return epoch === this.epoch ? (this.devices.onMaps(index)?.deviceId ?? null) : null
  }

  async near(at: { lat: number; lng: number }, limit: number, maxM: number): Promise<NearDevice[]> {
    return nearest(this.devices.all(), at, { limit, maxM, now: this.clock.now() })
  }

  async watch(
    deviceIds: string[],
    minGenerations?: Record<string, number>,
    hasten: string[] = [],
    fasterUntil: Record<string, number> = {},
  ): Promise<WatchReply> {
    if (minGenerations) this.taking.minGenerations = minGenerations
    this.paces.replace({ until: fasterUntil, open: hasten })
    this.follow(this.watched.replace(deviceIds))
    const contacts = deviceIds.map((id) => [id, this.taking.contactsOf(id)] as const)
    return { contacts: Object.fromEntries(contacts.flatMap(([id, times]) => (times ? [[id, times]] : []))) }
  }

  private follow(changed: readonly string[]): void {
    if (changed.length === 0) return
    this.storage.transactionSync(() => {
      for (const id of changed) {
        if (this.watched.has(id)) this.storage.sql.exec('INSERT OR IGNORE INTO watched (device_id) VALUES (?)', id)
        else this.storage.sql.exec('DELETE FROM watched WHERE device_id = ?', id)
      }
    })
    this.devices.follow(changed)
    this.sweepLater()
    this.chores.arm()
  }

  async fences(list: FenceList): Promise<void> {
    this.fenceWatch.take(list)
  }

  async inside(polygon: Corner[]): Promise<InsideDevice[]> {
    return insideArea(this.devices.all(), polygon)
  }

  async insideFences(): Promise<Record<string, number>> {
    return this.fenceWatch.inside((id) => (this.devices.get(id)?.standing ?? 'away') !== 'away')
  }

  /** Also sets the alarm anew, so that an object whose alarm was lost goes on. */
  async tick(): Promise<FleetHealth> {
    this.chores.arm(true)
    this.fenceWatch.ask()
    return {
      region: this.region,
      shard: this.shard,
      devices: this.devices.size,
      silent: this.devices.silent,
      queued: this.queue.length,
      dropped: this.queue.dropped,
      oldestQueuedAt: this.queue.oldestAt,
      ...this.taking.counts,
      checkpointAt: this.keeping.at,
      fences: this.fenceWatch.health(),
      now: this.clock.now(),
    }
  }

  /** Fires what is due and sets the alarm to what is next. Never throws. */
  alarm(): void {
    for (const chore of this.chores.take()) {
      if (chore === 'checkpoint') this.checkpoint()
      else this.sweep()
    }
    this.chores.arm(true)
  }

  /** Never throws. */
  checkpoint(): void {
    this.keeping.checkpoint()
  }

  /** Positions that wait for Postgres. */
  get queued(): number {
    return this.queue.length
  }

  now(): number {
    return this.clock.now()
  }

  vehicle(index: number): Extract<ToMap, { t: 'vehicle' }> | null {
    return this.devices.vehicle(index)
  }

  /** What every map is told of geofences since it was last asked for. */
  news(): ToMap[] {
    return this.fenceWatch.takeNews()
  }

  private sweep(): void {
    const changed = this.devices.sweep()
    this.forRoom?.prune()
    if (changed) this.keeping.soon()
    this.sweepLater()
  }

  private restore(): void {
    const now = this.clock.now()
    const ids = this.storage.sql.exec<{ device_id: string }>('SELECT device_id FROM watched').toArray()
    this.watched.replace(ids.map((row) => row.device_id))
    for (const kept of this.keeping.read()) {
      const known = Object.assign(this.devices.know(kept.deviceId, kept.home), kept)
      this.taking.hasSeen(known)
      this.devices.restored(known, now)
    }
    this.sweepLater()
    this.chores.arm()
  }

  private sweepLater(): void {
    const next = this.devices.nextSweepAt()
    if (next !== null) this.chores.within('sweep', Math.max(SWEEP_EVERY_MS, next - this.clock.now()))
  }
}
