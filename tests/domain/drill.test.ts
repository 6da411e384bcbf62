// When drills begin by themselves, whom they take, and what they tell.

import { describe, expect, test } from 'bun:test'
import { hasPassed, refOf, type Trial } from '../../src/domain/drill'
import { hasMoved, isDriving } from '../../src/domain/drill-press'
import { reportOf } from '../../src/domain/drill-report'
import { nextOf, pick } from '../../src/domain/drill-schedule'
import { askInWords, worksInWords } from '../../src/domain/drill-words'
import { inManila, NOON } from '../support/made-up'

const DAY = 86_400_000
const manila = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16)

describe('a weekly time', () => {
  test('is the next one in Manila, also over midnight there and when it is just now', () => {
    // NOON is Sunday, 22 November, 12:00 in Manila.
    expect(manila(nextOf({ day: 1, time: '09:30' }, NOON))).toBe('2026-11-23T09:30')
    expect(manila(nextOf({ day: 7, time: '12:00' }, NOON))).toBe('2026-11-29T12:00')
    expect(manila(nextOf({ day: 7, time: '12:01' }, NOON))).toBe('2026-11-22T12:01')
    expect(manila(nextOf({ day: 7, time: '00:10' }, NOON))).toBe('2026-11-29T00:10')
    expect(manila(nextOf({ day: 1, time: '00:10' }, NOON))).toBe('2026-11-23T00:10')
  })
})

describe('whom it takes', () => {
  const all = [
    { id: 'a', testedAt: 5 },
    { id: 'b', testedAt: null },
    { id: 'c', testedAt: 1 },
    { id: 'd', testedAt: null },
    { id: 'e', testedAt: 9 },
  ]
  test('are those who waited longest, never tested before all', () => {
    expect(pick(all, { share: 0.6, everybody: false })).toEqual(['b', 'd', 'c'])
    expect(pick(all, { share: 0.01, everybody: false })).toEqual(['b'])
    expect(pick([], { share: 1, everybody: true })).toEqual([])
  })
  test('are so many that four weeks reach everybody, where that is wanted', () => {
    const many = Array.from({ length: 103 }, (_, n) => ({ id: `d${n}`, testedAt: null as number | null }))
    for (let week = 0; week < 4; week++)
      for (const id of pick(many, { share: 0.05, everybody: true })) {
        const one = many.find((each) => each.id === id)
        if (one) one.testedAt = week * 7 * DAY
      }
    expect(many.filter(({ testedAt }) => testedAt === null)).toEqual([])
  })
})

const trial = (changes: Partial<Trial>): Trial => ({
  drillId: 'x',
  kind: 'driver',
  subject: 'device:a',
  name: 'A',
  state: 'over',
  at: NOON,
  until: NOON,
  outcome: 'passed',
  why: null,
  tookMs: 1_000,
  endedAt: NOON,
  person: null,
  pageId: null,
  app: null,
  client: null,
  channel: null,
  provider: null,
  fix: null,
  place: null,
  press: null,
  ...changes,
})

test('a report counts what says something, by week, app, person and channel, the worst first', () => {
  const report = reportOf(
    [
      trial({ app: 'TraccarClient 9.6' }),
      trial({ subject: 'device:b', app: 'TraccarClient 10.0', outcome: 'no_alarm', tookMs: null }),
      trial({ subject: 'device:c', client: 'owntracks', outcome: 'became_real', tookMs: 3_000, at: NOON - 8 * DAY }),
      trial({ subject: 'device:d', outcome: 'called_off', tookMs: null }),
      trial({ kind: 'duty', subject: 'contact:l', name: 'Liza', channel: 'voice', provider: 'twilio', tookMs: 9_000 }),
      trial({ at: NOON - 300 * DAY, outcome: 'silent' }),
    ],
    [
      { kind: 'driver', id: 'a', name: 'A', testedAt: NOON - 29 * DAY },
      { kind: 'driver', id: 'z', name: 'Z', testedAt: NOON - 31 * DAY },
      { kind: 'duty', id: 'y', name: 'Y', testedAt: null },
    ],
    NOON,
  )
  expect(report.all).toMatchObject({ tried: 4, passed: 3, medianMs: 3_000, fails: { no_alarm: 1 } })
  expect(report.weeks).toHaveLength(8)
  expect(report.weeks.slice(-2)).toMatchObject([
    { key: '2026-11-09', tried: 1 },
    { key: '2026-11-16', tried: 3 },
  ])
  expect(report.apps.map(({ name, passed, tried }) => [name, passed, tried])).toEqual([
    ['TraccarClient 10.0', 0, 1],
    ['owntracks', 1, 1],
    ['TraccarClient 9.6', 1, 1],
  ])
  expect(report.people).toMatchObject([{ key: 'l', name: 'Liza', tried: 1 }])
  expect(report.channels).toMatchObject([{ name: 'voice twilio', tried: 1 }])
  expect(report.untested.map(({ id }) => id)).toEqual(['y', 'z'])
})

test('a drill has passed where all who say something did; nobody says nothing', () => {
  expect(hasPassed([trial({}), trial({ outcome: 'called_off' })])).toBe(true)
  expect(hasPassed([trial({}), trial({ outcome: 'silent' })])).toBe(false)
  expect(hasPassed([trial({ outcome: 'moving' })])).toBeNull()
  expect(refOf(3)).toBe('D03')
})

test('a place has moved by its distance or its speed; an old or missing one says nothing', () => {
  const stands = { ...inManila, speedMps: 0 }
  expect(hasMoved(inManila, stands)).toBe(false)
  expect(hasMoved(inManila, { ...stands, lat: stands.lat + 0.0025 })).toBe(true)
  expect(hasMoved(inManila, { ...stands, speedMps: 3 })).toBe(true)
  expect(hasMoved(null, { ...stands, speedMps: null })).toBe(true)
  expect(hasMoved(null, stands)).toBe(false)
  expect(hasMoved(inManila, null)).toBe(false)
  expect(hasMoved(inManila, { ...stands, speedMps: 20, doubts: ['stale'] })).toBe(false)
  expect(isDriving(inManila, NOON)).toBe(true)
  expect(isDriving(inManila, NOON + 10 * 60_000)).toBe(false)
})

test('the words of a driver’s drill are plain GSM-7, with the time until which to press', () => {
  for (const lang of ['en', 'fil'] as const) {
    expect(askInWords(lang, NOON)).toContain('12:00')
    expect(askInWords(lang, NOON) + worksInWords(lang)).toMatch(/^[\x20-\x7e]+$/)
  }
})
