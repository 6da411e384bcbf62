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

/** When each was set, so that what was set by a clock that is no more can be told from the others. Goes into the same list, later. */
export const TIMER_SET_AT = 'ALTER TABLE timer ADD COLUMN set_at INTEGER NOT NULL DEFAULT 0'

/** Less than this is a clock being corrected, not set. */
export const SET_BACK_MS = 5_000
/** Whatever waits no longer than this waits for time to pass, and for no hour of the day. */
const WAIT_MS = 60 * 60_000

export class Timers {
  /** Something was set since the owner last looked: only then can the alarm be too late. The owner puts it back. */
  touched = true
  /** The latest time that was seen, also before this object was born; null until somebody asks. */
  private seenAt: number | null = null

  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  /** Sets or moves the one timer of this kind and key. `due` is epoch ms. */
  set(kind: string, key: string, due: number): void {
    this.touched = true
    this.storage.sql.exec(
      `INSERT INTO timer (kind, key, due, set_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET due = excluded.due, set_at = excluded.set_at`,
      kind,
      key,
      Math.ceil(due),
      this.now(),
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

  /** How far the clock was set back since it was looked at last, ms; 0 where it was not. To be asked often: each look is what the next compares with. */
  setBackBy(): number {
    const now = this.now()
    this.seenAt ??= this.storage.sql.exec<{ at: number | null }>('SELECT max(set_at) AS at FROM timer').one().at ?? now
    if (now < this.seenAt - SET_BACK_MS) return this.seenAt - now
    this.seenAt = Math.max(this.seenAt, now)
    return 0
  }

  /**
   * The clock was set back, and what waits shall not wait for the difference as well. Whatever was set in what is the future
   * now goes back with the clock, and so does each shorter wait; an hour of the day that was set before stays what it is.
   */
  turnBack(byMs: number): void {
    const now = this.now()
    this.seenAt = now
    this.touched = true
    this.storage.sql.exec(
      'UPDATE timer SET due = due - ?, set_at = min(set_at, ?) WHERE set_at > ? OR (set_at > 0 AND due - set_at <= ?)',
      byMs,
      now,
      now,
      WAIT_MS,
    )
  }

  /** As `nextAlarm`, over this table. */
  nextAlarm(current: number | null, notBefore = 0): number | null {
    const earliest = this.earliest()
    return nextAlarm(earliest === null ? [] : [{ due: earliest }], this.now(), current, notBefore)
  }
}

/**
 * When the alarm must be set to, null where the present one is right or none is needed. An alarm in the past never
 * fires (workerd#3138), so it is set anew; it is never set to a time that is not in the future (workerd#6866). `notBefore`: what
 * is due earlier waits until then, for company.
 */
export function nextAlarm(
  timers: readonly { due: number }[],
  now: number,
  current: number | null,
  notBefore = 0,
): number | null {
  let earliest = Number.POSITIVE_INFINITY
  for (const { due } of timers) earliest = Math.min(earliest, due)
  if (earliest === Number.POSITIVE_INFINITY) return null
  const wanted = Math.max(earliest, now + 1, notBefore)
  const armed = current !== null && current > now
  return armed && current <= wanted ? null : wanted
}
