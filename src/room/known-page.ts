// A page as a room's disk has it, beside what it says: how far it has come, and what was reported of it.

import type { PageAnswer, PageReason } from '../domain/page'
import type { Storage } from '../durable/storage'

/**
 * `waiting`: for the drain. `with`: the courier has it. `stopping`: the courier is to be told that it is of no use.
 * The others are ends; of `stopped` the courier may still report what was under way.
 */
export type PageState = 'waiting' | 'with' | 'stopping' | 'stopped' | 'answered' | 'exhausted' | 'parked' | 'expired'

export type KnownPage = {
  id: string
  incidentId: string | null
  reason: PageReason
  step: string
  contact: { id: string; name: string }
  state: PageState
  /** Why it was stopped, or what is wrong with it. */
  why: string | null
  answer: PageAnswer | null
  decidedAt: number
  /** Last report of the courier that was heeded. */
  reported: number
  /** What was last reported of each attempt, by its id: state and error. */
  tries: Record<string, string>
}

type Row = {
  id: string
  incident: string | null
  reason: string
  step: string
  contact: string
  name: string
  state: string
  why: string | null
  answer: string | null
  decided_at: number
  reported: number
  tries: string
}

const COLUMNS = 'id, incident, reason, step, contact, name, state, why, answer, decided_at, reported, tries'

/** `where`: the end of the statement, from WHERE on. */
export function readPages(storage: Storage, where: string, ...bindings: (string | number)[]): KnownPage[] {
  return storage.sql
    .exec<Row>(`SELECT ${COLUMNS} FROM page_out ${where}`, ...bindings)
    .toArray()
    .map((row) => ({
      id: row.id,
      incidentId: row.incident,
      reason: row.reason as PageReason,
      step: row.step,
      contact: { id: row.contact, name: row.name },
      state: row.state as PageState,
      why: row.why,
      answer: row.answer as PageAnswer | null,
      decidedAt: row.decided_at,
      reported: row.reported,
      tries: JSON.parse(row.tries) as KnownPage['tries'],
    }))
}
