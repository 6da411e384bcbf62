// Areas without coverage: joins what the region's fleet shards count, and keeps which notices are open. Their begin and end
// are in the log; how they grow and shrink in between is told to screens and kept for a restart, no more.

import { SYSTEM } from '../domain/command'
import {
  type AreaNames,
  COVERAGE,
  type CoverageHeed,
  type CoverageReport,
  isCovered,
  judge,
  type Notice,
  type ShownNotice,
  shownNotice,
} from '../domain/coverage'
import type { Ledger } from './ledger'

/** Born anew, a room has heard no shard: each that has something open tells it again within half of this. */
const GRACE_MS = 60_000
const NO_NAMES: AreaNames = { road: null, landmark: null, municipalities: [] }
/** An area is named by the cells where most devices are; the rest would change nothing. */
const NAMED_BY_CELLS = 40

type Kept = { notice: Notice; area: AreaNames }

export class Notices {
  private kept = new Map<string, Kept>()
  private readonly reports = new Map<number, CoverageReport>()
  private readonly bornAt: number

  constructor(private readonly ledger: Ledger) {
    this.bornAt = ledger.ports.now()
    this.load()
  }

  /** What a shard counts. The answer says since when it is to tell of silence, and whether it should tell again soon. */
  heard(report: CoverageReport): CoverageHeed {
    this.reports.set(report.shard, report)
    const now = this.ledger.ports.now()
    const before = this.open()
    const mayEnd = now - this.bornAt >= GRACE_MS
    const { newId } = this.ledger.ports
    const { open, began, ended } = judge(this.reports.values(), before, {
      now,
      newId,
      silentAfterMs: report.silentAfterMs,
      mayEnd,
    })
    if (JSON.stringify(open) !== JSON.stringify(before)) this.keep(open, began, ended)
    const from = Math.min(now - COVERAGE.toldMs, ...open.map((notice) => notice.from * COVERAGE.slotMs))
    return { from, open: open.length > 0 }
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

  private keep(open: Notice[], began: Notice[], ended: (Notice & { into: string | null })[]): void {
    const kept = new Map(open.map((notice) => [notice.id, { notice, area: this.areaOf(notice) }]))
    try {
      this.ledger.transact(() => {
        const lines = [
          ...began.map((notice) => ({ type: 'coverage_began' as const, incident: null, body: bodyOf(notice, kept) })),
          ...ended.map((notice) => ({
            type: 'coverage_ended' as const,
            incident: null,
            body: { notice: notice.id, most: notice.most, into: notice.into },
          })),
        ]
        if (lines.length > 0) this.ledger.log.append(lines, SYSTEM)
        const { sql } = this.ledger.storage
        for (const { id } of ended) sql.exec('DELETE FROM notice WHERE id = ?', id)
        for (const [id, each] of kept)
          sql.exec('INSERT OR REPLACE INTO notice (id, body) VALUES (?, ?)', id, JSON.stringify(each))
      })
    } catch (error) {
      this.load()
      throw error
    }
    this.kept = kept
    this.ledger.ports.noticed?.()
  }

  private areaOf(notice: Notice): AreaNames {
    const before = this.kept.get(notice.id)
    // Names are looked up among hundreds of places: only for another area.
    if (before && before.notice.cells.length === notice.cells.length) return before.area
    const wanted = new Set(notice.cells.map(String))
    const spots = [...this.reports.values()]
      .flatMap(({ cells }) => cells)
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
