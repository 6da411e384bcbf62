// The presses of an intake: one row each, kept until the room has them and eight days longer, so that a late retry
// still finds its own row. A button held down, or a flood, is folded: from a device's 4th press in 10 s only count,
// last position and time of its open row change.

import type { Press } from '../domain/press'
import type { Storage } from '../durable/storage'
import type { Fold } from '../room/contract'
import type { PressReceipt } from './contract'
import { Pending } from './pending'
import { OPEN_ROWS, Seen, type SeenRow } from './seen'

/** A row as the views and the forwarding read it. */
export type PressRow = {
  n: number
  sos_id: string
  device_id: string
  body: string
  received_at: number
  stored_at: number
  confirmed_at: number | null
  view: string | null
  version: number
  epoch: string | null
  cancel_verdict: string | null
  cancel_at: number | null
  cancel_held: number
}

const BURST_MS = 10_000
const BURST_PRESSES = 3
/** Ids of folded presses that a row remembers. A finger makes fewer; a flood beyond them is known by its device. */
export const FOLDED_IDS = 32
/** A flood of ten minutes: what was folded before that is retried no more, and must not be read at every press. */
const FOLDING_ROWS_READ = 60
const PRESS_COLUMNS = `n, sos_id, device_id, body, received_at, stored_at, confirmed_at, view, version, epoch,
  cancel_verdict, cancel_at, cancel_held`

export class Presses {
  readonly pending: Pending
  private readonly seen: Seen
  /** There may be counts that the room has not heard: true until the disk says otherwise. */
  private mayHaveFolds = true

  constructor(private readonly storage: Storage) {
    this.pending = new Pending(storage)
    this.seen = new Seen(storage)
  }

  /** What is kept in memory is read from the disk again: a transaction failed. */
  reload(): void {
    this.pending.reload()
    this.seen.reload()
    this.mayHaveFolds = true
  }

  /** The clock was set back by so much: how long each has been here stays true. Inside a transaction. */
  turnBack(byMs: number, now: number): void {
    this.storage.sql.exec('UPDATE press SET stored_at = stored_at - ? WHERE stored_at > ?', byMs, now)
    this.reload()
  }

  /** Writes a press, once per (device, sosId). `inserted` only where it got a row of its own. */
  accept(press: Press, now: number): PressReceipt & { inserted: boolean } {
    const newest = this.seen.newestOf(press.deviceId)
    const receivedAt = this.knownAmong(newest, press)
    if (receivedAt !== null) return { sosId: press.sosId, receivedAt, known: true, inserted: false }
    const open = openRow(newest, press, now)
    if (open) this.fold(open, press, now)
    else this.insert(press, newest, now)
    return { sosId: press.sosId, receivedAt: press.receivedAt, known: false, inserted: open === null }
  }

  /** The row of exactly this press. */
  row(sosId: string, deviceId: string): PressRow | null {
    const rows = this.storage.sql.exec<PressRow>(
      `SELECT ${PRESS_COLUMNS} FROM press WHERE sos_id = ? AND device_id = ?`,
      sosId,
      deviceId,
    )
    return rows.toArray()[0] ?? null
  }

  /**
   * The row that stands for this press, its own or the one it was folded into, with the time this press was received.
   * Folded ids beyond the remembered ones cannot be told from ids that never were: for a device that has folded so
   * many, any unknown id means its newest such row. That tells a device nothing but about itself.
   */
  resolve(sosId: string, deviceId: string): { row: PressRow; receivedAt: number } | null {
    const own = this.row(sosId, deviceId)
    if (own) return { row: own, receivedAt: own.received_at }
    const folded = this.foldedAs(sosId, deviceId)
    if (folded) return { row: this.byNumber(folded.n), receivedAt: folded.receivedAt }
    const [overflowed] = this.storage.sql
      .exec<PressRow>(
        `SELECT ${PRESS_COLUMNS} FROM press WHERE device_id = ? AND count > 1 AND count > ? ORDER BY n DESC LIMIT 1`,
        deviceId,
        FOLDED_IDS + 1,
      )
      .toArray()
    return overflowed ? { row: overflowed, receivedAt: overflowed.received_at } : null
  }

  /** True where some other device made this press. */
  isAnothers(sosId: string, deviceId: string): boolean {
    const rows = this.storage.sql.exec(
      'SELECT 1 FROM press WHERE sos_id = ? AND device_id <> ? LIMIT 1',
      sosId,
      deviceId,
    )
    return rows.toArray().length > 0
  }

  byNumber(n: number): PressRow {
    return this.storage.sql.exec<PressRow>(`SELECT ${PRESS_COLUMNS} FROM press WHERE n = ?`, n).one()
  }

  backlog(): { unconfirmed: number; oldest: number | null } {
    return this.storage.sql
      .exec<{ unconfirmed: number; oldest: number | null }>(
        'SELECT count(*) AS unconfirmed, min(stored_at) AS oldest FROM press WHERE confirmed_at IS NULL',
      )
      .one()
  }

  stored(): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM press').one().n
  }

  /** Counts that the room has not heard, of presses that it has. Outside a transaction. */
  folds(limit: number): (Fold & { n: number })[] {
    if (!this.mayHaveFolds) return []
    const rows = this.storage.sql.exec<{
      n: number
      sos_id: string
      device_id: string
      count: number
      last_at: number
      last: string | null
    }>(
      `SELECT n, sos_id, device_id, count, last_at, last FROM press
       WHERE count > count_sent AND confirmed_at IS NOT NULL ORDER BY n LIMIT ?`,
      limit,
    )
    const found = rows.toArray()
    if (found.length === 0)
      this.mayHaveFolds =
        this.storage.sql.exec('SELECT 1 FROM press WHERE count > count_sent LIMIT 1').toArray().length > 0
    return found.map((row) => ({
      n: row.n,
      sosId: row.sos_id,
      deviceId: row.device_id,
      count: row.count - 1,
      lastAt: row.last_at,
      ...(JSON.parse(row.last ?? '{"position":null,"note":null}') as Pick<Fold, 'position' | 'note'>),
    }))
  }

  foldsSent(folds: readonly { n: number; count: number }[]): void {
    for (const { n, count } of folds)
      this.storage.sql.exec('UPDATE press SET count_sent = max(count_sent, ?) WHERE n = ?', count + 1, n)
  }

  /** Unconfirmed for so long, and nobody paged about it yet. */
  unpaged(storedBefore: number): PressRow[] {
    return this.storage.sql
      .exec<PressRow>(
        `SELECT ${PRESS_COLUMNS} FROM press
         WHERE confirmed_at IS NULL AND away_at IS NULL AND stored_at <= ? ORDER BY n LIMIT 200`,
        storedBefore,
      )
      .toArray()
  }

  paged(rows: readonly PressRow[], now: number): void {
    for (const { n } of rows) this.storage.sql.exec('UPDATE press SET away_at = ? WHERE n = ?', now, n)
  }

  /** Receipt of the oldest press that is unconfirmed and not paged about, null where there is none. */
  oldestUnpaged(): number | null {
    const rows = this.storage.sql.exec<{ at: number }>(
      'SELECT stored_at AS at FROM press WHERE confirmed_at IS NULL AND away_at IS NULL ORDER BY n LIMIT 1',
    )
    return rows.toArray()[0]?.at ?? null
  }

  /** Forgets confirmed presses. True where there may be more to forget. */
  forgetBefore(at: number, limit = 1000): boolean {
    const gone = this.storage.sql.exec<{ n: number }>(
      `DELETE FROM press WHERE n IN
         (SELECT n FROM press WHERE confirmed_at IS NOT NULL AND stored_at < ? ORDER BY n LIMIT ?) RETURNING n`,
      at,
      limit,
    )
    const forgotten = gone.toArray().length
    if (forgotten > 0) this.seen.reload()
    return forgotten === limit
  }

  private insert(press: Press, newest: readonly SeenRow[], now: number): void {
    const { sosId, deviceId, receivedAt } = press
    const { n } = this.storage.sql
      .exec<{ n: number }>(
        `INSERT INTO press (sos_id, device_id, alike, body, received_at, stored_at, last_at)
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING n`,
        sosId,
        deviceId,
        alike(press),
        JSON.stringify(press),
        receivedAt,
        now,
        now,
      )
      .one()
    this.pending.add({ n, press, storedAt: now, bare: true })
    const row = { n, sos_id: sosId, alike: alike(press), received_at: receivedAt, stored_at: now, last_at: now }
    this.seen.add(deviceId, { ...row, count: 1, folded: null }, newest)
  }

  /** When this very press was received before, null where it was not. */
  private knownAmong(newest: readonly SeenRow[], { sosId, deviceId }: Press): number | null {
    for (const row of newest) {
      if (row.sos_id === sosId) return row.received_at
      const folded = row.folded === null ? undefined : idsOf(row.folded)[sosId]
      if (folded !== undefined) return folded
    }
    if (newest.length < OPEN_ROWS) return null
    return this.row(sosId, deviceId)?.received_at ?? this.foldedAs(sosId, deviceId)?.receivedAt ?? null
  }

  private fold(open: SeenRow, press: Press, now: number): void {
    this.seen.changed(press.deviceId)
    this.mayHaveFolds = true
    const ids = idsOf(open.folded ?? '{}')
    if (Object.keys(ids).length < FOLDED_IDS) ids[press.sosId] = press.receivedAt
    this.storage.sql.exec(
      `UPDATE press SET count = count + 1, last_at = ?, folded = ?, last = json_object(
         'position', json(coalesce(?, json_extract(last, '$.position'), 'null')),
         'note', coalesce(?, json_extract(last, '$.note')))
       WHERE n = ?`,
      now,
      JSON.stringify(ids),
      press.position === null ? null : JSON.stringify(press.position),
      press.note,
      open.n,
    )
  }

  private foldedAs(sosId: string, deviceId: string): { n: number; receivedAt: number } | null {
    const rows = this.storage.sql.exec<{ n: number; folded: string }>(
      `SELECT * FROM
         (SELECT n, folded FROM press WHERE device_id = ? AND count > 1 ORDER BY n DESC LIMIT ${FOLDING_ROWS_READ})
       WHERE instr(folded, ?) > 0 LIMIT 1`,
      deviceId,
      JSON.stringify(sosId),
    )
    const [row] = rows.toArray()
    const receivedAt = row ? idsOf(row.folded)[sosId] : undefined
    return row && receivedAt !== undefined ? { n: row.n, receivedAt } : null
  }
}

/** The row that this press only adds to, null where it gets its own. */
function openRow(newest: readonly SeenRow[], press: Press, now: number): SeenRow | null {
  const cutoff = now - BURST_MS
  let recent = 0
  for (const row of newest) {
    if (row.stored_at > cutoff) recent += row.count
    else if (row.last_at > cutoff) recent += row.count - 1
  }
  if (recent < BURST_PRESSES) return null
  // Another kind, or another answer to "can you talk", is news and no repeat: it gets a row, at most one per 10 s.
  return newest.find((row) => row.stored_at > cutoff && row.alike === alike(press)) ?? null
}

const idsOf = (folded: string): Record<string, number> => JSON.parse(folded)

const alike = (press: Press): string => `${press.kind}:${press.safeToTalk ?? '-'}`
