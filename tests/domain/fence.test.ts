// Geofences: what is inside, when a border has certainly been crossed, and which drawings are refused.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { areaM2, checkFence, type DrawnFence, firstCrossing, MAX_CORNERS } from '../../src/domain/drawn-fence'
import {
  type Corner,
  contains,
  fenceEvents,
  type Geofence,
  type Sides,
  sideOf,
  toBorderM,
} from '../../src/domain/fence'

const CENTRE = { lat: 14.6, lng: 121.0 }
/** About a kilometre by a kilometre. */
const SQUARE: readonly Corner[] = [
  [14.5955, 120.9954],
  [14.5955, 121.0046],
  [14.6045, 121.0046],
  [14.6045, 120.9954],
]
const fence = (change: Partial<Geofence> = {}): Geofence => ({
  id: 'f1',
  region: 'NCR',
  name: 'Depot',
  kind: 'keep_in',
  polygon: SQUARE,
  ...change,
})
const drawn = (polygon: readonly Corner[], change: Partial<DrawnFence> = {}): DrawnFence => ({
  ...fence(),
  polygon,
  ...change,
})
const reason = (polygon: readonly Corner[], change: Partial<DrawnFence> = {}) => {
  const told = checkFence(drawn(polygon, change))
  return told.ok ? 'ok' : told.refusal.reason
}

/** A star of up to 200 corners around a centre: never crosses itself, whatever its radii. */
const star = fc
  .array(fc.double({ min: 0.002, max: 0.05, noNaN: true }), { minLength: 3, maxLength: MAX_CORNERS })
  .map((radii) =>
    radii.map((radius, at): Corner => {
      const angle = (2 * Math.PI * at) / radii.length
      return [CENTRE.lat + radius * Math.cos(angle), CENTRE.lng + radius * Math.sin(angle)]
    }),
  )
const spot = fc.record({
  lat: fc.double({ min: 14.5, max: 14.7, noNaN: true }),
  lng: fc.double({ min: 120.9, max: 121.1, noNaN: true }),
})

test('the middle of a square is inside, what is beside it is not, and a notch is outside', () => {
  expect(contains(fence(), CENTRE)).toBe(true)
  expect(contains(fence(), { lat: 14.61, lng: 121 })).toBe(false)
  const notched = fence({ polygon: [...SQUARE, [14.6, 121.003]] })
  expect(contains(notched, { lat: 14.6, lng: 120.999 })).toBe(false)
  expect(contains(notched, { lat: 14.6, lng: 121.0042 })).toBe(true)
})

test('it does not matter where the drawing began or which way round it went', () => {
  fc.assert(
    fc.property(star, spot, fc.nat(199), (polygon, at, by) => {
      const turned = [...polygon.slice(by % polygon.length), ...polygon.slice(0, by % polygon.length)]
      // On the border itself either may be said.
      if (toBorderM({ polygon }, at) < 0.01) return
      const inside = contains({ polygon }, at)
      expect(contains({ polygon: turned }, at)).toBe(inside)
      expect(contains({ polygon: [...turned].reverse() }, at)).toBe(inside)
    }),
  )
})

test('the distance to the border is that to the nearest side', () => {
  expect(toBorderM(fence(), CENTRE)).toBeCloseTo(0.0046 * 111_195 * Math.cos((14.6 * Math.PI) / 180), 0)
  expect(toBorderM(fence(), { lat: 14.6055, lng: 121 })).toBeCloseTo(111.2, 0)
})

test('a fix whose circle lies on both sides decides nothing', () => {
  const nearBorder = { lat: 14.604, lng: 121 }
  expect(sideOf(fence(), { ...nearBorder, accuracyM: 40 })).toBe('inside')
  expect(sideOf(fence(), { ...nearBorder, accuracyM: 60 })).toBeNull()
  expect(sideOf(fence(), { lat: 14.6043, lng: 121, accuracyM: null })).toBeNull()
  expect(sideOf(fence(), { ...nearBorder, accuracyM: Number.NaN })).toBeNull()
  expect(sideOf(fence(), { lat: Number.NaN, lng: 121 })).toBeNull()
})

test('a place that is not to be believed decides nothing; a late one does', () => {
  expect(sideOf(fence(), { ...CENTRE, accuracyM: 5, doubts: ['mocked'] })).toBeNull()
  expect(sideOf(fence(), { ...CENTRE, accuracyM: 5, doubts: ['stale'] })).toBe('inside')
})

test('driving out and back in makes one exit and one enter, however it trembles on the border', () => {
  const lats = [14.6, 14.603, 14.6043, 14.6046, 14.6044, 14.6047, 14.606, 14.6046, 14.6044, 14.6046, 14.602, 14.6]
  let sides: Sides = {}
  const told: string[] = []
  for (const lat of lats) {
    const step = fenceEvents([fence()], sides, { lat, lng: 121, accuracyM: 60 })
    sides = step.sides
    told.push(...step.events.map(({ event }) => event))
  }
  expect(told).toEqual(['exit', 'enter'])
})

test('the first side known is no event, and each fence has its own', () => {
  const fences = [
    fence(),
    fence({ id: 'f2', kind: 'keep_out', polygon: SQUARE.map(([lat, lng]) => [lat + 0.02, lng]) }),
  ]
  const first = fenceEvents(fences, {}, { ...CENTRE, accuracyM: 5 })
  expect(first).toEqual({ sides: { f1: 'inside', f2: 'outside' }, events: [] })
  expect(fenceEvents(fences, first.sides, { lat: 14.62, lng: 121, accuracyM: 5 }).events).toEqual([
    { fenceId: 'f1', kind: 'keep_in', event: 'exit' },
    { fenceId: 'f2', kind: 'keep_out', event: 'enter' },
  ])
})

test('sides of fences that are gone are forgotten, and a name of the language’s own is no side', () => {
  expect(fenceEvents([], { gone: 'inside' }, { ...CENTRE, accuracyM: 5 }).sides).toEqual({})
  const odd = fence({ id: 'toString' })
  expect(fenceEvents([odd], {}, { ...CENTRE, accuracyM: 5 }).events).toEqual([])
})

test('events alternate, and the last one says where it is', () => {
  const fix = fc.record({
    ...{ lat: fc.double({ min: 14.59, max: 14.61, noNaN: true }) },
    accuracyM: fc.double({ min: 1, max: 800, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(fix, { maxLength: 60 }), (fixes) => {
      let sides: Sides = {}
      const told: string[] = []
      for (const { lat, accuracyM } of fixes) {
        const step = fenceEvents([fence()], sides, { lat, lng: 121, accuracyM })
        sides = step.sides
        told.push(...step.events.map(({ event }) => event))
      }
      expect(told.filter((event, at) => event === told[at - 1])).toEqual([])
      if (told.length > 0) expect(sides.f1).toBe(told.at(-1) === 'enter' ? 'inside' : 'outside')
    }),
  )
})

test('a good drawing is taken: closed or not, either way round, with a corner clicked twice', () => {
  for (const polygon of [
    SQUARE,
    [...SQUARE, SQUARE[0] as Corner],
    [...SQUARE].reverse(),
    SQUARE.flatMap((each) => [each, each]),
  ]) {
    const told = checkFence(drawn(polygon, { name: '  Depot ' }))
    expect(told).toMatchObject({ ok: true, fence: { name: 'Depot', kind: 'keep_in' } })
    if (told.ok) expect(told.fence.polygon).toHaveLength(4)
  }
})

test('every star of up to two hundred corners is taken, and a bow tie never', () => {
  fc.assert(fc.property(star, (polygon) => expect(['ok', 'fence_too_small']).toContain(reason(polygon))))
  const [a, b, c, d] = SQUARE as [Corner, Corner, Corner, Corner]
  expect(firstCrossing([a, c, b, d])).not.toBeNull()
  expect(reason([a, c, b, d])).toBe('fence_crosses_itself')
})

test('two corners of a star that change places make it cross itself', () => {
  const round = Array.from(
    { length: 12 },
    (_, at): Corner => [14.6 + 0.01 * Math.cos(at / 1.9), 121 + 0.01 * Math.sin(at / 1.9)],
  )
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), (at) => {
      const swapped = [...round]
      ;[swapped[at], swapped[at + 2]] = [swapped[at + 2] as Corner, swapped[at] as Corner]
      expect(reason(swapped)).toBe('fence_crosses_itself')
    }),
  )
})

test('a side that only touches another, or folds back on itself, is refused', () => {
  const [a, b, c, d] = SQUARE as [Corner, Corner, Corner, Corner]
  expect(reason([a, b, c, [14.5955, 121.0], d])).toBe('fence_crosses_itself')
  expect(reason([a, b, c, [14.6045, 121.0], c, d])).toBe('fence_crosses_itself')
})

test('what is wrong is named', () => {
  expect(reason(SQUARE.slice(0, 2))).toBe('fence_few_corners')
  expect(reason([])).toBe('fence_few_corners')
  expect(reason(Array(50).fill(SQUARE[0]))).toBe('fence_few_corners')
  expect(reason(Array.from({ length: 100_000 }, () => [14.6, 121] as const))).toBe('fence_many_corners')
  expect(reason([...SQUARE, [Number.NaN, 121]])).toBe('fence_corner')
  expect(reason([...SQUARE, [48.85, 2.35]])).toBe('fence_outside')
  expect(reason(SQUARE.map(([lat, lng]) => [14.6 + (lat - 14.6) / 100, 121 + (lng - 121) / 100] as const))).toBe(
    'fence_too_small',
  )
  expect(
    reason([
      [13.3, 119.9],
      [13.3, 122.5],
      [18.9, 122.5],
      [18.9, 119.9],
    ]),
  ).toBe('fence_too_large')
  expect(reason(SQUARE, { name: ' ' })).toBe('fence_name')
  expect(reason(SQUARE, { name: 'x'.repeat(81) })).toBe('fence_name')
  expect(reason(SQUARE, { kind: 'keep_off' })).toBe('fence_kind')
})

test('a refusal is for a person: one sentence', () => {
  const told = checkFence(drawn(SQUARE.slice(0, 2)))
  expect(told).toEqual({
    ok: false,
    refusal: { code: 'invalid', reason: 'fence_few_corners', message: 'It needs at least 3 different corners.' },
  })
})

test('the area is right, and no drawing whatever is an exception', () => {
  expect(areaM2(SQUARE) / 1e6).toBeCloseTo(0.99, 2)
  const any = fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 210 })
  fc.assert(fc.property(any, (polygon) => expect(typeof reason(polygon)).toBe('string')))
  const near = fc.array(
    fc.tuple(fc.double({ min: 14.59, max: 14.61, noNaN: true }), fc.double({ min: 120.99, max: 121.01, noNaN: true })),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(near, (polygon) => {
      const told = checkFence(drawn(polygon))
      if (told.ok) expect(firstCrossing(told.fence.polygon)).toBeNull()
    }),
  )
})
