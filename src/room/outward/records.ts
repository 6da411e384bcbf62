// What must stand in Postgres of everything that was given away: disclosures, links and who opened them. Written with the
// decision, delivered by a drain, in order. A row that Postgres will never take is put aside and seen.

import type { Disclosure, DrillRecord, DrillResult, ShareLink, ShareView } from '../../domain/outward-record'
import type { Storage } from '../../durable/storage'

export type OutwardRecord =
  | { kind: 'disclosure'; body: Disclosure }
  | { kind: 'share'; body: ShareLink }
  | { kind: 'revoked'; body: Pick<ShareLink, 'id' | 'region' | 'revokedAt' | 'revokedBy'> }
  | { kind: 'seen'; body: ShareView }
  | { kind: 'drill'; body: DrillRecord }
  | { kind: 'drill_result'; body: DrillResult }

export type WaitingRecord = OutwardRecord & { n: number }

export class Records {
  constructor(private readonly storage: Storage) {}

  /** Inside the transaction of what it records. */
  add({ kind, body }: OutwardRecord): void {
    this.storage.sql.exec('INSERT INTO outward_out (kind, body) VALUES (?, ?)', kind, JSON.stringify(body))
  }

  waiting(limit: number): WaitingRecord[] {
    return this.storage.sql
      .exec<{ n: number; kind: string; body: string }>(
        'SELECT n, kind, body FROM outward_out WHERE why IS NULL ORDER BY n LIMIT ?',
        limit,
      )
      .toArray()
      .map(({ n, kind, body }) => ({ n, kind, body: JSON.parse(body) }) as WaitingRecord)
  }

  get waits(): boolean {
    return this.storage.sql.exec('SELECT n FROM outward_out WHERE why IS NULL LIMIT 1').toArray().length > 0
  }

  delivered(n: number): void {
    this.storage.sql.exec('DELETE FROM outward_out WHERE n = ?', n)
  }

  park(n: number, why: string): void {
    this.storage.sql.exec('UPDATE outward_out SET why = ? WHERE n = ?', why.slice(0, 300), n)
  }

  /** What was put aside is tried again. */
  unpark(): number {
    return this.storage.sql
      .exec<{ n: number }>('UPDATE outward_out SET why = NULL WHERE why IS NOT NULL RETURNING n')
      .toArray().length
  }
}

/** One after the other, for a link must be there before who opened it. Throws where Postgres is away. */
export async function deliverRecords(
  records: Records,
  deliver: (record: OutwardRecord) => Promise<void>,
  isRowFault: (error: unknown) => boolean,
  limit = 100,
): Promise<'idle' | 'more'> {
  const waiting = records.waiting(limit)
  for (const { n, ...record } of waiting) {
    try {
      await deliver(record as OutwardRecord)
    } catch (error) {
      if (!isRowFault(error)) throw error
      records.park(n, error instanceof Error ? error.message : 'refused')
      continue
    }
    records.delivered(n)
  }
  return waiting.length === limit ? 'more' : 'idle'
}
