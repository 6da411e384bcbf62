// One emergency: what is known of it. Its short form that travels to every screen is in summary.ts.
// What may happen next is in moves.ts; what happens to it, in decide.ts.

import type { DriverCard, VehicleCard } from './directory'
import type { Leg } from './leg'
import type { Position } from './position'
import type { Door, Kind, PressLabel, Reporter } from './press'
import type { InLine } from './queue-answer'
import type { RegionId } from './region'
import type { IncidentSummary } from './summary'

export {
  furthestLeg,
  LEG_STATES,
  type Leg,
  type LegState,
  RESPONDER_KINDS,
  type ResponderKind,
} from './leg'
export { type IncidentSummary, type ShownPosition, shownPosition, summarize } from './summary'

export const STATES = ['new', 'taken', 'help_asked', 'safe', 'closed', 'cancelled', 'false_alarm', 'duplicate'] as const
export type State = (typeof STATES)[number]

/** `status=open` of the API: every state in which somebody may still need help. */
export const OPEN_STATES: readonly State[] = ['new', 'taken', 'help_asked']

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const
export type Priority = (typeof PRIORITIES)[number]

/** Whether anything may reach the presser's side. `quiet`: nothing may, a ring can kill. */
export type ContactPolicy = 'quiet' | 'voice_ok'

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
