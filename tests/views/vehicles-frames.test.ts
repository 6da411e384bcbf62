// Frames go into columns as the codec of the domain says, and a shard's new epoch or snapshot forgets what was.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { DOT_STATUS, type Dot, decodeFrame, encodeFrame, type MapFrame } from '../../src/domain/map-frame'
import { Fleet, UNKNOWN } from '../../views/client/map/vehicles/fleet'
import { FrameReader } from '../../views/client/map/vehicles/frames'

const NOW = 1_000_000
const dot = (index: number, over: Partial<Dot> = {}): Dot => ({
  index,
  lat: 14.6,
  lng: 121,
  headingDeg: 90,
  speedMps: 9,
  status: 'moving',
  ageS: 3,
  ...over,
})

function screen() {
  const fleet = new Fleet()
  const reader = new FrameReader(fleet)
  const take = (frame: MapFrame, { shard = 0, now = NOW } = {}) => reader.take(shard, encodeFrame(frame), now)
  return { fleet, reader, take }
}

/** What the columns hold, as the domain would say it. */
const dotsOf = (fleet: Fleet, now = NOW): Dot[] =>
  Array.from({ length: fleet.count }, (_, slot): Dot => {
    const [heading, speed] = [fleet.at.heading[slot] as number, fleet.at.speed[slot] as number]
    const { lat, lng } = fleet.latLng(slot)
    return {
      index: fleet.at.index[slot] as number,
      lat: Math.round(lat * 1e5) / 1e5,
      lng: Math.round(lng * 1e5) / 1e5,
      headingDeg: heading === UNKNOWN ? null : heading * 2,
      speedMps: speed === UNKNOWN ? null : speed,
      status: DOT_STATUS[fleet.at.status[slot] as number] as Dot['status'],
      ageS: fleet.ageS(slot, now),
    }
  }).sort((a, b) => a.index - b.index)

const anyDot = fc.record({
  index: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lng: fc.double({ min: -179, max: 179, noNaN: true }),
  headingDeg: fc.option(fc.double({ min: 0, max: 359.9, noNaN: true }), { nil: null }),
  speedMps: fc.option(fc.integer({ min: 0, max: 254 }), { nil: null }),
  status: fc.constantFrom(...DOT_STATUS),
  ageS: fc.integer({ min: 0, max: 65_534 }),
})

test('what the columns hold of a frame is what the domain reads in it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyDot, { selector: ({ index }) => index, maxLength: 60 }), (dots) => {
      const bytes = encodeFrame({ t: 'snapshot', epoch: 7, seq: 3, dots })
      const { fleet, reader } = screen()
      expect(reader.take(0, bytes, NOW)).toEqual({ t: 'snapshot', epoch: 7, seq: 3 })
      const read = decodeFrame(bytes)
      const plain = (each: Dot): Dot => ({ ...each, lat: each.lat + 0, lng: each.lng + 0 })
      const expected = read && 'dots' in read ? [...read.dots].sort((a, b) => a.index - b.index) : []
      // A zero has two signs, which is nothing to a map.
      expect(dotsOf(fleet).map(plain)).toEqual(expected.map(plain))
    }),
  )
})

test('a snapshot forgets who is not in it, and nobody of another shard', () => {
  const { fleet, take } = screen()
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(1), dot(2), dot(3)] })
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(2)] }, { shard: 1 })
  take({ t: 'snapshot', epoch: 1, seq: 2, dots: [dot(3), dot(4)] })
  expect(dotsOf(fleet).map(({ index }) => index)).toEqual([2, 3, 4])
  expect([1, 2, 3, 4].map((index) => fleet.slotOf({ shard: 0, index }) >= 0)).toEqual([false, false, true, true])
  expect(fleet.slotOf({ shard: 1, index: 2 })).toBeGreaterThanOrEqual(0)
})

test('moved changes who is named and leaves the others alone', () => {
  const { fleet, take } = screen()
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(1), dot(2)] })
  take({ t: 'moved', epoch: 1, seq: 2, dots: [dot(2, { status: 'sos', lat: 14.7 })] })
  expect(dotsOf(fleet).map(({ index, status, lat }) => [index, status, lat])).toEqual([
    [1, 'moving', 14.6],
    [2, 'sos', 14.7],
  ])
})

test('gone takes them off, and all others can still be found', () => {
  const { fleet, take } = screen()
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(1), dot(2), dot(3), dot(4)] })
  take({ t: 'gone', epoch: 1, seq: 2, indexes: [1, 3, 99] })
  expect(dotsOf(fleet).map(({ index }) => index)).toEqual([2, 4])
  for (const index of [2, 4]) expect(fleet.keyOf(fleet.slotOf({ shard: 0, index }))).toEqual({ shard: 0, index })
})

test('a new epoch forgets all of its shard, whatever frame or word it comes with', () => {
  const { fleet, reader, take } = screen()
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(1), dot(2)] })
  take({ t: 'snapshot', epoch: 5, seq: 1, dots: [dot(8)] }, { shard: 1 })
  take({ t: 'moved', epoch: 2, seq: 1, dots: [dot(7)] })
  expect(dotsOf(fleet).map(({ index }) => index)).toEqual([7, 8])
  reader.enter(0, 3)
  expect(dotsOf(fleet).map(({ index }) => index)).toEqual([8])
  reader.enter(1, 5)
  expect(fleet.count).toBe(1)
})

test('what is no frame of this version changes nothing', () => {
  const { fleet, reader, take } = screen()
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(1)] })
  const other = encodeFrame({ t: 'snapshot', epoch: 9, seq: 2, dots: [] })
  new DataView(other).setUint8(1, 2)
  const strange = encodeFrame({ t: 'snapshot', epoch: 9, seq: 2, dots: [] })
  new DataView(strange).setUint8(0, 7)
  const cut = encodeFrame({ t: 'snapshot', epoch: 9, seq: 2, dots: [dot(5)] }).slice(0, -1)
  for (const bytes of [new ArrayBuffer(0), new ArrayBuffer(11), other, strange, cut]) {
    expect(reader.take(0, bytes, NOW)).toBeNull()
  }
  expect(dotsOf(fleet).map(({ index }) => index)).toEqual([1])
})

test('a status that this page does not know is shown as silent, never as well', () => {
  const { fleet, reader } = screen()
  const bytes = encodeFrame({ t: 'snapshot', epoch: 1, seq: 1, dots: [dot(1)] })
  new DataView(bytes).setUint8(12 + 14, 200)
  reader.take(0, bytes, NOW)
  expect(dotsOf(fleet)[0]?.status).toBe('silent')
})

test('fifteen thousand find room, and leave it', () => {
  const { fleet, take } = screen()
  take({ t: 'snapshot', epoch: 1, seq: 1, dots: Array.from({ length: 15_000 }, (_, n) => dot(n * 3)) })
  expect(fleet.count).toBe(15_000)
  expect(fleet.keyOf(fleet.slotOf({ shard: 0, index: 44_997 }))).toEqual({ shard: 0, index: 44_997 })
  take({ t: 'snapshot', epoch: 1, seq: 2, dots: [] })
  expect(fleet.count).toBe(0)
})
