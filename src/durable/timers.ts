// All that an object has to do later: one table, and one alarm set to its earliest row.
// Firing is at least once: a row may fire again after a crash, so what it starts must bear repeating.

import type { Storage } from './storage'

export type Timer = { kind: string; key: string; due: number }

/** Goes into the owner's list of migrations. */
export const TIMER_TABLE = `
CREATE TABLE timer (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  due INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due)`

export class Timers {
  /** Something was set since the owner last looked: only then can the alarm be too late. The owner puts it back. */
  touched = true

  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  /** Sets or moves the one timer of this kind and key. `due` is epoch ms. */
  set(kind: string, key: string, due: number): void {
    this.touched = true
    this.storage.sql.exec(
      'INSERT INTO timer (kind, key, due) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET due = excluded.due',
      kind,
      key,
      Math.ceil(due),
    )
  }

  cancel(kind: string, key: string): void {
    this.storage.sql.exec('DELETE FROM timer WHERE kind = ? AND key = ?', kind, key)
  }

  /** When this one is due, null where it is not set. */
  get(kind: string, key: string): number | null {
    const rows = this.storage.sql.exec<{ due: number }>('SELECT due FROM timer WHERE kind = ? AND key = ?', kind, key)
    return rows.toArray()[0]?.due ?? null
  }

  /** What is due, longest overdue first. The rows stay until `remove`, so that a crash in between fires them again. */
  due(limit = 100): Timer[] {
    return this.storage.sql
      .exec<Timer>('SELECT kind, key, due FROM timer WHERE due <= ? ORDER BY due LIMIT ?', this.now(), limit)
      .toArray()
  }

  /** Removes a timer that has fired, unless it was set anew to another time meanwhile. */
  remove({ kind, key, due }: Timer): void {
    this.storage.sql.exec('DELETE FROM timer WHERE kind = ? AND key = ? AND due = ?', kind, key, due)
  }

  /** The earliest due time, null where nothing is set. */
  earliest(): number | null {
    return this.storage.sql.exec<{ due: number | null }>('SELECT min(due) AS due FROM timer').one().due
  }

  /** As `nextAlarm`, over this table. */
  nextAlarm(current: number | null): number | null {
    const earliest = this.earliest()
    return nextAlarm(earliest === null ? [] : [{ due: earliest }], this.now(), current)
  }
}

/**
 * When the alarm must be set to, null where the present one is right or none is needed. An alarm in the past never
 * fires (workerd#3138), so it is set anew; it is never set to a time that is not in the future (workerd#6866).
 */
export function nextAlarm(timers: readonly { due: number }[], now: number, current: number | null): number | null {
  let earliest = Number.POSITIVE_INFINITY
  for (const { due } of timers) earliest = Math.min(earliest, due)
  if (earliest === Number.POSITIVE_INFINITY) return null
  const wanted = Math.max(earliest, now + 1)
  const armed = current !== null && current > now
  return armed && current <= wanted ? null : wanted
}
