// The pages that a shard was given. Each is taken once; what comes of it is in its attempts.

import { dialable } from '../domain/never-dialled'
import type { Page } from '../domain/page'
import type { SqlValue, Storage } from '../durable/storage'

/**
 * `going` and `exhausted` may still begin attempts: of an exhausted one every way has failed, and what a provider's trouble
 * ended is tried again. The others are ends.
 */
export type PageState = 'going' | 'told' | 'answered' | 'exhausted' | 'expired' | 'stopped'

export type KeptPage = { page: Page; state: PageState; grp: number }

type Row = { state: PageState; grp: number; body: string }

/** A page that was stopped before it came. */
const NEVER_CAME = ''

export class Pages {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  /** False where it is known, or was stopped before it came. */
  take(page: Page): boolean {
    return (
      this.storage.sql
        .exec<{ id: string }>(
          `INSERT INTO page (id, incident, reason, state, grp, taken_at, body) VALUES (?, ?, ?, 'going', 0, ?, ?)
           ON CONFLICT (id) DO NOTHING RETURNING id`,
          page.id,
          page.incidentId,
          page.reason,
          this.now(),
          // Whoever made it, also an intake without its room: 911 is not dialled, and an agency not called.
          JSON.stringify({ ...page, ladder: dialable(page) }),
        )
        .toArray().length > 0
    )
  }

  get(id: string): KeptPage | null {
    const [row] = this.storage.sql.exec<Row>('SELECT state, grp, body FROM page WHERE id = ?', id).toArray()
    if (!row || row.body === NEVER_CAME) return null
    return { page: JSON.parse(row.body) as Page, state: row.state, grp: row.grp }
  }

  set(id: string, state: PageState, grp: number): void {
    this.storage.sql.exec('UPDATE page SET state = ?, grp = ? WHERE id = ?', state, grp, id)
  }

  /** Their ids, now stopped. Those named by id that have not come yet are stopped beforehand. */
  stop({ incidentId, pageIds, why }: { incidentId?: string; pageIds?: string[]; why: string }): string[] {
    if (incidentId === undefined && pageIds === undefined) return []
    const where: string[] = []
    const bindings: SqlValue[] = []
    if (incidentId !== undefined) {
      where.push('incident = ?')
      bindings.push(incidentId)
    }
    if (pageIds !== undefined) {
      where.push('id IN (SELECT value FROM json_each(?))')
      bindings.push(JSON.stringify(pageIds))
    }
    const stopped = this.storage.sql
      .exec<{ id: string }>(
        `UPDATE page SET state = 'stopped', why = ? WHERE state IN ('going', 'exhausted') AND ${where.join(' AND ')} RETURNING id`,
        why,
        ...bindings,
      )
      .toArray()
    if (incidentId === undefined) {
      for (const id of pageIds ?? []) {
        this.storage.sql.exec(
          `INSERT INTO page (id, reason, state, grp, taken_at, why, body) VALUES (?, '', 'stopped', 0, ?, ?, '${NEVER_CAME}')
           ON CONFLICT (id) DO NOTHING`,
          id,
          this.now(),
          why,
        )
      }
    }
    return stopped.map(({ id }) => id)
  }

  /** Those that may still begin something, after this id. */
  going(after: string, limit: number): string[] {
    return this.storage.sql
      .exec<{ id: string }>(
        "SELECT id FROM page WHERE state IN ('going', 'exhausted') AND id > ? ORDER BY id LIMIT ?",
        after,
        limit,
      )
      .toArray()
      .map(({ id }) => id)
  }

  /** With their attempts and receipts, at most so many; gives how many. What is still going stays. */
  forgetBefore(at: number, limit: number): number {
    const old = this.storage.sql
      .exec<{ id: string }>('SELECT id FROM page WHERE taken_at < ? ORDER BY taken_at LIMIT ?', at, limit)
      .toArray()
    for (const { id } of old) {
      this.storage.sql.exec('DELETE FROM receipt WHERE attempt IN (SELECT id FROM attempt WHERE page = ?)', id)
      this.storage.sql.exec('DELETE FROM attempt WHERE page = ?', id)
      this.storage.sql.exec("DELETE FROM timer WHERE kind = 'page' AND key = ?", id)
      this.storage.sql.exec('DELETE FROM page WHERE id = ?', id)
    }
    return old.length
  }
}
