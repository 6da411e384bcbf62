// What may become of a responder's way: asked, and on from there, never back.

import type { Act } from './command'
import type { Circumstances } from './decide'
import type { Incident } from './incident'
import { LEG_STATES, type Leg } from './leg'
import { accept, type Outcome, refuse, unchanged } from './outcome'

type LegAct = Extract<Act, { type: 'leg' }>

export function askLeg(incident: Incident, act: LegAct, at: Circumstances): Outcome {
  if (!act.kind || !act.name)
    return refuse(
      'invalid',
      'leg_incomplete',
      'A new leg needs `kind` and `name`; to move one on, give `legId` and `state`.',
    )
  const leg: Leg = {
    id: at.newId,
    kind: act.kind,
    name: act.name,
    state: 'asked',
    etaMinutes: act.etaMinutes ?? null,
    at: { asked: at.now },
    ...(act.ref !== undefined && { ref: act.ref }),
  }
  const asked = { ...incident, legs: [...incident.legs, leg], outsideTold: true, state: helpAsked(incident) }
  const line = {
    type: 'leg_asked' as const,
    body: { legId: leg.id, kind: leg.kind, name: leg.name, ...(leg.ref && { ref: leg.ref }) },
  }
  if (act.state === undefined || act.state === 'asked') return accept(asked, line)
  const moved = moveLeg(asked, leg.id, act, at.now)
  return moved.ok ? accept(moved.incident, line, ...moved.lines) : moved
}

export function moveLeg(incident: Incident, legId: string, act: LegAct, now: number): Outcome {
  const leg = incident.legs.find((each) => each.id === legId)
  if (!leg) return refuse('not_found', 'unknown_leg', 'This incident has no such leg.')
  const state = act.state ?? leg.state
  if (state === leg.state && act.etaMinutes === undefined) return unchanged(incident)
  const forward = LEG_STATES.indexOf(state) >= LEG_STATES.indexOf(leg.state)
  if (
    leg.state === 'declined' ||
    leg.state === 'done' ||
    !forward ||
    (state === 'declined' && leg.state !== 'asked' && leg.state !== 'accepted')
  ) {
    return refuse(
      'conflict',
      'leg_state',
      `A leg that is ${leg.state.replaceAll('_', ' ')} cannot become ${state.replaceAll('_', ' ')}.`,
    )
  }
  const moved: Leg = { ...leg, state, etaMinutes: act.etaMinutes ?? leg.etaMinutes, at: { ...leg.at, [state]: now } }
  const onItsWay = state !== 'asked' && state !== 'declined'
  return accept(
    {
      ...incident,
      legs: incident.legs.map((each) => (each.id === legId ? moved : each)),
      helpOnTheWayAt: incident.helpOnTheWayAt ?? (onItsWay ? now : null),
    },
    { type: 'leg_moved', body: { legId, name: leg.name, from: leg.state, to: state, etaMinutes: moved.etaMinutes } },
  )
}

/** The state once somebody outside was asked. */
export const helpAsked = (incident: Incident): Incident['state'] =>
  incident.state === 'new' || incident.state === 'taken' ? 'help_asked' : incident.state
