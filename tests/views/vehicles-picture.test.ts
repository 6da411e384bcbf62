// What lies where in the picture: hits, crowds, stamps, and the list of those in view.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { DOT_STATUS } from '../../src/domain/map-frame'
import { orderByBand } from '../../views/client/map/vehicles/bands'
import { CROWD_PX, Crowds, crowdLabel, crowdRadius } from '../../views/client/map/vehicles/crowds'
import { describe, doubtsInWords, lettersIn } from '../../views/client/map/vehicles/describe'
import { Fleet, UNKNOWN } from '../../views/client/map/vehicles/fleet'
import { HitGrid } from '../../views/client/map/vehicles/hit-grid'
import { countInView, inView } from '../../views/client/map/vehicles/in-view'
import { cutStamps, over, stampOn } from '../../views/client/map/vehicles/stamps'
import { LANGS, t } from '../../views/words'

const [WIDTH, HEIGHT] = [300, 200]
const SOS = DOT_STATUS.indexOf('sos')

test('a hit is the nearest dot within reach, and there is none beyond it', () => {
  const place = fc.record({ x: fc.integer({ min: 0, max: WIDTH }), y: fc.integer({ min: 0, max: HEIGHT }) })
  fc.assert(
    fc.property(fc.array(place, { maxLength: 80 }), place, fc.integer({ min: 1, max: 60 }), (dots, at, radius) => {
      const grid = new HitGrid()
      grid.fill(
        dots.map(({ x }) => x),
        dots.map(({ y }) => y),
        dots.length,
        WIDTH,
        HEIGHT,
      )
      const far = dots.map(({ x, y }) => Math.hypot(x - at.x, y - at.y))
      const nearest = Math.min(...far)
      const found = grid.nearest(at.x, at.y, radius)
      if (nearest < radius) expect(far[found]).toBeCloseTo(nearest, 9)
      else if (nearest > radius) expect(found).toBe(-1)
    }),
  )
})

test('a grid that is filled again knows nothing of before', () => {
  const grid = new HitGrid()
  grid.fill([10, 290], [10, 190], 2, WIDTH, HEIGHT)
  grid.fill([150], [100], 1, WIDTH, HEIGHT)
  expect(grid.nearest(10, 10, 20)).toBe(-1)
  expect(grid.nearest(151, 99, 20)).toBe(0)
})

test('of dots on one spot the one drawn last is hit', () => {
  const grid = new HitGrid()
  grid.fill([50, 50, 50], [50, 50, 50], 3, WIDTH, HEIGHT)
  expect(grid.nearest(52, 50, 14)).toBe(2)
})

const crowdsOf = (crowds: Crowds) =>
  Array.from({ length: crowds.cells }, (_, cell) => ({
    count: crowds.count[cell] as number,
    sos: crowds.sos[cell] as number,
    silent: crowds.silent[cell] as number,
    x: (crowds.sumX[cell] as number) / (crowds.count[cell] as number),
  })).filter(({ count }) => count > 0)

test('crowds count everybody of their square once, and those in danger apart', () => {
  const crowds = new Crowds()
  crowds.begin(0, 0, WIDTH, HEIGHT)
  for (const x of [1, 20, 47]) crowds.add(x, 5, 0)
  crowds.add(CROWD_PX + 1, 5, SOS)
  crowds.add(CROWD_PX + 3, 5, DOT_STATUS.indexOf('silent'))
  crowds.add(-500, 5, 0)
  expect(crowdsOf(crowds)).toEqual([
    { count: 3, sos: 0, silent: 0, x: 68 / 3 },
    { count: 2, sos: 1, silent: 1, x: CROWD_PX + 2 },
  ])
})

test('a pan does not change who belongs together', () => {
  const members = [
    [10_000, 9_990],
    [10_030, 9_990],
    [10_070, 10_020],
    [10_180, 10_100],
  ] as const
  const seenFrom = (left: number, top: number) => {
    const crowds = new Crowds()
    crowds.begin(left, top, WIDTH, HEIGHT)
    for (const [x, y] of members) crowds.add(x, y, 0)
    return crowdsOf(crowds)
  }
  expect(seenFrom(9_931, 9_963)).toEqual(seenFrom(9_950, 9_950))
})

test('discs of neighbours never lie on each other, wherever their members are', () => {
  const crowds = new Crowds()
  crowds.begin(0, 0, WIDTH, HEIGHT)
  for (const [x, y] of [
    [CROWD_PX - 1, CROWD_PX - 1],
    [CROWD_PX + 1, CROWD_PX + 1],
    [CROWD_PX + 1, CROWD_PX - 1],
  ] as const) {
    for (let n = 0; n < 20_000; n++) crowds.add(x, y, 0)
  }
  const discs = Array.from({ length: crowds.cells }, (_, cell) => cell)
    .filter((cell) => (crowds.count[cell] as number) > 0)
    .map((cell) => ({
      x: crowds.discX(cell),
      y: crowds.discY(cell),
      radius: crowdRadius(crowds.count[cell] as number),
    }))
  expect(discs.length).toBe(3)
  for (const a of discs)
    for (const b of discs)
      if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(a.radius + b.radius)
})

test('crowds begin anew, also for a larger window', () => {
  const crowds = new Crowds()
  crowds.begin(0, 0, 100, 100)
  crowds.add(5, 5, 0)
  crowds.begin(0, 0, 90, 90)
  expect(crowdsOf(crowds)).toEqual([])
  crowds.begin(0, 0, 2_000, 2_000)
  crowds.add(1_990, 1_990, SOS)
  expect(crowdsOf(crowds).map(({ count, sos }) => [count, sos])).toEqual([[1, 1]])
})

test('a crowd’s count fits its disc, and its disc its square', () => {
  expect([1, 999, 1_000, 1_290, 9_999, 15_000].map(crowdLabel)).toEqual(['1', '999', '1k', '1.2k', '9.9k', '15k'])
  for (const count of [1, 10, 1_000, 15_000]) expect(crowdRadius(count) * 2).toBeLessThan(CROWD_PX)
  expect(crowdRadius(100)).toBeGreaterThan(crowdRadius(10))
})

const [RED, GREEN] = [0xff0000ff | 0, 0xff00ff00 | 0]

test('a stamp is put where it belongs, and what is clear in it stays clear', () => {
  const sheet = { data: Int32Array.from([RED, 0, GREEN, 0, 0, RED, 0, GREEN]), width: 4, height: 2 }
  const stamps = cutStamps(sheet, 2, 5)
  expect(stamps.length).toBe(2)
  const picture = new Int32Array(5 * 3)
  stampOn(picture, stamps[0] as (typeof stamps)[number], 6)
  expect([...picture]).toEqual([0, 0, 0, 0, 0, 0, RED, 0, 0, 0, 0, 0, RED, 0, 0])
})

test('a soft edge lets what is below shine through', () => {
  const half = 0x80ffffff | 0
  expect(over(half, 0xff000000 | 0)).toBe(0xff808080 | 0)
  const picture = new Int32Array(1)
  const [soft] = cutStamps({ data: Int32Array.from([half]), width: 1, height: 1 }, 1, 1)
  stampOn(picture, soft as NonNullable<typeof soft>, 0)
  expect(picture[0]).toBe(half)
})

test('mixing is the same as anybody’s, whatever is below', () => {
  const colour = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })))
  const pack = ([r, g, b, a]: number[]) =>
    ((a as number) << 24) | ((b as number) << 16) | ((g as number) << 8) | (r as number)
  fc.assert(
    fc.property(colour, colour, (ink, below) => {
      const [a, under] = [(ink[3] as number) / 255, (below[3] as number) / 255]
      fc.pre(a > 0)
      const opacity = a + under * (1 - a)
      const mixed = over(pack(ink), pack(below))
      for (const [channel, shift] of [0, 8, 16].entries()) {
        const wanted = ((ink[channel] as number) * a + (below[channel] as number) * under * (1 - a)) / opacity
        expect(Math.abs(((mixed >>> shift) & 255) - wanted)).toBeLessThanOrEqual(1)
      }
      expect(Math.abs((mixed >>> 24) - opacity * 255)).toBeLessThanOrEqual(1)
    }),
  )
})

test('stamping goes from north to south, each vehicle once, and neighbours in the order in which they came', () => {
  const order = new Uint32Array(6)
  orderByBand([90, 3, 40, 5, -7, 400], 6, 100, order)
  expect([...order]).toEqual([1, 3, 4, 2, 0, 5])
  orderByBand([50, 2], 2, 100, order)
  expect([...order.subarray(0, 2)]).toEqual([1, 0])
})

const NCR = { south: 14, west: 120, north: 15, east: 122 }

test('the list names those in view, nearest to the middle first, and says how many there are', () => {
  const fleet = new Fleet()
  const put = (index: number, lat: number, lng: number) => fleet.put(0, index, lat, lng, 0, 0, 0, 0, 0)
  put(1, 14.9, 121)
  put(2, 14.5, 121.01)
  put(3, 16, 121)
  put(4, 14.6, 121)
  const { slots, total } = inView(fleet, NCR, 2)
  expect(slots.map((slot) => fleet.keyOf(slot).index)).toEqual([2, 4])
  expect([total, countInView(fleet, NCR)]).toEqual([3, 3])
})

test('what is not known is a dash, never a zero', () => {
  const fleet = new Fleet()
  fleet.put(0, 1, 14, 121, UNKNOWN, UNKNOWN, 2, 75, 0)
  fleet.put(0, 2, 14, 121, 45, 10, 0, 5, 0)
  expect(describe(fleet, 0, 0, t('en'))).toEqual({
    status: 'silent',
    words: 'silent',
    heading: '–',
    speed: '–',
    age: '1 min',
  })
  expect(describe(fleet, 1, 2_000, t('fil'))).toEqual({
    status: 'moving',
    words: 'umaandar',
    heading: 'silangan',
    speed: '36 km/h',
    age: '7 s',
  })
})

test('every status has a letter of its own in every language', () => {
  for (const lang of LANGS) expect(new Set(Object.values(lettersIn(t(lang)))).size).toBe(DOT_STATUS.length)
})

test('doubts are said in words, also one that this page does not know', () => {
  expect(doubtsInWords([], t('en'))).toBeNull()
  expect(doubtsInWords(['mocked', 'teleported'], t('en'))).toBe('may be faked, teleported')
})
