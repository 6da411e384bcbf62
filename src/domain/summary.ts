// The short form of an incident that travels to every screen: the same to everyone who may see it.

import type { DriverCard, VehicleCard } from './directory'
import type { ContactPolicy, Flag, Incident, Priority, Ring, State } from './incident'
import { furthestLeg, type LegState, type ResponderKind } from './leg'
import type { Position } from './position'
import type { Door, Kind, Reporter } from './press'
import type { InLine, QueueAnswer } from './queue-answer'
import type { RegionId } from './region'

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

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

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

/** What travels to screens and API callers. Nothing of it depends on who looks. */
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
