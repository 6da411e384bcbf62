// Who is next: the gravest first, and of these each incident in its turn, so that a thousand pages of one do not stand before
// the first of another. And which pages one text tells of together.

import type { Priority } from '../domain/incident'
import type { Channel, Page } from '../domain/page'
import { rank } from '../domain/priority'
import type { Storage } from '../durable/storage'
import type { Row } from './attempts'

/** While a text is under way or younger than this, further incidents of the same person wait for the next. */
export const BUNDLE_MS = 60_000
/** More than these no text can name, or count. */
const MOST_TOLD_TOGETHER = 100

export class Queue {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  /** The turn of a new attempt: behind the last of its own incident, and not before the one whose turn it is. */
  turnFor(incident: string | null, priority: Priority): number {
    const grave = rank(priority)
    const head = this.storage.sql
      .exec<{ turn: number | null }>("SELECT min(turn) AS turn FROM attempt WHERE state = 'queued' AND rank = ?", grave)
      .one().turn
    const own = this.storage.sql
      .exec<{ turn: number | null }>(
        "SELECT max(turn) AS turn FROM attempt WHERE state = 'queued' AND incident IS ? AND rank = ?",
        incident,
        grave,
      )
      .one().turn
    return Math.max(head ?? 0, own === null ? 0 : own + 1)
  }

  /** The next for this provider, of P1 alone where only the places kept for it are free. */
  next(provider: string, channel: Channel, onlyP1: boolean): Row | null {
    return (
      this.storage.sql
        .exec<Row>(
          `SELECT * FROM attempt WHERE state = 'queued' AND ready = 1 AND provider = ? AND channel = ?
           ${onlyP1 ? 'AND rank = 1' : ''} ORDER BY rank, turn, seq LIMIT 1`,
          provider,
          channel,
        )
        .toArray()[0] ?? null
    )
  }

  /**
   * Since when a text to the same person holds this one back, by the time at which it need wait no longer; null where
   * it goes at once. What did not get through holds nobody, and nothing holds what is graver than itself.
   */
  heldUntil(bundle: string, grave: number): number | null {
    const now = this.now()
    const [row] = this.storage.sql
      .exec<{ at: number }>(
        `SELECT began_at AS at FROM attempt WHERE bundle = ? AND began_at > ? AND began_at <= ? AND rank <= ?
           AND state NOT IN ('failed', 'undelivered', 'stopped', 'parked') ORDER BY began_at DESC LIMIT 1`,
        bundle,
        now - BUNDLE_MS,
        now,
        grave,
      )
      .toArray()
    return row ? row.at + BUNDLE_MS : null
  }

  /** The others that wait to be told to the same person, gravest first. */
  companions(row: Row): Row[] {
    if (row.bundle === null) return []
    return this.storage.sql
      .exec<Row>(
        `SELECT * FROM attempt WHERE bundle = ? AND state = 'queued' AND tries = 0 AND id <> ? ORDER BY rank, seq LIMIT ?`,
        row.bundle,
        row.id,
        MOST_TOLD_TOGETHER,
      )
      .toArray()
  }

  /** What they waited for has not got through. Gives whether anybody was waiting. */
  release(bundle: string): boolean {
    return (
      this.storage.sql
        .exec<{ id: string }>(
          "UPDATE attempt SET ready = 1 WHERE bundle = ? AND state = 'queued' AND ready = 0 AND tries = 0 RETURNING id",
          bundle,
        )
        .toArray().length > 0
    )
  }

  ready(id: string): void {
    this.storage.sql.exec("UPDATE attempt SET ready = 1 WHERE id = ? AND state = 'queued'", id)
  }

  notReady(id: string): void {
    this.storage.sql.exec('UPDATE attempt SET ready = 0 WHERE id = ?', id)
  }
}

/** Which attempts may be told together: null where each is told by itself. */
export function bundleOf(page: Page, channel: Channel, to: string): string | null {
  if (page.reason !== 'escalation' || page.drill) return null
  const calls = page.ladder.some((group) => group.some((each) => each.channel === 'voice'))
  // A P1 is rung for by itself; its text may wait for company only where it also rings.
  if (page.priority === 'P1' && (channel !== 'sms' || !calls)) return null
  if (channel !== 'sms' && channel !== 'voice') return null
  return `${page.contact.id} ${channel} ${to}`
}
