// Distances and directions: what is known of the earth, and what must hold everywhere on it.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { ahead, around, bearing, haversine, turnBetween, windOf } from '../../src/geo/distance'

const MANILA = { lat: 14.5995, lng: 120.9842 }
const CEBU = { lat: 10.3157, lng: 123.8854 }
const place = fc.record({
  lat: fc.double({ min: -80, max: 80, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
})
const angle = fc.double({ min: -1_000, max: 1_000, noNaN: true })

test('Manila to Cebu is 571 km, to the south-east', () => {
  expect(haversine(MANILA, CEBU) / 1_000).toBeCloseTo(571, 0)
  expect(windOf(bearing(MANILA, CEBU))).toBe('se')
  expect(windOf(bearing(CEBU, MANILA))).toBe('nw')
})

test('a degree of latitude is 111.2 km', () => {
  expect(haversine({ lat: 14, lng: 121 }, { lat: 15, lng: 121 })).toBeCloseTo(111_195, -1)
})

test('the way there is as long as the way back, and never negative or NaN', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const there = haversine(a, b)
      expect(there).toBeGreaterThanOrEqual(0)
      expect(Math.abs(there - haversine(b, a))).toBeLessThan(1e-3)
    }),
  )
})

test('going somewhere and measuring it gives what was gone, in its direction', () => {
  fc.assert(
    fc.property(
      place,
      fc.double({ min: 0, max: 359.99, noNaN: true }),
      fc.double({ min: 10, max: 50_000, noNaN: true }),
      (from, way, far) => {
        const there = ahead(from, way, far)
        expect(haversine(from, there)).toBeCloseTo(far, 1)
        expect(turnBetween(bearing(from, there), way)).toBeLessThan(0.1)
      },
    ),
  )
})

test('every angle has one wind, and whole turns change nothing', () => {
  fc.assert(
    fc.property(angle, (degrees) => {
      const within = around(degrees)
      expect(within >= 0 && within < 360).toBe(true)
    }),
  )
  expect([0, 22, 23, 90, 202, 203, 337, 338, 360, -45, 720].map(windOf)).toEqual([
    'n',
    'n',
    'ne',
    'e',
    's',
    'sw',
    'nw',
    'n',
    'n',
    'nw',
    'n',
  ])
  expect(around(-1e-300)).toBe(0)
  expect(turnBetween(350, 10)).toBe(20)
  expect(turnBetween(10, 190)).toBe(180)
})
