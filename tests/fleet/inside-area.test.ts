import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Corner, contains } from '../../src/domain/fence'
import { insideArea } from '../../src/fleet/inside-area'
import type { Known } from '../../src/fleet/known'
import { newKnown } from '../../src/fleet/known'
import { inManila, NOON } from '../support/made-up'

const BOX: Corner[] = [
  [14.6, 120.98],
  [14.6, 121],
  [14.62, 121],
  [14.62, 120.98],
]
const at = (lat: number, lng: number, changes: Partial<Known> = {}, accuracyM: number | null = 8): Known => ({
  ...newKnown(`${lat},${lng}`, 'NCR', 0),
  shown: { position: { ...inManila, lat, lng, accuracyM }, at: NOON },
  ...changes,
})
const found = (...devices: Known[]) => insideArea(devices, BOX).map(({ deviceId }) => deviceId)

test('holds whoever is on the map in it, or may be', () => {
  expect(found(at(14.61, 120.99), at(14.63, 120.99))).toEqual(['14.61,120.99'])
  expect(found(at(14.61, 120.99, { standing: 'silent' }))).toHaveLength(1)
  // 50 m from its border: a phone that is exact to 80 m may be in it, one that is exact to 8 m is not.
  expect(found(at(14.62045, 120.99, {}, 80), at(14.62045, 120.98, {}, 8))).toEqual(['14.62045,120.99'])
  // A fix that knows only the city is taken for what the map shows.
  expect(found(at(14.65, 120.99, {}, 20_000))).toEqual([])
})

test('holds nobody who is off the map', () => {
  expect(found(at(14.61, 120.99, { standing: 'away' }), at(14.61, 120.99, { shown: null }))).toEqual([])
})

test('never misses a place inside, wherever it is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 14.59, max: 14.63, noNaN: true }),
      fc.double({ min: 120.97, max: 121.01, noNaN: true }),
      (lat, lng) => {
        if (contains({ polygon: BOX }, { lat, lng })) expect(found(at(lat, lng))).toHaveLength(1)
      },
    ),
  )
})
