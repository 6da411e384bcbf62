import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  CALM_ENDS_MS,
  FAIR_WEATHER,
  LOOK_EVERY_MS,
  type Storm,
  type StormCounts,
  type StormRules,
  switchStorm,
  weigh,
} from '../../src/domain/storm'
import { NOON } from '../support/made-up'

const rules: StormRules = { offeredAt: 10, ownAt: 3, withinS: 600, repeatS: 300 }
const ana = { uid: 'ana', alias: 'Desk 1' }

const waiting = (n: number, changes: Partial<StormCounts> = {}): StormCounts => ({
  open: n,
  untaken: n,
  waiting: n,
  recent: n,
  p1: 0,
  oldestAt: n > 0 ? NOON : null,
  ...changes,
})

describe('a storm', () => {
  test('is offered above ten untaken for each free operator, where nobody free counts as one', () => {
    const offered = (n: number, free: number) =>
      weigh(FAIR_WEATHER, waiting(n), free, rules, NOON).storm.offeredSince !== null
    expect([offered(10, 0), offered(11, 0), offered(11, 1), offered(60, 6), offered(61, 6)]).toEqual([
      false,
      true,
      true,
      false,
      true,
    ])
  })

  test('begins by itself above three times as many, and never before', () => {
    const begins = (n: number, free: number) => weigh(FAIR_WEATHER, waiting(n), free, rules, NOON).storm.on !== null
    expect([begins(30, 1), begins(31, 1), begins(180, 6), begins(181, 6)]).toEqual([false, true, false, true])
  })

  test('is not made by what waits for an hour already', () => {
    const { storm } = weigh(FAIR_WEATHER, waiting(100, { recent: 3 }), 1, rules, NOON)
    expect(storm).toMatchObject({ on: null, offeredSince: null })
  })

  test('tells the leads once at its beginning, and again only while somebody in danger waits or more do', () => {
    const pages: number[] = []
    let storm: Storm = FAIR_WEATHER
    const at = (s: number, counts: StormCounts) => {
      const next = weigh(storm, counts, 1, rules, NOON + s * 1_000)
      storm = next.storm
      for (const each of next.news) if (each.what === 'page') pages.push(s)
    }
    at(0, waiting(40))
    at(1, waiting(50))
    at(299, waiting(60, { p1: 5 }))
    at(300, waiting(60, { p1: 5 }))
    at(599, waiting(60))
    at(700, waiting(60))
    at(710, waiting(61))
    at(1_100, waiting(30, { p1: 1 }))
    expect(pages).toEqual([0, 300, 710, 1_100])
  })

  test('ends by itself after five minutes with fewer than half of what offers it, counted without a break', () => {
    let storm = weigh(FAIR_WEATHER, waiting(40), 1, rules, NOON).storm
    const at = (ms: number, n: number) => {
      storm = weigh(storm, waiting(n), 1, rules, NOON + ms).storm
      return storm.on !== null
    }
    expect(at(1_000, 4)).toBe(true)
    expect(at(200_000, 5)).toBe(true)
    expect(at(210_000, 4)).toBe(true)
    expect(at(210_000 + CALM_ENDS_MS - 1, 4)).toBe(true)
    expect(at(210_000 + CALM_ENDS_MS, 4)).toBe(false)
  })

  test('that a person switched off does not come back at once, but for twice as many or after ten minutes', () => {
    const on = weigh(FAIR_WEATHER, waiting(40), 1, rules, NOON).storm
    const off = switchStorm(on, { on: false, by: ana, reason: null }, waiting(40), NOON + 1_000)
    expect(weigh(off, waiting(80), 1, rules, NOON + 2_000).storm.on).toBeNull()
    expect(weigh(off, waiting(81), 1, rules, NOON + 2_000).storm.on).not.toBeNull()
    expect(weigh(off, waiting(40), 1, rules, NOON + 1_000 + 600_000).storm.on).not.toBeNull()
  })

  test('is switched on by a person with few who wait, and says who it was', () => {
    const on = switchStorm(FAIR_WEATHER, { on: true, by: ana, reason: 'typhoon at noon' }, waiting(2), NOON)
    expect(on.on).toEqual({ since: NOON, by: ana, reason: 'typhoon at noon' })
    expect(switchStorm(on, { on: true, by: { uid: 'ben', alias: 'x' }, reason: null }, waiting(2), NOON + 1)).toBe(on)
  })
})

const moments = fc.array(
  fc.record({
    ms: fc.integer({ min: -30_000, max: 60_000 }),
    waiting: fc.integer({ min: 0, max: 400 }),
    recent: fc.integer({ min: 0, max: 400 }),
    p1: fc.integer({ min: 0, max: 60 }),
    free: fc.integer({ min: 0, max: 8 }),
    person: fc.constantFrom(null, null, null, true, false),
  }),
  { minLength: 1, maxLength: 200 },
)

test('whatever happens, with a clock that jumps: pages are at least five minutes apart, and a storm is always looked at again', () => {
  fc.assert(
    fc.property(moments, (steps) => {
      let storm: Storm = FAIR_WEATHER
      let now = NOON
      let last: { at: number; n: number } | null = null
      for (const step of steps) {
        now += step.ms
        const counts = waiting(step.waiting, { recent: Math.min(step.recent, step.waiting), p1: step.p1 })
        if (step.person !== null) storm = switchStorm(storm, { on: step.person, by: ana, reason: null }, counts, now)
        const next = weigh(storm, counts, step.free, rules, now)
        storm = next.storm
        for (const each of next.news) {
          if (each.what !== 'page') continue
          expect(storm.on).not.toBeNull()
          if (last) {
            expect(Math.abs(now - last.at)).toBeGreaterThanOrEqual(rules.repeatS * 1_000)
            expect(each.n).toBe(last.n + 1)
          }
          last = { at: now, n: each.n }
        }
        if (storm.on) expect(next.lookAt).toBe(now + LOOK_EVERY_MS)
        const again = weigh(storm, counts, step.free, rules, now)
        expect(again.storm).toEqual(storm)
        expect(again.news).toEqual([])
      }
    }),
    { numRuns: 200 },
  )
})
