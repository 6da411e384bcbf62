// The attempts of one shard, a row for each try of one way, written before anything is called.

import type { Address, Attempt, AttemptState, Channel, Page, PageAnswer } from '../domain/page'
import type { RegionId } from '../domain/region'
import type { SqlValue, Storage } from '../durable/storage'
import type { Try } from './ladder'
import { networkOf } from './network'
import { shortened } from './shorten'
import type { Word } from './states'

export type Row = {
  seq: number
  id: string
  page: string
  incident: string | null
  n: number
  grp: number
  pass: number
  channel: Channel
  address: string
  provider: string | null
  provider_id: string | null
  network: string | null
  state: AttemptState
  word: Word | null
  error: string | null
  answer: PageAnswer | null
  rank: number
  turn: number
  ready: number
  bundle: string | null
  carrier: string | null
  exempt: number
  tries: number
  polls: number
  queued_at: number
  began_at: number | null
  accepted_at: number | null
  moved_at: number
  times: string
  version: number
  unsaved: number
}

export type NewAttempt = {
  id: string
  page: Page
  grp: number
  pass: number
  address: Address
  provider: string | null
  state: 'queued' | 'failed'
  word: Word | null
  error: string | null
  rank: number
  turn: number
  ready: boolean
  bundle: string | null
  exempt: boolean
}

/** What may change of an attempt. `at`: when it happened, where that is not when we heard. */
export type Change = Partial<
  Pick<Row, 'state' | 'word' | 'error' | 'answer' | 'provider' | 'provider_id' | 'network' | 'carrier'>
> & { at?: number }

const DAY_MS = 86_400_000
/** Attempts, their pages and receipts are forgotten after so long. */
export const KEPT_MS = 30 * DAY_MS

export class Attempts {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  add(made: NewAttempt): Row {
    const now = this.now()
    const { page, address } = made
    const times: Attempt['at'] = made.state === 'queued' ? { queued: now } : { queued: now, failed: now }
    const phone = address.channel === 'voice' || address.channel === 'sms'
    return this.storage.sql
      .exec<Row>(
        `INSERT INTO attempt (id, page, incident, n, grp, pass, channel, address, provider, network, state, word, error, rank,
           turn, ready, bundle, exempt, queued_at, moved_at, times)
         VALUES (?, ?, ?, 1 + (SELECT count(*) FROM attempt WHERE page = ?2), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         RETURNING *`,
        made.id,
        page.id,
        page.incidentId,
        made.grp,
        made.pass,
        address.channel,
        address.to,
        made.provider,
        phone ? networkOf(address.to) : null,
        made.state,
        made.word,
        made.error,
        made.rank,
        made.turn,
        made.ready ? 1 : 0,
        made.bundle,
        made.exempt ? 1 : 0,
        now,
        now,
        JSON.stringify(times),
      )
      .one()
  }

  get(id: string): Row | null {
    return this.rows('WHERE id = ?', id)[0] ?? null
  }

  ofPage(page: string): Row[] {
    return this.rows('WHERE page = ? ORDER BY n', page)
  }

  /** It, and those that its text told of, too. */
  carriedBy(id: string): Row[] {
    return [...this.rows('WHERE id = ?', id), ...this.rows('WHERE carrier = ? ORDER BY seq', id)]
  }

  /** Oldest first. */
  ofIncident(incident: string, limit: number): Row[] {
    return this.rows('WHERE incident = ? ORDER BY seq LIMIT ?', incident, limit)
  }

  newest(limit: number): Row[] {
    return this.rows('ORDER BY seq DESC LIMIT ?', limit)
  }

  parked(limit: number): Row[] {
    return this.rows("WHERE state = 'parked' ORDER BY seq LIMIT ?", limit)
  }

  /** The row as it is then. A state is dated, and what was said before stays said. */
  change(row: Row, { at, ...change }: Change): Row {
    const now = this.now()
    const moved = change.state !== undefined && change.state !== row.state
    const when = Math.min(at ?? now, now)
    const times = moved ? JSON.stringify({ ...JSON.parse(row.times), [change.state as string]: when }) : row.times
    const began = change.state === 'sending' ? now : row.began_at
    const accepted = change.state === 'accepted' && row.accepted_at === null ? now : row.accepted_at
    const set: Record<string, SqlValue> = { ...change, times, began_at: began, accepted_at: accepted }
    if (moved) set.moved_at = now
    const names = Object.keys(set)
    return this.storage.sql
      .exec<Row>(
        `UPDATE attempt SET ${names.map((name) => `${name} = ?`).join(', ')}, version = version + 1, unsaved = 1
         WHERE id = ? RETURNING *`,
        ...Object.values(set),
        row.id,
      )
      .one()
  }

  /** Counted before the call, so that what kills us is counted, too. */
  countTry(id: string): void {
    this.storage.sql.exec('UPDATE attempt SET tries = tries + 1 WHERE id = ?', id)
  }

  countPoll(id: string): void {
    this.storage.sql.exec('UPDATE attempt SET polls = polls + 1 WHERE id = ?', id)
  }

  unsaved(limit: number): Row[] {
    return this.rows('WHERE unsaved = 1 ORDER BY seq LIMIT ?', limit)
  }

  /** What changed while it was being saved is saved again. */
  saved(rows: readonly Pick<Row, 'id' | 'version'>[]): void {
    for (const { id, version } of rows)
      this.storage.sql.exec('UPDATE attempt SET unsaved = 0 WHERE id = ? AND version = ?', id, version)
  }

  count(where: 'queued' | 'under way' | 'parked' | 'unsaved'): number {
    const condition = {
      queued: "state = 'queued'",
      'under way': "state IN ('sending', 'accepted', 'sent')",
      parked: "state = 'parked'",
      unsaved: 'unsaved = 1',
    }[where]
    return this.storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM attempt WHERE ${condition}`).one().n
  }

  oldestQueuedAt(): number | null {
    return this.storage.sql
      .exec<{ at: number | null }>("SELECT min(queued_at) AS at FROM attempt WHERE state = 'queued'")
      .one().at
  }

  private rows(where: string, ...bindings: SqlValue[]): Row[] {
    return this.storage.sql.exec<Row>(`SELECT * FROM attempt ${where}`, ...bindings).toArray()
  }
}

/** As screens, rooms and reports have it. */
export function attemptOf(row: Row, page: Page): Attempt {
  return {
    id: row.id,
    pageId: row.page,
    incidentId: row.incident,
    region: page.region as RegionId,
    reason: page.reason,
    step: page.step,
    contact: { id: page.contact.id, name: page.contact.name },
    channel: row.channel,
    provider: row.provider,
    network: row.network,
    to: shortened({ channel: row.channel, to: row.address }),
    n: row.n,
    state: row.state,
    error: row.error,
    answer: row.answer,
    drill: page.drill,
    at: JSON.parse(row.times) as Attempt['at'],
  }
}

export const tryOf = (row: Row): Try => ({
  id: row.id,
  grp: row.grp,
  channel: row.channel,
  to: row.address,
  pass: row.pass,
  provider: row.provider,
  state: row.state,
  word: row.word,
  stumbled: row.state === 'queued' && row.tries > 0,
  ready: row.ready === 1,
  acceptedAt: row.accepted_at,
  movedAt: row.moved_at,
})
