// Everybody whom nobody has taken yet, in the order of the queue, counted as they change: a storm asks of it every second,
// and reading ten thousand rows each time would be most of the room's work.

import type { Incident } from '../domain/incident'
import { rank } from '../domain/priority'
import { type Spot, spotOf } from '../domain/situation'
import type { StormCounts } from '../domain/storm'
import type { Ledger } from './ledger'

/** `at`: when it alarmed, epoch ms. */
type Place = { id: string; rank: number; at: number }
type OwnPlace = Place & { spot: Spot | null }

/** P4 is only to know: nobody waits for a hand. */
const LAST_RANK_THAT_WAITS = 3
/** A place in line is told again when it is another by so much of it. */
const TOLD_AGAIN_FROM = 0.2

export class Line {
  private readonly places = new Map<string, OwnPlace>()
  private readonly perRank = [0, 0, 0, 0, 0]
  /** Of each, how many were before it when all were counted last. */
  private before = new Map<string, number>()
  /** What phones were told. */
  private readonly told = new Map<string, number>()

  constructor(private readonly ledger: Pick<Ledger, 'storage' | 'incidents'>) {
    this.reload()
  }

  note(incident: Incident): void {
    const known = this.places.get(incident.id)
    if (known) this.perRank[known.rank] = (this.perRank[known.rank] ?? 0) - 1
    if (!isLoose(incident)) {
      this.places.delete(incident.id)
      return
    }
    const place = {
      id: incident.id,
      rank: rank(incident.priority),
      at: incident.alarmedAt,
      spot: spotOf(incident, null),
    }
    this.places.set(incident.id, place)
    this.perRank[place.rank] = (this.perRank[place.rank] ?? 0) + 1
  }

  /** Nobody has taken them, P1 to P3. */
  get waiting(): number {
    return this.perRank.slice(1, LAST_RANK_THAT_WAITS + 1).reduce((sum, n) => sum + n, 0)
  }

  counts(now: number, withinS: number): StormCounts {
    const since = now - withinS * 1_000
    let recent = 0
    let oldestAt: number | null = null
    for (const place of this.places.values()) {
      if (place.rank > LAST_RANK_THAT_WAITS) continue
      if (place.at > since) recent++
      if (oldestAt === null || place.at < oldestAt) oldestAt = place.at
    }
    const { open, untaken } = this.ledger.incidents.counts()
    return { open, untaken, waiting: this.waiting, recent, p1: this.perRank[1] ?? 0, oldestAt }
  }

  ids(): Iterable<string> {
    return this.places.keys()
  }

  /** Where they are, of the latest so many; of situations it knows nothing. */
  spots(most: number): Spot[] {
    return [...this.places.values()].slice(-most).flatMap(({ spot }) => spot ?? [])
  }

  has(id: string): boolean {
    return this.places.has(id)
  }

  /** Among these, `guests` too, the first in order after `after`, else the first of all. Null where `skip` is true of each. */
  first(after: string | null, guests: readonly Place[], skip: (id: string) => boolean): string | null {
    const from = (after !== null && (this.places.get(after) ?? guests.find(({ id }) => id === after))) || null
    let first: Place | null = null
    let next: Place | null = null
    for (const place of [this.places.values(), guests.values()].flatMap((each) => [...each])) {
      if (skip(place.id)) continue
      if (first === null || inOrder(place, first) < 0) first = place
      if (from && inOrder(place, from) > 0 && (next === null || inOrder(place, next) < 0)) next = place
    }
    return (next ?? first)?.id ?? null
  }

  /** How many wait before this one: as counted last; who has come since is behind all that are as grave. */
  ahead(incident: Pick<Incident, 'id'>): number | null {
    const place = this.places.get(incident.id)
    if (!place) return null
    const before = this.before.get(place.id) ?? this.perRank.slice(0, place.rank + 1).reduce((sum, n) => sum + n, -1)
    this.told.set(place.id, before)
    return before
  }

  /** Counts all anew; gives whose phones were told something that is true no longer. */
  count(): string[] {
    const ordered = [...this.places.values()].sort(inOrder)
    this.before = new Map(ordered.map(({ id }, at) => [id, at]))
    for (const id of this.told.keys()) if (!this.places.has(id)) this.told.delete(id)
    return ordered.map(({ id }) => id).filter((id) => isNews(this.told.get(id) ?? null, this.before.get(id) ?? 0))
  }

  /** The storm is over: whose phones were told a place in line. */
  forgetTold(): string[] {
    const ids = [...this.told.keys()]
    this.told.clear()
    this.before.clear()
    return ids
  }

  /** As it is on disk. */
  reload(): void {
    this.places.clear()
    this.perRank.fill(0)
    const rows = this.ledger.storage.sql.exec<{ id: string }>(
      "SELECT id FROM incident WHERE queued = 1 AND owner IS NULL AND state IN ('new', 'help_asked')",
    )
    for (const { id } of rows.toArray()) {
      const incident = this.ledger.incidents.find(id)
      if (incident) this.note(incident)
    }
  }
}

/** Nobody has it, and somebody should. What is only practised keeps no line waiting. */
export const isLoose = (incident: Incident): boolean =>
  incident.owner === null &&
  (incident.state === 'new' || incident.state === 'help_asked') &&
  !(incident.flags as readonly string[]).includes('drill')

const inOrder = (a: Place, b: Place): number =>
  a.rank - b.rank || a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const isNews = (told: number | null, now: number): boolean =>
  told !== null && Math.abs(told - now) >= Math.max(1, told * TOLD_AGAIN_FROM)
