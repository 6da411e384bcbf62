// Positions on their way into Postgres. In memory and bounded: while Postgres is away they wait, then the oldest give way
// to the newest, and what was lost is counted.

import type { PositionRow } from '../domain/track'
import { Drain, type DrainClock, type DrainState } from '../durable/drain'

export type { PositionRow } from '../domain/track'

export type PositionsQueueOptions<Row extends { receivedAt: number } = PositionRow> = {
  name: string
  clock: DrainClock
  /** One batched insert; rejects where none of it is stored. */
  save(rows: Row[], signal: AbortSignal): Promise<unknown>
  /** True where a part of the rows may be stored without the others. */
  isRowFault?: ((error: unknown) => boolean) | undefined
  onFailure?: ((failure: string, failures: number) => void) | undefined
  maxRows?: number | undefined
}

/** What 1,000 a second make in more than three minutes, and 250 in a quarter of an hour: some 60 MB. */
const MAX_ROWS = 200_000
/** Of a backlog. Between two of them Postgres waits for us, and we write one in some 15 ms of the thread. */
const MAX_BATCH = 20_000
/** So many do not wait for company. */
const FULL = 1_000
/** A quarter of a second's rows hold the thread for some 20 ms; a whole one's held it for 80, and an SOS behind them. */
const GATHER_MS = 250
const DEADLINE_MS = 12_000
const LONGEST_WAIT_MS = 10_000

/** Also for what else a shard tells Postgres of. */
export class PositionsQueue<Row extends { receivedAt: number } = PositionRow> {
  private rows: Row[] = []
  /** Where the queue begins in `rows`: taking from an array's front would move all that is behind. */
  private first = 0
  /** Taken from the queue and not yet stored. Sent again as it was, so that Postgres knows a repeat. */
  private batch: Row[] = []
  private batchMax = MAX_BATCH
  private gathering = false
  private readonly maxRows: number
  private readonly drain: Drain
  /** Lost because Postgres was away for too long, or refused them by themselves. */
  dropped = 0

  constructor(private readonly options: PositionsQueueOptions<Row>) {
    this.maxRows = options.maxRows ?? MAX_ROWS
    this.drain = new Drain({
      name: `${options.name} to Postgres`,
      run: (signal) => this.once(signal),
      deadlineMs: DEADLINE_MS,
      capMs: LONGEST_WAIT_MS,
      clock: options.clock,
      ...(options.onFailure ? { onFailure: options.onFailure } : {}),
    })
  }

  push(row: Row): void {
    this.rows.push(row)
    if (this.length > this.maxRows) this.dropOldest()
    if (this.waiting >= FULL) this.drain.wake()
    else this.gather()
  }

  /** With those on their way. */
  get length(): number {
    return this.waiting + this.batch.length
  }

  /** When the one that has waited longest was received; null where none waits. */
  get oldestAt(): number | null {
    return (this.batch[0] ?? this.rows[this.first])?.receivedAt ?? null
  }

  get state(): DrainState {
    return this.drain.state
  }

  private get waiting(): number {
    return this.rows.length - this.first
  }

  private gather(): void {
    if (this.gathering) return
    this.gathering = true
    this.options.clock.after(GATHER_MS, () => {
      this.gathering = false
      if (this.length > 0) this.drain.wake()
    })
  }

  private async once(signal: AbortSignal): Promise<'idle' | 'more'> {
    if (this.batch.length === 0) this.batch = this.take(this.batchMax)
    const { batch } = this
    if (batch.length === 0) return 'idle'
    try {
      await this.options.save(batch, signal)
    } catch (error) {
      if (this.batch !== batch || !this.options.isRowFault?.(error)) throw error
      this.narrow(batch)
      return 'more'
    }
    // An answer that comes after the deadline still says that they are stored.
    if (this.batch === batch) this.batch = []
    this.batchMax = Math.min(MAX_BATCH, this.batchMax * 2)
    if (this.waiting >= FULL) return 'more'
    if (this.waiting > 0) this.gather()
    return 'idle'
  }

  /** One of them Postgres will never take: halves, until it stands alone. */
  private narrow(batch: Row[]): void {
    this.batch = []
    if (batch.length === 1) {
      this.dropped++
      return
    }
    this.batchMax = Math.ceil(batch.length / 2)
    this.rows = [...batch, ...this.rows.slice(this.first)]
    this.first = 0
  }

  private take(count: number): Row[] {
    const rows = this.rows.slice(this.first, this.first + count)
    this.first += rows.length
    this.compact()
    return rows
  }

  private dropOldest(): void {
    this.dropped++
    if (this.waiting === 0) return
    this.first++
    this.compact()
  }

  private compact(): void {
    if (this.first < MAX_BATCH || this.first * 4 < this.rows.length) return
    this.rows = this.rows.slice(this.first)
    this.first = 0
  }
}
