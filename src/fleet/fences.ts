// A region's fences as a shard watches them: on which side of each every device is, and when that changes. As
// fenceEvents of src/domain/fence.ts decides it, but for thousands of devices against hundreds of fences: a fix looks only
// at the fences of its square of the map, and a device remembers only those that it is inside of.

import { ASSUMED_ACCURACY_M, type FenceFix, type Side, UNTRUSTED_PLACE } from '../domain/fence'
import type { Crossing, FenceList, WatchedFence } from '../domain/fence-record'
import { type Border, borderOf, sideOfBorder } from './border'

/** What a device was found to be. All fences that are not named here, and were drawn by `upTo`, it is outside of. */
export type DeviceSides = {
  /** The list's version when it was last looked at. */
  upTo: number
  inside: string[]
  /** Where no fix has been certain yet. */
  unsure: string[]
}

export type FenceCrossing = { fence: WatchedFence; event: Crossing }

type Watched = { fence: WatchedFence; border: Border }

/** Some two kilometres: a city's fences are spread over many. */
const CELL_DEG = 0.02
const COLUMNS = 360 / CELL_DEG
/** Fixes that are less exact than this, of which there are few, look at every fence. */
const USUAL_ACCURACY_M = 500
const DEGREES_PER_M = 1 / 111_195

export class Fences {
  private byId = new Map<string, Watched>()
  private cells = new Map<number, Watched[]>()
  private all: Watched[] = []
  private readonly sides = new Map<string, DeviceSides>()
  version = 0

  get size(): number {
    return this.all.length
  }

  has(id: string): boolean {
    return this.byId.has(id)
  }

  /** Takes the place of what was watched. What is known of devices stays, but for fences whose border is another now. */
  replace({ version, fences }: FenceList): void {
    this.version = version
    this.all = fences.map((fence) => ({ fence, border: borderOf(fence.polygon) }))
    this.byId = new Map(this.all.map((watched) => [watched.fence.id, watched]))
    this.cells = new Map()
    for (const watched of this.all) {
      for (const cell of cellsOf(watched.border)) {
        const some = this.cells.get(cell)
        if (some) some.push(watched)
        else this.cells.set(cell, [watched])
      }
    }
  }

  /** The borders that were certainly crossed with this fix. */
  fix(deviceId: string, fix: FenceFix): FenceCrossing[] {
    if (this.all.length === 0 && !this.sides.has(deviceId)) return NONE
    if (!Number.isFinite(fix.lat) || !Number.isFinite(fix.lng)) return NONE
    if (fix.doubts?.some((doubt) => UNTRUSTED_PLACE.includes(doubt))) return NONE
    const accuracyM = Math.max(0, fix.accuracyM ?? ASSUMED_ACCURACY_M)
    if (Number.isNaN(accuracyM)) return NONE
    const known = this.sides.get(deviceId)
    const near = accuracyM <= USUAL_ACCURACY_M ? (this.cells.get(cellAt(fix.lat, fix.lng)) ?? NOWHERE) : this.all
    // Nearly every fix: far from all fences, and was before.
    if (near.length === 0 && known && known.inside.length === 0 && known.unsure.length === 0) {
      known.upTo = this.version
      return NONE
    }
    return this.decide(deviceId, known, near, fix, accuracyM)
  }

  /** True where this place is inside of a fence that counts. What it is uncertain by does not matter. */
  holdsAt({ lat, lng }: { lat: number; lng: number }, counts: (fence: WatchedFence) => boolean): boolean {
    const near = this.cells.get(cellAt(lat, lng)) ?? NOWHERE
    return near.some(({ fence, border }) => counts(fence) && sideOfBorder(border, lat, lng, 0) === 'inside')
  }

  forget(deviceId: string): void {
    this.sides.delete(deviceId)
  }

  /** How many of the devices that count are inside of each fence; fences with none are left out. */
  inside(counts: (deviceId: string) => boolean): Record<string, number> {
    const found: Record<string, number> = {}
    for (const [deviceId, { upTo, inside }] of this.sides) {
      if (inside.length === 0 || !counts(deviceId)) continue
      for (const id of inside) if (this.holds(id, upTo)) found[id] = (found[id] ?? 0) + 1
    }
    return found
  }

  entries(): Iterable<[string, DeviceSides]> {
    return this.sides.entries()
  }

  restore(deviceId: string, sides: DeviceSides): void {
    this.sides.set(deviceId, sides)
  }

  private decide(
    deviceId: string,
    known: DeviceSides | undefined,
    near: readonly Watched[],
    fix: FenceFix,
    accuracyM: number,
  ): FenceCrossing[] {
    const crossings: FenceCrossing[] = []
    const next: DeviceSides = { upTo: this.version, inside: [], unsure: [] }
    for (const watched of near) this.look(watched, known, fix, accuracyM, next, crossings)
    // Those that were left in one leap: not near any more, but known.
    for (const id of known?.inside ?? NO_IDS) {
      const watched = this.byId.get(id)
      if (watched && !near.includes(watched)) this.look(watched, known, fix, accuracyM, next, crossings)
    }
    this.sides.set(deviceId, next)
    return crossings
  }

  private look(
    watched: Watched,
    known: DeviceSides | undefined,
    fix: FenceFix,
    accuracyM: number,
    next: DeviceSides,
    crossings: FenceCrossing[],
  ): void {
    const { fence, border } = watched
    const before = sideBefore(fence, known)
    const side = sideOfBorder(border, fix.lat, fix.lng, accuracyM) ?? before
    if (side === 'inside') next.inside.push(fence.id)
    else if (side === null) next.unsure.push(fence.id)
    if (side === null || before === null || side === before) return
    crossings.push({ fence, event: side === 'inside' ? 'enter' : 'exit' })
  }

  private holds(id: string, upTo: number): boolean {
    const watched = this.byId.get(id)
    return watched !== undefined && watched.fence.drawnVersion <= upTo
  }
}

const NONE: FenceCrossing[] = []
const NOWHERE: readonly Watched[] = []
const NO_IDS: readonly string[] = []

/** Null where nothing was certain, or the border has become another since. */
function sideBefore({ id, drawnVersion }: WatchedFence, known: DeviceSides | undefined): Side | null {
  if (!known || drawnVersion > known.upTo) return null
  if (known.inside.includes(id)) return 'inside'
  return known.unsure.includes(id) ? null : 'outside'
}

const row = (lat: number): number => Math.floor((lat + 90) / CELL_DEG)
const column = (lng: number): number => Math.floor((lng + 180) / CELL_DEG)
const cellAt = (lat: number, lng: number): number => row(lat) * (COLUMNS + 1) + column(lng)

/** The squares from which a usual fix may reach into it. */
function* cellsOf({ south, west, north, east }: Border): Iterable<number> {
  const padLat = USUAL_ACCURACY_M * DEGREES_PER_M * 1.01
  const padLng = padLat / Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180)
  for (let r = row(south - padLat); r <= row(north + padLat); r++)
    for (let c = column(west - padLng); c <= column(east + padLng); c++) yield r * (COLUMNS + 1) + c
}
