// Carries what the room has logged to Postgres, in order, at least once. A row that Postgres cannot store is found by
// halving, parked and counted; the others go on.

import type { OutboxRow } from './contract'

export type Deliver = (rows: OutboxRow[]) => Promise<void>

export type OutboxPorts = {
  next(limit: number): OutboxRow[]
  delivered(seqs: number[]): void
  park(seq: number, why: string): void
  deliver: Deliver
  /** True where the row itself is at fault (SQLSTATE 22, 23), and not Postgres or the way to it. */
  isRowFault(error: unknown): boolean
}

/** Few enough that making the batch and its JSON holds the thread for some milliseconds only. */
const BATCH = 100

/** Batch after batch until nothing waits, or `signal` says that the time is over. Throws where Postgres is away. */
export async function deliverAll(ports: OutboxPorts, signal?: AbortSignal): Promise<void> {
  for (let rows = ports.next(BATCH); rows.length > 0; rows = ports.next(BATCH)) {
    await deliverOrHalve(ports, rows)
    if (signal?.aborted) return
  }
}

async function deliverOrHalve(ports: OutboxPorts, rows: OutboxRow[]): Promise<void> {
  try {
    await ports.deliver(rows)
    ports.delivered(rows.map((row) => row.event.seq))
  } catch (error) {
    if (!ports.isRowFault(error)) throw error
    const [only] = rows
    if (rows.length === 1 && only) {
      ports.park(only.event.seq, error instanceof Error ? error.message.slice(0, 300) : 'refused')
      return
    }
    const middle = Math.ceil(rows.length / 2)
    await deliverOrHalve(ports, rows.slice(0, middle))
    await deliverOrHalve(ports, rows.slice(middle))
  }
}
