// Positions that wait for Postgres, first in, first out, in one block of numbers that grows with them.

import { haveSameWords, NUMBERS, PositionBatch, type PositionWords, putNumbers } from '../domain/position-batch'
import type { PositionRow } from '../domain/track'
import type { Line } from './line'

const FIRST_ROWS = 256
/** Once so many were taken, what is left moves to the front. */
const TAKEN_AT_MOST = 5_000

export class PositionsLine implements Line<PositionRow, PositionBatch> {
  private numbers = new Float64Array(FIRST_ROWS * NUMBERS.length)
  private words: PositionWords[] = []
  /** Where it begins: taking from an array's front would move all that is behind. */
  private first = 0

  get length(): number {
    return this.words.length - this.first
  }

  get oldestAt(): number | null {
    return this.length === 0 ? null : (this.numbers[this.first * NUMBERS.length + RECEIVED_AT] ?? null)
  }

  push(row: PositionRow): void {
    const n = this.words.length
    if ((n + 1) * NUMBERS.length > this.numbers.length) this.grow()
    putNumbers(this.numbers, n, row)
    const before = this.words[n - 1]
    this.words.push(before && haveSameWords(row, before) ? before : wordsOf(row))
  }

  take(count: number): PositionBatch {
    const end = Math.min(this.first + count, this.words.length)
    const batch = new PositionBatch(
      this.numbers.slice(this.first * NUMBERS.length, end * NUMBERS.length),
      this.words.slice(this.first, end),
    )
    this.first = end
    this.compact()
    return batch
  }

  putBack({ numbers, words }: PositionBatch): void {
    const behind = this.take(this.length)
    this.numbers = new Float64Array(Math.max(this.numbers.length, numbers.length + behind.numbers.length))
    this.numbers.set(numbers)
    this.numbers.set(behind.numbers, numbers.length)
    this.words = [...words, ...behind.words]
    this.first = 0
  }

  dropOldest(): void {
    if (this.length === 0) return
    this.first++
    this.compact()
  }

  private grow(): void {
    const larger = new Float64Array(this.numbers.length * 2)
    larger.set(this.numbers)
    this.numbers = larger
  }

  private compact(): void {
    if (this.length > 0 && (this.first < TAKEN_AT_MOST || this.first * 4 < this.words.length)) return
    this.numbers.copyWithin(0, this.first * NUMBERS.length, this.words.length * NUMBERS.length)
    this.words = this.words.slice(this.first)
    this.first = 0
    // What an hour without Postgres took is given back.
    const rows = Math.max(FIRST_ROWS, this.words.length * 2, TAKEN_AT_MOST)
    if (this.numbers.length > rows * 8 * NUMBERS.length) this.numbers = this.numbers.slice(0, rows * NUMBERS.length)
  }
}

const RECEIVED_AT = NUMBERS.indexOf('receivedAt')

const wordsOf = ({ region, deviceId, event, protocol, doubts }: PositionRow): PositionWords => ({
  region,
  deviceId,
  event,
  protocol,
  doubts,
})
