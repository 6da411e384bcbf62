// Rows on their way into Postgres: positions, and what else a shard tells it of. In memory and bounded: while Postgres is away
// they wait, then the oldest give way to the newest, and what was lost is counted.

import { Drain, type DrainClock, type DrainState } from '../durable/drain'
import type { Line } from './line'

export type PositionsQueueOptions<Row, Batch extends { readonly length: number }> = {
  name: string
  clock: DrainClock
  /** Where they wait. */
  line: Line<Row, Batch>
  /** One batched insert; rejects where none of it is stored. */
  save(rows: Batch, signal: AbortSignal): Promise<unknown>
  /** True where a part of the rows may be stored without the others. */
  isRowFault?: ((error: unknown) => boolean) | undefined
  onFailure?: ((failure: string, failures: number) => void) | undefined
  maxRows?: number | undefined
}

/** What 1,000 a second make in more than three minutes, and 250 in a quarter of an hour: some 15 MB. */
const MAX_ROWS = 200_000
/** Of a backlog. Between two of them Postgres waits for us, and we write one in some 10 ms of the thread. */
const MAX_BATCH = 20_000
/** So many do not wait for company. */
const FULL = 1_000
/** Of what comes in a trickle. Longer, and Postgres has it later; shorter, and each insert brings less. */
const GATHER_MS = 250
const DEADLINE_MS = 12_000
const LONGEST_WAIT_MS = 10_000

/** Taken from the line and not yet stored. Sent again as it was, so that Postgres knows a repeat. */
type Sent<Batch> = { rows: Batch; oldestAt: number | null }

export class PositionsQueue<Row, Batch extends { readonly length: number }> {
  private sent: Sent<Batch> | null = null
  private batchMax = MAX_BATCH
  private gathering = false
  private readonly maxRows: number
  private readonly drain: Drain
  /** Lost because Postgres was away for too long, or refused them by themselves. */
  dropped = 0

  constructor(private readonly options: PositionsQueueOptions<Row, Batch>) {
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
    const { line } = this.options
    line.push(row)
    if (this.length > this.maxRows) {
      this.dropped++
      line.dropOldest()
    }
    if (line.length >= FULL) this.drain.wake()
    else this.gather()
  }

  /** With those on their way. */
  get length(): number {
    return this.options.line.length + (this.sent?.rows.length ?? 0)
  }

  /** When the one that has waited longest was received; null where none waits. */
  get oldestAt(): number | null {
    return this.sent ? this.sent.oldestAt : this.options.line.oldestAt
  }

  get state(): DrainState {
    return this.drain.state
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
    const { line } = this.options
    const sent = this.sent ?? this.take()
    if (sent === null) return 'idle'
    try {
      await this.options.save(sent.rows, signal)
    } catch (error) {
      if (this.sent !== sent || !this.options.isRowFault?.(error)) throw error
      this.narrow(sent)
      return 'more'
    }
    // An answer that comes after the deadline still says that they are stored.
    if (this.sent === sent) this.sent = null
    this.batchMax = Math.min(MAX_BATCH, this.batchMax * 2)
    if (line.length >= FULL) return 'more'
    if (line.length > 0) this.gather()
    return 'idle'
  }

  private take(): Sent<Batch> | null {
    const { line } = this.options
    if (line.length === 0) return null
    const { oldestAt } = line
    this.sent = { oldestAt, rows: line.take(this.batchMax) }
    return this.sent
  }

  /** One of them Postgres will never take: halves, until it stands alone. */
  private narrow({ rows }: Sent<Batch>): void {
    this.sent = null
    if (rows.length === 1) {
      this.dropped++
      return
    }
    this.batchMax = Math.ceil(rows.length / 2)
    this.options.line.putBack(rows)
  }
}
