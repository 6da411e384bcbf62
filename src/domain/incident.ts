// One emergency: what is known of it, and its short form that travels to every screen.
// What may happen next is in moves.ts; what happens to it, in decide.ts.

import type { DriverCard, VehicleCard } from './directory'
import type { Position } from './position'
import type { Door, Kind, PressLabel, Reporter } from './press'
import type { InLine, QueueAnswer } from './queue-answer'
import type { RegionId } from './region'

export const STATES = ['new', 'taken', 'help_asked', 'safe', 'closed', 'cancelled', 'false_alarm', 'duplicate'] as const
export type State = (typeof STATES)[number]

/** `status=open` of the API: every state in which somebody may still need help. */
export const OPEN_STATES: readonly State[] = ['new', 'taken', 'help_asked']

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const
export type Priority = (typeof PRIORITIES)[number]

/** Whether anything may reach the presser's side. `quiet`: nothing may, a ring can kill. */
export type ContactPolicy = 'quiet' | 'voice_ok'

export const LEG_STATES = ['asked', 'accepted', 'declined', 'on_the_way', 'there', 'done'] as const
export type LegState = (typeof LEG_STATES)[number]
export const RESPONDER_KINDS = ['rover', 'police', 'ambulance', 'fire', 'coast_guard', 'agency', 'other'] as const
export type ResponderKind = (typeof RESPONDER_KINDS)[number]

/** One responder's way. Several at once; the incident shows the furthest. */
export type Leg = {
  id: string
  kind: ResponderKind
  name: string
  state: LegState
  etaMinutes: number | null
  /** When each state was reached, epoch ms. */
  at: Partial<Record<LegState, number>>
  /** Whom it is about, where that is somebody we know: `device:<id>` of one of our vehicles, `station:<id>`. */
  ref?: string
}

export const CONFIRMERS = ['own_voice', 'police_there', 'our_responder', 'hospital', 'contact', 'other'] as const
/** Who confirmed that the person is safe. */
export type Confirmer = (typeof CONFIRMERS)[number]

export const FALSE_REASONS = ['accidental', 'device_fault', 'test', 'unfounded', 'prank', 'other'] as const
export type FalseReason = (typeof FALSE_REASONS)[number]

/** What a card says about itself beside its state. Labels of its presses are among them. */
export type Flag =
  | PressLabel
  | 'duress'
  | 'pin_guessing'
  | 'cancel_verify' // the true PIN came: paging stopped, stays in the queue until a person closes it or 120 s pass
  | 'requeued' // was taken, and came back because its owner's screen or first act was missing
  | 'needs_second' // an act waits for a second person
  | 'room_away' // reached a screen without its room
  | 'unplaced'
  | 'promoted' // was an unverified press
  | 'by_phone'
  | 're_pressed'
  | 'check' // nobody pressed: a question after somebody's welfare was not answered
  | 'hint_long_stop'
  | 'hint_crash'
  | 'hint_power_cut'
  | 'hint_tow'
  | 'separated' // its phone and its vehicle were not in one place
  | 'phone_silent' // it stopped reporting after the press
  | 'tell_again' // what an agency was told of its place is too old
  | 'driver_wrote' // a message of the driver's that its owner has not read
  | 'drill' // made up: nobody is in danger
  | 'drill_window' // pressed while its phone was in a drill, and real all the same

export type Owner = { uid: string; name: string; initials: string; alias: string; at: number }

/** A sound that screens owe this incident. A new `n` is a new sound. */
export type Ring = {
  n: number
  /** `all`: until taken. `owner`: two short tones, once. `none`: silent. */
  to: 'all' | 'owner' | 'none'
  reason:
    | 'new'
    | 'raised'
    | 're_press'
    | 'requeued'
    | 'reopened'
    | 'no_reaction'
    | 'help'
    | 'unmerged'
    | 'taken'
    | 'ended'
    | 'muted_priority'
    | 'separated'
    | 'phone_silent'
    | 'louder' // nobody has taken it: all consoles sound anew
    | 'tell_again'
    | 'message' // the driver wrote
  at: number
}

/** An act that a quiet or duress incident does only when a second person asks for it too. */
export type Pending = { act: 'close' | 'false_alarm'; by: string; byName: string; at: number; reason: string | null }

export type PressNote = {
  sosId: string
  deviceId: string | null
  kind: Kind
  door: Door
  receivedAt: number
  pressedAt: number | null
  position: Position | null
  note: string | null
  cancelled: boolean
}

/** `until`: epoch ms. */
export type Lease = { uid: string; name: string; until: number }

/** Times are epoch ms. */
export type Incident = {
  id: string
  /** Speakable and new each day, as NCR-47. */
  code: string
  region: RegionId
  /** Whose operators are asked to take it: the region of a fresh fix, else home. */
  desk: RegionId
  deviceId: string | null
  /** Who presses merge for: the driver, else the device, else the incident itself. */
  person: string
  driver: DriverCard | null
  vehicle: VehicleCard | null
  kind: Kind
  reporter: Reporter
  door: Door
  state: State
  priority: Priority
  contactPolicy: ContactPolicy
  policyReason: string
  position: Position | null
  /** Presses that were merged into it, newest last, at most 20 kept. */
  presses: PressNote[]
  pressCount: number
  flags: Flag[]
  note: string | null
  tripId: string | null
  pressedAt: number | null
  receivedAt: number
  shownAt: number | null
  takenAt: number | null
  firstActAt: number | null
  /** A responder accepted. The only ground for "help is on the way". */
  helpOnTheWayAt: number | null
  safeAt: number | null
  closedAt: number | null
  changedAt: number
  lastActAt: number | null
  /** Last press, alarm or reopening that put it (back) into the queue. */
  alarmedAt: number
  owner: Owner | null
  legs: Leg[]
  links: string[]
  mergedInto: string | null
  merged: string[]
  /** State to which a reopening or unmerging goes back. */
  confirmedBy: Confirmer | null
  falseReason: FalseReason | null
  pending: Pending | null
  ring: Ring
  wrongPins: number
  /** Set while a duress PIN makes everything that the phone can read say `cancelled`. */
  duress: boolean
  cancelledByPin: boolean
  cancelledAt: number | null
  /** When a voice-ok phone was told that nobody has taken it, and offered 911. */
  offered911At: number | null
  /** A re-press sounds to all again unless its owner has acted by then. */
  reactBy: number | null
  /** Whom its last owner passed it to. Everyone hears it all the same. */
  offeredTo: { uid: string; name: string } | null
  /** What a merge put away, so that it can be undone. */
  beforeMerge: { state: State; owner: Owner | null; pressCount: number } | null
  /** Anybody outside the tower was told (a leg, a contact attempt). */
  outsideTold: boolean
  /** Regions that a taken one has driven into: it stays on its desk, and is seen there as well. */
  alsoIn?: RegionId[]
  /** Its phone was last heard then, and not for too long after; null or absent while it is heard. Epoch ms. */
  silentSince?: number | null
  /** Somebody said by phone that they take it; others are not paged until then. No desk has it yet. */
  phoneAck?: { name: string; until: number } | null
  /** What its presser was asked in a storm, and says. */
  inLine?: InLine
  /** Held for one operator by NEXT, so that two people never open the same. Taking it is free to all. */
  leased?: Lease
}

/** A place as cards, maps and screens have it. Times are ISO 8601, UTC. */
export type ShownPosition = {
  lat: number
  lng: number
  accuracyM: number | null
  headingDeg: number | null
  speedMps: number | null
  fixedAt: string | null
  doubts: readonly string[]
}

/** The data of a queue card: the same bytes to everyone who may see it. Times are ISO 8601, UTC. */
export type IncidentSummary = {
  id: string
  code: string
  state: State
  priority: Priority
  contactPolicy: ContactPolicy
  kind: Kind
  reporter: Reporter
  door: Door
  region: RegionId
  desk: RegionId
  deviceId: string | null
  driver: DriverCard | null
  vehicle: VehicleCard | null
  position: ShownPosition | null
  pressCount: number
  flags: Flag[]
  note: string | null
  pressedAt: string | null
  receivedAt: string
  shownAt: string | null
  takenAt: string | null
  helpOnTheWayAt: string | null
  safeAt: string | null
  closedAt: string | null
  alarmedAt: string
  lastActAt: string | null
  owner: { uid: string; name: string; initials: string; alias: string; at: string } | null
  legs: {
    id: string
    kind: ResponderKind
    name: string
    state: LegState
    etaMinutes: number | null
    ref?: string | undefined
  }[]
  /** The leg that is furthest along, declined ones apart; null without a leg. */
  furthestLeg: LegState | null
  links: string[]
  merged: string[]
  mergedInto: string | null
  pending: { act: 'close' | 'false_alarm'; by: string; byName: string } | null
  offeredTo: { uid: string; name: string } | null
  /** Regions beside its desk in which it is seen, for its vehicle is there. */
  alsoIn?: RegionId[] | undefined
  /** When its presser was told "you are in line", and asked what it is. */
  askedAt?: string | undefined
  /** What its presser answered. */
  said?: QueueAnswer | undefined
  /** NEXT has shown it to somebody, until then. */
  leased?: { uid: string; name: string; until: string } | undefined
  /** Somebody said by phone that they take it, and others are not paged until then; no desk has it yet. */
  phoneAck?: { name: string; until: string } | undefined
  ring: { n: number; to: Ring['to']; reason: Ring['reason']; at: string }
  seq: number
}

/** True while it must stay in the operators' queue: open, or cancelled and still to be verified. */
export function isQueued(incident: { state: State; flags: readonly Flag[] }): boolean {
  return (
    OPEN_STATES.includes(incident.state) || (incident.state === 'cancelled' && incident.flags.includes('cancel_verify'))
  )
}

/** Regions whose people may see it and act on it: its desk, its home, and where it has driven. */
export const regionsOf = ({
  desk,
  region,
  alsoIn = [],
}: Pick<IncidentSummary, 'desk' | 'region' | 'alsoIn'>): RegionId[] => [...new Set([desk, region, ...alsoIn])]

const LEG_RANK: Record<LegState, number> = { declined: -1, asked: 0, accepted: 1, on_the_way: 2, there: 3, done: 4 }

/** The furthest leg that still goes there or went; declined ones count only where there is no other. */
export function furthestLeg(legs: readonly Pick<Leg, 'state'>[]): LegState | null {
  let best: LegState | null = null
  for (const { state } of legs) if (best === null || LEG_RANK[state] > LEG_RANK[best]) best = state
  return best
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

/** What travels to screens and API callers. Nothing of it depends on who looks. */
/** As cards and screens have it. */
export const shownPosition = ({
  lat,
  lng,
  accuracyM,
  headingDeg,
  speedMps,
  fixedAt,
  doubts,
}: Omit<Position, 'batteryPct'>): ShownPosition => ({
  lat,
  lng,
  accuracyM,
  headingDeg,
  speedMps,
  fixedAt: iso(fixedAt),
  doubts,
})

const shownLine = ({ askedAt, answer }: InLine): Pick<IncidentSummary, 'askedAt' | 'said'> => ({
  ...(askedAt !== null && { askedAt: new Date(askedAt).toISOString() }),
  ...(answer !== null && { said: answer }),
})

export function summarize(incident: Incident, seq: number): IncidentSummary {
  const { position, owner, pending, ring } = incident
  return {
    id: incident.id,
    code: incident.code,
    state: incident.state,
    priority: incident.priority,
    contactPolicy: incident.contactPolicy,
    kind: incident.kind,
    reporter: incident.reporter,
    door: incident.door,
    region: incident.region,
    desk: incident.desk,
    deviceId: incident.deviceId,
    driver: incident.driver,
    vehicle: incident.vehicle,
    position: position && shownPosition(position),
    pressCount: incident.pressCount,
    flags: incident.flags,
    note: incident.note,
    pressedAt: iso(incident.pressedAt),
    receivedAt: new Date(incident.receivedAt).toISOString(),
    shownAt: iso(incident.shownAt),
    takenAt: iso(incident.takenAt),
    helpOnTheWayAt: iso(incident.helpOnTheWayAt),
    safeAt: iso(incident.safeAt),
    closedAt: iso(incident.closedAt),
    alarmedAt: new Date(incident.alarmedAt).toISOString(),
    lastActAt: iso(incident.lastActAt),
    owner: owner && {
      uid: owner.uid,
      name: owner.name,
      initials: owner.initials,
      alias: owner.alias,
      at: new Date(owner.at).toISOString(),
    },
    legs: incident.legs.map(({ at: _, ...leg }) => leg),
    furthestLeg: furthestLeg(incident.legs),
    links: incident.links,
    merged: incident.merged,
    mergedInto: incident.mergedInto,
    pending: pending && { act: pending.act, by: pending.by, byName: pending.byName },
    offeredTo: incident.offeredTo,
    ...(incident.alsoIn && incident.alsoIn.length > 0 ? { alsoIn: incident.alsoIn } : {}),
    ...(incident.inLine ? shownLine(incident.inLine) : {}),
    ...(incident.leased && !owner
      ? { leased: { ...incident.leased, until: new Date(incident.leased.until).toISOString() } }
      : {}),
    ...(incident.phoneAck
      ? { phoneAck: { name: incident.phoneAck.name, until: new Date(incident.phoneAck.until).toISOString() } }
      : {}),
    ring: { n: ring.n, to: ring.to, reason: ring.reason, at: new Date(ring.at).toISOString() },
    seq,
  }
}
