// Which devices have presses here, and the newest of those that press just now: almost every press is the first of its
// device in days, and needs no question to the disk to know it. Knowing too many devices costs a question; one that is
// missing would be a press taken twice.

import type { Storage } from '../durable/storage'

/** What tells a retry, and a button held down. */
export type SeenRow = {
  n: number
  sos_id: string
  alike: string
  received_at: number
  stored_at: number
  count: number
  last_at: number
  folded: string | null
}

/** More than a device can open in 10 s: 8 kinds × 3 answers to "can you talk", and the presses before a burst. */
export const OPEN_ROWS = 27
/** Some 5 MB of names. Beyond it nobody is taken for a stranger any more. */
const MOST_DEVICES = 50_000
const PRESSING_NOW = 2000

const NO_ROWS: readonly SeenRow[] = []

export class Seen {
  /** All devices that have a row, perhaps some that had one; null where they are too many, or not read yet. */
  private devices: Set<string> | null = null
  private counted = false
  private readonly newest = new Map<string, readonly SeenRow[]>()

  constructor(private readonly storage: Storage) {}

  /** The newest rows of a device, newest first, at most `OPEN_ROWS`. */
  newestOf(deviceId: string): readonly SeenRow[] {
    const known = this.newest.get(deviceId)
    if (known) return known
    if (!this.counted) this.count()
    if (this.devices && !this.devices.has(deviceId)) return NO_ROWS
    const rows = this.storage.sql
      .exec<SeenRow>(
        `SELECT n, sos_id, alike, received_at, stored_at, count, last_at, folded
         FROM press WHERE device_id = ? ORDER BY n DESC LIMIT ?`,
        deviceId,
        OPEN_ROWS,
      )
      .toArray()
    this.remember(deviceId, rows)
    return rows
  }

  /** A device has got a row. `before` is what `newestOf` said. */
  add(deviceId: string, row: SeenRow, before: readonly SeenRow[]): void {
    this.remember(deviceId, [row, ...before.slice(0, OPEN_ROWS - 1)])
    if (!this.devices) return
    this.devices.add(deviceId)
    if (this.devices.size > MOST_DEVICES) this.devices = null
  }

  /** A row of this device is another now. */
  changed(deviceId: string): void {
    this.newest.delete(deviceId)
  }

  /** After a transaction that failed, and after rows were forgotten. */
  reload(): void {
    this.newest.clear()
    this.devices = null
    this.counted = false
  }

  private remember(deviceId: string, rows: readonly SeenRow[]): void {
    this.newest.delete(deviceId)
    this.newest.set(deviceId, rows)
    if (this.newest.size > PRESSING_NOW) this.newest.delete(this.newest.keys().next().value as string)
  }

  private count(): void {
    const rows = this.storage.sql
      .exec<{ id: string }>('SELECT DISTINCT device_id AS id FROM press LIMIT ?', MOST_DEVICES + 1)
      .toArray()
    this.devices = rows.length > MOST_DEVICES ? null : new Set(rows.map(({ id }) => id))
    this.counted = true
  }
}
