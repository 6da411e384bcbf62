// All vehicles that this screen knows of, as columns of numbers: 15,000 of them move once a second, and an object for
// each would be the work of the garbage collector. A slot is a row; slots move when a vehicle leaves, keys do not.

import { latOf, lngOf, mercatorX, mercatorY, metresPerUnit } from './mercator'
import { LEAP_M, remaining } from './motion'

export const UNKNOWN = 255
const FIRST_CAPACITY = 1_024

/** Who a dot is across frames: its shard and that shard's number for it. Says nothing about whose it is. */
export type DotKey = { shard: number; index: number }

/** Columns of one kind each, by slot; only the first `count` are in use. */
function columns(capacity: number) {
  return {
    /** Where it is said to be, in units of the projection. */
    x: new Float64Array(capacity),
    y: new Float64Array(capacity),
    /** From there to where it was shown when that was said. */
    backX: new Float32Array(capacity),
    backY: new Float32Array(capacity),
    /** Both by the page's own clock, ms. */
    movedAt: new Float64Array(capacity),
    fixedAt: new Float64Array(capacity),
    index: new Uint32Array(capacity),
    round: new Uint32Array(capacity),
    shard: new Uint8Array(capacity),
    /** Of DOT_STATUS. */
    status: new Uint8Array(capacity),
    /** Half degrees; UNKNOWN where nobody knows. */
    heading: new Uint8Array(capacity),
    /** Whole m/s; UNKNOWN where nobody knows. */
    speed: new Uint8Array(capacity),
  }
}

export type Columns = ReturnType<typeof columns>

export class Fleet {
  count = 0
  at: Columns = columns(FIRST_CAPACITY)
  /** Nothing glides: a vehicle is shown where its last fix was. */
  still = false
  /** When the last glide began. */
  movedAt = Number.NEGATIVE_INFINITY
  private readonly slots = new Map<number, Map<number, number>>()
  private round = 0

  /** -1 where that vehicle is not, or no longer, known. */
  slotOf({ shard, index }: DotKey): number {
    return this.slots.get(shard)?.get(index) ?? -1
  }

  keyOf(slot: number): DotKey {
    return { shard: this.at.shard[slot] as number, index: this.at.index[slot] as number }
  }

  /** All that is put from here on survives `endRound` of its shard; nothing else does. */
  beginRound(): void {
    this.round++
  }

  /** Forgets every vehicle of that shard that was not put since `beginRound`. */
  endRound(shard: number): void {
    for (let slot = this.count - 1; slot >= 0; slot--) {
      if (this.at.shard[slot] === shard && this.at.round[slot] !== this.round) this.removeAt(slot)
    }
  }

  put(
    shard: number,
    index: number,
    lat: number,
    lng: number,
    heading: number,
    speed: number,
    status: number,
    ageS: number,
    now: number,
  ): void {
    const known = this.slotOfShard(shard, index)
    const slot = known >= 0 ? known : this.add(shard, index)
    const { at } = this
    const [x, y] = [mercatorX(lng), mercatorY(lat)]
    if (known >= 0 && (at.x[slot] !== x || at.y[slot] !== y)) this.glide(slot, x, y, now)
    at.x[slot] = x
    at.y[slot] = y
    at.heading[slot] = heading
    at.speed[slot] = speed
    at.status[slot] = status
    at.fixedAt[slot] = now - ageS * 1_000
    at.round[slot] = this.round
  }

  remove(shard: number, index: number): void {
    const slot = this.slotOfShard(shard, index)
    if (slot >= 0) this.removeAt(slot)
  }

  forget(shard: number): void {
    for (let slot = this.count - 1; slot >= 0; slot--) if (this.at.shard[slot] === shard) this.removeAt(slot)
  }

  latLng(slot: number): { lat: number; lng: number } {
    return { lat: latOf(this.at.y[slot] as number), lng: lngOf(this.at.x[slot] as number) }
  }

  /** Seconds since the fix, never negative. */
  ageS(slot: number, now: number): number {
    return Math.max(0, (now - (this.at.fixedAt[slot] as number)) / 1_000)
  }

  private slotOfShard(shard: number, index: number): number {
    return this.slots.get(shard)?.get(index) ?? -1
  }

  /** From where it is on the screen right now, so that a fix that comes early does not make it jump. */
  private glide(slot: number, x: number, y: number, now: number): void {
    const { at } = this
    const left = remaining(now, at.movedAt[slot] as number, this.still)
    const backX = (at.x[slot] as number) + (at.backX[slot] as number) * left - x
    const backY = (at.y[slot] as number) + (at.backY[slot] as number) * left - y
    const leaps = Math.hypot(backX, backY) * metresPerUnit(y) > LEAP_M
    at.backX[slot] = leaps ? 0 : backX
    at.backY[slot] = leaps ? 0 : backY
    at.movedAt[slot] = now
    this.movedAt = now
  }

  private add(shard: number, index: number): number {
    if (this.count === this.at.x.length) this.grow()
    const slot = this.count++
    const { at } = this
    at.shard[slot] = shard
    at.index[slot] = index
    at.backX[slot] = 0
    at.backY[slot] = 0
    at.movedAt[slot] = Number.NEGATIVE_INFINITY
    let slots = this.slots.get(shard)
    if (!slots) {
      slots = new Map()
      this.slots.set(shard, slots)
    }
    slots.set(index, slot)
    return slot
  }

  /** The last row takes the place of the one that goes: no row in use lies behind a hole. */
  private removeAt(slot: number): void {
    const { at } = this
    this.slots.get(at.shard[slot] as number)?.delete(at.index[slot] as number)
    const last = --this.count
    if (slot === last) return
    for (const column of Object.values(at)) column[slot] = column[last] as number
    this.slots.get(at.shard[slot] as number)?.set(at.index[slot] as number, slot)
  }

  private grow(): void {
    const wider = columns(this.at.x.length * 2)
    for (const [name, column] of Object.entries(this.at)) wider[name as keyof Columns].set(column)
    this.at = wider
  }
}
