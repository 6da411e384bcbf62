// What a decision gives back: the incident as it now is with the lines for the log, or a refusal. Nothing half-done.

import type { Refusal } from './command'
import type { EventType } from './event'
import type { Incident, Ring } from './incident'

export type Line = { type: EventType; body: Record<string, unknown> }
export type Outcome = { ok: true; incident: Incident; lines: Line[] } | { ok: false; refusal: Refusal }

export const accept = (incident: Incident, ...lines: Line[]): Outcome => ({ ok: true, incident, lines })

/** A decision that changes nothing and is right all the same: a repeat. */
export const unchanged = (incident: Incident): Outcome => ({ ok: true, incident, lines: [] })

export const refuse = (code: Refusal['code'], reason: string, message: string): Extract<Outcome, { ok: false }> => ({
  ok: false,
  refusal: { code, reason, message },
})

export const ring = (incident: Incident, to: Ring['to'], reason: Ring['reason'], at: number): Ring => ({
  n: incident.ring.n + 1,
  to,
  reason,
  at,
})

export const withFlag = (incident: Incident, ...flags: Incident['flags']): Incident['flags'] => [
  ...new Set([...incident.flags, ...flags]),
]

export const withoutFlag = (incident: Incident, flag: Incident['flags'][number]): Incident['flags'] =>
  incident.flags.filter((each) => each !== flag)
