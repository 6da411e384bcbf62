// Who is to be asked for faster fixes, and who still has to be told that it is over. Apps keep a setting until they are given
// another, so what was asked of a phone is on disk until it was taken back.

import type { Pace } from '../domain/pace'
import type { Storage } from '../durable/storage'

export const PACE_TABLE = 'CREATE TABLE pace (device_id TEXT PRIMARY KEY, taken_back INTEGER NOT NULL) WITHOUT ROWID'

/** An answer may be lost on the way; what it asks may be asked again. */
const TAKEN_BACK_TIMES = 2

/** As the room says it. `until`: by device, epoch ms, whatever becomes of its incident. `open`: while they are named here. */
export type Hastened = { until: Readonly<Record<string, number>>; open: readonly string[] }

export class Paces {
  /** Null until the room has spoken: a shard that was born a moment ago takes nothing back. */
  private hastened: { until: ReadonlyMap<string, number>; open: ReadonlySet<string> } | null = null
  /** Asked before, and how often that was taken back. */
  private readonly asked: Map<string, number>

  constructor(private readonly storage: Storage) {
    const rows = storage.sql.exec<{ device_id: string; taken_back: number }>('SELECT device_id, taken_back FROM pace')
    this.asked = new Map(rows.toArray().map((row) => [row.device_id, row.taken_back]))
  }

  replace({ until, open }: Hastened): void {
    this.hastened = { until: new Map(Object.entries(until)), open: new Set(open) }
  }

  /** What its next answer should tell it; null: what it is always told. The end of a half hour is told by this clock, not by the room. */
  of(deviceId: string, now: number): Pace | null {
    if (this.hastened === null) return null
    const { until, open } = this.hastened
    if (now < (until.get(deviceId) ?? 0) || open.has(deviceId)) return 'faster'
    return this.asked.has(deviceId) ? 'normal' : null
  }

  /** An answer has told it. */
  said(deviceId: string, pace: Pace): void {
    const before = this.asked.get(deviceId)
    const times = pace === 'faster' ? 0 : before === undefined ? TAKEN_BACK_TIMES : before + 1
    if (times === before) return
    if (times >= TAKEN_BACK_TIMES) {
      this.asked.delete(deviceId)
      this.storage.sql.exec('DELETE FROM pace WHERE device_id = ?', deviceId)
      return
    }
    this.asked.set(deviceId, times)
    this.storage.sql.exec('INSERT OR REPLACE INTO pace (device_id, taken_back) VALUES (?, ?)', deviceId, times)
  }
}
