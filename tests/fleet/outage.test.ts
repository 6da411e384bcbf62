// A network that fails is one notice, and never an alarm: shards and room as they run, on a clock that tests turn.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { openRegion, type Region } from '../support/fleet-and-room'

const S = 1_000
const MINUTE = 60 * S
const M = 1 / 111_195

type Said = (readonly [deviceId: string, at: { lat: number; lng: number }])[]

/** Along Ayala Avenue, 20 m apart. */
const street = (count: number, name = 'v'): Said =>
  Array.from({ length: count }, (_, n) => [`${name}-${n}`, { lat: 14.555 + n * 20 * M, lng: 121.0215 }] as const)

/** Over Metro Manila, in a grid of some 1,100 by 950 m, each with its neighbours. */
const city = (count: number): Said =>
  Array.from(
    { length: count },
    (_, n) => [`c-${n}`, { lat: 14.4 + ((n * 7) % 30) * 0.01, lng: 120.96 + ((n * 11) % 17) * 0.009 }] as const,
  )

const every = (ms: number, region: Region, said: Said) => async (elapsed: number) => {
  if (elapsed % ms === 0) await region.sayAll(said.map(([id, at]) => [id, { ...at, speedMps: 0 }]))
}

describe('an outage', () => {
  test('of 3,000 devices makes no incident, no question and one notice, which ends when they are back', async () => {
    const region = openRegion({ shards: 4, watching: 5 })
    const all = city(3_000)
    // Half of them stand with their ignition on, for as long as a stop may be before anybody asks.
    for (const [id, at] of all) await region.say(id, { ...at, speedMps: 0 }, { ignition: true })
    for (const [id] of all) region.lines.add(id)
    await region.pass(28 * MINUTE, every(30 * S, region, all))
    expect(region.notices()).toEqual([])
    await region.pass(15 * MINUTE)
    const [notice, ...others] = region.notices()
    expect(others).toEqual([])
    expect(notice).toMatchObject({ count: 3_000 })
    expect(notice?.area.municipalities.length).toBeGreaterThan(5)
    await region.pass(3 * 60 * MINUTE)
    expect(region.notices()).toHaveLength(1)
    expect([region.incidents(), region.checks(), region.asked]).toEqual([[], [], []])
    expect(region.log().map(({ type }) => type)).toEqual(['coverage_began'])
    await region.pass(5 * MINUTE, every(30 * S, region, all))
    expect(region.notices()).toEqual([])
    expect(region.log().map(({ type }) => type)).toEqual(['coverage_began', 'coverage_ended'])
    expect(region.incidents()).toEqual([])
  }, 60_000)

  test('that begins within the minute of an answer raises nobody who was never heard since', async () => {
    const region = openRegion({ watching: 5 })
    const all = street(60)
    for (const [id, at] of all) await region.say(id, { ...at, speedMps: 0 }, { ignition: true })
    for (const [id] of all) region.lines.add(id)
    // They are asked with the report at 30 minutes, and it is their last.
    await region.pass(30 * MINUTE + 15 * S, every(30 * S, region, all))
    expect(region.asked.length).toBe(60)
    await region.pass(30 * MINUTE)
    expect(region.notices()).toMatchObject([{ count: 60 }])
    expect([region.incidents(), region.checks()]).toEqual([[], []])
    expect(new Set(region.linesOf('check_ended').map(({ body }) => body?.end))).toEqual(new Set(['covered']))
  })
})

describe('devices of one street', () => {
  const silentOf = async (count: number, region = openRegion()) => {
    const all = street(count)
    await region.pass(2 * MINUTE, every(20 * S, region, all))
    await region.pass(8 * MINUTE)
    return region
  }

  test('are one notice where 21 fall silent, in the names of the place', async () => {
    const region = await silentOf(21)
    expect(region.notices()).toMatchObject([{ count: 21, wide: false, area: { municipalities: ['Makati'] } }])
    const [notice] = region.notices()
    expect(Date.parse(notice?.since ?? '')).toBeWithin(region.clock.now() - 9 * MINUTE, region.clock.now() - 7 * MINUTE)
  })

  test.each([19, 20])('are none where %i do', async (count) => {
    expect((await silentOf(count)).notices()).toEqual([])
  })

  test('are none where they fall silent over half an hour, as at the end of a shift', async () => {
    const region = openRegion()
    const all = street(60)
    await region.pass(45 * MINUTE, (elapsed) =>
      every(
        20 * S,
        region,
        all.filter((_, n) => elapsed < 2 * MINUTE + n * 30 * S),
      )(elapsed),
    )
    expect(region.notices()).toEqual([])
  })

  test('grow and shrink as one notice with one id', async () => {
    const region = await silentOf(30)
    const before = region.notices()[0]
    const more = street(40, 'w')
    await region.pass(2 * MINUTE, every(20 * S, region, more))
    await region.pass(8 * MINUTE)
    expect(region.notices()).toMatchObject([{ id: before?.id, count: 70 }])
    await region.pass(MINUTE, every(20 * S, region, more))
    expect(region.notices()).toMatchObject([{ id: before?.id, count: 30 }])
    expect(region.log()).toHaveLength(1)
  })

  test('end when half of what began it is heard again', async () => {
    const region = await silentOf(21)
    await region.pass(MINUTE, every(20 * S, region, street(10)))
    expect(region.notices()).toMatchObject([{ count: 11 }])
    await region.pass(MINUTE, every(20 * S, region, street(11)))
    expect(region.notices()).toEqual([])
  })

  test('and those of a district ten kilometres off are two', async () => {
    const region = openRegion()
    const far = street(30, 'far').map(([id, { lat, lng }]) => [id, { lat: lat + 0.12, lng }] as const)
    // Enough of the region is heard on: it is no outage of all of it.
    const rest = city(300).map(([id, { lat, lng }]) => [id, { lat: lat - 0.5, lng }] as const)
    await region.pass(2 * MINUTE, every(20 * S, region, [...street(30), ...far, ...rest]))
    await region.pass(8 * MINUTE, every(20 * S, region, rest))
    expect(region.notices().map(({ count, wide }) => [count, wide])).toEqual([
      [30, false],
      [30, false],
    ])
  })
})

describe('a notice', () => {
  test('outlives its room, which neither ends it for want of reports nor begins another', async () => {
    const region = openRegion({ shards: 4 })
    await region.pass(2 * MINUTE, every(20 * S, region, street(50)))
    await region.pass(8 * MINUTE)
    const before = region.notices()
    region.rebear()
    expect(region.notices()).toEqual(before)
    await region.pass(5 * MINUTE)
    expect(region.notices()).toMatchObject([{ id: before[0]?.id, count: 50 }])
    expect(region.linesOf('coverage_ended')).toEqual([])
  })

  test('is told when the room is back, as it was', async () => {
    const region = openRegion()
    await region.pass(2 * MINUTE, every(20 * S, region, street(50)))
    region.away.room = true
    await region.pass(9 * MINUTE)
    expect(region.notices()).toEqual([])
    region.away.room = false
    await region.pass(30 * S)
    expect(region.notices()).toMatchObject([{ count: 50 }])
  })

  test('counts whoever is silent, whatever order shards report in and whoever drives on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 21, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        async (shards, silent, heard) => {
          const region = openRegion({ shards })
          const on = street(heard, 'on')
          await region.pass(MINUTE, every(20 * S, region, [...street(silent), ...on]))
          await region.pass(8 * MINUTE, every(20 * S, region, on))
          expect(region.notices().map(({ count }) => count)).toEqual([silent])
        },
      ),
      { numRuns: 12 },
    )
  }, 60_000)
})

describe('a notice of which nobody tells any more', () => {
  const openedOn = async (shards = 1) => {
    const region = openRegion({ shards })
    await region.pass(2 * MINUTE, every(20 * S, region, street(30)))
    await region.pass(8 * MINUTE)
    expect(region.notices()).toMatchObject([{ count: 30 }])
    return region
  }
  const ended = (region: Region) => region.linesOf('coverage_ended').map(({ body }) => body?.unheard)

  test('stays for ten minutes after the last word of its shard, and then ends as not heard of', async () => {
    const region = await openedOn()
    region.away.shards.add(0)
    await region.pass(9 * MINUTE)
    expect(region.notices()).toHaveLength(1)
    await region.pass(2 * MINUTE)
    expect([region.notices(), ended(region)]).toEqual([[], [true]])
    await region.pass(60 * MINUTE)
    expect(ended(region)).toEqual([true])
  })

  test('stays for hours while its shard tells of it', async () => {
    const region = await openedOn()
    await region.pass(3 * 60 * MINUTE)
    expect([region.notices().length, ended(region)]).toEqual([1, []])
  })

  test('keeps what the other shards count', async () => {
    const region = await openedOn(2)
    const counts = [0, 1].map((shard) => street(30).filter(([id]) => region.shardOf(id) === shard).length)
    expect(Math.min(...counts)).toBeGreaterThan(10)
    region.away.shards.add(0)
    await region.pass(11 * MINUTE)
    expect(region.notices()).toMatchObject([{ count: counts[1] }])
    region.away.shards.add(1)
    await region.pass(11 * MINUTE)
    expect([region.notices(), ended(region)]).toEqual([[], [true]])
  })

  test('ends also where its room was born anew meanwhile, and again after that', async () => {
    const region = await openedOn()
    region.away.shards.add(0)
    await region.pass(5 * MINUTE)
    region.rebear()
    await region.pass(5 * MINUTE + 30 * S)
    // As a platform does it: the object sleeps, and each of its timers gives birth to it again.
    region.rebear()
    await region.pass(2 * MINUTE)
    expect([region.notices(), ended(region)]).toEqual([[], [true]])
  })

  test('does not end by a birth of its room where its shard is there', async () => {
    const region = await openedOn()
    for (let births = 0; births < 6; births++) {
      region.rebear()
      await region.pass(5 * MINUTE)
    }
    expect([region.notices().length, ended(region)]).toEqual([1, []])
  })
})
