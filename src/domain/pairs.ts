// Acts between two incidents. Another person's press is linked, never merged; a merge can be undone.

import { contactPolicyOf } from './contact-policy'
import type { Incident } from './incident'
import { type Line, type Outcome, refuse, ring, withFlag } from './outcome'
import { graver, priorityOf, rank } from './priority'

export type Pair =
  | { ok: true; one: Incident; other: Incident; oneLines: Line[]; otherLines: Line[] }
  | Extract<Outcome, { ok: false }>

export function link(one: Incident, other: Incident, now: number): Pair {
  if (one.id === other.id) return refuse('conflict', 'itself', 'An incident cannot be linked to itself.')
  if (one.links.includes(other.id)) return { ok: true, one, other, oneLines: [], otherLines: [] }
  return {
    ok: true,
    one: { ...one, links: [...one.links, other.id], changedAt: now },
    other: { ...other, links: [...other.links, one.id], changedAt: now },
    oneLines: [{ type: 'linked', body: { to: other.id, code: other.code } }],
    otherLines: [{ type: 'linked', body: { to: one.id, code: one.code } }],
  }
}

export function unlink(one: Incident, other: Incident, now: number): Pair {
  if (!one.links.includes(other.id))
    return refuse('conflict', 'not_linked', `${one.code} and ${other.code} are not linked.`)
  return {
    ok: true,
    one: { ...one, links: one.links.filter((id) => id !== other.id), changedAt: now },
    other: { ...other, links: other.links.filter((id) => id !== one.id), changedAt: now },
    oneLines: [{ type: 'unlinked', body: { from: other.id, code: other.code } }],
    otherLines: [{ type: 'unlinked', body: { from: one.id, code: one.code } }],
  }
}

/** `one` becomes a duplicate of `into`, which takes over what is graver, and sounds. */
export function merge(one: Incident, into: Incident, now: number): Pair {
  if (one.id === into.id) return refuse('conflict', 'itself', 'An incident cannot be merged into itself.')
  if (one.person !== into.person)
    return refuse('conflict', 'another_person', 'Another person is in danger there: link the two instead.')
  if (into.state === 'duplicate') return refuse('conflict', 'wrong_state', `${into.code} is itself a duplicate.`)
  const over = into.state === 'closed' || into.state === 'cancelled' || into.state === 'false_alarm'
  if (over)
    return refuse(
      'conflict',
      'would_hide',
      `${into.code} has ended: a merge would hide a live incident. Reopen it first.`,
    )
  const quiet = one.contactPolicy === 'quiet' || one.duress
  const reopens = into.state === 'safe' && (one.state === 'new' || one.state === 'taken' || one.state === 'help_asked')
  const merged: Incident = {
    ...into,
    merged: [...into.merged, one.id],
    pressCount: into.pressCount + one.pressCount,
    presses: [...into.presses, ...one.presses].sort((a, b) => a.receivedAt - b.receivedAt).slice(-20),
    priority: graver(into.priority, one.priority),
    contactPolicy: quiet ? 'quiet' : into.contactPolicy,
    policyReason: quiet && into.contactPolicy !== 'quiet' ? `merged:${one.policyReason}` : into.policyReason,
    duress: into.duress || one.duress,
    flags: [...new Set([...into.flags, ...one.flags])],
    legs: [...into.legs, ...one.legs],
    outsideTold: into.outsideTold || one.outsideTold,
    changedAt: now,
    ring: ring(
      into,
      rank(one.priority) < rank(into.priority) || into.owner === null || reopens ? 'all' : 'owner',
      reopens ? 'reopened' : 're_press',
      now,
    ),
    ...(reopens ? { state: 'new' as const, owner: null, safeAt: null, alarmedAt: now } : {}),
  }
  const duplicate: Incident = {
    ...one,
    state: 'duplicate',
    owner: null,
    mergedInto: into.id,
    beforeMerge: { state: one.state, owner: one.owner, pressCount: one.pressCount },
    reactBy: null,
    changedAt: now,
    ring: ring(one, 'none', 'ended', now),
  }
  return {
    ok: true,
    one: duplicate,
    other: merged,
    oneLines: [{ type: 'merged', body: { into: into.id, code: into.code } }],
    otherLines: [{ type: 'merged', body: { from: one.id, code: one.code, pressCount: merged.pressCount } }],
  }
}

/** The duplicate lives again as it was, sounding if it was open. What it raised on the other stays raised. */
export function unmerge(duplicate: Incident, target: Incident, now: number): Pair {
  const before = duplicate.beforeMerge
  if (duplicate.state !== 'duplicate' || !before)
    return refuse('conflict', 'not_merged', `${duplicate.code} is not merged into another.`)
  const untaken = before.state === 'taken' || before.state === 'new'
  const moved = new Set(duplicate.presses.map((press) => press.sosId))
  return {
    ok: true,
    one: {
      ...duplicate,
      state: untaken ? 'new' : before.state,
      owner: null,
      mergedInto: null,
      beforeMerge: null,
      alarmedAt: now,
      changedAt: now,
      ring: ring(duplicate, untaken || before.state === 'help_asked' ? 'all' : 'none', 'unmerged', now),
    },
    other: {
      ...target,
      merged: target.merged.filter((id) => id !== duplicate.id),
      pressCount: Math.max(1, target.pressCount - before.pressCount),
      presses: target.presses.filter((press) => !moved.has(press.sosId)),
      changedAt: now,
    },
    oneLines: [{ type: 'unmerged', body: { from: target.id, code: target.code } }],
    otherLines: [{ type: 'unmerged', body: { of: duplicate.id, code: duplicate.code } }],
  }
}

/** Takes one press out of an incident into one of its own, linked to where it came from. */
export function splitPress(incident: Incident, sosId: string, code: string, now: number): Pair {
  const press = incident.presses.find((each) => each.sosId === sosId)
  if (!press || sosId === incident.id || incident.presses.length < 2) {
    return refuse('conflict', 'not_merged', 'Only a later press of an incident can be taken out of it.')
  }
  const { policy, reason } = contactPolicyOf({
    kind: press.kind,
    reporter: incident.reporter,
    door: press.door,
    safeToTalk: null,
  })
  const own: Incident = {
    ...incident,
    id: press.sosId,
    code,
    deviceId: press.deviceId,
    kind: press.kind,
    door: press.door,
    state: 'new',
    priority: priorityOf(press.kind),
    contactPolicy: incident.contactPolicy === 'quiet' ? 'quiet' : policy,
    policyReason: reason,
    position: press.position ?? incident.position,
    presses: [press],
    pressCount: 1,
    flags: withFlag({ ...incident, flags: [] }, ...(incident.duress ? (['duress'] as const) : [])),
    note: press.note,
    pressedAt: press.pressedAt,
    receivedAt: press.receivedAt,
    shownAt: null,
    takenAt: null,
    firstActAt: null,
    helpOnTheWayAt: null,
    safeAt: null,
    closedAt: null,
    lastActAt: null,
    alarmedAt: now,
    owner: null,
    legs: [],
    links: [incident.id],
    merged: [],
    mergedInto: null,
    pending: null,
    ring: { n: 1, to: 'all', reason: 'unmerged', at: now },
    wrongPins: 0,
    offered911At: null,
    reactBy: null,
    outsideTold: false,
    changedAt: now,
  }
  return {
    ok: true,
    one: {
      ...incident,
      presses: incident.presses.filter((each) => each.sosId !== sosId),
      pressCount: incident.pressCount - 1,
      links: [...incident.links, own.id],
      changedAt: now,
    },
    other: own,
    oneLines: [{ type: 'unmerged', body: { of: own.id, code } }],
    otherLines: [{ type: 'created', body: { sosId, from: incident.id, code: incident.code } }],
  }
}
