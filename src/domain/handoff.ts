// An agency that was told of an incident by a person, and when it has to be told again: what it knows of a moving vehicle
// grows old by the minute. Pure.

import type { Agency, AgencyKind } from './agency'
import type { CapReference } from './cap'
import { haversine } from './distance'
import type { Leg, LegState, Priority, ResponderKind } from './incident'
import type { RegionId } from './region'

/** What the operator who told it says of that. Times are epoch ms. `byMachine`: our machine tells its machine, now. */
export type HandOffTold = {
  agencyId: string
  /** The number that was called, as the sheet gave it. */
  number: string | null
  /** The agency's own reference. */
  ref: string | null
  calledAt: number | null
  answeredAt: number | null
  note: string | null
  byMachine: boolean
}

/** Where an agency believes the vehicle to be. */
export type ToldPlace = { at: number; lat: number | null; lng: number | null; municipality: string | null }

/** Why an agency has to be told again: too long ago, on its way for a minute, 500 m on, or in another municipality. */
export type TellAgain = 'time' | 'moving' | 'far' | 'city'

/** One agency under one incident. `id` names its region, so that a call-back finds its room: `NCR.<uuid>`. */
export type HandOff = {
  id: string
  region: RegionId
  incidentId: string
  agency: { id: string; name: string; kind: AgencyKind }
  by: 'call' | 'machine'
  ref: string | null
  legId: string
  at: number
  /** Nothing more is told to it once this is false. */
  open: boolean
  told: ToldPlace
  due: { why: TellAgain; since: number } | null
  /** Messages to its machine so far, and the CAP documents among them, to which later ones refer. */
  sent: number
  caps: CapReference[]
  /** Of the last position that its machine was told. */
  tracedAt: number
}

/** So long after it was told, it is told how things stand. Null: only when something changes. */
export const FOLLOW_UP_MS: Record<Priority, number | null> = { P1: 5 * 60_000, P2: 10 * 60_000, P3: null, P4: null }
export const MOVING_FOLLOW_UP_MS = 60_000
export const FAR_M = 500
/** Slower than this it stands. */
const MOVING_MPS = 2

export type Here = { lat: number; lng: number; speedMps: number | null; municipality: string | null }

/** Whether it must be told again now, and why. `here`: the freshest place; null where none is known. */
export function tellAgain(told: ToldPlace, priority: Priority, here: Here | null, now: number): TellAgain | null {
  if (here && told.lat !== null && told.lng !== null) {
    if (told.municipality !== null && here.municipality !== null && here.municipality !== told.municipality)
      return 'city'
    if (haversine({ lat: told.lat, lng: told.lng }, here) >= FAR_M) return 'far'
  }
  if (isMoving(here) && now - told.at >= MOVING_FOLLOW_UP_MS) return 'moving'
  const patience = FOLLOW_UP_MS[priority]
  return patience !== null && now - told.at >= patience ? 'time' : null
}

/** When to look next, without a word of where it is. Null: never by time alone. */
export function looksAgainAt(told: ToldPlace, priority: Priority, here: Here | null, now: number): number | null {
  const patience = FOLLOW_UP_MS[priority]
  const byTime = patience === null ? null : told.at + patience
  if (!isMoving(here)) return byTime
  return Math.max(now + 1, told.at + MOVING_FOLLOW_UP_MS)
}

const isMoving = (here: Here | null): boolean => (here?.speedMps ?? 0) >= MOVING_MPS

/** Whose leg it becomes. */
export const RESPONDER_OF: Record<AgencyKind, ResponderKind> = {
  unified_911: 'agency',
  police: 'police',
  fire: 'fire',
  ambulance: 'ambulance',
  coast_guard: 'coast_guard',
  traffic: 'agency',
  rescue: 'agency',
  local_centre: 'agency',
}

/** The leg of an agency says whose it is, so that it is asked once. */
export const legRefOf = (agency: Pick<Agency, 'id'>): string => `agency:${agency.id}`

/** True while somebody of this agency still goes there, or is asked to. */
export const isLegUnderWay = ({ state }: Pick<Leg, 'state'>): boolean => state !== 'done' && state !== 'declined'

/** What an agency's machine may say of its unit. */
export const AGENCY_STATES = [
  'accepted',
  'declined',
  'on_the_way',
  'there',
  'done',
] as const satisfies readonly LegState[]
export type AgencyState = (typeof AGENCY_STATES)[number]

/** What it said, its signature verified. `at` by its clock, epoch ms. */
export type AgencyStatus = {
  state: AgencyState
  etaMinutes: number | null
  /** Its reference, where it gives one. */
  ref: string | null
  unit: string | null
  at: number | null
}

export const HANDOFF_ID = /^([A-Z]{3})\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What is said in the call: written down with each hand-off. Null fields were not known, and were not said. */
export type Disclosed =
  | 'nature'
  | 'position'
  | 'heading'
  | 'plate'
  | 'vehicle'
  | 'driver_name'
  | 'driver_phone'
  | 'do_not_call'
  | 'state'
  | 'code'
  | 'time'
  | 'live_position'
