// Incidents whose desk is another region's: their cards go to that room, and cards of others come here.
// The incident itself never leaves its home room; commands go there.

import { type Incident, type IncidentSummary, isQueued, regionsOf } from '../domain/incident'
import type { RegionId } from '../domain/region'
import type { Storage } from '../durable/storage'
import type { ListQuery } from './contract'

type Row = { seq: number; body: string }

export class Mirrors {
  constructor(
    private readonly storage: Storage,
    private readonly region: RegionId,
  ) {}

  /** Marks who must hear of a change: the present desk, where its vehicle is, and those of before. */
  incidentChanged(incident: Incident, before: Incident | null): void {
    const desks = new Set([...regionsOf(incident), ...(before ? regionsOf(before) : [])])
    desks.delete(this.region)
    for (const desk of desks)
      this.storage.sql.exec(
        'INSERT OR REPLACE INTO mirror_out (incident, region, dirty) VALUES (?, ?, 1)',
        incident.id,
        desk,
      )
  }

  waiting(limit: number): { incident: string; region: RegionId }[] {
    return this.storage.sql
      .exec<{ incident: string; region: RegionId }>(
        'SELECT incident, region FROM mirror_out WHERE dirty = 1 LIMIT ?',
        limit,
      )
      .toArray()
  }

  told(incident: string, region: RegionId): void {
    this.storage.sql.exec('DELETE FROM mirror_out WHERE incident = ? AND region = ?', incident, region)
  }

  /** Takes another room's card unless a newer one is here. `seq` is this room's own, so that catch-up finds it. */
  put(card: IncidentSummary, seq: number): void {
    const queued = isQueued(card) && isHere(card, this.region) ? 1 : 0
    this.storage.sql.exec(
      'INSERT INTO mirror (id, seq, queued, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, queued = excluded.queued, body = excluded.body',
      card.id,
      seq,
      queued,
      JSON.stringify(card),
    )
  }

  /** The home room's seq of the card that is here; 0 where none is. */
  homeSeq(id: string): number {
    const [row] = this.rows('SELECT seq, body FROM mirror WHERE id = ?', id)
    return row ? (JSON.parse(row.body) as IncidentSummary).seq : 0
  }

  since(seq: number, limit: number): IncidentSummary[] {
    return this.rows('SELECT seq, body FROM mirror WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit).map(cardOf)
  }

  queue(): IncidentSummary[] {
    return this.rows('SELECT seq, body FROM mirror WHERE queued = 1').map(cardOf)
  }

  list({ status, q, limit }: ListQuery): IncidentSummary[] {
    const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
    return this.rows('SELECT seq, body FROM mirror ORDER BY seq DESC LIMIT 2000')
      .filter(({ body }) => words.every((word) => body.toLowerCase().includes(word)))
      .map(cardOf)
      .filter((card) =>
        status === 'all'
          ? true
          : status === 'queue'
            ? isQueued(card) && isHere(card, this.region)
            : status === 'open'
              ? isOpen(card) && isHere(card, this.region)
              : card.state === status,
      )
      .slice(0, limit)
  }

  /** Incidents of other rooms that this person owns, by home region. */
  ownedBy(uid: string): IncidentSummary[] {
    return this.queue().filter((card) => card.owner?.uid === uid)
  }

  /** A P1 of another room is in this person's hands. */
  holdsP1(uid: string): boolean {
    return (
      this.rows(
        `SELECT seq, body FROM mirror WHERE queued = 1
           AND json_extract(body, '$.owner.uid') = ? AND json_extract(body, '$.priority') = 'P1' LIMIT 1`,
        uid,
      ).length > 0
    )
  }

  forgetEnded(limit: number): void {
    this.storage.sql.exec(
      'DELETE FROM mirror WHERE id IN (SELECT id FROM mirror WHERE queued = 0 ORDER BY seq LIMIT ?)',
      limit,
    )
  }

  private rows(query: string, ...bindings: (string | number)[]): Row[] {
    return this.storage.sql.exec<Row>(query, ...bindings).toArray()
  }
}

const isHere = ({ desk, alsoIn = [] }: IncidentSummary, region: RegionId): boolean =>
  desk === region || alsoIn.includes(region)

const isOpen = (card: IncidentSummary): boolean => isQueued(card) && card.state !== 'cancelled'

// On this room's screens a card carries this room's seq.
const cardOf = (row: Row): IncidentSummary => ({ ...(JSON.parse(row.body) as IncidentSummary), seq: row.seq })
