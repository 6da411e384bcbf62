// The rows of checks: those that are open at hand in memory, all of them in the room's storage for a while.

import type { Check } from '../domain/welfare'
import type { Storage } from '../durable/storage'
import { notAhead } from './clock-turned'

const KEPT_MS = 8 * 24 * 60 * 60_000

export class Checks {
  /** Asked or listed. */
  private readonly byId = new Map<string, Check>()
  /** Their devices: each press asks whether its own is among them. */
  private readonly devices = new Set<string>()

  constructor(private readonly storage: Storage) {
    this.load()
  }

  get open(): Check[] {
    return [...this.byId.values()]
  }

  get openCount(): number {
    return this.byId.size
  }

  openOne(id: string): Check | undefined {
    return this.byId.get(id)
  }

  hasOpenOf(deviceId: string): boolean {
    return this.devices.has(deviceId)
  }

  openOf(deviceId: string): Check[] {
    return this.hasOpenOf(deviceId) ? this.open.filter((check) => check.deviceId === deviceId) : []
  }

  /** Open or over. */
  find(id: string): Check | null {
    return this.byId.get(id) ?? this.rows('WHERE id = ?', id)[0] ?? null
  }

  /** The latest 20 that ended after this time. */
  endedSince(at: number): Check[] {
    return this.rows('WHERE ended_at > ? ORDER BY ended_at DESC LIMIT 20', at)
  }

  /** How many became incidents by themselves after this time. */
  raisedSince(at: number): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM welfare WHERE raised_at > ?', at).one().n
  }

  save(check: Check): Check {
    const open = check.state !== 'over'
    if (open) this.byId.set(check.id, check)
    else this.byId.delete(check.id)
    if (open) this.devices.add(check.deviceId)
    else if (this.openOf(check.deviceId).length === 0) this.devices.delete(check.deviceId)
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO welfare (id, open, raised_at, ended_at, body) VALUES (?, ?, ?, ?, ?)',
      check.id,
      open ? 1 : 0,
      check.raisedAt,
      check.endedAt,
      JSON.stringify(check),
    )
    return check
  }

  /** The clock was set back by so much. What was put aside stays on screens no longer than it would have. */
  turnBack(byMs: number, now: number): void {
    const turned = (at: number | null) => (at === null ? null : notAhead(at, byMs, now))
    for (const check of [...this.open, ...this.endedSince(now)])
      this.save({
        ...check,
        begunAt: notAhead(check.begunAt, byMs, now),
        askedAt: turned(check.askedAt),
        wordAt: turned(check.wordAt),
        endedAt: turned(check.endedAt),
      })
  }

  forgetOld(now: number): void {
    this.storage.sql.exec('DELETE FROM welfare WHERE ended_at < ?', now - KEPT_MS)
  }

  /** What is at hand, as storage has it: after a transaction that did not hold. */
  load(): void {
    this.byId.clear()
    this.devices.clear()
    for (const check of this.rows('WHERE open = 1')) {
      this.byId.set(check.id, check)
      this.devices.add(check.deviceId)
    }
  }

  private rows(where: string, ...bindings: (string | number)[]): Check[] {
    return this.storage.sql
      .exec<{ body: string }>(`SELECT body FROM welfare ${where}`, ...bindings)
      .toArray()
      .map(({ body }) => JSON.parse(body) as Check)
  }
}
