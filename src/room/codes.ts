// The short names of incidents that people can say over a radio: NCR-47, counted anew each day in Manila.

import type { RegionId } from '../domain/region'
import { manilaDay } from '../domain/time'
import type { Storage } from '../durable/storage'

type Count = { day: string; n: number }

export class Codes {
  private count: Count
  private dirty = false

  constructor(
    private readonly storage: Storage,
    private readonly region: RegionId,
  ) {
    this.count = this.read()
  }

  /** Only inside a transaction that ends with `close`. */
  next(now: number): string {
    const day = manilaDay(now)
    this.count = { day, n: this.count.day === day ? this.count.n + 1 : 1 }
    this.dirty = true
    return `${this.region}-${this.count.n}`
  }

  close(): void {
    if (!this.dirty) return
    this.storage.sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('code', ?)", JSON.stringify(this.count))
    this.dirty = false
  }

  /** After a transaction that failed. */
  reload(): void {
    this.count = this.read()
    this.dirty = false
  }

  private read(): Count {
    const [row] = this.storage.sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = 'code'").toArray()
    return row ? (JSON.parse(row.value) as Count) : { day: '', n: 0 }
  }
}
