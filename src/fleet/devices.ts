// The devices of a shard: each by its name and by its number on maps, how long it has been silent, and its dot.

import type { ToMap } from '../domain/map-frame'
import type { RegionId } from '../domain/region'
import { Contacts } from './contacts'
import { Dots, statusOf } from './dots'
import { type Known, newKnown } from './known'
import { toVehicle } from './told'

export type DevicesOptions = {
  now(): number
  silentAfterMs: number
  /** Its incident is open. */
  isWatched(deviceId: string): boolean
  /** Its standing, its place or its incident may be another. */
  changed(known: Known): void
  /** Nobody has heard of it for a day. */
  forgotten(known: Known): void
}

export class Devices {
  readonly dots = new Dots()
  private readonly byId = new Map<string, Known>()
  private readonly byIndex = new Map<number, Known>()
  private nextIndex = 0
  private readonly contacts: Contacts

  constructor(private readonly options: DevicesOptions) {
    this.contacts = new Contacts(options.now(), options.silentAfterMs)
  }

  get size(): number {
    return this.byId.size
  }

  get silent(): number {
    return this.contacts.silent
  }

  get(deviceId: string): Known | undefined {
    return this.byId.get(deviceId)
  }

  all(): IterableIterator<Known> {
    return this.byId.values()
  }

  /** The one that maps know by this number, while it is on them. */
  onMaps(index: number): Known | null {
    return this.dots.has(index) ? (this.byIndex.get(index) ?? null) : null
  }

  vehicle(index: number): Extract<ToMap, { t: 'vehicle' }> | null {
    const known = this.onMaps(index)
    return known && toVehicle(known)
  }

  /** One that nobody has heard of before is known from now on. */
  know(deviceId: string, home: RegionId): Known {
    const before = this.byId.get(deviceId)
    if (before) return before
    const known = newKnown(deviceId, home, this.nextIndex++)
    known.watched = this.options.isWatched(deviceId)
    this.byId.set(deviceId, known)
    this.byIndex.set(known.index, known)
    return known
  }

  /** Anything of it came. True where its standing has changed. */
  heard(known: Known, now: number): boolean {
    return this.contacts.heard(known, now)
  }

  /** As it was in the checkpoint. */
  restored(known: Known, now: number): void {
    this.contacts.restore(known, now)
    this.draw(known)
  }

  /** Incidents of these were opened or closed. */
  follow(deviceIds: readonly string[]): void {
    for (const id of deviceIds) {
      const known = this.byId.get(id)
      if (!known) continue
      known.watched = this.options.isWatched(id)
      this.contacts.heard(known, this.options.now())
      this.draw(known)
    }
  }

  draw(known: Known): void {
    this.options.changed(known)
    const { index, shown, standing } = known
    if (!shown || standing === 'away') {
      this.dots.remove(index)
      return
    }
    const { lat, lng, headingDeg, speedMps } = shown.position
    this.dots.put(index, { lat, lng, headingDeg, speedMps, status: statusOf(known), at: shown.at })
  }

  /** Looks at those that may have fallen silent. True where anything is another. */
  sweep(): boolean {
    const { changed, forgotten } = this.contacts.sweep(this.options.now())
    for (const known of changed) this.draw(known)
    for (const known of forgotten) {
      this.byId.delete(known.deviceId)
      this.byIndex.delete(known.index)
      this.dots.remove(known.index)
      this.options.forgotten(known)
    }
    return changed.length + forgotten.length > 0
  }

  /** When the next sweep has something to look at. */
  nextSweepAt(): number | null {
    return this.contacts.next()
  }
}
