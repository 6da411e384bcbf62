// One shard of the fleet: where its devices are, what they said last, and who of them is silent. Positions leave it for
// Postgres in batches and for maps as dots. Nothing here is waited for by an SOS.

import { haversine } from '../domain/distance'
import type { Corner } from '../domain/fence'
import type { FenceList } from '../domain/fence-record'
import { tokenHolderOf } from '../domain/gateway'
import type { ToMap } from '../domain/map-frame'
import type { Pace } from '../domain/pace'
import { isFresh } from '../domain/position'
import { findRegion, type RegionId } from '../domain/region'
import type { Report } from '../domain/report'
import { type DrainClock, wallClock } from '../durable/drain'
import { migrate, type Storage } from '../durable/storage'
import { readCheckpoint, writeCheckpoint } from './checkpoint'
import { Chores } from './chores'
import { Contacts, SILENT_AFTER_MS } from './contacts'
import type {
  FleetHealth,
  FleetRpc,
  InsideDevice,
  LastKnown,
  NearDevice,
  PaceSaid,
  ReportReply,
  ReportVerdict,
  UnderstoodReport,
  WatchReply,
} from './contract'
import { maybeWithin } from './distance'
import { Dots, statusOf } from './dots'
import { type FencePorts, FenceWatch } from './fence-watch'
import { ForRoom, type ForRoomOptions } from './for-room'
import { insideArea } from './inside-area'
import { hear, type Known, lastOf, newKnown, place } from './known'
import type { MapSource } from './map-viewers'
import { Paces } from './pace'
import { type PositionRow, PositionsQueue } from './positions-queue'
import { RecentReports } from './recent-reports'
import { FLEET_MIGRATIONS } from './schema'
import { SeenFixes } from './seen-fixes'
import { toRoom, toRow, toVehicle } from './told'
import { Watched } from './watched'

export type FleetPorts = Pick<FencePorts, 'loadFences' | 'saveFenceEvents'> & {
  /** One batched insert into Postgres; rejects where nothing of it is stored. May be repeated with the same rows. */
  save(rows: PositionRow[], signal: AbortSignal): Promise<unknown>
  /** True for an error that is the fault of a row: the others are then sent without it, and it is dropped and counted. */
  isRowFault?(error: unknown): boolean
  /**
   * A watched device was heard, at most once per 2 s and device. The report has its position where that is the device's
   * present place, or would be but for its clock (`future`); else null, and it is a sign of life.
   */
  watchSeen?(deviceId: string, report: Report): void
  /** Postgres did not take a batch, or a checkpoint was not written or read. Must not throw. */
  onFailure?(failure: string, failures: number): void
  /** The object's alarm is to be set to this, epoch ms. */
  wakeAt?(at: number): void
  /** Of 32 bits; tells one life of this shard from another. */
  newEpoch?(): number
  /** How many positions wait for Postgres at most. */
  maxQueued?: number
  /** After how long without a word a device is silent; five minutes unless told. */
  silentAfterMs?: number
  /** Whom a person may have to ask after, and areas that fell silent: told to the room in the background. */
  forRoom?: Pick<ForRoomOptions, 'room' | 'isKnownPlace'>
}

const CHECKPOINT_EVERY_MS = 30_000
const SWEEP_EVERY_MS = 10_000
/** Times of contact that a room hears of each device. */
const CONTACTS_TOLD = 6
/** Platforms put an object to sleep that has not been called for some ten seconds, and its memory with it. */
const QUIET_MS = 4_000

export class Fleet implements Omit<FleetRpc, 'report'>, MapSource {
  readonly epoch: number
  readonly dots = new Dots()
  readonly region: RegionId
  private readonly shard: number
  private readonly chores: Chores
  private readonly devices = new Map<string, Known>()
  private readonly byIndex = new Map<number, Known>()
  private nextIndex = 0
  private readonly seen = new SeenFixes()
  private readonly reports = new RecentReports()
  private readonly contacts: Contacts
  private readonly queue: PositionsQueue
  private readonly watched: Watched
  private readonly paces: Paces
  private readonly forRoom: ForRoom | null
  private readonly fenceWatch: FenceWatch
  private checkpointAt: number | null = null
  private checkpointFailures = 0
  private readonly counts = { taken: 0, duplicates: 0, older: 0, jumps: 0, malformed: 0, revoked: 0 }
  /** By device: tokens of an earlier generation are revoked. As the room last said; empty until it has. */
  private minGenerations: Readonly<Record<string, number>> = {}
  private heardAt = Number.NEGATIVE_INFINITY
  private listening = false
  /** Whose reports are being taken, and whether its dot is to be drawn anew. */
  private taken: Known | null = null
  private hasMoved = false

  /** `name` as `NCR:0`. Restores what the last checkpoint holds. */
  constructor(
    name: string,
    private readonly storage: Storage,
    private readonly ports: FleetPorts,
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
    this.contacts = new Contacts(clock.now(), silentAfterMs)
    this.paces = new Paces(storage)
    this.watched = new Watched(clock, (deviceId, report) => ports.watchSeen?.(deviceId, report))
    this.queue = new PositionsQueue({
      name,
      clock,
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
    this.restore()
  }

  async report(reports: Report[], malformed: Record<string, number> = {}, said: PaceSaid = {}): Promise<ReportReply> {
    for (const [deviceId, pace] of Object.entries(said)) this.paces.said(deviceId, pace)
    const now = this.clock.now()
    try {
      for (const report of reports) if (!this.isRevoked(report)) this.take(report, now)
    } finally {
      this.drawTaken()
    }
    for (const [deviceId, count] of Object.entries(malformed)) this.takeMalformed(deviceId, count)
    if (this.devices.size === 0) return { queued: this.queued }
    this.chores.within('checkpoint', CHECKPOINT_EVERY_MS)
    this.sweepLater()
    this.chores.arm()
    this.heardAt = now
    this.whenQuiet(QUIET_MS)
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
    return this.reports.of(deviceId)
  }

  async deviceAt(epoch: number, index: number): Promise<string | null> {
    return epoch === this.epoch && this.dots.has(index) ? (this.byIndex.get(index)?.deviceId ?? null) : null
  }

  async near(at: { lat: number; lng: number }, limit: number, maxM: number): Promise<NearDevice[]> {
    const now = this.clock.now()
    const found: NearDevice[] = []
    for (const { deviceId, shown, standing, lastContactAt } of this.devices.values()) {
      if (!shown || standing !== 'heard' || !maybeWithin(at, shown.position, maxM)) continue
      const { position } = shown
      if (!isFresh({ ...position, fixedAt: shown.at }, now)) continue
      const distanceM = haversine(at, position)
      if (distanceM <= maxM) found.push({ deviceId, position, distanceM, lastContactAt })
    }
    return found.sort((a, b) => a.distanceM - b.distanceM).slice(0, Math.max(0, limit))
  }

  async watch(
    deviceIds: string[],
    minGenerations?: Record<string, number>,
    hasten: string[] = [],
    fasterUntil: Record<string, number> = {},
  ): Promise<WatchReply> {
    if (minGenerations) this.minGenerations = minGenerations
    this.paces.replace({ until: fasterUntil, open: hasten })
    this.follow(this.watched.replace(deviceIds))
    return { contacts: Object.fromEntries(deviceIds.flatMap((id) => this.contactsOf(id))) }
  }

  /** The last few times that it was heard: of before a restart only the last. */
  private contactsOf(deviceId: string): [string, number[]][] {
    const known = this.devices.get(deviceId)
    if (!known) return []
    const times = this.reports.of(deviceId).map(({ receivedAt }) => receivedAt)
    return [[deviceId, [...new Set([known.lastContactAt, ...times])].slice(0, CONTACTS_TOLD)]]
  }

  private follow(changed: readonly string[]): void {
    if (changed.length === 0) return
    this.storage.transactionSync(() => {
      for (const id of changed) {
        if (this.watched.has(id)) this.storage.sql.exec('INSERT OR IGNORE INTO watched (device_id) VALUES (?)', id)
        else this.storage.sql.exec('DELETE FROM watched WHERE device_id = ?', id)
      }
    })
    for (const id of changed) {
      const known = this.devices.get(id)
      if (!known) continue
      known.watched = this.watched.has(id)
      this.contacts.heard(known, this.clock.now())
      this.draw(known)
    }
    this.sweepLater()
    this.chores.arm()
  }

  async fences(list: FenceList): Promise<void> {
    this.fenceWatch.take(list)
  }

  async inside(polygon: Corner[]): Promise<InsideDevice[]> {
    return insideArea(this.devices.values(), polygon)
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
      silent: this.contacts.silent,
      queued: this.queue.length,
      dropped: this.queue.dropped,
      oldestQueuedAt: this.queue.oldestAt,
      ...this.counts,
      checkpointAt: this.checkpointAt,
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

  /** Never throws: one that is not written is written half a minute later. */
  checkpoint(): void {
    try {
      writeCheckpoint(this.storage, this.devices.values(), this.clock.now())
      this.fenceWatch.checkpoint()
      this.checkpointAt = this.clock.now()
      this.checkpointFailures = 0
    } catch (error) {
      this.ports.onFailure?.(`checkpoint: ${messageOf(error)}`, ++this.checkpointFailures)
      this.chores.within('checkpoint', CHECKPOINT_EVERY_MS)
    }
  }

  /** Positions that wait for Postgres. */
  get queued(): number {
    return this.queue.length
  }

  now(): number {
    return this.clock.now()
  }

  vehicle(index: number): Extract<ToMap, { t: 'vehicle' }> | null {
    const known = this.byIndex.get(index)
    return known && this.dots.has(index) ? toVehicle(known) : null
  }

  /** What every map is told of geofences since it was last asked for. */
  news(): ToMap[] {
    return this.fenceWatch.takeNews()
  }

  private isRevoked({ deviceId, generation }: Report): boolean {
    const revoked = generation !== undefined && generation < (this.minGenerations[tokenHolderOf(deviceId)] ?? 0)
    if (revoked) this.counts.revoked++
    return revoked
  }

  // In a stream of reports the half minute of the alarm is enough; after the last of them nothing must be lost to sleep.
  private whenQuiet(ms: number): void {
    if (this.listening) return
    this.listening = true
    this.clock.after(ms, () => {
      this.listening = false
      const left = this.heardAt + QUIET_MS - this.clock.now()
      if (left > 0) this.whenQuiet(left)
      else this.checkpoint()
    })
  }

  private take(report: Report, now: number): void {
    const { deviceId } = report
    const known =
      this.taken?.deviceId === deviceId ? this.taken : (this.devices.get(deviceId) ?? this.add(deviceId, report.home))
    if (known !== this.taken) {
      this.drawTaken()
      this.taken = known
    }
    const { position, receivedAt } = report
    hear(known, report)
    const again = position !== null && this.seen.hasSeen(known.index, position, receivedAt)
    const verdict: ReportVerdict = again ? 'duplicate' : place(known, report)
    const restored = this.contacts.heard(known, now)
    this.count(verdict)
    this.reports.note(report, verdict)
    if (position && !again) this.queue.push(toRow(report, position, verdict))
    if (restored || verdict !== 'duplicate') this.hasMoved = true
    this.forRoom?.heard(known, report, verdict, now)
    if (position && verdict === 'taken') this.fenceWatch.fix(report, position)
    if (known.watched) this.watched.seen(toRoom(report, verdict))
  }

  /** Once for all that a device says in one go: maps look at it when that is over. */
  private drawTaken(): void {
    const { taken, hasMoved } = this
    this.taken = null
    this.hasMoved = false
    if (taken && hasMoved) this.draw(taken)
  }

  private takeMalformed(deviceId: string, count: number): void {
    this.counts.malformed += count
    const known = this.devices.get(deviceId) ?? this.add(deviceId, this.region)
    known.malformed += count
    const now = this.clock.now()
    known.lastContactAt = Math.max(known.lastContactAt, now)
    if (this.contacts.heard(known, now)) this.draw(known)
  }

  private count(verdict: ReportVerdict): void {
    if (verdict === 'duplicate') this.counts.duplicates++
    else {
      this.counts.taken++
      if (verdict === 'older') this.counts.older++
      if (verdict === 'jump') this.counts.jumps++
    }
  }

  private add(deviceId: string, home: RegionId): Known {
    const known = newKnown(deviceId, home, this.nextIndex++)
    known.watched = this.watched.has(deviceId)
    this.devices.set(deviceId, known)
    this.byIndex.set(known.index, known)
    return known
  }

  private draw(known: Known): void {
    this.forRoom?.stands(known)
    const { index, shown, standing } = known
    if (!shown || standing === 'away') {
      this.dots.remove(index)
      return
    }
    const { lat, lng, headingDeg, speedMps } = shown.position
    this.dots.put(index, { lat, lng, headingDeg, speedMps, status: statusOf(known), at: shown.at })
  }

  private sweep(): void {
    const { changed, forgotten } = this.contacts.sweep(this.clock.now())
    for (const known of changed) this.draw(known)
    for (const known of forgotten) {
      const { deviceId, index } = known
      this.forRoom?.forget(known)
      this.devices.delete(deviceId)
      this.fenceWatch.forget(deviceId)
      this.byIndex.delete(index)
      this.dots.remove(index)
    }
    this.forRoom?.prune()
    if (changed.length + forgotten.length > 0) this.chores.within('checkpoint', CHECKPOINT_EVERY_MS)
    this.sweepLater()
  }

  private restore(): void {
    const now = this.clock.now()
    const ids = this.storage.sql.exec<{ device_id: string }>('SELECT device_id FROM watched').toArray()
    this.watched.replace(ids.map((row) => row.device_id))
    const { at, devices, unread } = readCheckpoint(this.storage)
    this.checkpointAt = at
    for (const kept of devices) {
      const known = Object.assign(this.add(kept.deviceId, kept.home), kept)
      for (const fix of [known.shown, known.jumped]) if (fix) this.seen.hasSeen(known.index, fix.position, fix.at)
      this.contacts.restore(known, now)
      this.draw(known)
    }
    if (unread.length > 0) this.ports.onFailure?.(`checkpoint: ${unread.join('; ')}`, unread.length)
    this.sweepLater()
    this.chores.arm()
  }

  private sweepLater(): void {
    const next = this.contacts.next()
    if (next !== null) this.chores.within('sweep', Math.max(SWEEP_EVERY_MS, next - this.clock.now()))
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
