// Many incidents of one cause, told together and never merged: each stays what it is. Counted one by one, by what their
// people say of themselves. Where it looks like one cause, it is offered; people decide.

import { haversine, type Point } from './distance'
import { type Incident, OPEN_STATES, type Priority } from './incident'
import type { Kind } from './press'
import type { QueueAnswer } from './queue-answer'

/** Epoch ms. `area`: where it is, as whoever made it said. */
export type Situation = {
  id: string
  name: string
  kind: Kind | null
  area: { lat: number; lng: number; radiusM: number } | null
  madeAt: number
  madeBy: string
  endedAt: number | null
}

/** One person each. `safe`: says so, or was confirmed; `none`: has not answered. */
export const STANDINGS = ['trapped', 'hurt', 'stuck', 'safe', 'none'] as const
export type Standing = (typeof STANDINGS)[number]
export type PeopleCounts = Record<Standing, number> & {
  people: number
  untaken: number
  /** The gravest that is still open; null where none is. */
  worst: Priority | null
}

export type Member = Pick<Incident, 'state' | 'owner' | 'priority' | 'inLine'>

const BY_ANSWER: Record<QueueAnswer, Standing> = { trapped: 'trapped', hurt: 'hurt', stuck: 'stuck', ok: 'safe' }

/** What was confirmed by people stands above what the phone says. */
export function standingOf({ state, inLine }: Pick<Member, 'state' | 'inLine'>): Standing {
  if (!OPEN_STATES.includes(state)) return 'safe'
  return inLine?.answer ? BY_ANSWER[inLine.answer] : 'none'
}

export function countPeople(members: Iterable<Member>): PeopleCounts {
  const counts: PeopleCounts = { trapped: 0, hurt: 0, stuck: 0, safe: 0, none: 0, people: 0, untaken: 0, worst: null }
  for (const member of members) {
    // One person twice, or nobody.
    if (member.state === 'duplicate' || member.state === 'false_alarm') continue
    counts.people++
    counts[standingOf(member)]++
    if (!OPEN_STATES.includes(member.state)) continue
    if (member.owner === null) counts.untaken++
    if (counts.worst === null || member.priority < counts.worst) counts.worst = member.priority
  }
  return counts
}

/** The same cause, for all that place and time say. */
export const NEAR_M = 1_000
export const NEAR_MS = 30 * 60_000
/** So many are more than chance. */
export const SUGGESTED_FROM = 3
export const SUGGESTIONS_MAX = 5

/** An incident as it may belong to others. `situationId`: it does already. */
export type Spot = Point & { id: string; kind: Kind; at: number; situationId: string | null }

/** Null of an incident whose place nobody knows. */
export function spotOf(
  { id, kind, position, receivedAt }: Pick<Incident, 'id' | 'kind' | 'position' | 'receivedAt'>,
  situationId: string | null,
): Spot | null {
  return position && { id, kind, lat: position.lat, lng: position.lng, at: receivedAt, situationId }
}

/** `situationId`: they seem to belong to one that there is. The centre is that of its incidents. */
export type Suggestion = {
  key: string
  kind: Kind
  lat: number
  lng: number
  incidentIds: string[]
  situationId: string | null
}

/** Incidents of one kind, each within a kilometre and half an hour of another of them. The greatest first. */
export function suggest(spots: readonly Spot[]): Suggestion[] {
  const groups = groupsOf(spots)
  const suggestions: Suggestion[] = []
  for (const group of groups) {
    const loose = group.filter(({ situationId }) => situationId === null)
    const situationId = group.find((spot) => spot.situationId !== null)?.situationId ?? null
    const [first] = loose
    if (!first || (situationId === null && loose.length < SUGGESTED_FROM)) continue
    suggestions.push({
      key: situationId ?? first.id,
      kind: first.kind,
      lat: mean(loose.map(({ lat }) => lat)),
      lng: mean(loose.map(({ lng }) => lng)),
      incidentIds: loose.map(({ id }) => id),
      situationId,
    })
  }
  return suggestions
    .sort((a, b) => b.incidentIds.length - a.incidentIds.length || (a.key < b.key ? -1 : 1))
    .slice(0, SUGGESTIONS_MAX)
}

/** Degrees: a cell is a little wider than `NEAR_M` in these latitudes, so that neighbours are all there is to look at. */
const CELL_DEG = 0.01

// Joined by cell and its neighbours: all with all would be a hundred million looks at ten thousand.
function groupsOf(spots: readonly Spot[]): Spot[][] {
  const parent = spots.map((_, at) => at)
  const rootOf = (at: number): number => {
    let root = at
    while (parent[root] !== root) root = parent[root] as number
    parent[at] = root
    return root
  }
  const cells = new Map<string, number[]>()
  const cellOf = (kind: Kind, north: number, east: number) => `${kind} ${north} ${east}`
  spots.forEach((spot, at) => {
    const [north, east] = [Math.floor(spot.lat / CELL_DEG), Math.floor(spot.lng / CELL_DEG)]
    for (let n = north - 1; n <= north + 1; n++)
      for (let e = east - 1; e <= east + 1; e++)
        for (const other of cells.get(cellOf(spot.kind, n, e)) ?? []) {
          const [a, b] = [rootOf(at), rootOf(other)]
          if (a !== b && isNear(spot, spots[other] as Spot)) parent[a] = b
        }
    const cell = cellOf(spot.kind, north, east)
    const here = cells.get(cell)
    if (here) here.push(at)
    else cells.set(cell, [at])
  })
  return [...Map.groupBy(spots.keys(), rootOf).values()].map((group) =>
    group.map((at) => spots[at] as Spot).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
  )
}

const isNear = (a: Spot, b: Spot): boolean =>
  Math.abs(a.at - b.at) <= NEAR_MS &&
  // Two situations that touch stay two.
  (a.situationId === null || b.situationId === null || a.situationId === b.situationId) &&
  haversine(a, b) <= NEAR_M

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** As screens have it. Times are ISO 8601, UTC. */
export type ShownSituation = {
  id: string
  name: string
  kind: Kind | null
  area: Situation['area']
  madeAt: string
  madeBy: string
  endedAt: string | null
  counts: PeopleCounts
}

export const shownSituation = (situation: Situation, counts: PeopleCounts): ShownSituation => ({
  id: situation.id,
  name: situation.name,
  kind: situation.kind,
  area: situation.area,
  madeAt: new Date(situation.madeAt).toISOString(),
  madeBy: situation.madeBy,
  endedAt: situation.endedAt === null ? null : new Date(situation.endedAt).toISOString(),
  counts,
})
