// How a press begins an incident or joins one. A merge never lowers, hides or stays silent.

import { REACTION_MS, REPRESS_ALARM, SAFE_REOPENS_MS } from './clocks'
import { contactPolicyOf } from './contact-policy'
import type { DriverCard, VehicleCard } from './directory'
import type { Incident, PressNote, Ring } from './incident'
import { accept, type Line, type Outcome, ring, withFlag, withoutFlag } from './outcome'
import { isFresh, type Position } from './position'
import type { Press } from './press'
import { graver, priorityOf, rank } from './priority'
import { type RegionId, regionAt } from './region'

const PRESSES_KEPT = 20

export type Arrival = {
  press: Press
  driver: DriverCard | null
  vehicle: VehicleCard | null
  /** As NCR-47. Used only where the press begins an incident. */
  code: string
  now: number
}

/** Who a press is about: the driver, else the device. */
export const personOf = (driver: DriverCard | null, deviceId: string): string =>
  driver ? `driver:${driver.id}` : `device:${deviceId}`

/** Whose operators are asked: the region of a fresh fix, else home. */
export function deskOf(position: Position | null, home: RegionId, now: number): RegionId {
  return position && isFresh(position, now) ? (regionAt(position.lat, position.lng) ?? home) : home
}

/** True where a new press of the same person belongs to this incident, and does not begin another. */
export function takesPress(incident: Incident, now: number): boolean {
  if (incident.state === 'new' || incident.state === 'taken' || incident.state === 'help_asked') return true
  return incident.state === 'safe' && incident.safeAt !== null && now - incident.safeAt <= SAFE_REOPENS_MS
}

export function beginIncident({ press, driver, vehicle, code, now }: Arrival): Incident {
  const { policy, reason } = contactPolicyOf(press)
  return {
    id: press.sosId,
    code,
    region: press.home,
    desk: deskOf(press.position, press.home, now),
    deviceId: press.deviceId,
    person: personOf(driver, press.deviceId),
    driver,
    vehicle,
    kind: press.kind,
    reporter: press.reporter,
    door: press.door,
    state: 'new',
    priority: priorityOf(press.kind),
    contactPolicy: policy,
    policyReason: reason,
    position: press.position,
    presses: [noteOf(press)],
    pressCount: 1,
    flags: [...press.labels],
    note: press.note,
    tripId: press.tripId,
    pressedAt: press.pressedAt,
    receivedAt: press.receivedAt,
    shownAt: null,
    takenAt: null,
    firstActAt: null,
    helpOnTheWayAt: null,
    safeAt: null,
    closedAt: null,
    changedAt: now,
    lastActAt: null,
    alarmedAt: now,
    owner: null,
    legs: [],
    links: [],
    mergedInto: null,
    merged: [],
    confirmedBy: null,
    falseReason: null,
    pending: null,
    ring: { n: 1, to: 'all', reason: 'new', at: now },
    wrongPins: 0,
    duress: false,
    cancelledByPin: false,
    cancelledAt: null,
    offered911At: null,
    reactBy: null,
    offeredTo: null,
    beforeMerge: null,
    outsideTold: false,
  }
}

export function mergePress(incident: Incident, { press, now }: Pick<Arrival, 'press' | 'now'>): Outcome {
  // A check that nobody pressed becomes what its first press says.
  const first = incident.flags.includes('check')
  const priority = graver(incident.priority, priorityOf(press.kind))
  const raised = first || rank(priority) < rank(incident.priority)
  const presses = [...incident.presses, noteOf(press)].slice(-PRESSES_KEPT)
  const reopens = incident.state === 'safe'
  const next: Incident = {
    ...incident,
    presses,
    pressCount: incident.pressCount + 1,
    priority,
    kind: raised ? press.kind : incident.kind,
    ...policyAfter(incident, press),
    position: newer(incident.position, press.position),
    note: incident.note ?? press.note,
    flags: first
      ? [...new Set([...withoutFlag(incident, 'check'), ...press.labels])]
      : withFlag(incident, ...press.labels, 're_pressed'),
    changedAt: now,
    ...(first ? { door: press.door, reporter: press.reporter, receivedAt: press.receivedAt } : {}),
    ...(first ? { pressedAt: press.pressedAt, alarmedAt: now } : {}),
    ...(reopens
      ? { state: 'new' as const, owner: null, safeAt: null, confirmedBy: null, alarmedAt: now, offered911At: null }
      : {}),
  }
  // A taken incident stays on the desk of the person who has it.
  if (!next.owner) next.desk = deskOf(press.position ?? next.position, next.region, now)
  next.ring = ringAfter(incident, next, raised, now)
  if (next.ring.to === 'owner') next.reactBy = incident.reactBy ?? now + REACTION_MS
  const lines: Line[] = [{ type: 'pressed', body: pressBody(press, next.pressCount) }]
  if (reopens) lines.push({ type: 'reopened', body: { by: 'press' } })
  if (next.desk !== incident.desk) lines.push({ type: 'desk_moved', body: { from: incident.desk, to: next.desk } })
  return accept(next, ...lines)
}

/** Further presses of one device, in a flood, that its intake only counted. */
export function foldPresses(
  incident: Incident,
  fold: { fresh: number; lastAt: number; position: Position | null; now: number; deviceId: string },
): Outcome {
  const alarming = incident.owner !== null && incident.state !== 'cancelled'
  return accept(
    {
      ...incident,
      pressCount: incident.pressCount + fold.fresh,
      position: newer(incident.position, fold.position),
      flags: withFlag(incident, 're_pressed'),
      // More than three in ten seconds: its owner alone is not enough.
      ring: alarming ? ring(incident, 'all', 're_press', fold.now) : incident.ring,
      changedAt: fold.now,
    },
    {
      type: 'pressed',
      body: {
        deviceId: fold.deviceId,
        folded: fold.fresh,
        lastAt: fold.lastAt,
        count: incident.pressCount + fold.fresh,
      },
    },
  )
}

/** What the log keeps of a press. */
export const pressBody = (press: Press, count: number): Record<string, unknown> => ({
  sosId: press.sosId,
  deviceId: press.deviceId,
  kind: press.kind,
  door: press.door,
  reporter: press.reporter,
  position: press.position,
  safeToTalk: press.safeToTalk,
  note: press.note,
  tripId: press.tripId,
  pressedAt: press.pressedAt,
  receivedAt: press.receivedAt,
  labels: press.labels,
  count,
})

function noteOf(press: Press): PressNote {
  const { sosId, deviceId, kind, door, receivedAt, pressedAt, position, note } = press
  return { sosId, deviceId, kind, door, receivedAt, pressedAt, position, note, cancelled: false }
}

// The stricter of the two, but for the presser's own word; and under duress that word is worth nothing.
function policyAfter(incident: Incident, press: Press): Pick<Incident, 'contactPolicy' | 'policyReason'> {
  const { contactPolicy, policyReason } = incident
  const asked = contactPolicyOf(press)
  if (incident.duress) return { contactPolicy: 'quiet', policyReason }
  if (press.safeToTalk !== null || (contactPolicy === 'voice_ok' && asked.policy === 'quiet'))
    return { contactPolicy: asked.policy, policyReason: asked.reason }
  return { contactPolicy, policyReason }
}

// Untaken: the alarm that sounds already goes on. Taken: its owner hears it; more, or graver, and everyone does.
function ringAfter(before: Incident, next: Incident, raised: boolean, now: number): Ring {
  if (before.state === 'safe') return ring(before, 'all', 'reopened', now)
  if (raised) return ring(before, 'all', 'raised', now)
  if (before.owner === null) return before.state === 'new' ? before.ring : ring(before, 'all', 're_press', now)
  const recent = next.presses.filter((each) => now - each.receivedAt <= REPRESS_ALARM.withinMs).length
  return ring(before, recent > REPRESS_ALARM.count ? 'all' : 'owner', 're_press', now)
}

function newer(known: Position | null, arrived: Position | null): Position | null {
  if (!arrived) return known
  if (!known || known.fixedAt === null || arrived.fixedAt === null) return arrived
  return arrived.fixedAt >= known.fixedAt ? arrived : known
}
