// How vehicles move, age and are projected on the map.

import { expect, test } from 'bun:test'
import { ageStep, RING_LIMIT_M, ringM } from '../../views/client/map/vehicles/ageing'
import { Fleet } from '../../views/client/map/vehicles/fleet'
import { latOf, lngOf, mercatorX, mercatorY, metresPerUnit, worldPx } from '../../views/client/map/vehicles/mercator'
import { MOTION_MS, remaining } from '../../views/client/map/vehicles/motion'
import { checkLine, nextTry } from '../../views/client/map/vehicles/retry'

const put = (fleet: Fleet, lat: number, lng: number, now: number) => fleet.put(0, 1, lat, lng, 0, 9, 0, 0, now)

/** Where the only vehicle is shown, as the layer reckons it. */
function shown(fleet: Fleet, now: number): { lat: number; lng: number } {
  const { x, y, backX, backY, movedAt } = fleet.at
  const left = remaining(now, movedAt[0] as number, fleet.still)
  return {
    lat: latOf((y[0] as number) + (backY[0] as number) * left),
    lng: lngOf((x[0] as number) + (backX[0] as number) * left),
  }
}

test('a vehicle glides evenly from its old fix to its new one within a second, and rests there', () => {
  const fleet = new Fleet()
  put(fleet, 14.6, 121, 0)
  put(fleet, 14.6, 121.001, 5_000)
  expect(shown(fleet, 5_000).lng).toBeCloseTo(121, 6)
  expect(shown(fleet, 5_000 + MOTION_MS / 2).lng).toBeCloseTo(121.0005, 6)
  expect(shown(fleet, 5_000 + MOTION_MS).lng).toBeCloseTo(121.001, 6)
  expect(shown(fleet, 60_000).lng).toBeCloseTo(121.001, 6)
})

test('a fix that comes early does not make it jump: it goes on from where it is shown', () => {
  const fleet = new Fleet()
  put(fleet, 14.6, 121, 0)
  put(fleet, 14.6, 121.001, 1_000)
  const before = shown(fleet, 1_400).lng
  put(fleet, 14.6, 121.002, 1_400)
  expect(shown(fleet, 1_400).lng).toBeCloseTo(before, 6)
})

test('the same fix said again does not move anything', () => {
  const fleet = new Fleet()
  put(fleet, 14.6, 121, 0)
  put(fleet, 14.6, 121, 9_000)
  expect(fleet.movedAt).toBe(Number.NEGATIVE_INFINITY)
})

test('the first fix and a leap are shown where they are, at once', () => {
  const fleet = new Fleet()
  put(fleet, 14.6, 121, 0)
  expect(shown(fleet, 0).lng).toBeCloseTo(121, 6)
  put(fleet, 14.7, 121, 1_000)
  expect(shown(fleet, 1_000).lat).toBeCloseTo(14.7, 6)
})

test('where nothing may move, a vehicle stands at its last fix', () => {
  const fleet = new Fleet()
  fleet.still = true
  put(fleet, 14.6, 121, 0)
  put(fleet, 14.6, 121.001, 1_000)
  expect(shown(fleet, 1_001).lng).toBeCloseTo(121.001, 6)
})

test('a slot that was somebody else before has no way behind it', () => {
  const fleet = new Fleet()
  put(fleet, 14.6, 121, 0)
  put(fleet, 14.6, 121.001, 1_000)
  fleet.remove(0, 1)
  fleet.put(0, 2, 14.5, 120.9, 0, 0, 0, 0, 1_100)
  expect(shown(fleet, 1_100).lng).toBeCloseTo(120.9, 6)
})

test('a dot is solid when fresh, faded when older, hollow after a minute', () => {
  expect([0, 19, 21, 60, 61, 5_000].map(ageStep)).toEqual([0, 0, 1, 1, 2, 2])
})

test('the ring begins after a minute, grows with time and speed, and ends where it would say nothing', () => {
  expect(ringM(60, 20)).toBe(0)
  expect(ringM(70, 20)).toBe(200)
  expect(ringM(80, 20)).toBe(400)
  expect(ringM(70, null)).toBe(40)
  expect(ringM(70, 0)).toBe(40)
  expect(ringM(65_000, 20)).toBe(RING_LIMIT_M)
})

test('the projection is the web map’s own: known points, and back again', () => {
  expect([mercatorX(0), mercatorY(0)]).toEqual([0.5, 0.5])
  expect(mercatorY(85.0511287798)).toBeCloseTo(0, 9)
  // Leaflet: CRS.EPSG3857.latLngToPoint([14.6, 121], 10).
  expect(mercatorX(121) * worldPx(10)).toBeCloseTo(219_181.511, 2)
  expect(latOf(mercatorY(14.6))).toBeCloseTo(14.6, 9)
  expect(lngOf(mercatorX(121))).toBeCloseTo(121, 9)
  const degreeM = (mercatorX(122) - mercatorX(121)) * metresPerUnit(mercatorY(14.6))
  expect(degreeM).toBeCloseTo(111_319.5 * Math.cos((14.6 * Math.PI) / 180), -1)
})

test('the map asks again soon at first, and patiently later', () => {
  expect(nextTry(0, 0)).toBeLessThanOrEqual(250)
  expect(nextTry(6, 1)).toBeLessThanOrEqual(5_000)
  expect(nextTry(50, 1)).toBe(20_000)
  expect(nextTry(50, 0)).toBe(10_000)
})

test('a silent line is asked first and dropped later', () => {
  expect([0, 30_001, 45_001].map((now) => checkLine(0, now))).toEqual(['fine', 'ask', 'drop'])
})
