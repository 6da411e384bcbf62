// What an act of a person does to an incident. Pure: no clock, no storage; ids and other incidents come as arguments.
// Acts between two incidents (link, merge, unmerge) are in pairs.ts.

import type { Act, Actor } from './command'
import type { Incident, Owner } from './incident'
import { askLeg, helpAsked, moveLeg } from './leg-moves'
import { COUNTS_AS_ACT, MOVES } from './moves'
import { accept, type Outcome, refuse, ring, unchanged, withFlag, withoutFlag } from './outcome'
import { mayReachPresser } from './phone-view'
import { rank } from './priority'

export type Circumstances = {
  now: number
  /** A fresh id for a leg. */
  newId: string
  /** The operator to whom a pass without a name is offered; null where nobody is free. */
  nextFree: { uid: string; name: string } | null
}

type SoloAct = Exclude<Act, { type: 'link' | 'unlink' | 'merge' | 'unmerge' }>

export function decide(incident: Incident, act: SoloAct, actor: Actor, at: Circumstances): Outcome {
  if (!MOVES[act.type].from.includes(incident.state)) {
    return refuse(
      'conflict',
      'wrong_state',
      `Cannot ${act.type.replace('-', ' ')}: the incident is ${incident.state.replace('_', ' ')}.`,
    )
  }
  const outcome = handle(incident, act, actor, at)
  if (!outcome.ok || outcome.lines.length === 0) return outcome
  return { ...outcome, incident: acted(outcome.incident, act, actor, at.now) }
}

/** Puts a taken incident back into the queue, with sound. `why` stands in the log. */
export function release(incident: Incident, why: 'owner_screen_gone' | 'no_first_act', now: number): Outcome {
  if (!incident.owner) return unchanged(incident)
  return accept(
    {
      ...incident,
      state: incident.state === 'taken' ? 'new' : incident.state,
      owner: null,
      flags: withFlag(incident, 'requeued'),
      reactBy: null,
      alarmedAt: now,
      ring: ring(incident, 'all', 'requeued', now),
      changedAt: now,
    },
    { type: 'released', body: { why, from: incident.owner.uid } },
  )
}

function handle(incident: Incident, act: SoloAct, actor: Actor, at: Circumstances): Outcome {
  switch (act.type) {
    case 'take':
      return take(incident, actor, at.now)
    case 'pass':
      return pass(incident, act.to ?? null, actor, at)
    case 'help':
      return accept({ ...incident, ring: ring(incident, 'all', 'help', at.now) }, { type: 'help_called', body: {} })
    case 'note':
      return accept(incident, { type: 'noted', body: { text: act.text } })
    case 'priority':
      return setPriority(incident, act, at.now)
    case 'contact-policy':
      return setPolicy(incident, act)
    case 'contact-attempt':
      return contactAttempt(incident, act)
    case 'leg':
      return act.legId === undefined ? askLeg(incident, act, at) : moveLeg(incident, act.legId, act, at.now)
    case 'safe':
      return accept(
        {
          ...incident,
          state: 'safe',
          safeAt: at.now,
          confirmedBy: act.confirmedBy,
          flags: withoutFlag(incident, 'cancel_verify'),
          reactBy: null,
          ring: ring(incident, 'none', 'ended', at.now),
        },
        { type: 'safe', body: { confirmedBy: act.confirmedBy, note: act.note ?? null } },
      )
    case 'false-alarm':
      return end(incident, 'false_alarm', act.reason, { reason: act.reason, note: act.note ?? null }, actor, at.now)
    case 'close':
      return end(incident, 'close', null, { note: act.note ?? null }, actor, at.now)
    case 'reopen':
      return accept(
        {
          ...incident,
          state: 'new',
          owner: null,
          safeAt: null,
          closedAt: null,
          confirmedBy: null,
          falseReason: null,
          pending: null,
          alarmedAt: at.now,
          offered911At: null,
          flags: withoutFlag(incident, 'cancel_verify'),
          ring: ring(incident, 'all', 'reopened', at.now),
        },
        { type: 'reopened', body: { by: 'person', reason: act.reason ?? null, from: incident.state } },
      )
    case 'lift-duress':
      if (!incident.duress) return refuse('conflict', 'no_duress', 'This incident is not under duress.')
      return accept(
        { ...incident, duress: false, flags: withoutFlag(incident, 'duress') },
        { type: 'duress_lifted', body: { reason: act.reason } },
      )
  }
}

// Every accepted act leaves its mark: the owner is at work, a second thought on a pending end is over.
function acted(incident: Incident, act: SoloAct, actor: Actor, now: number): Incident {
  const next = { ...incident, changedAt: now }
  if (!COUNTS_AS_ACT.has(act.type)) return next
  next.lastActAt = now
  next.firstActAt ??= now
  if (incident.owner?.uid === actor.uid) next.reactBy = null
  return next
}

function take(incident: Incident, actor: Actor, now: number): Outcome {
  const { owner } = incident
  if (owner?.uid === actor.uid) return unchanged(incident)
  if (owner) return refuse('conflict', 'already_taken', `${owner.name} (${owner.alias}) has taken it.`)
  const taken: Owner = {
    uid: actor.uid,
    name: actor.name,
    initials: initialsOf(actor.name),
    alias: actor.alias,
    at: now,
  }
  return accept(
    {
      ...incident,
      owner: taken,
      state: incident.state === 'new' ? 'taken' : incident.state,
      takenAt: incident.takenAt ?? now,
      offeredTo: null,
      flags: withoutFlag(incident, 'requeued'),
      reactBy: null,
      ring: ring(incident, 'none', 'taken', now),
    },
    { type: 'taken', body: { by: actor.uid, name: actor.name, alias: actor.alias } },
  )
}

function pass(incident: Incident, to: string | null, actor: Actor, at: Circumstances): Outcome {
  if (!incident.owner) return refuse('conflict', 'not_taken', 'Nobody has taken it, so it cannot be passed.')
  if (incident.owner.uid !== actor.uid && actor.role !== 'supervisor' && actor.role !== 'admin') {
    return refuse(
      'conflict',
      'not_yours',
      `${incident.owner.name} (${incident.owner.alias}) has it. Only they or a supervisor can pass it.`,
    )
  }
  const offeredTo = to === null ? at.nextFree : { uid: to, name: to }
  return accept(
    {
      ...incident,
      owner: null,
      offeredTo,
      state: incident.state === 'taken' ? 'new' : incident.state,
      reactBy: null,
      alarmedAt: at.now,
      ring: ring(incident, 'all', 'requeued', at.now),
    },
    { type: 'passed', body: { from: incident.owner.uid, to: offeredTo?.uid ?? null } },
  )
}

function setPriority(incident: Incident, act: Extract<Act, { type: 'priority' }>, now: number): Outcome {
  if (act.priority === incident.priority) return unchanged(incident)
  const raised = rank(act.priority) < rank(incident.priority)
  return accept(
    {
      ...incident,
      priority: act.priority,
      ring: raised && !incident.owner ? ring(incident, 'all', 'raised', now) : incident.ring,
    },
    { type: 'priority_set', body: { from: incident.priority, to: act.priority, reason: act.reason ?? null } },
  )
}

function setPolicy(incident: Incident, act: Extract<Act, { type: 'contact-policy' }>): Outcome {
  if (incident.duress && act.policy === 'voice_ok')
    return refuse(
      'conflict',
      'duress',
      'Under duress nothing may reach the phone. A supervisor lifts the duress first.',
    )
  if (act.policy === incident.contactPolicy) return unchanged(incident)
  return accept(
    { ...incident, contactPolicy: act.policy, policyReason: `operator:${act.reason}` },
    { type: 'policy_set', body: { from: incident.contactPolicy, to: act.policy, reason: act.reason } },
  )
}

// An attempt towards the presser's side passes the one gate, also when it is only being written down:
// the button that logs a call is the button that people press to make it.
function contactAttempt(incident: Incident, act: Extract<Act, { type: 'contact-attempt' }>): Outcome {
  const way = act.to === 'contact' ? 'contacts' : act.channel === 'text' ? 'text' : 'call'
  if (act.to !== 'agency' && mayReachPresser(incident, way) !== 'open') {
    return refuse('conflict', 'quiet', 'Quiet: do not call or text. Change the contact policy first, with a reason.')
  }
  const { to, channel, outcome, ref = null, note = null } = act
  return accept(
    {
      ...incident,
      outsideTold: incident.outsideTold || to !== 'driver',
      state: to === 'agency' ? helpAsked(incident) : incident.state,
    },
    { type: 'contact_tried', body: { to, channel, outcome, ref, note } },
  )
}

// Closing a quiet or duress incident, or calling it false, needs a second person: whoever made it look
// over may be standing beside the driver, or beside the operator.
function end(
  incident: Incident,
  act: 'close' | 'false_alarm',
  reason: string | null,
  body: Record<string, unknown>,
  actor: Actor,
  now: number,
): Outcome {
  const needsSecond = incident.contactPolicy === 'quiet' || incident.duress
  const { pending } = incident
  if (needsSecond && pending?.act === act && pending.by === actor.uid) {
    return refuse('conflict', 'second_person', 'This incident is quiet: a second person must confirm it.')
  }
  if (needsSecond && pending?.act !== act) {
    return accept(
      {
        ...incident,
        pending: { act, by: actor.uid, byName: actor.name, at: now, reason },
        flags: withFlag(incident, 'needs_second'),
      },
      { type: 'second_asked', body: { act, ...body } },
    )
  }
  const flags = incident.flags.filter((flag) => flag !== 'cancel_verify' && flag !== 'needs_second')
  const second = needsSecond ? { second: actor.uid, first: pending?.by ?? null } : {}
  const ended: Incident = {
    ...incident,
    state: act === 'close' ? 'closed' : 'false_alarm',
    closedAt: now,
    falseReason:
      act === 'false_alarm' ? ((pending?.reason ?? reason) as Incident['falseReason']) : incident.falseReason,
    pending: null,
    flags,
    reactBy: null,
    ring: ring(incident, 'none', 'ended', now),
  }
  return accept(ended, { type: act === 'close' ? 'closed' : 'false_alarm', body: { ...body, ...second } })
}

function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
}
