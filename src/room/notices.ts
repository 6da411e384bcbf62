// Areas without coverage: joins what the region's fleet shards count, and keeps which notices are open. Their begin and end
// are in the log; how they grow and shrink in between is told to screens and kept for a restart, no more.

import { SYSTEM } from '../domain/command'
import {
  type AreaNames,
  COVERAGE,
  type CoverageHeed,
  type CoverageReport,
  isCovered,
  type Judgement,
  judge,
  type Notice,
  type ShownNotice,
  shownNotice,
} from '../domain/coverage'
import { notAhead } from './clock-turned'
import type { Ledger } from './ledger'

/** Of a shard that goes on counting, a word is overdue: what it counted is no news any more. */
export const UNHEARD_TIMER = 'coverage_unheard'
/** Shards with a silence to tell tell it again every half minute. Times twenty: a release, a slow start, a room that was away. */
const UNHEARD_MS = 10 * 60_000
/** The second look of a room that was born in between, as keys of that timer. */
const FIRST_LOOK = ''
const LAST_LOOK = 'after the grace'
/** Born anew, a room has heard no shard: each that has something open tells it again within half of this. */
const GRACE_MS = 60_000
const NO_NAMES: AreaNames = { road: null, landmark: null, municipalities: [] }
/** An area is named by the cells where most devices are; the rest would change nothing. */
const NAMED_BY_CELLS = 40

type Kept = { notice: Notice; area: AreaNames }

export class Notices {
  private kept = new Map<string, Kept>()
  /** By shard, with when it came. */
  private readonly reports = new Map<number, { report: CoverageReport; at: number }>()
  private silentAfterMs = 0
  /** A timer may be set: with none, no report looks for one. */
  private looks = true
  private bornAt: number

  constructor(private readonly ledger: Ledger) {
    this.bornAt = ledger.ports.now()
    this.load()
    ledger.turnings.push((byMs) => {
      const now = ledger.ports.now()
      this.bornAt = notAhead(this.bornAt, byMs, now)
      for (const heard of this.reports.values()) heard.at = notAhead(heard.at, byMs, now)
    })
  }

  /** What a shard counts. The answer says since when it is to tell of silence, and whether it should tell again soon. */
  heard(report: CoverageReport): CoverageHeed {
    const now = this.ledger.ports.now()
    this.reports.set(report.shard, { report, at: now })
    this.silentAfterMs = report.silentAfterMs
    const unheard = this.dropUnheard(now)
    const judged = this.judgeAll(now, now - this.bornAt >= GRACE_MS)
    const { open } = judged
    if (this.differs(open)) this.transact(() => this.keep(judged, unheard))
    this.lookAgain(now)
    const from = Math.min(now - COVERAGE.toldMs, ...open.map((notice) => notice.from * COVERAGE.slotMs))
    return { from, open: open.length > 0 }
  }

  /** Inside the transaction of whoever fires timers. What no shard has told of for so long ends: nobody knows of it any more. */
  rang(key: string): void {
    const now = this.ledger.ports.now()
    const unheard = this.dropUnheard(now)
    // Born a moment ago, it has forgotten who told it what: whoever is there tells it again within the grace, and takes the last look off.
    if (now - this.bornAt < UNHEARD_MS && key !== LAST_LOOK) {
      if (this.kept.size > 0) this.ledger.timers.set(UNHEARD_TIMER, LAST_LOOK, now + GRACE_MS)
      return
    }
    const judged = this.judgeAll(now, true)
    if (this.differs(judged.open)) this.keep(judged, unheard || this.reports.size === 0)
    this.lookAgain(now)
  }

  /** True where this place is in an area without coverage. */
  covers(place: { lat: number; lng: number } | null): boolean {
    return place !== null && isCovered(this.open(), place.lat, place.lng)
  }

  /** The greatest first. */
  shown(): ShownNotice[] {
    return [...this.kept.values()]
      .sort((a, b) => b.notice.count - a.notice.count)
      .map(({ notice, area }) => shownNotice(notice, area))
  }

  private open(): Notice[] {
    return [...this.kept.values()].map(({ notice }) => notice)
  }

  private differs(open: readonly Notice[]): boolean {
    return JSON.stringify(open) !== JSON.stringify(this.open())
  }

  private judgeAll(now: number, mayEnd: boolean): Judgement {
    const { silentAfterMs } = this
    const { newId } = this.ledger.ports
    const reports = [...this.reports.values()].map(({ report }) => report)
    return judge(reports, this.open(), { now, newId, silentAfterMs, mayEnd })
  }

  // Those without silence say nothing until they have some, and count as heard.
  private dropUnheard(now: number): boolean {
    const unheard = [...this.reports].filter(([, { report, at }]) => report.cells.length > 0 && now - at >= UNHEARD_MS)
    for (const [shard] of unheard) this.reports.delete(shard)
    return unheard.length > 0
  }

  /** When the first of those who are to tell again will be overdue. On disk, for a room that nobody calls sleeps. */
  private lookAgain(now: number): void {
    const { timers } = this.ledger
    if (this.kept.size === 0) {
      if (this.looks) for (const key of [FIRST_LOOK, LAST_LOOK]) timers.cancel(UNHEARD_TIMER, key)
      this.looks = false
      return
    }
    this.looks = true
    const told = [...this.reports.values()].filter(({ report }) => report.cells.length > 0).map(({ at }) => at)
    timers.cancel(UNHEARD_TIMER, LAST_LOOK)
    timers.set(UNHEARD_TIMER, FIRST_LOOK, Math.min(now, ...told) + UNHEARD_MS)
  }

  private transact(run: () => void): void {
    try {
      this.ledger.transact(run)
    } catch (error) {
      this.load()
      throw error
    }
  }

  /** `unheard`: what ends, ends because nobody tells of it; else because it is heard again. */
  private keep({ open, began, ended }: Judgement, unheard: boolean): void {
    const kept = new Map(open.map((notice) => [notice.id, { notice, area: this.areaOf(notice) }]))
    const lines = [
      ...began.map((notice) => ({ type: 'coverage_began' as const, incident: null, body: bodyOf(notice, kept) })),
      ...ended.map(({ id, most, into }) => ({
        type: 'coverage_ended' as const,
        incident: null,
        body: { notice: id, most, into, ...(unheard && into === null && { unheard }) },
      })),
    ]
    if (lines.length > 0) this.ledger.log.append(lines, SYSTEM)
    const { sql } = this.ledger.storage
    for (const { id } of ended) sql.exec('DELETE FROM notice WHERE id = ?', id)
    for (const [id, each] of kept)
      sql.exec('INSERT OR REPLACE INTO notice (id, body) VALUES (?, ?)', id, JSON.stringify(each))
    this.kept = kept
    this.ledger.ports.noticed?.()
  }

  private areaOf(notice: Notice): AreaNames {
    const before = this.kept.get(notice.id)
    // Names are looked up among hundreds of places: only for another area.
    if (before && before.notice.cells.length === notice.cells.length) return before.area
    const wanted = new Set(notice.cells.map(String))
    const spots = [...this.reports.values()]
      .flatMap(({ report }) => report.cells)
      .filter(({ at }) => wanted.has(String(at)))
      .map(({ lat, lng, lost }) => ({ lat, lng, weight: lost.reduce((sum, [, devices]) => sum + devices, 0) }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, NAMED_BY_CELLS)
    return (spots.length > 0 && this.ledger.ports.namesOf?.(spots)) || (before?.area ?? NO_NAMES)
  }

  private load(): void {
    const rows = this.ledger.storage.sql.exec<{ body: string }>('SELECT body FROM notice ORDER BY id').toArray()
    this.kept = new Map(rows.map(({ body }) => JSON.parse(body) as Kept).map((kept) => [kept.notice.id, kept] as const))
  }
}

const bodyOf = (notice: Notice, kept: ReadonlyMap<string, Kept>): Record<string, unknown> => ({
  notice: notice.id,
  since: notice.since,
  count: notice.count,
  wide: notice.wide,
  lat: notice.lat,
  lng: notice.lng,
  area: kept.get(notice.id)?.area ?? NO_NAMES,
})
