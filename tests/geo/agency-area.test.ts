// Whose area a vehicle is in, and whose it drives into.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { agencyAreas, LOOK_AHEAD_M } from '../../src/geo/agency-area'

test('northbound over Guadalupe Bridge it leaves Makati for Mandaluyong, and how soon', () => {
  const { now, next } = agencyAreas({ lat: 14.5625, lng: 121.042, headingDeg: 30, speedMps: 10 })
  expect(now?.municipality).toBe('Makati')
  expect(next?.municipality).toBe('Mandaluyong')
  expect(next?.inM).toBeGreaterThan(300)
  expect(next?.inM).toBeLessThan(1_300)
  expect(next?.inS).toBe((next?.inM ?? 0) / 10)
})

test('the other way it stays, and standing it goes nowhere', () => {
  const middle = { lat: 14.6515, lng: 121.0493 }
  expect(agencyAreas({ ...middle, headingDeg: 0, speedMps: 15 })).toMatchObject({
    now: { municipality: 'Quezon City' },
    next: null,
  })
  expect(agencyAreas({ lat: 14.5625, lng: 121.042, headingDeg: 30, speedMps: 0.5 }).next).toBeNull()
  expect(agencyAreas({ lat: 14.5625, lng: 121.042 }).next).toBeNull()
})

test('at the border both are named', () => {
  const { now } = agencyAreas({ lat: 14.5895, lng: 121.059 })
  expect([now?.municipality, now?.orElse].sort()).toEqual(['Mandaluyong', 'Quezon City'])
})

test('nowhere has no agency', () => {
  expect(agencyAreas({ lat: 0, lng: 0, headingDeg: 0, speedMps: 30 })).toEqual({ now: null, next: null })
  expect(agencyAreas({ lat: Number.NaN, lng: 0 })).toEqual({ now: null, next: null })
})

test('next is never the same as now, and never farther than the look ahead', () => {
  const at = fc.record({
    lat: fc.double({ min: 14.4, max: 14.75, noNaN: true }),
    lng: fc.double({ min: 120.95, max: 121.12, noNaN: true }),
    headingDeg: fc.double({ min: 0, max: 359, noNaN: true }),
    speedMps: fc.double({ min: 0, max: 40, noNaN: true }),
  })
  fc.assert(
    fc.property(at, (moving) => {
      const { now, next } = agencyAreas(moving)
      if (!next) return
      expect(next.municipality).not.toBe(now?.municipality as string)
      expect(next.inM > 0 && next.inM <= LOOK_AHEAD_M).toBe(true)
    }),
    { numRuns: 60 },
  )
})
