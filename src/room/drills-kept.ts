// The drills of a room on disk, and in memory what presses and reports ask for: which device, which page, which press
// belongs to a trial that is under way.

import {
  type Drill,
  type DrillOutcome,
  deviceSubject,
  idOfSubject,
  PASSED,
  type Trial,
  trialKey,
} from '../domain/drill'
import type { DrillSchedule } from '../domain/drill-schedule'
import type { Storage } from '../durable/storage'

export const DRILL_TABLES = `
CREATE TABLE drill (id TEXT PRIMARY KEY, at INTEGER NOT NULL, open INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX drill_at ON drill (at);
CREATE TABLE drill_trial (drill TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, open INTEGER NOT NULL, sos_id TEXT, body TEXT NOT NULL, PRIMARY KEY (drill, subject)) WITHOUT ROWID;
CREATE INDEX drill_trial_open ON drill_trial (open) WHERE open = 1;
CREATE INDEX drill_trial_at ON drill_trial (at);
CREATE TABLE drill_tested (subject TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE drill_schedule (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID`

/** Intakes repeat a press for 8 days at most. */
const COUNTED_KEPT_MS = 9 * 86_400_000
const KEPT_MS = 100 * 86_400_000
/** What is said to an older drill is said to nobody. */
const ANSWERED_WITHIN_MS = 86_400_000

export class KeptDrills {
  private open = new Map<string, Trial>()
  private byDevice = new Map<string, string>()
  private byPage = new Map<string, string>()
  /** Presses that counted, by sosId: a retry of one is the same press. */
  private counted = new Map<string, string>()

  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {
    this.reload()
  }

  /** Nothing is under way: no press and no change needs a look. */
  get isIdle(): boolean {
    return this.open.size === 0
  }

  get trials(): Trial[] {
    return [...this.open.values()]
  }

  ofDevice(deviceId: string): Trial | null {
    return this.open.get(this.byDevice.get(deviceId) ?? '') ?? null
  }

  ofPage(pageId: string): Trial | null {
    return this.open.get(this.byPage.get(pageId) ?? '') ?? null
  }

  /** The trial of this device that the page asked for, also one of the last day that is over. */
  askedBy(pageId: string, deviceId: string): Trial | null {
    const subject = deviceSubject(deviceId)
    const open = this.ofPage(pageId)
    if (open) return open.subject === subject ? open : null
    const since = this.now() - ANSWERED_WITHIN_MS
    return this.rows('WHERE at >= ? AND subject = ?', since, subject).find((trial) => trial.pageId === pageId) ?? null
  }

  underWay(key: string): Trial | null {
    return this.open.get(key) ?? null
  }

  hasCounted(sosId: string): boolean {
    return this.counted.has(sosId)
  }

  /** The trial whose press this is, also one that is over. */
  ofPress(sosId: string): Trial | null {
    const key = this.counted.get(sosId)
    if (key === undefined) return null
    const [drillId = '', ...rest] = key.split(' ')
    return this.open.get(key) ?? this.trial(drillId, rest.join(' '))
  }

  /** It is an SOS from now on. */
  uncount(sosId: string): void {
    this.counted.delete(sosId)
    this.storage.sql.exec('UPDATE drill_trial SET sos_id = NULL WHERE sos_id = ?', sosId)
  }

  trial(drillId: string, subject: string): Trial | null {
    return this.rows('WHERE drill = ? AND subject = ?', drillId, subject)[0] ?? null
  }

  trialsOf(drillId: string): Trial[] {
    return this.rows('WHERE drill = ? ORDER BY subject', drillId)
  }

  trialsSince(at: number): Trial[] {
    return this.rows('WHERE at >= ?', at)
  }

  /** Inside a transaction. */
  saveTrial(trial: Trial): void {
    this.remember(trial)
    this.storage.sql.exec(
      `INSERT INTO drill_trial (drill, subject, at, open, sos_id, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (drill, subject) DO UPDATE SET open = excluded.open, sos_id = excluded.sos_id, body = excluded.body`,
      trial.drillId,
      trial.subject,
      trial.at,
      trial.state === 'over' ? 0 : 1,
      trial.outcome === 'became_real' ? null : (trial.press?.press.sosId ?? null),
      JSON.stringify(trial),
    )
    if (trial.outcome !== null && saysSomething(trial.outcome))
      this.storage.sql.exec(
        'INSERT INTO drill_tested (subject, at) VALUES (?, ?) ON CONFLICT (subject) DO UPDATE SET at = max(at, excluded.at)',
        trial.subject,
        trial.at,
      )
  }

  drill(id: string): Drill | null {
    const [row] = this.storage.sql.exec<{ body: string }>('SELECT body FROM drill WHERE id = ?', id).toArray()
    return row ? (JSON.parse(row.body) as Drill) : null
  }

  /** Newest first. */
  drills(limit: number): Drill[] {
    return this.storage.sql
      .exec<{ body: string }>('SELECT body FROM drill ORDER BY at DESC, id LIMIT ?', limit)
      .toArray()
      .map(({ body }) => JSON.parse(body) as Drill)
  }

  saveDrill(drill: Drill): void {
    this.storage.sql.exec(
      `INSERT INTO drill (id, at, open, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET open = excluded.open, body = excluded.body`,
      drill.id,
      drill.at,
      drill.endedAt === null ? 1 : 0,
      JSON.stringify(drill),
    )
  }

  begunSince(at: number): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM drill WHERE at >= ?', at).one().n
  }

  /** When each was tried last, by subject. */
  tested(): Map<string, number> {
    const rows = this.storage.sql.exec<{ subject: string; at: number }>('SELECT subject, at FROM drill_tested')
    return new Map(rows.toArray().map(({ subject, at }) => [subject, at]))
  }

  schedules(): DrillSchedule[] {
    return this.storage.sql
      .exec<{ body: string }>('SELECT body FROM drill_schedule ORDER BY id')
      .toArray()
      .map(({ body }) => JSON.parse(body) as DrillSchedule)
  }

  saveSchedule(schedule: DrillSchedule): void {
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO drill_schedule (id, body) VALUES (?, ?)',
      schedule.id,
      JSON.stringify(schedule),
    )
  }

  dropSchedule(id: string): boolean {
    return this.storage.sql.exec('DELETE FROM drill_schedule WHERE id = ? RETURNING id', id).toArray().length > 0
  }

  forgetOld(): void {
    const now = this.now()
    this.storage.sql.exec('DELETE FROM drill_trial WHERE open = 0 AND at < ?', now - KEPT_MS)
    this.storage.sql.exec('DELETE FROM drill WHERE open = 0 AND at < ?', now - KEPT_MS)
    this.storage.sql.exec(
      'UPDATE drill_trial SET sos_id = NULL WHERE sos_id IS NOT NULL AND open = 0 AND at < ?',
      now - COUNTED_KEPT_MS,
    )
    this.reload()
  }

  /** As it is on disk. */
  reload(): void {
    this.open = new Map()
    this.byDevice = new Map()
    this.byPage = new Map()
    for (const trial of this.rows('WHERE open = 1')) this.remember(trial)
    const rows = this.storage.sql.exec<{ drill: string; subject: string; sos_id: string }>(
      'SELECT drill, subject, sos_id FROM drill_trial WHERE sos_id IS NOT NULL',
    )
    this.counted = new Map(
      rows.toArray().map(({ drill, subject, sos_id }) => [sos_id, trialKey({ drillId: drill, subject })]),
    )
  }

  private remember(trial: Trial): void {
    const key = trialKey(trial)
    const device = trial.kind === 'driver' ? idOfSubject(trial.subject) : null
    if (trial.press && trial.outcome !== 'became_real') this.counted.set(trial.press.press.sosId, key)
    if (trial.state !== 'over') {
      this.open.set(key, trial)
      if (device !== null) this.byDevice.set(device, key)
      if (trial.pageId !== null) this.byPage.set(trial.pageId, key)
      return
    }
    this.open.delete(key)
    if (device !== null && this.byDevice.get(device) === key) this.byDevice.delete(device)
    if (trial.pageId !== null) this.byPage.delete(trial.pageId)
  }

  private rows(where: string, ...bindings: (string | number)[]): Trial[] {
    return this.storage.sql
      .exec<{ body: string }>(`SELECT body FROM drill_trial ${where}`, ...bindings)
      .toArray()
      .map(({ body }) => JSON.parse(body) as Trial)
  }
}

const saysSomething = (outcome: DrillOutcome): boolean => PASSED[outcome] !== null
