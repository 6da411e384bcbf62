// Where a vehicle was at a moment: between fixes, in gaps, at the ends; and its way by speed.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { GAP_MS } from '../../src/domain/track'
import { bearing, type Fix, lastUntil, momentAt } from '../../views/client/map/replay/moment'
import { bandOf, speedOf, trailOf } from '../../views/client/map/replay/trail'

const fix = (s: number, changes: Partial<Fix> = {}): Fix => ({
  at: s * 1_000,
  lat: 14.5 + s / 1e5,
  lng: 121,
  speedMps: 10,
  headingDeg: 0,
  ...changes,
})

describe('a moment', () => {
  test('between two fixes lies on the straight line between them', () => {
    const moment = momentAt([fix(0), fix(10, { speedMps: 20 })], 2_500)
    expect(moment?.lat).toBeCloseTo(14.5 + 2.5 / 1e5, 9)
    expect(moment).toMatchObject({ speedMps: 12.5, headingDeg: 0, fixedAt: 0, lost: false })
  })

  test('on a fix is that fix', () => {
    const fixes = [fix(0), fix(10, { headingDeg: 90 }), fix(20)]
    expect(momentAt(fixes, 10_000)).toMatchObject({ lat: fixes[1]?.lat, headingDeg: 90, fixedAt: 10_000 })
  })

  test('in a gap stays at the last fix and says that it is lost', () => {
    const after = GAP_MS / 1_000 + 1
    const fixes = [fix(0), fix(after)]
    expect(momentAt(fixes, GAP_MS / 2)).toMatchObject({ lat: 14.5, lost: true, fixedAt: 0 })
    expect(momentAt(fixes, after * 1_000)?.lost).toBe(false)
    expect(momentAt([fix(0), fix(GAP_MS / 1_000)], GAP_MS / 2)?.lost).toBe(false)
  })

  test('after the last fix and before the first is there, and lost only after long', () => {
    const fixes = [fix(600)]
    expect(momentAt(fixes, 600_000 + GAP_MS)).toMatchObject({ lost: false })
    expect(momentAt(fixes, 600_001 + GAP_MS)).toMatchObject({ lost: true, fixedAt: 600_000 })
    expect(momentAt(fixes, 0)).toMatchObject({ lost: true, fixedAt: 600_000 })
    expect(momentAt(fixes, 599_000)).toMatchObject({ lost: false })
    expect(momentAt([], 0)).toBeNull()
  })

  test('turns the shorter way, over north too, and takes the direction of the way where none was said', () => {
    const turn = (from: number | null, to: number | null, changes: Partial<Fix> = {}) =>
      momentAt([fix(0, { headingDeg: from }), fix(10, { headingDeg: to, ...changes })], 5_000)?.headingDeg
    expect(turn(350, 10)).toBeCloseTo(0, 6)
    expect(turn(90, 270)).toBe(90 - 90)
    expect(turn(80, null)).toBe(80)
    expect(turn(null, null, { lat: 14.5, lng: 121.01 })).toBeCloseTo(90, 6)
    expect(turn(null, null, { lat: 14.5, lng: 121 })).toBeNull()
  })

  test('never leaves the box of its two fixes, whatever they are', () => {
    const coordinate = fc.double({ min: -89, max: 89, noNaN: true })
    fc.assert(
      fc.property(
        coordinate,
        coordinate,
        coordinate,
        coordinate,
        fc.integer({ min: 0, max: 10_000 }),
        (a, b, c, d, at) => {
          const moment = momentAt([fix(0, { lat: a, lng: b }), fix(10, { lat: c, lng: d })], at)
          const within = (value: number, x: number, y: number) =>
            value >= Math.min(x, y) - 1e-9 && value <= Math.max(x, y) + 1e-9
          return moment !== null && within(moment.lat, a, c) && within(moment.lng, b, d)
        },
      ),
    )
  })

  test('is found among many as a plain search finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: -1, max: 51 }), (times, at) => {
        const fixes = times.toSorted((a, b) => a - b).map((time) => ({ at: time }))
        expect(lastUntil(fixes, at)).toBe(fixes.findLastIndex((each) => each.at <= at))
      }),
    )
  })

  test('east is 90, south 180', () => {
    expect(bearing({ lat: 0, lng: 0 }, { lat: 0, lng: 1 })).toBe(90)
    expect(bearing({ lat: 0, lng: 0 }, { lat: -1, lng: 0 })).toBe(180)
  })
})

describe('the trail', () => {
  test('is in pieces by speed that meet, and never crosses a gap', () => {
    const kmh = (each: number) => each / 3.6
    const gap = GAP_MS / 1_000 + 1
    const fixes = [0, 10, 20, 30].map((s) => fix(s, { speedMps: kmh(s < 20 ? 10 : 60) }))
    const later = [fix(30 + gap, { speedMps: 0 }), fix(40 + gap, { speedMps: 0 }), fix(40 + 2 * gap)]
    const { lines, lone } = trailOf([...fixes, ...later])
    expect(lines.slow).toEqual([
      [
        [14.5, 121],
        [fixes[1]?.lat as number, 121],
      ],
    ])
    expect(lines.town).toEqual([
      [
        [fixes[1]?.lat as number, 121],
        [fixes[2]?.lat as number, 121],
      ],
    ])
    expect(lines.fast).toEqual([
      [
        [fixes[2]?.lat as number, 121],
        [fixes[3]?.lat as number, 121],
      ],
    ])
    expect(lines.still).toHaveLength(1)
    expect(lone).toEqual([[later[2]?.lat as number, 121]])
  })

  test('where no speed was said it is the way by its time', () => {
    const silent = { speedMps: null }
    expect(speedOf(fix(0, silent), fix(10, silent))).toBeCloseTo(1.112, 2)
    expect(speedOf(fix(0), fix(10, silent))).toBe(10)
    expect(speedOf(fix(0, silent), fix(0, silent))).toBe(0)
    expect([0, 2, 10, 20, 40].map(bandOf)).toEqual(['still', 'slow', 'town', 'fast', 'fastest'])
  })
})
