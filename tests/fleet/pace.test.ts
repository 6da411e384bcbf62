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

describe('a device that was asked for faster fixes', () => {
  test('is told back twice when its incident is over, and is then left alone', () => {
    const paces = new Paces(shard())
    paces.replace(['a'])
    expect(paces.of('a')).toBe('faster')
    paces.said('a', 'faster')
    paces.replace([])
    expect(paces.of('a')).toBe('normal')
    paces.said('a', 'normal')
    expect(paces.of('a')).toBe('normal')
    paces.said('a', 'normal')
    expect(paces.of('a')).toBeNull()
  })

  test('is told back by a shard that was born anew, but not before its room has spoken', () => {
    const storage = shard()
    const before = new Paces(storage)
    before.replace(['a'])
    before.said('a', 'faster')
    const paces = new Paces(storage)
    expect(paces.of('a')).toBeNull()
    paces.replace(['a'])
    expect(paces.of('a')).toBe('faster')
    paces.replace([])
    expect(paces.of('a')).toBe('normal')
  })

  test('that was never told anything has nothing taken back', () => {
    const paces = new Paces(shard())
    paces.replace(['a'])
    paces.replace([])
    expect(paces.of('a')).toBeNull()
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

  test('says when watched devices were last heard, newest first', async () => {
    const { fleet, report, clock } = openFleet()
    const first = clock.now()
    await fleet.report([report('a', north(0))])
    await clock.advance(5_000)
    await fleet.report([report('a', north(20))])
    expect(await fleet.watch(['a', 'b'])).toEqual({ contacts: { a: [first + 5_000, first] } })
  })
})
