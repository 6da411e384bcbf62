// The room's log: one total order, gap-free, each line chained to the one before. Lines leave by the outbox.

import { randomBytes } from 'node:crypto'
import type { Actor } from '../domain/command'
import type { EventType, LogEvent } from '../domain/event'
import type { RegionId } from '../domain/region'
import type { Storage } from '../durable/storage'
import { bodyHashOf, canonical, GENESIS, linkHashOf } from './chain'

type Head = { epoch: string; seq: number; hash: string }
type Row = {
  seq: number
  at: number
  type: string
  incident: string | null
  actor: string
  body: string | null
  salt: string | null
  body_hash: string
  prev_hash: string
  hash: string
}

const INSERT_LINES = `
  INSERT INTO event (seq, at, type, incident, actor, body, salt, body_hash, prev_hash, hash)
  SELECT ${Array.from({ length: 10 }, (_, column) => `value ->> ${column}`).join(', ')} FROM json_each(?)`

const SALT_BYTES = 12
/** Salts are drawn in one piece: asking for each alone costs more than hashing with it. */
const SALTS_AT_ONCE = 256

export type Entry = { type: EventType; incident: string | null; body: Record<string, unknown> }

export class Log {
  private head: Head
  private archived: number
  /** Lines of the transaction under way, as rows of the table. */
  private pending: (string | number | null)[][] = []
  private salts = { bytes: Buffer.alloc(0), at: 0 }

  constructor(
    private readonly storage: Storage,
    private readonly room: RegionId,
    private readonly now: () => number,
    newEpoch: () => string,
  ) {
    const known = this.readHead()
    this.head = known ?? { epoch: newEpoch(), seq: 0, hash: GENESIS }
    this.archived = Number(this.readMeta('archived') ?? 0)
    if (known) return
    storage.transactionSync(() => {
      this.append([{ type: 'epoch', incident: null, body: { after: null } }], {
        uid: 'system',
        alias: 'Tower',
        kind: 'system',
      })
      this.close()
    })
  }

  get epoch(): string {
    return this.head.epoch
  }

  get seq(): number {
    return this.head.seq
  }

  /** Must be called inside the transaction that saves what the lines tell of. Gives the seq of the last one. */
  append(entries: readonly Entry[], actor: Pick<Actor, 'uid' | 'alias' | 'kind'>): number {
    const at = this.now()
    const by = { uid: actor.uid, alias: actor.alias, kind: actor.kind }
    const byText = JSON.stringify(by)
    let { seq, hash } = this.head
    const { epoch } = this.head
    for (const { type, incident, body } of entries) {
      const salt = this.salt()
      const bodyText = canonical(body)
      const bodyHash = bodyHashOf(salt, bodyText)
      const prevHash = hash
      seq++
      hash = linkHashOf({ room: this.room, epoch, seq, at, type, incident, actor: by, bodyHash, prevHash })
      this.pending.push([seq, at, type, incident, byText, bodyText, salt, bodyHash, prevHash, hash])
    }
    this.head = { epoch, seq, hash }
    return seq
  }

  /** At the end of the transaction: all its lines, and where they end, in two statements. */
  close(): void {
    if (this.pending.length === 0) return
    this.storage.sql.exec(INSERT_LINES, JSON.stringify(this.pending))
    this.storage.sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('head', ?)", JSON.stringify(this.head))
    this.pending = []
  }

  /** After a transaction that failed: what is on disk is the truth. */
  reload(): void {
    this.head = this.readHead() ?? this.head
    this.pending = []
  }

  ofIncident(incident: string): LogEvent[] {
    return this.read('SELECT * FROM event WHERE incident = ? ORDER BY seq', incident)
  }

  from(seq: number, limit: number): LogEvent[] {
    return this.read('SELECT * FROM event WHERE seq >= ? ORDER BY seq LIMIT ?', seq, limit)
  }

  /** The next rows that Postgres does not have, in order; parked ones only when a person has sent them on again. */
  undelivered(limit: number): LogEvent[] {
    // Not one query with OR: that reads the whole table to keep the order.
    const again = this.read(
      'SELECT * FROM event WHERE seq IN (SELECT seq FROM parked WHERE again = 1) ORDER BY seq LIMIT ?',
      limit,
    )
    if (again.length > 0) return again
    return this.read('SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?', this.archived, limit)
  }

  /** Rows leave in order, so one number says how far; a parked row is over until it is sent again. */
  delivered(seqs: readonly number[]): void {
    this.storage.transactionSync(() => {
      for (const seq of seqs) if (seq <= this.archived) this.storage.sql.exec('DELETE FROM parked WHERE seq = ?', seq)
      this.advance(Math.max(...seqs))
    })
  }

  park(seq: number, why: string): void {
    this.storage.transactionSync(() => {
      this.storage.sql.exec('INSERT OR REPLACE INTO parked (seq, why, again) VALUES (?, ?, 0)', seq, why)
      this.advance(seq)
    })
  }

  /** Parked rows go out again with the next drain. Gives how many. */
  unpark(): number {
    this.storage.sql.exec('UPDATE parked SET again = 1')
    return this.parkedCount()
  }

  waiting(): { outbox: number; parked: number } {
    return { outbox: this.head.seq - this.archived, parked: this.parkedCount() }
  }

  /** Postgres has, or was offered, everything up to here. */
  archivedSeq(): number {
    return this.archived
  }

  private advance(seq: number): void {
    if (seq <= this.archived) return
    this.archived = seq
    this.storage.sql.exec("INSERT OR REPLACE INTO meta (key, value) VALUES ('archived', ?)", String(seq))
  }

  private parkedCount(): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM parked').one().n
  }

  private salt(): string {
    if (this.salts.at >= this.salts.bytes.length) this.salts = { bytes: randomBytes(SALT_BYTES * SALTS_AT_ONCE), at: 0 }
    const { bytes, at } = this.salts
    this.salts.at += SALT_BYTES
    return bytes.toString('hex', at, at + SALT_BYTES)
  }

  private read(query: string, ...bindings: (string | number)[]): LogEvent[] {
    return this.storage.sql
      .exec<Row>(query, ...bindings)
      .toArray()
      .map((row) => ({
        room: this.room,
        epoch: this.head.epoch,
        seq: row.seq,
        at: row.at,
        type: row.type as EventType,
        incident: row.incident,
        actor: JSON.parse(row.actor) as LogEvent['actor'],
        body: row.body === null ? null : (JSON.parse(row.body) as Record<string, unknown>),
        salt: row.salt,
        bodyHash: row.body_hash,
        prevHash: row.prev_hash,
        hash: row.hash,
      }))
  }

  private readHead(): Head | null {
    const head = this.readMeta('head')
    return head === null ? null : (JSON.parse(head) as Head)
  }

  private readMeta(key: string): string | null {
    const rows = this.storage.sql.exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)
    return rows.toArray()[0]?.value ?? null
  }
}
