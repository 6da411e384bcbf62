import { describe, expect, test } from 'bun:test'
import { migrate } from '../../src/durable/storage'
import { nextAlarm, TIMER_SET_AT, TIMER_TABLE, Timers } from '../../src/durable/timers'
import { memoryStorage } from '../support/storage'

function timersAt(start: number) {
  let now = start
  const storage = memoryStorage()
  migrate(storage, [TIMER_TABLE, TIMER_SET_AT])
  const timers = new Timers(storage, () => now)
  return { timers, storage, to: (at: number) => (now = at) }
}

describe('timers', () => {
  test('one kind and key has one timer, and setting it again moves it', () => {
    const { timers, to } = timersAt(1000)
    timers.set('expire', 'a', 2000)
    timers.set('expire', 'a', 5000)
    to(4000)
    expect(timers.due()).toEqual([])
    to(5000)
    expect(timers.due()).toEqual([{ kind: 'expire', key: 'a', due: 5000 }])
  })

  test('what is due comes longest overdue first, and stays until it is removed', () => {
    const { timers, to } = timersAt(1000)
    timers.set('b', '2', 1200)
    timers.set('a', '1', 1100)
    to(1300)
    expect(timers.due().map(({ kind }) => kind)).toEqual(['a', 'b'])
    expect(timers.due(1).map(({ kind }) => kind)).toEqual(['a'])
    for (const timer of timers.due()) timers.remove(timer)
    expect(timers.due()).toEqual([])
    expect(timers.earliest()).toBeNull()
  })

  test('removing a fired timer leaves the one that its work set anew', () => {
    const { timers, to } = timersAt(1000)
    timers.set('again', '', 1100)
    to(1200)
    const [fired] = timers.due()
    timers.set('again', '', 9000)
    if (fired) timers.remove(fired)
    expect(timers.get('again', '')).toBe(9000)
  })

  test('a cancelled timer does not fire', () => {
    const { timers, to } = timersAt(0)
    timers.set('a', '', 10)
    timers.cancel('a', '')
    to(20)
    expect(timers.due()).toEqual([])
  })
})

describe('a clock that was set back', () => {
  const HOUR = 3_600_000

  test('is seen by how far it went, once, and over a restart', () => {
    const { timers, to, storage } = timersAt(10 * HOUR)
    timers.set('a', '', 10 * HOUR + 20_000)
    to(10 * HOUR + 5_000)
    expect(timers.setBackBy()).toBe(0)
    to(9 * HOUR)
    expect(new Timers(storage, () => 9 * HOUR).setBackBy()).toBe(HOUR)
    expect(timers.setBackBy()).toBe(HOUR + 5_000)
    timers.turnBack(HOUR + 5_000)
    expect(timers.setBackBy()).toBe(0)
    expect(timers.get('a', '')).toBe(9 * HOUR + 15_000)
  })

  test('by a few seconds is none', () => {
    const { timers, to } = timersAt(10 * HOUR)
    expect(timers.setBackBy()).toBe(0)
    to(10 * HOUR - 5_000)
    expect(timers.setBackBy()).toBe(0)
  })

  test('takes waits along, and what was set by the hour that is no more; an hour of the day that was set before stays', () => {
    const { timers, to } = timersAt(HOUR)
    timers.set('tomorrow', '', 30 * HOUR)
    to(10 * HOUR)
    timers.set('wait', '', 10 * HOUR + 60_000)
    timers.set('long', '', 14 * HOUR)
    to(10 * HOUR + 30_000)
    timers.turnBack(20_000)
    expect(timers.get('wait', '')).toBe(10 * HOUR + 40_000)
    expect(timers.get('long', '')).toBe(14 * HOUR)
    to(9 * HOUR)
    timers.turnBack(HOUR)
    expect(timers.get('long', '')).toBe(13 * HOUR)
    expect(timers.get('tomorrow', '')).toBe(30 * HOUR)
  })
})

describe('the next alarm', () => {
  test('is none without timers', () => expect(nextAlarm([], 100, null)).toBeNull())
  test('is the earliest timer', () => expect(nextAlarm([{ due: 900 }, { due: 500 }], 100, null)).toBe(500))
  test('is never in the past or now', () => {
    expect(nextAlarm([{ due: 50 }], 100, null)).toBe(101)
    expect(nextAlarm([{ due: 100 }], 100, null)).toBe(101)
  })
  test('stays where one as early is set', () => {
    expect(nextAlarm([{ due: 500 }], 100, 500)).toBeNull()
    expect(nextAlarm([{ due: 500 }], 100, 300)).toBeNull()
  })
  test('waits for company, and then no longer', () => {
    expect(nextAlarm([{ due: 50 }], 100, null, 180)).toBe(180)
    expect(nextAlarm([{ due: 500 }], 100, null, 180)).toBe(500)
    expect(nextAlarm([{ due: 50 }], 100, 180, 180)).toBeNull()
  })
  test('moves forward from a later one', () => expect(nextAlarm([{ due: 500 }], 100, 800)).toBe(500))
  test('is set anew where the present one is past, for such an alarm never fires', () => {
    expect(nextAlarm([{ due: 500 }], 100, 90)).toBe(500)
    expect(nextAlarm([{ due: 500 }], 100, 100)).toBe(500)
  })
})
