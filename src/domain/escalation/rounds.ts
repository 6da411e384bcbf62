// How a ladder follows its incident and its clock: when it waits for somebody, and when it begins again at step 1.

import { REACTION_MS } from '../clocks'
import type { EscalationStep } from '../escalation-policy'
import { OPEN_STATES, type Ring } from '../incident'
import { rank } from '../priority'
import { earliest, rushDue, standingDue } from './dues'
import type { Alarmed, Ladder, Moment } from './ladder'
import { namesPeople } from './steps'

/** Sounds to everyone about a taken incident, to which its owner must react. */
const ASKS_ITS_OWNER: readonly Ring['reason'][] = ['raised', 're_press', 'no_reaction']

/** Nobody has it. A PIN's cancel is no open state: it stops paging and stays in the queue. */
export const isUntaken = (incident: Alarmed): boolean => OPEN_STATES.includes(incident.state) && incident.owner === null

/** The ladder as of this moment; the same object where nothing of the incident has changed. */
export function follow(
  ladder: Ladder,
  incident: Alarmed,
  stepsBefore: readonly EscalationStep[],
  moment: Moment,
): Ladder {
  const { now } = moment
  const turned = turnBack(ladder, now)
  const asked = askedOf(turned, incident, now)
  const unheard = asked !== null && now >= asked.due
  const waits = isUntaken(incident) || unheard
  const { seen } = turned
  const same =
    seen.alarmedAt === incident.alarmedAt &&
    seen.priority === incident.priority &&
    seen.ring === incident.ring.n &&
    seen.waits === waits
  if (turned === ladder && same && asked === ladder.asked) return ladder
  const next: Ladder = {
    ...turned,
    asked,
    seen: { at: now, alarmedAt: incident.alarmedAt, priority: incident.priority, ring: incident.ring.n, waits },
  }
  if (!waits) return { ...next, held: null, rush: null, owed: null, floor: null }
  const raised = rank(incident.priority) < rank(seen.priority)
  const again = incident.alarmedAt !== seen.alarmedAt
  if (seen.waits && !raised && !again) return next
  const began = !isUntaken(incident) ? (asked?.due ?? now) : again ? incident.alarmedAt : now
  return {
    ...next,
    round: turned.round + 1,
    since: Math.min(began, now),
    fired: {},
    held: null,
    rush: null,
    declined: [],
    owed: null,
    floor: seen.waits ? floorOf(turned, stepsBefore, moment) : null,
  }
}

// An act of the owner, or another owner, is a reaction; a further sound before one does not give more time.
function askedOf(ladder: Ladder, incident: Alarmed, now: number): Ladder['asked'] {
  const { owner, ring, lastActAt } = incident
  if (!owner || !OPEN_STATES.includes(incident.state)) return null
  const standing =
    ladder.asked && ladder.asked.act === lastActAt && ladder.asked.taken === owner.at ? ladder.asked : null
  const sounded = ring.n !== ladder.seen.ring && ring.to === 'all' && ASKS_ITS_OWNER.includes(ring.reason)
  if (!sounded || (lastActAt !== null && lastActAt > ring.at)) return standing
  const patience = ring.reason === 'no_reaction' ? 0 : REACTION_MS
  const due = Math.min(ring.at, now) + patience
  return standing && standing.due <= due ? standing : { due, act: lastActAt, taken: owner.at }
}

// What the round before would still have told, and when: a graver priority never makes it later.
function floorOf(ladder: Ladder, steps: readonly EscalationStep[], moment: Moment): NonNullable<Ladder['floor']> {
  const floors: Record<string, number> = {}
  for (const step of steps) {
    const due = step.when === 'untaken' ? standingDue(ladder, step, moment) : null
    if (due !== null) floors[step.id] = due
  }
  const people = steps.filter(namesPeople).map((step) => standingDue(ladder, step, moment))
  return { steps: floors, anybody: earliest([...people, rushDue(ladder, steps), ladder.floor?.anybody ?? null]) }
}

/**
 * A clock that was set back would make everything late by as much: all times go back with it, so that what had passed
 * when it was last looked at has passed still.
 */
export function turnBack(ladder: Ladder, now: number): Ladder {
  const by = ladder.seen.at - now
  if (by <= 0) return ladder
  const { held, asked, floor } = ladder
  const earlier = <T>(entries: Record<string, T>, move: (value: T) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).map(([id, value]) => [id, move(value)]))
  return {
    ...ladder,
    since: ladder.since - by,
    fired: earlier(ladder.fired, ({ n, at }) => ({ n, at: at - by })),
    held: held && { ...held, until: held.until - by },
    asked: asked && { ...asked, due: asked.due - by },
    floor: floor && {
      steps: earlier(floor.steps, (at) => at - by),
      anybody: floor.anybody === null ? null : floor.anybody - by,
    },
    seen: { ...ladder.seen, at: now },
  }
}
