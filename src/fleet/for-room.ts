// What a shard tells its region's room unasked: whom a person may have to ask after, and where devices fall silent. In the
// background, in its own time: nothing of it stands before a position, and far less before an SOS.

import { COVERAGE, type CoverageHeed } from '../domain/coverage'
import type { Report } from '../domain/report'
import { Drain, type DrainClock } from '../durable/drain'
import type { RoomRpc } from '../room/contract'
import type { ReportVerdict } from './contract'
import { Coverage } from './coverage'
import type { Known } from './known'
import { Welfare, type WelfarePorts } from './welfare'

export type ForRoomOptions = WelfarePorts & {
  shard: number
  /** After how long without a word a device is silent. */
  silentAfterMs: number
  clock: DrainClock
  room(): Pick<RoomRpc, 'coverage' | 'welfare'>
  onFailure?(failure: string, failures: number): void
}

/** Those who fall silent together are told together. */
const AFTER_MS = 1_000
/**
 * While a notice is open, or there is silence that one could be made of, also where nothing has changed: a room that was born
 * anew has forgotten what it was told, and others' words may have begun one.
 */
const AGAIN_MS = 30_000
const DEADLINE_MS = 5_000
const CAP_MS = 10_000

export class ForRoom {
  private readonly coverage: Coverage
  private readonly welfare: Welfare
  private readonly drain: Drain
  private heed: CoverageHeed | null = null
  private tellsAgain = false
  private toldAt = Number.NEGATIVE_INFINITY
  private readonly waits = new Set<'soon' | 'again'>()

  constructor(private readonly options: ForRoomOptions) {
    this.welfare = new Welfare(options)
    this.coverage = new Coverage(options.silentAfterMs)
    this.drain = new Drain({
      name: 'for the room',
      run: () => this.tell(),
      deadlineMs: DEADLINE_MS,
      capMs: CAP_MS,
      clock: options.clock,
      onFailure: (failure, failures) => options.onFailure?.(failure, failures),
    })
  }

  /** A report was taken; `known` as it is after it. */
  heard(known: Known, report: Report, verdict: ReportVerdict, now: number): void {
    this.welfare.heard(known, report, verdict, now)
    this.stands(known, now)
  }

  /** Its standing may have changed, without a report. */
  stands(known: Known, now = this.options.clock.now()): void {
    this.coverage.note(known, now)
    if (this.coverage.changed || this.welfare.hasNews) this.wakeAfter('soon', AFTER_MS)
  }

  forget(known: Known): void {
    this.coverage.forget(known)
    this.welfare.forget(known)
  }

  /** Now and then, as with each sweep. */
  prune(): void {
    this.welfare.prune(this.options.clock.now())
  }

  private wakeAfter(why: 'soon' | 'again', ms: number): void {
    if (this.waits.has(why)) return
    this.waits.add(why)
    this.options.clock.after(ms, () => {
      this.waits.delete(why)
      this.drain.wake()
    })
  }

  private async tell(): Promise<'idle'> {
    if (this.welfare.hasNews) await this.tellWelfare()
    const again = this.tellsAgain && this.options.clock.now() - this.toldAt >= AGAIN_MS
    if (this.coverage.changed || again) await this.tellCoverage()
    if (this.tellsAgain) this.wakeAfter('again', AGAIN_MS)
    return 'idle'
  }

  private async tellWelfare(): Promise<void> {
    const news = this.welfare.take()
    try {
      await this.options.room().welfare(news)
    } catch (error) {
      this.welfare.putBack(news)
      throw error
    }
  }

  private async tellCoverage(): Promise<void> {
    const now = this.options.clock.now()
    this.coverage.changed = false
    try {
      // A room that began a notice by others' words asks for more than it was told: then at once.
      for (let asked = Number.POSITIVE_INFINITY; ; ) {
        const from = Math.min(this.heed?.from ?? Number.POSITIVE_INFINITY, now - COVERAGE.toldMs)
        if (from >= asked) break
        asked = from
        const report = this.coverage.report(this.options.shard, from)
        this.heed = await this.options.room().coverage(report)
        this.tellsAgain = this.heed.open || report.cells.length > 0
      }
      this.toldAt = now
    } catch (error) {
      this.coverage.changed = true
      throw error
    }
  }
}
