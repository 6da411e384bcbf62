// Presses whose token is forged or missing: kept and counted, never a row each. One row per source and 10 s in a ring
// of 10,000, so that no flood fills the storage, and one summary for the room.

import type { UnverifiedPress } from '../domain/press'
import type { Storage } from '../durable/storage'

export type UnverifiedSummary = { count: number; latest: UnverifiedPress[] }

export const UNVERIFIED_RING = 10_000
const SLOT_MS = 10_000
const LATEST = 50

export class Unverified {
  constructor(private readonly storage: Storage) {}

  /** The row keeps the last press of its source and slot: the newest position is the one worth looking at. */
  add(press: UnverifiedPress, now: number): void {
    const slot = Math.floor(now / SLOT_MS)
    const body = JSON.stringify(press)
    // A door that is flooded writes once for many.
    const count = press.count ?? 1
    const [known] = this.storage.sql
      .exec<{ n: number }>('SELECT n FROM unverified WHERE source = ? AND slot = ?', press.source, slot)
      .toArray()
    if (known) {
      this.storage.sql.exec('UPDATE unverified SET count = count + ?, body = ? WHERE n = ?', count, body, known.n)
      return
    }
    const { n } = this.storage.sql
      .exec<{ n: number }>(
        'INSERT INTO unverified (source, slot, count, body, stored_at) VALUES (?, ?, ?, ?, ?) RETURNING n',
        press.source,
        slot,
        count,
        body,
        now,
      )
      .one()
    this.storage.sql.exec('DELETE FROM unverified WHERE n <= ?', n - UNVERIFIED_RING)
  }

  /** How many presses the ring stands for, and its newest rows, newest first. Null where it is empty. */
  summary(): UnverifiedSummary | null {
    const { count } = this.storage.sql
      .exec<{ count: number }>('SELECT coalesce(sum(count), 0) AS count FROM unverified')
      .one()
    if (count === 0) return null
    const rows = this.storage.sql
      .exec<{ body: string }>('SELECT body FROM unverified ORDER BY n DESC LIMIT ?', LATEST)
      .toArray()
    return { count, latest: rows.map(({ body }) => JSON.parse(body) as UnverifiedPress) }
  }

  forgetBefore(at: number): void {
    this.storage.sql.exec('DELETE FROM unverified WHERE stored_at < ?', at)
  }
}
