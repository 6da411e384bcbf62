// Pages on their way to the courier: written with the decision that made them, sent by a background drain, and called back
// when they are of no use any more. The courier knows a page by its id, so sending one twice is sending it once.

import type { Incident } from '../domain/incident'
import type { Page, PageAnswer, PageReason } from '../domain/page'
import { mayReachPresser } from '../domain/phone-view'
import { rank } from '../domain/priority'
import type { Storage } from '../durable/storage'
import { type KnownPage, type PageState, readPages } from './known-page'
import { ladderThatMay, nearPresser } from './page-gate'

export type { KnownPage, PageState } from './known-page'

/** `refused`: it would reach the presser's side, and may not. `late`: it was of no use any more when it was made. */
export type SendOutcome = 'sent' | 'known' | 'refused' | 'late'

export type PagesPorts = {
  now(): number
  /** The courier's shard of a page. */
  shardOf(page: Pick<Page, 'id' | 'incidentId'>): number
  incident(id: string): Incident | null
}

const TO_SEND = 1
const TO_STOP = 2
/** Of one that is exhausted every way has failed, and the courier tries again what its provider's trouble may have caused. */
const MAY_LEAVE = "'waiting', 'with', 'exhausted'"

export class Pages {
  /** Shards that have something to hear; may name one too many, and never one too few. */
  private readonly leaving: Set<number>
  /** Pages to the presser's side that are not over: with none of them, no change of policy looks for one. */
  private toPresser: number
  /** Incidents with pages; may name one too many, and never one too few. In a crowd hardly any has one, and each step asks. */
  private readonly mentioned = new Set<string>()
  /** Pages were sent without this room, as far as the disk knows: else no new incident looks for one. */
  anyAdopted: boolean

  constructor(
    private readonly storage: Storage,
    private readonly ports: PagesPorts,
  ) {
    const shards = storage.sql.exec<{ shard: number }>('SELECT DISTINCT shard FROM page_out WHERE leaving > 0')
    this.leaving = new Set(shards.toArray().map(({ shard }) => shard))
    this.toPresser = this.countToPresser()
    this.mention()
    this.anyAdopted =
      storage.sql.exec("SELECT 1 AS n FROM page_out WHERE reason = 'room_away' LIMIT 1").toArray().length > 0
  }

  /**
   * Inside the transaction that decides it. A page that is known by its id is left as it is. What would reach the
   * presser's side of an incident that must stay silent is refused here, whoever made it.
   */
  send(page: Page): SendOutcome {
    const ladder = ladderThatMay(page, (id) => this.ports.incident(id))
    if (!ladder) return 'refused'
    if (page.until !== null && page.until <= this.ports.now()) return 'late'
    const heardByPresser = nearPresser(page.reason)
    const shard = this.ports.shardOf(page)
    const fresh = this.storage.sql
      .exec<{ id: string }>(
        `INSERT INTO page_out (id, incident, reason, step, contact, name, shard, rank, presser, state, leaving, decided_at, until_at, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ${TO_SEND}, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
        page.id,
        page.incidentId,
        page.reason,
        page.step,
        page.contact.id,
        page.contact.name,
        shard,
        rank(page.priority),
        heardByPresser ? 1 : 0,
        page.decidedAt,
        page.until,
        JSON.stringify({ ...page, ladder }),
      )
      .toArray()
    if (fresh.length === 0) return 'known'
    if (page.incidentId !== null) this.mentioned.add(page.incidentId)
    this.leaving.add(shard)
    if (heardByPresser) this.toPresser++
    return 'sent'
  }

  /**
   * Nothing new is begun for these. By incident (of these reasons, else all), or by id. Gives how many were not over.
   * Inside a transaction.
   */
  stop(what: {
    incidentId?: string
    pageIds?: readonly string[]
    reasons?: readonly PageReason[]
    why: string
  }): number {
    const { incidentId, pageIds, reasons, why } = what
    if (incidentId === undefined && pageIds === undefined) return 0
    const where = [
      incidentId === undefined ? null : 'incident = ?',
      pageIds === undefined ? null : 'id IN (SELECT value FROM json_each(?))',
      reasons === undefined ? null : 'reason IN (SELECT value FROM json_each(?))',
    ].filter((each) => each !== null)
    const bindings = [
      ...(incidentId === undefined ? [] : [incidentId]),
      ...(pageIds === undefined ? [] : [JSON.stringify(pageIds)]),
      ...(reasons === undefined ? [] : [JSON.stringify(reasons)]),
    ]
    const stopped = this.storage.sql
      .exec<{ shard: number }>(
        `UPDATE page_out SET state = 'stopping', leaving = ${TO_STOP}, why = ?
         WHERE ${where.join(' AND ')} AND state IN (${MAY_LEAVE}) RETURNING shard`,
        why,
        ...bindings,
      )
      .toArray()
    for (const { shard } of stopped) this.leaving.add(shard)
    return stopped.length
  }

  /** Its policy has turned quiet, or it began so: what waits for this incident's presser must not arrive. */
  hush(incident: Incident): void {
    if (this.toPresser === 0 || mayReachPresser(incident, 'push') === 'open') return
    const { id, deviceId, driver } = incident
    const rows = this.storage.sql
      .exec<{ id: string }>(
        `SELECT id FROM page_out WHERE presser = 1 AND state IN (${MAY_LEAVE})
           AND (incident = ?1 OR (reason IN ('area', 'driver', 'queue_question') AND contact IN (?2, ?3)))
           AND NOT (reason = 'kin' AND body ->> '$.facts.contactPolicy' = 'quiet')`,
        id,
        deviceId ?? '',
        driver?.id ?? '',
      )
      .toArray()
    if (rows.length > 0) this.stop({ pageIds: rows.map((row) => row.id), why: 'quiet' })
  }

  /** True where the courier must hear something. */
  get shardsLeaving(): readonly number[] {
    return [...this.leaving]
  }

  /** Of one shard, gravest first. What has become useless meanwhile is put away and not given. Outside a transaction. */
  waiting(shard: number, limit: number): Page[] {
    const rows = this.storage.sql
      .exec<{ id: string; until_at: number | null; body: string }>(
        `SELECT id, until_at, body FROM page_out WHERE shard = ? AND leaving = ${TO_SEND} AND leaving > 0
         ORDER BY rank, decided_at, rowid LIMIT ?`,
        shard,
        limit,
      )
      .toArray()
    const now = this.ports.now()
    const late = rows.filter(({ until_at }) => until_at !== null && until_at <= now)
    for (const { id } of late)
      this.storage.sql.exec("UPDATE page_out SET state = 'expired', leaving = 0 WHERE id = ?", id)
    return rows.filter((row) => !late.includes(row)).map(({ body }) => JSON.parse(body) as Page)
  }

  /** Of one shard. */
  stopping(shard: number, limit: number): { id: string; why: string }[] {
    return this.storage.sql
      .exec<{ id: string; why: string }>(
        `SELECT id, why FROM page_out WHERE shard = ? AND leaving = ${TO_STOP} AND leaving > 0 LIMIT ?`,
        shard,
        limit,
      )
      .toArray()
  }

  /** The courier has these durably. One that was stopped meanwhile is still to be stopped there. */
  delivered(ids: readonly string[]): void {
    this.storage.sql.exec(
      `UPDATE page_out SET state = 'with', leaving = 0 WHERE id IN (SELECT value FROM json_each(?)) AND state = 'waiting'`,
      JSON.stringify(ids),
    )
  }

  stopped(ids: readonly string[]): void {
    this.storage.sql.exec(
      `UPDATE page_out SET state = 'stopped', leaving = 0 WHERE id IN (SELECT value FROM json_each(?)) AND state = 'stopping'`,
      JSON.stringify(ids),
    )
  }

  /** Nothing waits for this shard, as far as the disk knows. */
  settled(shard: number): void {
    const [row] = this.storage.sql
      .exec('SELECT 1 AS n FROM page_out WHERE shard = ? AND leaving > 0 LIMIT 1', shard)
      .toArray()
    if (!row) this.leaving.delete(shard)
  }

  get(id: string): KnownPage | null {
    return this.rows('WHERE id = ?', id)[0] ?? null
  }

  /** Oldest first. */
  ofIncident(incidentId: string): KnownPage[] {
    if (!this.mentioned.has(incidentId)) return []
    return this.rows('WHERE incident = ? ORDER BY decided_at, rowid', incidentId)
  }

  /** Those of this reason that are not over and whose step begins so. */
  ofStep(reason: PageReason, prefix: string): KnownPage[] {
    return this.rows(
      `WHERE reason = ? AND state IN (${MAY_LEAVE}) AND substr(step, 1, ?) = ?`,
      reason,
      prefix.length,
      prefix,
    )
  }

  /** The page with all that it says; null where it was made elsewhere. */
  whole(id: string): Page | null {
    const [row] = this.storage.sql.exec<{ body: string | null }>('SELECT body FROM page_out WHERE id = ?', id).toArray()
    return row?.body ? (JSON.parse(row.body) as Page) : null
  }

  /** Takes over a page that somebody else gave to the courier. One that is known is left as it is. */
  adopt(
    page: Pick<Page, 'id' | 'incidentId' | 'reason' | 'step' | 'decidedAt'> & { contact: { id: string; name: string } },
  ): boolean {
    this.anyAdopted = true
    if (page.incidentId !== null) this.mentioned.add(page.incidentId)
    const fresh = this.storage.sql
      .exec<{ id: string }>(
        `INSERT INTO page_out (id, incident, reason, step, contact, name, shard, rank, presser, state, leaving, decided_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0, 'with', 0, ?) ON CONFLICT (id) DO NOTHING RETURNING id`,
        page.id,
        page.incidentId,
        page.reason,
        page.step,
        page.contact.id,
        page.contact.name,
        this.ports.shardOf(page),
        page.decidedAt,
      )
      .toArray()
    return fresh.length > 0
  }

  /** Their press turned out to be a further one of another incident. */
  moveTo(ids: readonly string[], incidentId: string): void {
    this.mentioned.add(incidentId)
    this.storage.sql.exec(
      'UPDATE page_out SET incident = ? WHERE id IN (SELECT value FROM json_each(?))',
      incidentId,
      JSON.stringify(ids),
    )
  }

  /** What the courier said of it. Inside a transaction. */
  note(
    id: string,
    change: { state?: PageState; answer?: PageAnswer; reported: number; tries: KnownPage['tries'] },
  ): void {
    this.storage.sql.exec(
      `UPDATE page_out SET state = coalesce(?, state), answer = coalesce(?, answer), reported = ?, tries = ?,
         leaving = CASE WHEN ? IS NULL THEN leaving ELSE 0 END WHERE id = ?`,
      change.state ?? null,
      change.answer ?? null,
      change.reported,
      JSON.stringify(change.tries),
      change.state ?? null,
      id,
    )
  }

  /** Pages to this contact that were made since then, newest first. */
  recentTo(contactId: string, since: number): { reason: PageReason; rank: number; at: number; state: PageState }[] {
    return this.storage.sql
      .exec<{ reason: PageReason; rank: number; at: number; state: PageState }>(
        'SELECT reason, rank, decided_at AS at, state FROM page_out WHERE contact = ? AND decided_at > ? ORDER BY decided_at DESC LIMIT 100',
        contactId,
        since,
      )
      .toArray()
  }

  get waitingCount(): number {
    return this.storage.sql
      .exec<{ n: number }>(`SELECT count(*) AS n FROM page_out WHERE leaving = ${TO_SEND} AND leaving > 0`)
      .one().n
  }

  /** Those of incidents go with their incidents; others are kept for as long. */
  forgetBefore(at: number): void {
    this.storage.sql.exec(
      `DELETE FROM page_out WHERE leaving = 0 AND decided_at < ?
         AND (incident IS NULL OR NOT EXISTS (SELECT 1 FROM incident WHERE incident.id = page_out.incident))`,
      at,
    )
    this.toPresser = this.countToPresser()
    this.mention()
  }

  /** As the disk has it. */
  private mention(): void {
    this.mentioned.clear()
    const rows = this.storage.sql.exec<{ id: string }>(
      'SELECT DISTINCT incident AS id FROM page_out WHERE incident IS NOT NULL',
    )
    for (const { id } of rows.toArray()) this.mentioned.add(id)
  }

  private countToPresser(): number {
    return this.storage.sql
      .exec<{ n: number }>(`SELECT count(*) AS n FROM page_out WHERE presser = 1 AND state IN (${MAY_LEAVE})`)
      .one().n
  }

  private rows(where: string, ...bindings: (string | number)[]): KnownPage[] {
    return readPages(this.storage, where, ...bindings)
  }
}
