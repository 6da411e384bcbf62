// Two presses of a button that has another meaning, close together: the second is a cry. Kept on disk, for the first was
// answered too, and whoever presses a second time does not press a third.

import type { Storage } from '../durable/storage'

/** Between the two, by the phone's own clock: also when both come much later, or in another order. */
export const TWICE_WITHIN_MS = 10_000
const KEPT_MS = 86_400_000

export class Knocks {
  constructor(private readonly storage: Storage) {}

  /**
   * True where `name` is the second of two. `name` tells a press from its own repetition, which is answered as it was;
   * `at`: when it was made, epoch ms. To be called within a transaction.
   */
  knock(deviceId: string, name: string, at: number, now: number): boolean {
    const [last] = this.storage.sql
      .exec<{ name: string; at: number; twice: number }>(
        'SELECT name, at, twice FROM knock WHERE device_id = ?',
        deviceId,
      )
      .toArray()
    if (last?.name === name) return last.twice === 1
    const twice = last !== undefined && Math.abs(at - last.at) <= TWICE_WITHIN_MS
    this.storage.sql.exec('DELETE FROM knock WHERE stored_at < ?', now - KEPT_MS)
    this.storage.sql.exec(
      `INSERT INTO knock (device_id, name, at, twice, stored_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (device_id) DO UPDATE SET
         name = excluded.name, at = excluded.at, twice = excluded.twice, stored_at = excluded.stored_at`,
      deviceId,
      name,
      at,
      twice ? 1 : 0,
      now,
    )
    return twice
  }
}
