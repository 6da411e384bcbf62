import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { readClock } from '../../src/ingest/clock'

const AT = Date.UTC(2026, 7, 24, 5, 5, 0)

test.each([
  ['2026-08-24T05:05:00Z', AT, false],
  ['2026-08-24T05:05:00.862Z', AT + 862, false],
  ['2026-08-24T13:05:00+08:00', AT, false],
  ['2026-08-24T13:05:00+0800', AT, false],
  ['2026-08-24T13:05:00 08:00', AT, false],
  ['2026-08-23T21:05:00-0800', AT, false],
  ['2026-08-24T05:05:00.000+00:00', AT, false],
  ['2026-08-24T05:05:00', AT, true],
  ['2026-08-24 05:05:00', AT, true],
  ['2026-08-24T05:04:60Z', AT, false],
  [AT, AT, false],
  [AT / 1000, AT, false],
  [`${AT}`, AT, false],
  [`${AT / 1000}`, AT, false],
  [`${AT / 1000}.250`, AT + 250, false],
])('%p is a time', (text, at, local) => {
  expect(readClock(text)).toEqual({ at, local })
})

test.each([
  '',
  'now',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '1',
  -5,
  0,
  Number.NaN,
  1e20,
  null,
  {},
  '12:00',
  true,
])('%p is none', (text) => {
  expect(readClock(text)).toBeNull()
})

test('every time that a program writes is read as it was meant', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-02'), max: new Date('2099-12-30'), noInvalidDate: true }), (date) => {
      expect(readClock(date.toISOString())).toEqual({ at: date.getTime(), local: false })
    }),
  )
})
