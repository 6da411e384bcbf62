import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { PositionRow } from '../../src/domain/track'
import { ArrayLine } from '../../src/fleet/line'
import { PositionsLine } from '../../src/fleet/positions-line'
import { aRow } from '../support/positions'

const filled = (count: number): PositionsLine => {
  const line = new PositionsLine()
  for (let n = 0; n < count; n++) line.push(aRow({ deviceId: `d${Math.floor(n / 50)}`, at: 1_000_000 + n }))
  return line
}

describe('positions that wait', () => {
  test('come out as they went in, whatever was not said', () => {
    const rows: PositionRow[] = [
      aRow(),
      aRow({ accuracyM: null, headingDeg: null, speedMps: null, batteryPct: null }),
      aRow({ accuracyM: 0, headingDeg: 0, speedMps: 0, batteryPct: 0, doubts: ['stale', 'jump'] }),
      aRow({ event: 'crash', protocol: 'own', region: 'CEB', deviceId: 'other', lat: -14.123456789, lng: -0.1 }),
      aRow({ doubts: ['mocked'] }),
      aRow({ doubts: [] }),
    ]
    const line = new PositionsLine()
    for (const row of rows) line.push(row)
    expect([...line.take(10)]).toEqual(rows)
  })

  test('stand in the line as rows of an array would, through any order of pushes, takes, returns and drops', () => {
    const act = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ drop: fc.integer({ min: 1, max: 30 }) }),
      fc.constant({ back: true }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const ours = new PositionsLine()
        const theirs = new ArrayLine<PositionRow>()
        let n = 0
        let taken: { ours: ReturnType<typeof ours.take>; theirs: PositionRow[] } | null = null
        for (const each of acts) {
          if ('push' in each)
            for (let k = 0; k < each.push; k++, n++) {
              const row = aRow({ deviceId: `d${n % 7 < 5 ? 1 : 2}`, at: n, receivedAt: n + 1, lat: n / 1000 })
              ours.push(row)
              theirs.push(row)
            }
          else if ('take' in each) taken = { ours: ours.take(each.take), theirs: theirs.take(each.take) }
          else if ('drop' in each)
            for (let k = 0; k < each.drop; k++) {
              ours.dropOldest()
              theirs.dropOldest()
            }
          else if (taken) {
            ours.putBack(taken.ours)
            theirs.putBack(taken.theirs)
            taken = null
          }
          if (ours.length !== theirs.length || ours.oldestAt !== theirs.oldestAt) return false
          if (taken && !Bun.deepEquals([...taken.ours], taken.theirs)) return false
        }
        return Bun.deepEquals([...ours.take(n)], theirs.take(n))
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  test('keep what was taken as it was, whatever comes after', () => {
    const line = filled(6_000)
    const taken = line.take(5_500)
    const before = [...taken]
    for (let n = 0; n < 20_000; n++) line.push(aRow({ at: n }))
    line.take(10_000)
    expect([...taken]).toEqual(before)
  })
})
