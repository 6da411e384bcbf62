// What providers say of an attempt afterwards. It only moves forward: what is late, repeated, of nothing that we know, or not
// from the provider it claims, changes nothing and is counted.

import type { SqlValue, Storage } from '../durable/storage'
import type { Attempts, Change, Row } from './attempts'
import type { CourierHealth, Receipt, ReceiptOutcome } from './contract'
import { moves, type Word } from './states'

type Ignored = keyof CourierHealth['ignored']

/** A provider's code or word; more of what it says is not kept. */
const LONGEST_ERROR = 80

export class Receipts {
  constructor(
    private readonly storage: Storage,
    private readonly attempts: Attempts,
    private readonly now: () => number,
  ) {}

  /** Inside a transaction. `changed`: the attempt, and those that its text told of, too. */
  hear(receipt: Receipt): { outcome: ReceiptOutcome; changed: Row[] } {
    const row = this.attempts.get(receipt.attemptId)
    if (!row || !isOf(row, receipt)) return this.ignore('unknown')
    const error = receipt.error?.slice(0, LONGEST_ERROR) ?? null
    // A provider's "answered" is a call that was picked up, by whomever: only a key or a word is an answer.
    const state = receipt.state === 'answered' ? 'sent' : receipt.state
    const word: Word | null = state === 'failed' || state === 'undelivered' ? 'person' : null
    const fresh = this.note(receipt, state, error)
    const providerId = row.provider_id ?? (receipt.providerId || null)
    if (row.provider_id !== providerId) this.attempts.change(row, { provider_id: providerId })
    if (!fresh) return this.ignore('repeated')
    if (!moves(row, { state, word })) return this.ignore('late')
    this.storage.sql.exec('UPDATE receipt SET applied = 1 WHERE attempt = ? AND state = ?', receipt.attemptId, state)
    const change: Change = { state, word, error, at: receipt.at, provider_id: providerId }
    if (receipt.network !== null) change.network = receipt.network
    const carried = this.attempts.carriedBy(row.id).filter((each) => moves(each, { state, word }))
    return { outcome: 'applied', changed: carried.map((each) => this.attempts.change(each, change)) }
  }

  count(why: Ignored): void {
    this.storage.sql.exec('INSERT INTO ignored (why, n) VALUES (?, 1) ON CONFLICT (why) DO UPDATE SET n = n + 1', why)
  }

  get ignored(): CourierHealth['ignored'] {
    const rows = this.storage.sql.exec<{ why: Ignored; n: number }>('SELECT why, n FROM ignored').toArray()
    return { late: 0, repeated: 0, unknown: 0, forged: 0, ...Object.fromEntries(rows.map(({ why, n }) => [why, n])) }
  }

  private ignore(why: Exclude<Ignored, 'forged'>): { outcome: ReceiptOutcome; changed: Row[] } {
    this.count(why)
    return { outcome: why, changed: [] }
  }

  /** False where the same has been said before. */
  private note(receipt: Receipt, state: string, error: string | null): boolean {
    const values: SqlValue[] = [receipt.attemptId, state, receipt.at, this.now(), error]
    const kept = this.storage.sql.exec<{ state: string }>(
      `INSERT INTO receipt (attempt, state, at, came_at, error, applied) VALUES (?, ?, ?, ?, ?, 0)
       ON CONFLICT (attempt, state) DO NOTHING RETURNING state`,
      ...values,
    )
    return kept.toArray().length > 0
  }
}

/** Of something that has been sent, by this provider, under this id of its own where that is known. */
const isOf = (row: Row, { provider, providerId }: Receipt): boolean =>
  row.began_at !== null &&
  row.provider === provider &&
  (row.provider_id === null || providerId === '' || row.provider_id === providerId)
