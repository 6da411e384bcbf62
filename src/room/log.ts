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

export type Entry = { type: EventType; incident: string | null; body: Record<string, unknown> }

export class Log {
  private head: Head

  constructor(
    private readonly storage: Storage,
    private readonly room: RegionId,
    private readonly now: () => number,
    newEpoch: () => string,
  ) {
    const known = this.readHead()
    this.head = known ?? { epoch: newEpoch(), seq: 0, hash: GENESIS }
    if (!known)
      storage.transactionSync(() =>
        this.append([{ type: 'epoch', incident: null, body: { after: null } }], {
          uid: 'system',
          alias: 'Tower',
          kind: 'system',
        }),
      )
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
    let { seq, hash } = this.head
    const { epoch } = this.head
    for (const { type, incident, body } of entries) {
      const salt = randomBytes(12).toString('hex')
      const bodyHash = bodyHashOf(salt, body)
      const prevHash = hash
      seq++
      hash = linkHashOf({ room: this.room, epoch, seq, at, type, incident, actor: by, bodyHash, prevHash })
      this.storage.sql.exec(
        'INSERT INTO event (seq, at, type, incident, actor, body, salt, body_hash, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        seq,
        at,
        type,
        incident,
        JSON.stringify(by),
        canonical(body),
        salt,
        bodyHash,
        prevHash,
        hash,
      )
      this.storage.sql.exec('INSERT INTO outbox (seq) VALUES (?)', seq)
    }
    this.head = { epoch, seq, hash }
    this.storage.sql.exec('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', 'head', JSON.stringify(this.head))
    return seq
  }

  /** After a transaction that failed: what is on disk is the truth. */
  reload(): void {
    this.head = this.readHead() ?? this.head
  }

  ofIncident(incident: string): LogEvent[] {
    return this.read('SELECT * FROM event WHERE incident = ? ORDER BY seq', incident)
  }

  from(seq: number, limit: number): LogEvent[] {
    return this.read('SELECT * FROM event WHERE seq >= ? ORDER BY seq LIMIT ?', seq, limit)
  }

  /** The next rows that Postgres does not have, in order, parked ones apart. */
  undelivered(limit: number): LogEvent[] {
    return this.read(
      'SELECT event.* FROM outbox JOIN event USING (seq) WHERE parked IS NULL ORDER BY seq LIMIT ?',
      limit,
    )
  }

  delivered(seqs: readonly number[]): void {
    this.storage.transactionSync(() => {
      for (const seq of seqs) this.storage.sql.exec('DELETE FROM outbox WHERE seq = ?', seq)
    })
  }

  park(seq: number, why: string): void {
    this.storage.sql.exec('UPDATE outbox SET parked = ? WHERE seq = ?', why, seq)
  }

  /** Parked rows go out again with the next drain. Gives how many. */
  unpark(): number {
    const { n } = this.storage.sql
      .exec<{ n: number }>('SELECT count(*) AS n FROM outbox WHERE parked IS NOT NULL')
      .one()
    this.storage.sql.exec('UPDATE outbox SET parked = NULL')
    return n
  }

  waiting(): { outbox: number; parked: number } {
    return this.storage.sql
      .exec<{ outbox: number; parked: number }>('SELECT count(*) AS outbox, count(parked) AS parked FROM outbox')
      .one()
  }

  /** Up to here Postgres has everything. */
  archivedSeq(): number {
    const { first } = this.storage.sql.exec<{ first: number | null }>('SELECT min(seq) AS first FROM outbox').one()
    return first === null ? this.head.seq : first - 1
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
    const [row] = this.storage.sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = 'head'").toArray()
    return row ? (JSON.parse(row.value) as Head) : null
  }
}
