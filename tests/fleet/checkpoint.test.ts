import { describe, expect, test } from 'bun:test'
import { memoryStorage } from '../support/storage'
import { north, openFleet, openPage } from './bench'

const HALF_A_MINUTE = 30_000

describe('a shard that starts again', () => {
  test('knows what it knew at its last checkpoint, which is written every half minute', async () => {
    const bench = openFleet()
    for (let n = 0; n < 6_000; n++) {
      await bench.say(`d${n}`, { ...north(n), speedMps: n % 3 === 0 ? null : 4.25, doubts: n % 2 ? ['mocked'] : [] })
    }
    await bench.say('d1', { ...north(90_000), fixedAt: bench.clock.now() + 1 })
    const ids = Array.from({ length: 6_000 }, (_, n) => `d${n}`)
    const known = await bench.fleet.lastOf(ids)
    expect(known.filter(({ jumped }) => jumped)).toHaveLength(1)
    await bench.clock.advance(HALF_A_MINUTE)
    const at = bench.clock.now()
    await bench.say('d5', north(7))
    const after = bench.reborn(1_000)
    expect(await after.fleet.lastOf(ids)).toEqual(known)
    expect(await after.fleet.tick()).toMatchObject({ devices: 6_000, checkpointAt: at })
  })

  test('takes a fix that it had as a repeat, and still believes the second of two that agree on a far place', async () => {
    const bench = openFleet()
    const once = bench.report('a', north(0))
    await bench.fleet.report([once])
    await bench.clock.advance(5_000)
    await bench.say('a', north(9_000))
    bench.fleet.checkpoint()
    const after = bench.reborn(5_000)
    await after.fleet.report([{ ...once, receivedAt: after.clock.now() }])
    expect(await after.fleet.tick()).toMatchObject({ taken: 0, duplicates: 1 })
    expect(await after.say('a', north(9_050))).toBe('taken')
  })

  test('has another epoch, and draws its vehicles anew', async () => {
    const bench = openFleet({ ports: { newEpoch: () => 1 } })
    await bench.say('a')
    await bench.fleet.watch(['a'])
    bench.fleet.checkpoint()
    const after = openFleet({ storage: bench.storage, clock: bench.clock })
    expect(after.fleet.epoch).not.toBe(1)
    const { MapViewers } = await import('../../src/fleet/map-viewers')
    const page = openPage(new MapViewers(after.fleet, 0))
    page.say({ t: 'view', box: [14, 120, 15, 122] })
    // Whose incident is open, too: the room says so only when it changes.
    expect([...page.dots.values()].map(({ status }) => status)).toEqual(['sos'])
  })

  test('goes on sweeping and writing though its alarm was lost', async () => {
    const bench = openFleet()
    await bench.say('a')
    bench.fleet.checkpoint()
    const after = bench.reborn(1_000)
    await after.clock.advance(6 * 60_000)
    expect(await after.lastOf('a')).toMatchObject({ silent: true })
    expect(after.alarmAt).not.toBeNull()
  })

  test('starts empty where the checkpoint cannot be read, and says so', async () => {
    const storage = memoryStorage()
    const bench = openFleet({ storage })
    await bench.say('a')
    bench.fleet.checkpoint()
    storage.sql.exec('UPDATE checkpoint SET body = ?', new Uint8Array([1, 2, 3]).buffer)
    const after = bench.reborn()
    expect(await after.lastOf('a')).toBeUndefined()
    expect(after.failures).toEqual([expect.stringContaining('checkpoint')])
    expect(await after.say('a')).toBe('taken')
  })

  test('does not bring back who was last heard a day ago', async () => {
    const bench = openFleet()
    await bench.say('a')
    bench.fleet.checkpoint()
    const after = bench.reborn(25 * 60 * 60_000)
    await after.clock.advance(30_000)
    expect((await after.fleet.tick()).devices).toBe(0)
  })
})

test('nothing is written while nothing comes', async () => {
  const bench = openFleet()
  await bench.say('a')
  await bench.clock.advance(HALF_A_MINUTE)
  const { checkpointAt } = await bench.fleet.tick()
  await bench.clock.advance(4 * HALF_A_MINUTE)
  expect((await bench.fleet.tick()).checkpointAt).toBe(checkpointAt)
})
