// Takes what devices report: to where each is, to Postgres, to geofences, to the room where its incident is open. Each report
// once, whatever is repeated.

import { tokenHolderOf } from '../domain/gateway'
import type { PositionBatch } from '../domain/position-batch'
import type { RegionId } from '../domain/region'
import type { Report } from '../domain/report'
import type { PositionRow } from '../domain/track'
import type { ReportVerdict, UnderstoodReport } from './contract'
import type { Devices } from './devices'
import type { FenceWatch } from './fence-watch'
import type { ForRoom } from './for-room'
import { hear, type Known, place } from './known'
import type { PositionsQueue } from './positions-queue'
import { RecentReports } from './recent-reports'
import { SeenFixes } from './seen-fixes'
import { toRoom, toRow } from './told'
import type { Watched } from './watched'

/** Times of contact that a room hears of each device. */
const CONTACTS_TOLD = 6

export type TakingParts = {
  region: RegionId
  devices: Devices
  queue: Pick<PositionsQueue<PositionRow, PositionBatch>, 'push'>
  fences: Pick<FenceWatch, 'fix'>
  watched: Pick<Watched, 'seen'>
  forRoom: Pick<ForRoom, 'heard'> | null
}

export class Taking {
  readonly counts = { taken: 0, duplicates: 0, older: 0, jumps: 0, malformed: 0, revoked: 0 }
  /** By device: tokens of an earlier generation are revoked. As the room last said; empty until it has. */
  minGenerations: Readonly<Record<string, number>> = {}
  private readonly seen = new SeenFixes()
  private readonly reports = new RecentReports()
  /** Whose reports are being taken, and whether its dot is to be drawn anew. */
  private taken: Known | null = null
  private hasMoved = false

  constructor(private readonly parts: TakingParts) {}

  take(reports: readonly Report[], now: number): void {
    try {
      for (const report of reports) if (!this.isRevoked(report)) this.takeOne(report, now)
    } finally {
      this.drawTaken()
    }
  }

  /** Records that nobody could read, of a device that lives all the same. */
  takeMalformed(deviceId: string, count: number, now: number): void {
    const { devices, region } = this.parts
    this.counts.malformed += count
    const known = devices.know(deviceId, region)
    known.malformed += count
    known.lastContactAt = Math.max(known.lastContactAt, now)
    if (devices.heard(known, now)) devices.draw(known)
  }

  /** Fixes that are known from before a restart. */
  hasSeen(known: Known): void {
    for (const fix of [known.shown, known.jumped]) if (fix) this.seen.hasSeen(known.index, fix.position, fix.at)
  }

  /** The last reports of a device as they were understood, newest first. */
  recent(deviceId: string): UnderstoodReport[] {
    return this.reports.of(deviceId)
  }

  /** The last few times that it was heard: of before a restart only the last. Null where it never was. */
  contactsOf(deviceId: string): number[] | null {
    const known = this.parts.devices.get(deviceId)
    if (!known) return null
    const times = this.reports.of(deviceId).map(({ receivedAt }) => receivedAt)
    return [...new Set([known.lastContactAt, ...times])].slice(0, CONTACTS_TOLD)
  }

  private isRevoked({ deviceId, generation }: Report): boolean {
    const revoked = generation !== undefined && generation < (this.minGenerations[tokenHolderOf(deviceId)] ?? 0)
    if (revoked) this.counts.revoked++
    return revoked
  }

  private takeOne(report: Report, now: number): void {
    const { devices, queue, fences, watched, forRoom } = this.parts
    const { deviceId, position, receivedAt } = report
    const known = this.taken?.deviceId === deviceId ? this.taken : devices.know(deviceId, report.home)
    if (known !== this.taken) {
      this.drawTaken()
      this.taken = known
    }
    hear(known, report)
    const again = position !== null && this.seen.hasSeen(known.index, position, receivedAt)
    const verdict: ReportVerdict = again ? 'duplicate' : place(known, report)
    const restored = devices.heard(known, now)
    this.count(verdict)
    this.reports.note(report, verdict)
    if (position && !again) queue.push(toRow(report, position, verdict))
    if (restored || verdict !== 'duplicate') this.hasMoved = true
    forRoom?.heard(known, report, verdict, now)
    if (position && verdict === 'taken') fences.fix(report, position)
    if (known.watched) watched.seen(toRoom(report, verdict))
  }

  /** Once for all that a device says in one go: maps look at it when that is over. */
  private drawTaken(): void {
    const { taken, hasMoved } = this
    this.taken = null
    this.hasMoved = false
    if (taken && hasMoved) this.parts.devices.draw(taken)
  }

  private count(verdict: ReportVerdict): void {
    if (verdict === 'duplicate') this.counts.duplicates++
    else {
      this.counts.taken++
      if (verdict === 'older') this.counts.older++
      if (verdict === 'jump') this.counts.jumps++
    }
  }
}
