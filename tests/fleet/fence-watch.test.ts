// Geofences through a whole shard: reports in, rows for Postgres and words for maps out, across restarts and outages.

import { describe, expect, test } from 'bun:test'
import type { FenceEventRow, FenceList, WatchedFence } from '../../src/domain/fence-record'
import type { ToMap } from '../../src/domain/map-frame'
import { FenceEvents } from '../../src/fleet/fence-events'
import type { FleetPorts } from '../../src/fleet/fleet'
import { MapViewers } from '../../src/fleet/map-viewers'
import { ManualClock } from '../durable/manual-clock'
import { aWatchedFence } from '../support/fences'
import { inManila } from '../support/made-up'
import { north, openFleet, openPage } from './bench'

const DEPOT = aWatchedFence({ id: 'depot', name: 'Depot', kind: 'keep_in' }, inManila)

function world(fences: WatchedFence[] = [DEPOT]) {
  const postgres = { list: { version: 1, fences } as FenceList, events: [] as FenceEventRow[], away: false, asked: 0 }
  const ports: Partial<FleetPorts> = {
    loadFences: async (known) => {
      postgres.asked++
      if (postgres.away) throw new Error('away')
      return known === postgres.list.version ? null : postgres.list
    },
    saveFenceEvents: async (rows) => {
      if (postgres.away) throw new Error('away')
      postgres.events.push(...rows)
    },
  }
  return { postgres, ports }
}
const opened = async (given = world()) => {
  const bench = openFleet({ ports: given.ports })
  await bench.clock.advance(1)
  return { ...bench, ...given, bench }
}
/** Metres north of the middle of the depot, whose border is 500 m away. */
type Drive = Awaited<ReturnType<typeof opened>>
const drive = async ({ clock, say }: Pick<Drive, 'clock' | 'say'>, device: string, ...metres: number[]) => {
  for (const each of metres) {
    await clock.advance(30_000)
    await say(device, north(each))
  }
  await clock.advance(1_000)
}

describe('a vehicle that drives', () => {
  test('out of a fence and in again is two events in Postgres, with who, where and when', async () => {
    const at = await opened()
    await drive(at, 'd', 0, 200, 900, 100)
    expect(at.postgres.events.map(({ event, fenceId, deviceId }) => [event, fenceId, deviceId])).toEqual([
      ['exit', 'depot', 'd'],
      ['enter', 'depot', 'd'],
    ])
    const [exit] = at.postgres.events
    expect(exit).toMatchObject({ region: 'NCR', lat: north(900).lat, lng: inManila.lng })
    expect(exit?.at).toBe(exit?.receivedAt as number)
    expect((await at.fleet.tick()).fences).toMatchObject({ version: 1, watched: 1, events: 2, queued: 0, dropped: 0 })
  })

  test('is counted while it is inside, and no longer when it is off the map', async () => {
    const at = await opened()
    await drive(at, 'd', 0)
    expect(await at.fleet.insideFences()).toEqual({ depot: 1 })
    await at.clock.advance(31 * 60_000)
    expect(await at.fleet.insideFences()).toEqual({})
  })

  test('and sends a fix twice, an old one, or one that it cannot have come from, crosses nothing', async () => {
    const at = await opened()
    await drive(at, 'd', 0)
    const out = { ...north(900), fixedAt: at.clock.now() - 20_000 }
    await at.say('d', out)
    await at.say('d', out)
    await at.say('d', { lat: 10.3, lng: 123.9 })
    await at.clock.advance(1_000)
    expect(at.postgres.events).toEqual([])
  })
})

describe('the list of fences', () => {
  test('is asked for at waking and with every tick', async () => {
    const at = await opened()
    expect(at.postgres.asked).toBe(1)
    await at.fleet.tick()
    expect(at.postgres.asked).toBe(2)
  })

  test('comes at once when somebody draws; one that is older than what is watched changes nothing', async () => {
    const at = await opened()
    await at.fleet.fences({ version: 3, fences: [] })
    expect((await at.fleet.tick()).fences).toMatchObject({ version: 3, watched: 0 })
    await at.fleet.fences({ version: 2, fences: [DEPOT] })
    expect((await at.fleet.tick()).fences).toMatchObject({ version: 3, watched: 0 })
  })

  test('of a database that has gone back is believed when it is said twice', async () => {
    const at = await opened()
    await at.fleet.fences({ version: 9, fences: [] })
    await at.fleet.tick()
    await at.clock.advance(1)
    expect((await at.fleet.tick()).fences?.version).toBe(9)
    await at.clock.advance(1)
    expect((await at.fleet.tick()).fences).toMatchObject({ version: 1, watched: 1 })
  })

  test('is there after a restart without Postgres, with who was inside: no crossing is made up, none is lost', async () => {
    const given = world()
    const at = await opened(given)
    await drive(at, 'd', 0)
    at.fleet.checkpoint()
    given.postgres.away = true
    const reborn = at.bench.reborn(60_000)
    await reborn.clock.advance(1)
    expect((await reborn.fleet.tick()).fences).toMatchObject({ watched: 1, askedAt: null })
    await drive(reborn, 'd', 100)
    expect((await reborn.fleet.tick()).fences?.events).toBe(0)
    await drive(reborn, 'd', 900)
    given.postgres.away = false
    await reborn.clock.advance(30_000)
    expect(given.postgres.events.map(({ event }) => event)).toEqual(['exit'])
  })
})

test('events wait while Postgres is away; the oldest give way when too many do, and are counted', async () => {
  const clock = new ManualClock()
  const stored: FenceEventRow[] = []
  let away = true
  const events = new FenceEvents({
    name: 'NCR:0',
    clock,
    maxRows: 3,
    save: async (rows) => {
      if (away) throw new Error('away')
      stored.push(...rows)
    },
  })
  const row = (n: number): FenceEventRow => ({
    region: 'NCR',
    deviceId: `d${n}`,
    fenceId: 'depot',
    event: 'enter',
    at: clock.now(),
    receivedAt: clock.now(),
    lat: 14.6,
    lng: 121,
  })
  for (let n = 0; n < 5; n++) events.note(row(n), DEPOT)
  await clock.advance(5_000)
  expect([events.queued, events.dropped]).toEqual([3, 2])
  away = false
  await clock.advance(20_000)
  expect(stored.map(({ deviceId }) => deviceId)).toEqual(['d2', 'd3', 'd4'])
})

describe('a map', () => {
  const crossedOf = (said: readonly ToMap[]) => said.filter((word) => word.t === 'crossed')

  test('hears what was crossed, where and when, and never by whom', async () => {
    const at = await opened()
    const viewers = new MapViewers(at.fleet, 0)
    const page = openPage(viewers)
    await drive(at, 'secret-device', 0, 900)
    viewers.flush(at.clock.now())
    const [word] = crossedOf(page.said)
    expect(word?.crossings).toEqual([
      { fenceId: 'depot', name: 'Depot', kind: 'keep_in', event: 'exit', at: expect.stringMatching(/^20.*Z$/) },
    ])
    expect(JSON.stringify(page.said)).not.toContain('secret')
    viewers.flush(at.clock.now())
    expect(crossedOf(page.said)).toHaveLength(1)
  })

  test('that opens later is told nothing of what was before', async () => {
    const at = await opened()
    const viewers = new MapViewers(at.fleet, 0)
    await drive(at, 'd', 0, 900)
    const page = openPage(viewers)
    viewers.flush(at.clock.now())
    expect(crossedOf(page.said)).toEqual([])
  })

  test('is not told of a backlog, and of a rush only the newest by name', async () => {
    const at = await opened()
    const viewers = new MapViewers(at.fleet, 0)
    const page = openPage(viewers)
    const old = at.clock.now() - 600_000
    await at.say('late', { ...north(0), fixedAt: old })
    await at.say('late', { ...north(900), fixedAt: old + 60_000 })
    viewers.flush(at.clock.now())
    expect(crossedOf(page.said)).toEqual([])
    const many = Array.from({ length: 30 }, (_, n) => `d${n}`)
    await at.fleet.report(many.map((device) => at.report(device, north(0))))
    await at.clock.advance(30_000)
    await at.fleet.report(many.map((device) => at.report(device, north(900))))
    viewers.flush(at.clock.now())
    const [word] = crossedOf(page.said)
    expect([word?.crossings.length, word?.more]).toEqual([12, 18])
    await at.clock.advance(1_000)
    expect(at.postgres.events).toHaveLength(31)
  })

  test('is told that the fences are others now', async () => {
    const at = await opened()
    const viewers = new MapViewers(at.fleet, 0)
    const page = openPage(viewers)
    await at.fleet.fences({ version: 5, fences: [] })
    viewers.flush(at.clock.now())
    expect(page.said.filter((word) => word.t === 'fences')).toEqual([{ t: 'fences', version: 5 }])
  })
})
