// When the steps of a ladder come due. Read alone, nothing is decided here.

import type { EscalationStep } from '../escalation-policy'
import type { Ladder, Moment } from './ladder'
import { isMet, lastRung, namesPeople } from './steps'

/** A rush does not call people whose phones still ring from the step before. */
export const RUSH_GAP_MS = 60_000

/** How often this step came due in this round, and when last; null: not yet. Unknown rows are nobody's. */
export const firedOf = (fired: Ladder['fired'], id: string): { n: number; at: number } | null =>
  Object.hasOwn(fired, id) ? (fired[id] ?? null) : null

/** Epoch ms, by time alone: neither its condition nor a hold is looked at. Null: not again in this round. */
export function dueOf(ladder: Ladder, step: EscalationStep): number | null {
  const fired = firedOf(ladder.fired, step.id)
  if (fired) return step.everyS === null ? null : fired.at + step.everyS * 1_000
  const due = ladder.since + step.afterS * 1_000
  const floors = ladder.floor?.steps
  return floors && Object.hasOwn(floors, step.id) ? Math.min(due, floors[step.id] ?? due) : due
}

/** When this step is told, as things stand: its condition is met, and people wait while somebody holds it by phone. */
export function standingDue(ladder: Ladder, step: EscalationStep, moment: Moment): number | null {
  if (!isMet(step.when, moment.attention)) return null
  const due = dueOf(ladder, step)
  if (due === null || !ladder.held || !namesPeople(step)) return due
  return Math.max(due, ladder.held.until)
}

/** When a rush that found everybody just called goes on: the last people are told again sooner than they would be. */
export function rushDue(ladder: Ladder, steps: readonly EscalationStep[]): number | null {
  if (ladder.rush === null || ladder.held) return null
  const last = lastRung(steps)
  const fired = last && firedOf(ladder.fired, last.id)
  return fired ? fired.at + RUSH_GAP_MS : null
}

/** The next moment at which anything is due; null where nothing will be. */
export function nextDue(ladder: Ladder, steps: readonly EscalationStep[], moment: Moment): number | null {
  const anybody = ladder.floor?.anybody ?? null
  return earliest([
    ...steps.map((step) => standingDue(ladder, step, moment)),
    rushDue(ladder, steps),
    ladder.held?.until ?? null,
    anybody === null || ladder.held ? null : anybody,
  ])
}

export function earliest(dues: readonly (number | null)[]): number | null {
  let first: number | null = null
  for (const due of dues) if (due !== null && (first === null || due < first)) first = due
  return first
}
