// Many positions in one block of numbers. As an object each they would be thousands of small things that wait for Postgres
// together, and that the collector of garbage moves about meanwhile: a third of what a position costs its shard.

import type { PositionRow } from './track'

/** What neighbours mostly have in common. */
export type PositionWords = Pick<PositionRow, 'region' | 'deviceId' | 'event' | 'protocol' | 'doubts'>

/** The numbers of a row, in their order. */
export const NUMBERS = [
  'at',
  'receivedAt',
  'lat',
  'lng',
  'accuracyM',
  'headingDeg',
  'speedMps',
  'batteryPct',
] as const satisfies readonly (keyof PositionRow)[]

/** `NUMBERS.length` numbers and one object of words for each; NaN is what was not said. Neither changes any more. */
export class PositionBatch implements Iterable<PositionRow> {
  constructor(
    readonly numbers: Float64Array,
    readonly words: readonly PositionWords[],
  ) {}

  static of(rows: Iterable<PositionRow>): PositionBatch {
    const all = [...rows]
    const numbers = new Float64Array(all.length * NUMBERS.length)
    for (const [n, row] of all.entries()) putNumbers(numbers, n, row)
    return new PositionBatch(numbers, all)
  }

  get length(): number {
    return this.words.length
  }

  *[Symbol.iterator](): Generator<PositionRow> {
    for (const [n, words] of this.words.entries()) {
      const [at = 0, receivedAt = 0, lat = 0, lng = 0, ...said] = this.numbers.subarray(
        n * NUMBERS.length,
        (n + 1) * NUMBERS.length,
      )
      const [accuracyM, headingDeg, speedMps, batteryPct] = said.map((each) => (Number.isNaN(each) ? null : each))
      yield {
        region: words.region,
        deviceId: words.deviceId,
        at,
        receivedAt,
        lat,
        lng,
        accuracyM: accuracyM ?? null,
        headingDeg: headingDeg ?? null,
        speedMps: speedMps ?? null,
        batteryPct: batteryPct ?? null,
        event: words.event,
        protocol: words.protocol,
        doubts: words.doubts,
      }
    }
  }
}

/** As the n-th row of a block. */
export function putNumbers(numbers: Float64Array, n: number, row: PositionRow): void {
  const first = n * NUMBERS.length
  numbers[first] = row.at
  numbers[first + 1] = row.receivedAt
  numbers[first + 2] = row.lat
  numbers[first + 3] = row.lng
  numbers[first + 4] = row.accuracyM ?? Number.NaN
  numbers[first + 5] = row.headingDeg ?? Number.NaN
  numbers[first + 6] = row.speedMps ?? Number.NaN
  numbers[first + 7] = row.batteryPct ?? Number.NaN
}

export const haveSameWords = (a: PositionWords, b: PositionWords): boolean =>
  a.deviceId === b.deviceId &&
  a.event === b.event &&
  a.protocol === b.protocol &&
  a.region === b.region &&
  a.doubts.length === 0 &&
  b.doubts.length === 0
