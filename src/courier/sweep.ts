// The minute's round: what should have a timer and has none, what waits for a provider that is not configured any more, and
// what a clock that was set back would leave waiting.

import type { Climbing } from './climbing'
import type { Parts } from './parts'
import type { Sender } from './sender'

const AT_ONCE = 300
/** Less than this is a clock being corrected, not set. */
const SET_BACK_MS = 5_000

export class Sweep {
  private lookedAt: number
  /** The last page that was looked at; each round goes on from there. */
  private cursor = ''

  constructor(
    private readonly parts: Parts,
    private readonly climbing: Climbing,
    private readonly sender: Sender,
  ) {
    this.lookedAt = parts.ports.now()
  }

  /** The latest time that was seen. */
  see(now: number): void {
    this.lookedAt = Math.max(this.lookedAt, now)
  }

  /** Inside a transaction. */
  round(isInFlight: (id: string) => boolean): void {
    const { storage, timers, ports } = this.parts
    const now = ports.now()
    const wasSetBack = now < this.lookedAt - SET_BACK_MS
    this.lookedAt = now
    if (wasSetBack) this.forgetTheFuture(now)
    for (const id of this.sendingWithoutTimer()) if (!isInFlight(id)) this.sender.lost(id)
    storage.sql.exec(
      `UPDATE attempt SET ready = 1 WHERE state = 'queued' AND ready = 0
         AND NOT EXISTS (SELECT 1 FROM timer WHERE kind = 'ready' AND key = attempt.id)`,
    )
    this.withoutProvider()
    for (const id of this.nextPages()) if (timers.get('page', id) === null) this.climbing.climb(id)
  }

  /** What lies ahead is of a clock that is no more: waits begin now, and all that is set is looked at anew. */
  private forgetTheFuture(now: number): void {
    const { storage, timers } = this.parts
    for (const column of ['moved_at', 'accepted_at', 'began_at'])
      storage.sql.exec(`UPDATE attempt SET ${column} = ? WHERE ${column} > ?`, now, now)
    storage.sql.exec("UPDATE timer SET due = ? WHERE kind <> 'forget' AND due > ?", now, now)
    timers.touched = true
  }

  private sendingWithoutTimer(): string[] {
    return this.parts.storage.sql
      .exec<{ id: string }>(
        `SELECT id FROM attempt WHERE state = 'sending' AND carrier IS NULL
           AND NOT EXISTS (SELECT 1 FROM timer WHERE kind = 'sending' AND key = attempt.id) LIMIT ?`,
        AT_ONCE,
      )
      .toArray()
      .map(({ id }) => id)
  }

  /** The settings have changed since they were queued. */
  private withoutProvider(): void {
    const { storage, attempts, pages, ports, reports } = this.parts
    const known = ports.channels.map(({ provider, channel }) => `${provider} ${channel}`)
    const rows = storage.sql
      .exec<{ id: string }>(
        `SELECT id FROM attempt WHERE state = 'queued'
           AND provider || ' ' || channel NOT IN (SELECT value FROM json_each(?)) LIMIT ?`,
        JSON.stringify(known),
        AT_ONCE,
      )
      .toArray()
    for (const { id } of rows) {
      const row = attempts.get(id)
      const page = row && pages.get(row.page)?.page
      if (!row || !page) continue
      reports.add(page, 'attempt', attempts.change(row, { state: 'failed', word: 'open', error: 'not_configured' }))
      this.climbing.climb(page.id)
    }
  }

  private nextPages(): string[] {
    const ids = this.parts.pages.going(this.cursor, AT_ONCE)
    this.cursor = ids.length < AT_ONCE ? '' : (ids.at(-1) ?? '')
    return ids
  }
}
