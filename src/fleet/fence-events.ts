// What was crossed, on its two ways out of a shard: in batches to Postgres, with who it was, and to the maps that are open,
// without. In memory and bounded on both: what is lost is counted, and what is too much for a map is only a number.

import type { FenceEventRow, WatchedFence } from '../domain/fence-record'
import type { MapCrossing, ToMap } from '../domain/map-frame'
import { FRESH_FIX_MS } from '../domain/position'
import type { DrainClock } from '../durable/drain'
import { ArrayLine } from './line'
import { PositionsQueue } from './positions-queue'

export type FenceEventsOptions = {
  name: string
  clock: DrainClock
  /** One batched insert; rejects where none of it is stored. May be repeated with the same rows. */
  save(rows: FenceEventRow[], signal: AbortSignal): Promise<unknown>
  isRowFault?: ((error: unknown) => boolean) | undefined
  onFailure?: ((failure: string, failures: number) => void) | undefined
  maxRows?: number | undefined
}

/** A day's worth of a large fleet while Postgres is away: some 15 MB. */
const MAX_ROWS = 50_000
/** Nobody reads more in a second. */
const NAMED_AT_ONCE = 12

export class FenceEvents {
  private readonly queue: PositionsQueue<FenceEventRow, FenceEventRow[]>
  private crossings: MapCrossing[] = []
  private more = 0
  /** Since the object woke. */
  seen = 0

  constructor(private readonly options: FenceEventsOptions) {
    this.queue = new PositionsQueue({
      ...options,
      line: new ArrayLine<FenceEventRow>(),
      name: `fence events of ${options.name}`,
      maxRows: options.maxRows ?? MAX_ROWS,
    })
  }

  note(row: FenceEventRow, fence: Pick<WatchedFence, 'name' | 'kind'>): void {
    this.seen++
    this.queue.push(row)
    // Old news, from a phone's backlog or after a gap in its link, is history and nothing to look at now.
    if (this.options.clock.now() - row.at > FRESH_FIX_MS) return
    this.crossings.push({
      fenceId: row.fenceId,
      name: fence.name,
      kind: fence.kind,
      event: row.event,
      at: new Date(row.at).toISOString(),
    })
    if (this.crossings.length <= NAMED_AT_ONCE) return
    this.crossings.shift()
    this.more++
  }

  /** What maps have not been told yet; null where there is nothing. */
  takeNews(): Extract<ToMap, { t: 'crossed' }> | null {
    if (this.crossings.length === 0) return null
    const { crossings, more } = this
    this.crossings = []
    this.more = 0
    return { t: 'crossed', crossings, more }
  }

  /** Waiting for Postgres, and lost because it was away for too long or refused them. */
  get queued(): number {
    return this.queue.length
  }

  get dropped(): number {
    return this.queue.dropped
  }
}
