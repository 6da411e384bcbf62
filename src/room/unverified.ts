// Presses without a genuine token, as the intakes' quarantine shards count them: one quiet entry on the screens.

import type { UnverifiedPress } from '../domain/press'
import type { Storage } from '../durable/storage'

const LATEST_SHOWN = 100

export class Unverified {
  constructor(private readonly storage: Storage) {}

  put(intake: string, { count, latest }: { count: number; latest: UnverifiedPress[] }): void {
    this.storage.sql.exec(
      'INSERT OR REPLACE INTO unverified (intake, count, latest) VALUES (?, ?, ?)',
      intake,
      count,
      JSON.stringify(latest.slice(0, LATEST_SHOWN)),
    )
  }

  count(): number {
    return this.storage.sql.exec<{ n: number }>('SELECT coalesce(sum(count), 0) AS n FROM unverified').one().n
  }

  /** Newest first. */
  latest(): UnverifiedPress[] {
    return this.storage.sql
      .exec<{ latest: string }>('SELECT latest FROM unverified')
      .toArray()
      .flatMap(({ latest }) => JSON.parse(latest) as UnverifiedPress[])
      .sort((a, b) => b.receivedAt - a.receivedAt)
      .slice(0, LATEST_SHOWN)
  }
}
