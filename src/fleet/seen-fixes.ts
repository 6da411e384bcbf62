// Which fixes have come already: phones send a batch again when they did not hear the answer. Bounded, so the oldest are
// forgotten; a repeat that comes later still is for Postgres to know.

import type { Position } from '../domain/position'
import { NumberSet } from './number-set'

/** Two generations of so many. At 1,000 a second a repeat is known for a minute and a half, at 250 for six. */
const GENERATION = 100_000

export class SeenFixes {
  private present = new NumberSet()
  private past = new NumberSet()

  constructor(private readonly generation = GENERATION) {}

  /** True where this device has sent the same place of the same time before. `index` is the device's number. */
  hasSeen(index: number, { fixedAt, lat, lng }: Position, receivedAt: number): boolean {
    const key = keyOf(index, fixedAt ?? receivedAt, lat, lng)
    if (this.present.has(key)) return true
    const seen = this.past.has(key)
    this.present.add(key)
    if (this.present.size >= this.generation) {
      const oldest = this.past
      this.past = this.present
      this.present = oldest
      oldest.clear()
    }
    return seen
  }
}

/** 53 bits, never 0: that two of 200,000 fixes share a key by chance happens to one set in 450,000. */
function keyOf(index: number, time: number, lat: number, lng: number): number {
  const era = time / 0x1_0000_0000
  const north = Math.round(lat * 1e7)
  const east = Math.round(lng * 1e7)
  // Word by word without a list of them: this comes with every fix.
  const high = mixed(mixed(mixed(mixed(mixed(0x9e3779b9 ^ index) ^ era) ^ time) ^ north) ^ east)
  const low = folded(folded(folded(folded(folded(0x85ebca6b, index), era), time), north), east)
  return (high >>> 0) * 0x20_0000 + (low >>> 11) || 1
}

const folded = (low: number, word: number): number => mixed(Math.imul(low, 0x01000193) ^ Math.imul(word, 0xcc9e2d51))

/** MurmurHash3's last step: every bit of a word changes every other. */
function mixed(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
