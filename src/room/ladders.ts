// The ladders of a room's incidents on disk, each with its timer. What climbs them is escalation.ts.

import type { Ladder } from '../domain/escalation'
import type { Ledger } from './ledger'

export const ESCALATION_TIMER = 'escalate'

export type KeptLadder = { ladder: Ladder; due: number | null }

const KEPT = 20_000
const LOOK_AGAIN_MS = 250
const MENDED_AT_ONCE = 500
/** Less than this is a clock being corrected, not set. */
const SET_BACK_MS = 5_000

export class Ladders {
  private readonly kept = new Map<string, KeptLadder>()

  constructor(private readonly ledger: Pick<Ledger, 'storage' | 'timers' | 'ports' | 'reloads' | 'transact'>) {
    ledger.reloads.push(() => this.kept.clear())
  }

  get(id: string): KeptLadder | null {
    const known = this.kept.get(id)
    if (known) return known
    const [row] = this.ledger.storage.sql
      .exec<{ due: number | null; body: string }>('SELECT due, body FROM escalation WHERE incident = ?', id)
      .toArray()
    return row ? this.remember(id, { ladder: JSON.parse(row.body) as Ladder, due: row.due }) : null
  }

  /** Inside a transaction. `before`: as it was, where that is known. */
  keep(id: string, kept: KeptLadder, before: KeptLadder | null = null): void {
    this.remember(id, kept)
    this.ledger.storage.sql.exec(
      'INSERT INTO escalation (incident, due, body) VALUES (?, ?, ?) ON CONFLICT (incident) DO UPDATE SET due = excluded.due, body = excluded.body',
      id,
      kept.due,
      JSON.stringify(kept.ladder),
    )
    if (kept.due !== null) this.arm(id, kept.due)
    else if (before?.due !== null) this.disarm(id)
  }

  /** What is due already was not to be told now: it is looked at again in a while, and not for ever in a row. */
  arm(id: string, due: number): void {
    const now = this.ledger.ports.now()
    this.ledger.timers.set(ESCALATION_TIMER, id, due > now ? due : now + LOOK_AGAIN_MS)
  }

  disarm(id: string): void {
    this.ledger.timers.cancel(ESCALATION_TIMER, id)
  }

  /** Those that wait for a time, of the gravest incidents first. */
  waiting(): string[] {
    return this.ledger.storage.sql
      .exec<{ id: string }>(
        `SELECT incident.id AS id FROM escalation JOIN incident ON incident.id = escalation.incident
         WHERE escalation.due IS NOT NULL ORDER BY incident.rank, incident.alarmed_at`,
      )
      .toArray()
      .map(({ id }) => id)
  }

  get anyWaits(): boolean {
    return (
      this.ledger.storage.sql.exec('SELECT 1 AS n FROM escalation WHERE due IS NOT NULL LIMIT 1').toArray().length > 0
    )
  }

  /**
   * Invariant: whatever waits for somebody has a ladder and a timer, and waits for no clock that is no more. Mends what
   * does not; gives how many.
   */
  rearm(): number {
    const { sql } = this.ledger.storage
    const now = this.ledger.ports.now()
    const unclimbed = sql
      .exec<{ id: string }>(
        `SELECT id FROM incident WHERE queued = 1 AND owner IS NULL AND state <> 'cancelled'
           AND NOT EXISTS (SELECT 1 FROM escalation WHERE escalation.incident = incident.id) LIMIT ${MENDED_AT_ONCE}`,
      )
      .toArray()
    const unarmed = sql
      .exec<{ id: string }>(
        `SELECT incident AS id FROM escalation WHERE due IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM timer WHERE kind = '${ESCALATION_TIMER}' AND key = escalation.incident) LIMIT ${MENDED_AT_ONCE}`,
      )
      .toArray()
    // Looked at in what is the future now: the clock was set back, and their timers would wait for the difference.
    const ahead = sql
      .exec<{ id: string }>(
        `SELECT incident AS id FROM escalation WHERE due IS NOT NULL AND body ->> '$.seen.at' > ? LIMIT ${MENDED_AT_ONCE}`,
        now + SET_BACK_MS,
      )
      .toArray()
    const ids = [...new Set([...unclimbed, ...unarmed, ...ahead].map(({ id }) => id))]
    if (ids.length > 0)
      this.ledger.transact(() => {
        for (const id of ids) {
          this.kept.delete(id)
          this.ledger.timers.set(ESCALATION_TIMER, id, now)
        }
      })
    return ids.length
  }

  /** The clock was set back by so much: whose owner is waited for is known by times that went back with it. */
  turnBack(byMs: number): void {
    const now = this.ledger.ports.now()
    const asked = this.ledger.storage.sql
      .exec<{ id: string }>("SELECT incident AS id FROM escalation WHERE body ->> '$.asked.taken' IS NOT NULL")
      .toArray()
    for (const { id } of asked) {
      const kept = this.get(id)
      if (!kept?.ladder.asked) continue
      const { due, act, taken } = kept.ladder.asked
      const turned = {
        due,
        act: act === null ? null : act > now ? act - byMs : act,
        taken: taken > now ? taken - byMs : taken,
      }
      this.keep(id, { ...kept, ladder: { ...kept.ladder, asked: turned } })
    }
  }

  forgetGone(): void {
    this.ledger.storage.sql.exec(
      'DELETE FROM escalation WHERE NOT EXISTS (SELECT 1 FROM incident WHERE incident.id = escalation.incident)',
    )
  }

  private remember(id: string, kept: KeptLadder): KeptLadder {
    if (this.kept.size >= KEPT) this.kept.clear()
    this.kept.set(id, kept)
    return kept
  }
}
