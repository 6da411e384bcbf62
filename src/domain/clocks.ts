// The clocks of a desk, as data: how long an incident may wait before the tower itself does something.
// Source: operators.md section 3. Milliseconds.

import type { Incident, Priority } from './incident'
import { mayReachPresser } from './phone-view'

const S = 1_000
const MIN = 60 * S

/** Taken, but no first act: back to the queue with sound. Null: never. */
export const FIRST_ACT_MS: Record<Priority, number | null> = { P1: 60 * S, P2: 4 * MIN, P3: 15 * MIN, P4: null }

/** The owner's last screen is gone: back to the queue. */
export const OWNER_SCREEN_MS: Record<Priority, number> = { P1: 20 * S, P2: 60 * S, P3: 5 * MIN, P4: 5 * MIN }

/** A voice-ok phone is told that nobody has taken it yet, and offered 911. */
export const UNTAKEN_TOLD_MS = 30 * S

/** After a re-press its owner has this long to act before all screens sound again. */
export const REACTION_MS = 15 * S

/** The true PIN: how long it stays in the queue to be verified when nothing is odd. */
export const CANCEL_VERIFY_MS = 120 * S

/** A press within this time of "safe" opens the same incident again. */
export const SAFE_REOPENS_MS = 30 * MIN

/** More presses than this in this time is an alarm to everyone, taken or not. */
export const REPRESS_ALARM = { count: 3, withinMs: 60 * S } as const

export const TIMER_KINDS = ['untaken', 'first_act', 'reaction', 'cancel_verify'] as const
export type IncidentTimer = (typeof TIMER_KINDS)[number]

/** When each clock of this incident rings, from its present state alone; a kind that is absent does not run. */
export function clocksOf(incident: Incident): Partial<Record<IncidentTimer, number>> {
  const due: Partial<Record<IncidentTimer, number>> = {}
  const { owner, state } = incident
  const mayTell = mayReachPresser(incident, 'lifeline') === 'open'
  if (state === 'new' && incident.offered911At === null && mayTell) due.untaken = incident.alarmedAt + UNTAKEN_TOLD_MS
  const patience = FIRST_ACT_MS[incident.priority]
  if (
    owner &&
    patience !== null &&
    (state === 'taken' || state === 'help_asked') &&
    (incident.lastActAt ?? 0) < owner.at
  ) {
    due.first_act = owner.at + patience
  }
  if (incident.reactBy !== null) due.reaction = incident.reactBy
  if (
    state === 'cancelled' &&
    incident.flags.includes('cancel_verify') &&
    incident.cancelledAt !== null &&
    !isOdd(incident)
  ) {
    due.cancel_verify = incident.cancelledAt + CANCEL_VERIFY_MS
  }
  return due
}

/**
 * The clock was set back by so much. Who has it, what they did last and to whom it is shown keep their distance to now; when
 * it was pressed and alarmed stays as it was written.
 */
export function turnedBack(incident: Incident, byMs: number, now: number): Incident {
  const { owner, lastActAt, leased } = incident
  const isAhead = (at: number | null | undefined): at is number => at != null && at > now
  if (![owner?.at, lastActAt, leased?.until].some(isAhead)) return incident
  return {
    ...incident,
    ...(owner && isAhead(owner.at) && { owner: { ...owner, at: owner.at - byMs } }),
    ...(isAhead(lastActAt) && { lastActAt: lastActAt - byMs }),
    ...(leased && isAhead(leased.until) && { leased: { ...leased, until: leased.until - byMs } }),
  }
}

/** Something about this cancel that a person must look at: it then never leaves the queue by itself. */
export function isOdd(incident: Pick<Incident, 'flags' | 'duress' | 'outsideTold'>): boolean {
  return incident.duress || incident.outsideTold || incident.flags.includes('pin_guessing')
}
