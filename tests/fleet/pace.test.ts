import { describe, expect, test } from 'bun:test'
import { migrate } from '../../src/durable/storage'
import { Paces } from '../../src/fleet/pace'
import { FLEET_MIGRATIONS } from '../../src/fleet/schema'
import { memoryStorage } from '../support/storage'
import { north, openFleet } from './bench'

function shard() {
  const storage = memoryStorage()
  migrate(storage, FLEET_MIGRATIONS)
  return storage
}

const NOON = 1_755_930_000_000
const open = (...ids: string[]) => ({ until: {}, open: ids })
const until = (at: number) => ({ until: { a: at }, open: [] })

describe('a device that was asked for faster fixes', () => {
  test('is told back twice when its incident is over, and is then left alone', () => {
    const paces = new Paces(shard())
    paces.replace(open('a'))
    expect(paces.of('a', NOON)).toBe('faster')
    paces.said('a', 'faster')
    paces.replace(open())
    expect(paces.of('a', NOON)).toBe('normal')
    paces.said('a', 'normal')
    expect(paces.of('a', NOON)).toBe('normal')
    paces.said('a', 'normal')
    expect(paces.of('a', NOON)).toBeNull()
  })

  test('because it pressed is told back at that time by the clock alone, though no room says anything', () => {
    const paces = new Paces(shard())
    paces.replace(until(NOON))
    paces.said('a', 'faster')
    expect(paces.of('a', NOON - 1)).toBe('faster')
    expect(paces.of('a', NOON)).toBe('normal')
  })

  test('because it pressed goes on after that while its incident is open and lets it', () => {
    const paces = new Paces(shard())
    paces.replace({ ...until(NOON), open: ['a'] })
    expect([NOON - 1, NOON, NOON + 1].map((now) => paces.of('a', now))).toEqual(['faster', 'faster', 'faster'])
  })

  test('is told back by a shard that was born anew, but not before its room has spoken', () => {
    const storage = shard()
    const before = new Paces(storage)
    before.replace(open('a'))
    before.said('a', 'faster')
    const paces = new Paces(storage)
    expect(paces.of('a', NOON)).toBeNull()
    paces.replace(open('a'))
    expect(paces.of('a', NOON)).toBe('faster')
    paces.replace(open())
    expect(paces.of('a', NOON)).toBe('normal')
  })

  test('that was never told anything has nothing taken back', () => {
    const paces = new Paces(shard())
    paces.replace(open('a'))
    paces.replace(open())
    expect(paces.of('a', NOON)).toBeNull()
  })
})

describe('a shard', () => {
  test('answers a report with what its devices should be told, and only of those', async () => {
    const { fleet, report } = openFleet()
    await fleet.watch(['a', 'b'], {}, ['a'])
    expect(await fleet.report([report('a'), report('b'), report('c')])).toMatchObject({ pace: { a: 'faster' } })
    expect((await fleet.report([report('b', north(5))])).pace).toEqual({})
    await fleet.watch([])
    expect((await fleet.report([report('a', north(9))], {}, { a: 'faster' })).pace).toEqual({ a: 'normal' })
  })

  test('asks a device that pressed lately and is not followed, until its time is over', async () => {
    const { fleet, report, clock } = openFleet()
    await fleet.watch([], {}, [], { a: clock.now() + 10_000 })
    expect((await fleet.report([report('a')])).pace).toEqual({ a: 'faster' })
    expect(fleet.dots.size).toBe(1)
    await clock.advance(10_000)
    expect((await fleet.report([report('a', north(5))], {}, { a: 'faster' })).pace).toEqual({ a: 'normal' })
  })

  test('says when watched devices were last heard, newest first', async () => {
    const { fleet, report, clock } = openFleet()
    const first = clock.now()
    await fleet.report([report('a', north(0))])
    await clock.advance(5_000)
    await fleet.report([report('a', north(20))])
    expect(await fleet.watch(['a', 'b'])).toEqual({ contacts: { a: [first + 5_000, first] } })
  })
})
