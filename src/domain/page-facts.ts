// What the words of a page are made of, from an incident as it is now; and a place in as few words as a text has room for.

import type { Incident } from './incident'
import type { PageFacts } from './page'
import type { Position } from './position'
import type { RegionId } from './region'
import type { Whereabouts, Wind } from './whereabouts'

export type FactsPorts = {
  region: RegionId
  now(): number
  /** A position in words, as short as possible; null where nothing is known of it. */
  placeOf?(position: Position): string | null
  /** The tower's own number, E.164 or as one dials it. */
  towerPhone?(): string | null
}

const MOVING_MPS = 2
/** Farther from a landmark than this, naming it sends people to the wrong place. */
const LANDMARK_MAX_M = 1_500

/** The facts of a page about no incident; `changes` fills in what it is about. */
export const noFacts = (ports: FactsPorts, changes: Partial<PageFacts> = {}): PageFacts => ({
  code: null,
  region: ports.region,
  priority: null,
  kind: null,
  contactPolicy: null,
  plate: null,
  vehicle: null,
  place: null,
  moving: false,
  silentS: null,
  driver: null,
  pressedAt: null,
  towerPhone: ports.towerPhone?.() ?? null,
  counts: null,
  text: null,
  ref: null,
  until: null,
  stage: null,
  ...changes,
})

/** The facts of a page about this incident. Under duress it is quiet, whatever its policy says. */
export function factsOf(incident: Incident, ports: FactsPorts, changes: Partial<PageFacts> = {}): PageFacts {
  const { vehicle, driver, position, silentSince } = incident
  return noFacts(ports, {
    code: incident.code,
    region: incident.region,
    priority: incident.priority,
    kind: incident.kind,
    contactPolicy: incident.duress ? 'quiet' : incident.contactPolicy,
    plate: vehicle?.plate ?? vehicle?.conduction ?? null,
    vehicle: vehicle ? [vehicle.colour.toLowerCase(), vehicle.model || vehicle.make].filter(Boolean).join(' ') : null,
    place: position ? (ports.placeOf?.(position) ?? null) : null,
    moving: (position?.speedMps ?? 0) >= MOVING_MPS,
    silentS: silentSince == null ? null : Math.max(0, Math.round((ports.now() - silentSince) / 1000)),
    driver: driver ? initialed(driver.name) : null,
    pressedAt: incident.pressedAt ?? incident.receivedAt,
    ...changes,
  })
}

/** First name and initial: "Juan D.". */
export function initialed(name: string): string {
  const [first = '', ...rest] = name.trim().split(/\s+/)
  const last = rest.at(-1)
  return last ? `${first} ${last[0]?.toUpperCase()}.` : first
}

const BOUND: Partial<Record<Wind, string>> = { n: 'NB', s: 'SB', e: 'EB', w: 'WB' }

/** "EDSA NB nr Ortigas, Mandaluyong". Null where nothing is known. */
export function shortPlace({ road, landmark, municipality }: Whereabouts): string | null {
  const bound = road?.direction ? BOUND[road.direction] : undefined
  const way = road ? [road.on ? null : 'nr', road.name, bound].filter(Boolean).join(' ') : null
  const by = landmark && landmark.distanceM <= LANDMARK_MAX_M ? `nr ${landmark.name}` : null
  const spot = [way, by].filter(Boolean).join(' ')
  return [spot, municipality].filter(Boolean).join(', ') || null
}
