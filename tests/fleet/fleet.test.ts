import { describe, expect, test } from 'bun:test'
import type { Report } from '../../src/domain/report'
import { Fleet } from '../../src/fleet/fleet'
import { memoryStorage } from '../support/storage'
import { north, openFleet } from './bench'

const MINUTE = 60_000

describe('where a device is', () => {
  test('is what the newest fix says, and an older one goes to history alone', async () => {
    const { say, lastOf, clock, postgres } = openFleet()
    expect(await say('a', north(0))).toBe('taken')
    expect(await say('a', { ...north(-200), fixedAt: clock.now() - 20_000 })).toBe('older')
    expect((await lastOf('a'))?.position).toMatchObject(north(0))
    await clock.advance(500)
    expect(postgres.rows.map(({ at }) => at)).toEqual([clock.now() - 500, clock.now() - 20_500])
  })

  test('is not changed by a repeat, which is counted and kept out of history', async () => {
    const { fleet, report, clock, postgres } = openFleet()
    const once = report('a')
    await clock.advance(3_000)
    await fleet.report([once, { ...once, receivedAt: clock.now() }, report('a', { ...north(10) })])
    await fleet.report([{ ...once, receivedAt: clock.now() }])
    await clock.advance(500)
    expect(postgres.rows).toHaveLength(2)
    expect(await fleet.tick()).toMatchObject({ taken: 2, duplicates: 2 })
    expect((await fleet.recent('a')).map(({ verdict }) => verdict)).toEqual([
      'duplicate',
      'taken',
      'duplicate',
      'taken',
    ])
  })

  test('follows the order of arrival where fixes carry no time of their own', async () => {
    const { fleet, report, lastOf } = openFleet()
    await fleet.report([report('a', { ...north(0), fixedAt: null }), report('a', { ...north(20), fixedAt: null })])
    expect((await lastOf('a'))?.position).toMatchObject(north(20))
  })

  test('follows the phone’s own order where its clock runs a minute ahead', async () => {
    const { fleet, report, lastOf, clock } = openFleet()
    const ahead = clock.now() + MINUTE
    await fleet.report([
      report('a', { ...north(40), fixedAt: ahead }),
      report('a', { ...north(20), fixedAt: ahead - 5_000 }),
    ])
    expect((await lastOf('a'))?.position).toMatchObject(north(40))
  })

  test('does not jump: what nothing can drive waits for a second fix that agrees, and is in history with its doubt', async () => {
    const { fleet, say, lastOf, clock, postgres } = openFleet()
    await say('a', north(0))
    await clock.advance(10_000)
    expect(await say('a', north(9_000))).toBe('jump')
    expect(await lastOf('a')).toMatchObject({ jumped: true, position: north(9_000) })
    expect((await fleet.near(north(0), 5, 1_000)).map(({ distanceM }) => Math.round(distanceM))).toEqual([0])
    await clock.advance(10_000)
    expect(await say('a', north(9_100))).toBe('taken')
    expect(await lastOf('a')).toMatchObject({ jumped: false, position: north(9_100) })
    await clock.advance(500)
    expect(postgres.rows.map(({ doubts }) => doubts)).toEqual([[], ['jump'], []])
    expect(await fleet.tick()).toMatchObject({ jumps: 1 })
  })

  test('an outlier is forgotten when the next fix is where the vehicle was', async () => {
    const { say, lastOf, clock } = openFleet()
    await say('a', north(0))
    await clock.advance(10_000)
    await say('a', north(9_000))
    await clock.advance(10_000)
    expect(await say('a', north(100))).toBe('taken')
    expect(await lastOf('a')).toMatchObject({ jumped: false, position: north(100) })
  })

  test('a scatter of 300 metres between houses is no jump, and neither is a plane’s distance after a long silence', async () => {
    const { say, clock } = openFleet()
    await say('a', north(0))
    await clock.advance(1_000)
    expect(await say('a', north(290))).toBe('taken')
    await clock.advance(60 * MINUTE)
    expect(await say('a', north(200_000))).toBe('taken')
  })

  test('null island and a clock of next year never move it, and are in history with their doubts', async () => {
    const { say, lastOf, clock, postgres } = openFleet()
    await say('a', north(0))
    await clock.advance(15_000)
    expect(await say('a', { lat: 0, lng: 0, doubts: ['null_island'] })).toBe('no_fix')
    const nextYear = { ...north(50), fixedAt: clock.now() + 365 * 24 * 60 * MINUTE, doubts: ['future' as const] }
    expect(await say('a', nextYear)).toBe('no_fix')
    expect((await lastOf('a'))?.position).toMatchObject(north(0))
    await clock.advance(500)
    expect(postgres.rows.map(({ doubts, at }) => [doubts, at])).toEqual([
      [[], clock.now() - 15_500],
      [['null_island'], clock.now() - 500],
      [['future'], clock.now() - 500],
    ])
  })

  test('a heartbeat without a place says that it lives and whether it charges, and leaves no row', async () => {
    const { say, lastOf, clock, postgres } = openFleet()
    await say('a', north(0))
    await clock.advance(MINUTE)
    expect(await say('a', null, { event: 'heartbeat', charging: true })).toBe('no_fix')
    expect(await lastOf('a')).toMatchObject({ charging: true, lastContactAt: clock.now(), position: north(0) })
    expect(postgres.rows).toHaveLength(1)
  })

  test('what an old report says of charging and ignition is not news', async () => {
    const { say, lastOf, clock } = openFleet()
    await say('a', {}, { charging: false, ignition: true })
    await say('a', { ...north(3), fixedAt: clock.now() - MINUTE }, { charging: true, ignition: false })
    expect(await lastOf('a')).toMatchObject({ charging: false, ignition: true })
  })
})

describe('what is asked of a shard', () => {
  test('nearest first, within reach, and only with a fresh fix that nothing speaks against', async () => {
    const { fleet, say, clock } = openFleet()
    await say('old', north(10))
    await clock.advance(3 * MINUTE)
    await say('far', north(5_100))
    await say('second', north(900))
    await say('first', north(-400))
    await say('mocked', { ...north(20), doubts: ['mocked'] })
    expect((await fleet.near(north(0), 10, 5_000)).map(({ deviceId }) => deviceId)).toEqual(['first', 'second'])
    expect((await fleet.near(north(0), 1, 50_000)).map(({ deviceId }) => deviceId)).toEqual(['first'])
  })

  test('remembers the last twenty reports of a device as it understood them, newest first', async () => {
    const { fleet, say, clock } = openFleet()
    for (let n = 0; n < 25; n++) {
      await clock.advance(1_000)
      await say('a', north(n), { protocol: `p${n}` })
    }
    const recent = await fleet.recent('a')
    expect(recent.map(({ protocol }) => protocol)).toEqual(Array.from({ length: 20 }, (_, n) => `p${24 - n}`))
    expect(await fleet.recent('nobody')).toEqual([])
  })

  test('counts records that nobody could read with their device, which has made itself heard', async () => {
    const { fleet, lastOf, clock } = openFleet()
    await fleet.report([], { a: 3 })
    await fleet.report([], { a: 1 })
    expect(await lastOf('a')).toMatchObject({ malformed: 4, lastContactAt: clock.now(), position: null })
    expect(await fleet.tick()).toMatchObject({ malformed: 4, devices: 1 })
  })

  test('knows nothing of devices that never reported', async () => {
    const { fleet, say } = openFleet()
    await say('a')
    expect((await fleet.lastOf(['b', 'a'])).map(({ deviceId }) => deviceId)).toEqual(['a'])
  })
})

describe('silence', () => {
  test('begins five minutes after the last word, and ends with the next', async () => {
    const { fleet, say, lastOf, clock } = openFleet()
    await say('a')
    await clock.advance(4 * MINUTE)
    await say('a', null, { event: 'heartbeat' })
    await clock.advance(4.9 * MINUTE)
    expect(await lastOf('a')).toMatchObject({ silent: false })
    await clock.advance(0.4 * MINUTE)
    expect(await lastOf('a')).toMatchObject({ silent: true })
    expect((await fleet.tick()).silent).toBe(1)
    await say('a', null, { event: 'heartbeat' })
    expect(await lastOf('a')).toMatchObject({ silent: false })
    expect((await fleet.tick()).silent).toBe(0)
  })

  test('begins after a minute where an incident is open, and not before five once it is closed', async () => {
    const { fleet, say, lastOf, clock } = openFleet()
    await say('a')
    await fleet.watch(['a'])
    await clock.advance(1.2 * MINUTE)
    expect(await lastOf('a')).toMatchObject({ silent: true })
    await fleet.watch([])
    expect(await lastOf('a')).toMatchObject({ silent: false })
    await clock.advance(4 * MINUTE)
    expect(await lastOf('a')).toMatchObject({ silent: true })
  })

  test('is theirs only as long as somebody listened: after an outage of the shard nobody is silent at once', async () => {
    const before = openFleet()
    await before.say('a')
    before.fleet.checkpoint()
    const { lastOf, clock } = before.reborn(10 * MINUTE)
    await clock.advance(4 * MINUTE)
    expect(await lastOf('a')).toMatchObject({ silent: false })
    await clock.advance(1.3 * MINUTE)
    expect(await lastOf('a')).toMatchObject({ silent: true })
  })

  test('a device is forgotten after a day, and then there is nothing left to wake for', async () => {
    const bench = openFleet()
    await bench.say('a')
    await bench.clock.advance(24 * 60 * MINUTE + MINUTE)
    expect(await bench.lastOf('a')).toBeUndefined()
    expect((await bench.fleet.tick()).devices).toBe(0)
    expect(bench.alarmAt).toBeNull()
  })
})

describe('a device under an open incident', () => {
  test('is told on at once, then the latest once in two seconds, and no heartbeat hides a place', async () => {
    const told: [at: number, report: Report][] = []
    const { fleet, say, clock } = openFleet({ ports: { watchSeen: (_, report) => told.push([clock.now(), report]) } })
    const start = clock.now()
    await fleet.watch(['a'])
    await say('b')
    for (let n = 0; n < 5; n++) {
      await say('a', north(n * 10))
      await clock.advance(300)
    }
    await say('a', null, { event: 'heartbeat' })
    await clock.advance(5_000)
    expect(told.map(([at, { position }]) => [at - start, position?.lat])).toEqual([
      [0, north(0).lat],
      [2_000, north(40).lat],
    ])
  })

  test('is told on without its place where that is a jump, late, or null island', async () => {
    const told: Report[] = []
    const { fleet, say, clock } = openFleet({ ports: { watchSeen: (_, report) => told.push(report) } })
    await fleet.watch(['a'])
    await say('a')
    for (const place of [
      north(20_000),
      { ...north(5), fixedAt: clock.now() - 90_000 },
      { lat: 0, lng: 0, doubts: ['null_island' as const] },
      { ...north(9), fixedAt: clock.now() + 9_000_000, doubts: ['future' as const] },
    ]) {
      await clock.advance(2_000)
      await say('a', place)
    }
    expect(told.map(({ position }) => position?.lat)).toEqual([
      north(0).lat,
      undefined,
      undefined,
      undefined,
      north(9).lat,
    ])
  })

  test('nothing more is told of it once its incident is closed', async () => {
    const told: Report[] = []
    const { fleet, say, clock } = openFleet({ ports: { watchSeen: (_, report) => told.push(report) } })
    await fleet.watch(['a'])
    await say('a')
    await say('a', north(5))
    await fleet.watch([])
    await clock.advance(5_000)
    await say('a', north(10))
    expect(told).toHaveLength(1)
  })
})

test('a shard that is not named after a region and a number does not start', () => {
  for (const name of ['', 'NCR', 'NCR:', 'NCR:x', 'nowhere:0']) {
    expect(() => new Fleet(name, memoryStorage(), { save: async () => {} })).toThrow('named after')
  }
})

describe('a revoked token', () => {
  test('moves nothing from the moment the room says so, and is counted', async () => {
    const { fleet, report, lastOf, clock } = openFleet()
    await fleet.report([{ ...report('a', north(0)), generation: 1 }])
    await fleet.watch([], { a: 2 })
    await clock.advance(5_000)
    await fleet.report([{ ...report('a', north(500)), generation: 1 }])
    expect((await lastOf('a'))?.position).toMatchObject(north(0))
    await fleet.report([{ ...report('a', north(40)), generation: 2 }])
    expect((await lastOf('a'))?.position).toMatchObject(north(40))
    expect(await fleet.tick()).toMatchObject({ taken: 2, revoked: 1 })
  })
})

test('what was said is on disk four seconds after the last report: an object that sleeps loses nothing', async () => {
  const storage = memoryStorage()
  const { fleet, report, clock } = openFleet({ storage })
  for (let n = 0; n < 5; n++) {
    await fleet.report([report('a', north(n * 10))])
    await clock.advance(1_000)
  }
  const asleep = () => new Fleet('NCR:0', storage, { save: async () => {} }, clock)
  expect(await asleep().lastOf(['a'])).toEqual([])
  await clock.advance(3_000)
  expect((await asleep().lastOf(['a']))[0]?.position).toMatchObject(north(40))
})
