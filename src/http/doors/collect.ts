// Reports of positions wait here for a moment, so that one call brings a shard many of them. Plain data: nobody waits for
// another's promise, and whoever finds nobody under way carries what lies here, by the life of its own request.
// Pure: the clock comes in, the call too.

import type { Report } from '../../domain/report'
import type { PaceSaid, ReportText } from '../../fleet/contract'

export const COLLECT_MS = 20
/** Somebody said so long ago that they would carry, and did not: the platform ended their request. */
const ORPHANED_MS = 2_000
/** Of one shard. What comes beyond is dropped and counted: a newer report of the same vehicle follows. */
export const MOST_WAITING = 20_000

/** `said`: what answers told devices of how often to report. */
export type Load = { reports: (Report | ReportText)[]; malformed: Record<string, number>; said?: PaceSaid }
/** `count`: how many reports there are, also within texts. */
export type Carried = Required<Load> & { count: number }
type Waiting = Carried & { carriedSince: number | null }

export class Collect {
  readonly #shards = new Map<string, Waiting>()
  /** Since this isolate began. */
  dropped = 0

  /** True where the caller has to come back in `COLLECT_MS` and carry what lies here then. */
  add(shard: string, load: Load, now: number): boolean {
    const waiting = this.#shards.get(shard) ?? { ...nothing(), carriedSince: null }
    this.#shards.set(shard, waiting)
    for (const each of load.reports) this.#keep(waiting, each)
    for (const [device, count] of Object.entries(load.malformed))
      waiting.malformed[device] = (waiting.malformed[device] ?? 0) + count
    Object.assign(waiting.said, load.said)
    if (waiting.carriedSince !== null && now - waiting.carriedSince < ORPHANED_MS) return false
    waiting.carriedSince = now
    return true
  }

  take(shard: string): Carried {
    const waiting = this.#shards.get(shard)
    if (!waiting) return nothing()
    this.#shards.delete(shard)
    const { reports, malformed, said, count } = waiting
    return { reports, malformed, said, count }
  }

  #keep(waiting: Waiting, report: Report | ReportText): void {
    const size = 'text' in report ? report.most : 1
    const kept = Math.min(size, MOST_WAITING - waiting.count)
    this.dropped += size - kept
    if (kept === 0) return
    waiting.count += kept
    waiting.reports.push('text' in report && kept < size ? { ...report, most: kept } : report)
  }
}

const nothing = (): Carried => ({ reports: [], malformed: {}, said: {}, count: 0 })
