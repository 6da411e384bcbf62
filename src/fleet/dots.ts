// What the maps of this shard show, all of them the same: the state that was published last, and what has changed since.
// A viewer is sent the state of its viewport once and then the changes, so nothing has to be remembered of viewers.

import { haversine } from '../domain/distance'
import type { Box, Dot, DotStatus } from '../domain/map-frame'
import { Grid, isInside } from './grid'

/** A dot as it is, with the time of its fix in epoch ms. */
export type Place = Pick<Dot, 'lat' | 'lng' | 'headingDeg' | 'speedMps' | 'status'> & { at: number }

type Entry = { index: number; now: Place | null; shown: Place | null }

/** From one published state to the next. Null: was not there, is not there any more. */
export type Change = { index: number; was: Place | null; is: Place | null }

/** Less is the receiver's noise. */
const MOVED_M = 5
/** A vehicle that stands and reports is as it was but for its age, which nobody may see grow without a reason. */
const REFRESH_MS = 30_000

export class Dots {
  private readonly entries = new Map<number, Entry>()
  private readonly touched = new Set<Entry>()
  private readonly grid = new Grid<Entry>()
  private count = 0

  /** On the map now. */
  get size(): number {
    return this.count
  }

  has(index: number): boolean {
    return this.entries.get(index)?.now != null
  }

  put(index: number, place: Place): void {
    const entry = this.entries.get(index) ?? { index, now: null, shown: null }
    this.entries.set(index, entry)
    if (!entry.now) this.count++
    entry.now = place
    this.touched.add(entry)
  }

  remove(index: number): void {
    const entry = this.entries.get(index)
    if (!entry?.now) return
    this.count--
    entry.now = null
    this.touched.add(entry)
  }

  /** Makes the present state the one that maps show. */
  publish(): Changes {
    const changes = new Changes()
    for (const entry of this.touched) {
      const { index, now: is, shown: was } = entry
      if (was && is && !isWorthShowing(was, is)) continue
      entry.shown = is
      if (was && is) this.grid.move(was, is, entry)
      else if (is) this.grid.add(is, entry)
      else if (was) this.grid.delete(was, entry)
      if (!is) this.entries.delete(index)
      if (was || is) changes.add({ index, was, is })
    }
    this.touched.clear()
    return changes
  }

  /** Of the published state. */
  within(box: Box, now: number): Dot[] {
    const dots: Dot[] = []
    for (const { index, shown } of this.grid.near(box)) {
      if (shown && isInside(box, shown)) dots.push(toDot(index, shown, now))
    }
    return dots
  }
}

/** One step of the published state, as the viewports see it. */
export class Changes {
  private readonly arrivals = new Grid<Change>()
  private readonly departures = new Grid<Change>()

  add(change: Change): void {
    if (change.is) this.arrivals.add(change.is, change)
    if (change.was) this.departures.add(change.was, change)
  }

  within(box: Box, now: number): { moved: Dot[]; gone: number[] } {
    const moved: Dot[] = []
    const gone: number[] = []
    for (const { index, is } of this.arrivals.near(box)) {
      if (is && isInside(box, is)) moved.push(toDot(index, is, now))
    }
    for (const { index, was, is } of this.departures.near(box)) {
      if (was && isInside(box, was) && !(is && isInside(box, is))) gone.push(index)
    }
    return { moved, gone }
  }
}

const isWorthShowing = (was: Place, is: Place): boolean =>
  was.status !== is.status || is.at - was.at >= REFRESH_MS || haversine(was, is) > MOVED_M

const toDot = (index: number, { at, ...place }: Place, now: number): Dot => ({
  ...place,
  index,
  ageS: Math.max(0, (now - at) / 1000),
})

export const statusOf = (known: { watched: boolean; standing: string; moving: boolean }): DotStatus =>
  known.watched ? 'sos' : known.standing !== 'heard' ? 'silent' : known.moving ? 'moving' : 'standing'
