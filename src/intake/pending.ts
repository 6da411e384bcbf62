// The presses that the room has not confirmed, oldest first. What was written a moment ago is kept in memory until it
// is sent: reading it back and parsing it cost more than writing it. The disk is the truth: after a transaction that
// failed, and at the start, what is kept is read from there.

import type { Press } from '../domain/press'
import type { Storage } from '../durable/storage'

export type PendingPress = {
  n: number
  press: Press
  storedAt: number
  /** Its row holds its arrival and nothing else: no view, no cancel. */
  bare: boolean
}

/** What the room said of a press together with its receipt. */
export type Said = { version: number; epoch: string | null }

/** Five batches. With a room that is away, the rest waits on disk. */
const KEPT = 1000

export class Pending {
  private readonly kept = new Map<number, PendingPress>()
  private owed: (number | string | null)[][] = []
  /** Nothing unconfirmed is on disk beyond what is kept. */
  private whole = false
  private newest = 0

  constructor(private readonly storage: Storage) {}

  /** Inside the transaction that writes its row. */
  add(press: PendingPress): void {
    if (this.whole && this.kept.size < KEPT) this.keep(press)
    else this.whole = false
  }

  /** Oldest first. */
  next(limit: number): PendingPress[] {
    if (!this.whole && this.kept.size < limit) this.refill(Math.max(limit, KEPT))
    const presses: PendingPress[] = []
    for (const press of this.kept.values()) {
      if (presses.length >= limit) break
      presses.push(press)
    }
    return presses
  }

  /** Null where it is confirmed, or not kept. */
  byNumber(n: number): PendingPress | null {
    return this.kept.get(n) ?? null
  }

  /** More than its arrival is in its row now. */
  touched(n: number): void {
    const press = this.kept.get(n)
    if (press) press.bare = false
  }

  /**
   * The room has these durably: they are not sent again. `said` by number: what goes into a bare row at the same time. That
   * it is so is written with the next `settle`; a crash before it costs a repeat, which the room knows.
   */
  confirm(presses: readonly PendingPress[], said: ReadonlyMap<number, Said>): void {
    for (const { n } of presses) {
      this.kept.delete(n)
      this.owed.push([n, said.get(n)?.version ?? null, said.get(n)?.epoch ?? null])
    }
  }

  /** True where `settle` has something to write. */
  get owes(): boolean {
    return this.owed.length > 0
  }

  /**
   * Writes what was confirmed. Inside a transaction, at best one that is made anyway: each of its own costs the thread a
   * wait for the disk, as long as a press does. Before anything else writes into those rows.
   */
  settle(now: number): void {
    if (this.owed.length === 0) return
    const rows = JSON.stringify(this.owed)
    this.owed = []
    // The plus keeps SQLite from the index of all that are unconfirmed: it shall read the few that are named.
    this.storage.sql.exec(
      `UPDATE press SET confirmed_at = ?, version = coalesce(said.version, press.version),
         epoch = coalesce(said.epoch, press.epoch)
       FROM (SELECT value ->> 0 AS n, value ->> 1 AS version, value ->> 2 AS epoch FROM json_each(?)) AS said
       WHERE press.n = said.n AND +press.confirmed_at IS NULL`,
      now,
      rows,
    )
  }

  /** After a transaction that failed. */
  reload(): void {
    this.kept.clear()
    this.owed = []
    this.whole = false
    this.newest = 0
  }

  private keep(press: PendingPress): void {
    this.kept.set(press.n, press)
    this.newest = press.n
  }

  private refill(size: number): void {
    const asked = size - this.kept.size
    const rows = this.storage.sql
      .exec<{ n: number; body: string; stored_at: number; bare: number }>(
        `SELECT n, body, stored_at, view IS NULL AND version = 0 AND epoch IS NULL AND cancel_verdict IS NULL AS bare
         FROM press WHERE confirmed_at IS NULL AND n > ? ORDER BY n LIMIT ?`,
        this.newest,
        asked,
      )
      .toArray()
    for (const { n, body, stored_at, bare } of rows)
      this.keep({ n, press: JSON.parse(body) as Press, storedAt: stored_at, bare: bare === 1 })
    this.whole = rows.length < asked
  }
}
