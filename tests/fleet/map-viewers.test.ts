import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Box } from '../../src/domain/map-frame'
import { Dots } from '../../src/fleet/dots'
import { MapViewers } from '../../src/fleet/map-viewers'
import { NOON } from '../support/made-up'
import { north, openFleet, openPage } from './bench'

const MANILA: Box = [14, 120, 15, 122]
const SECOND = 1_000
const MINUTE = 60_000

function opened() {
  const bench = openFleet()
  const viewers = new MapViewers(bench.fleet, 3)
  return {
    ...bench,
    viewers,
    open: (box: Box | null = MANILA) => {
      const page = openPage(viewers)
      if (box) page.say({ t: 'view', box })
      return page
    },
    /** So many seconds, with a frame at the end of each. */
    pass: async (seconds = 1) => {
      for (let n = 0; n < seconds; n++) {
        await bench.clock.advance(SECOND)
        viewers.flush(bench.clock.now())
      }
    },
  }
}

describe('a map’s page', () => {
  test('is greeted, and gets what is in its viewport when it says what that is', async () => {
    const { say, open, fleet } = opened()
    await say('in')
    await say('out', { lat: 10.3, lng: 123.9 })
    const page = open(null)
    expect(page.said).toEqual([{ t: 'hello', epoch: fleet.epoch, shard: 3, devices: 2 }])
    expect(page.frames).toEqual([])
    page.say({ t: 'view', box: MANILA })
    expect(page.frames).toMatchObject([{ t: 'snapshot', epoch: fleet.epoch, dots: [{ status: 'moving', ageS: 0 }] }])
  })

  test('hears once a second of those that moved more than five metres', async () => {
    const { say, open, pass, clock } = opened()
    await say('a', north(0))
    await say('b', north(500))
    const page = open()
    await clock.advance(400)
    await say('a', north(4))
    await pass()
    expect(page.frames).toHaveLength(1)
    // Four metres and four again: it is not the last step that counts but what the page shows.
    await say('a', north(8))
    await say('b', north(501))
    await pass()
    expect(page.frames.at(-1)).toMatchObject({ t: 'moved', dots: [{ index: 0, ageS: 1 }] })
  })

  test('hears of a change of status though nothing moved', async () => {
    const { say, open, pass, fleet } = opened()
    await say('a', { speedMps: 0 })
    const page = open()
    const status = () => page.dots.get(0)?.status
    expect(status()).toBe('standing')
    await pass(5 * 60 + 15)
    expect(status()).toBe('silent')
    await say('a', { speedMps: 9 })
    await pass()
    expect(status()).toBe('moving')
    await fleet.watch(['a'])
    await pass()
    expect(status()).toBe('sos')
  })

  test('a vehicle that stands and reports does not seem to grow old', async () => {
    const { say, open, pass } = opened()
    await say('a', { speedMps: 0 })
    const page = open()
    for (let n = 0; n < 8; n++) {
      await pass(15)
      await say('a', { speedMps: 0 })
    }
    await pass()
    const refreshed = page.frames.filter((frame) => frame.t === 'moved' && frame.dots.length > 0)
    expect(refreshed.length).toBe(4)
    expect(page.dots.get(0)?.ageS).toBeLessThanOrEqual(30)
  })

  test('does not show who has said nothing for half an hour, unless an incident is open', async () => {
    const { say, open, pass, fleet, clock } = opened()
    await say('home')
    await say('danger', north(100))
    await fleet.watch(['danger'])
    const page = open()
    await pass()
    expect(page.dots.size).toBe(2)
    await clock.advance(31 * MINUTE)
    await pass()
    expect([...page.dots.values()].map(({ status }) => status)).toEqual(['sos'])
    await say('home', north(5_000))
    await pass()
    expect(page.dots.size).toBe(2)
  })

  test('asks for one dot and hears what is known of it, without a name', async () => {
    const { say, open, fleet, clock } = opened()
    await say('a', { batteryPct: 12, accuracyM: 30, doubts: ['mocked'] }, { charging: false })
    await say('gone')
    const page = open()
    page.say({ t: 'select', index: 0 })
    const at = new Date(clock.now()).toISOString()
    expect(page.said.at(-1)).toEqual({
      t: 'vehicle',
      index: 0,
      status: 'moving',
      lastContactAt: at,
      fixedAt: at,
      batteryPct: 12,
      charging: false,
      accuracyM: 30,
      doubts: ['mocked'],
    })
    page.say({ t: 'select', index: 99 })
    expect(page.said.at(-1)).toEqual({ t: 'unknown', index: 99 })
    await clock.advance(40 * MINUTE)
    page.say({ t: 'select', index: 1 })
    expect(page.said.at(-1)).toEqual({ t: 'unknown', index: 1 })
    expect(fleet.vehicle(1)).toBeNull()
  })

  test('says nonsense and nothing happens', () => {
    const { open, viewers } = opened()
    const page = open(null)
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"t":"view"}',
      '{"t":"view","box":[1,2,"3",4]}',
      '{"t":"select"}',
      ' '.repeat(2_000),
    ]) {
      viewers.hear(page, text)
    }
    page.say({ t: 'view', box: [15, 120, 14, 122] })
    expect(page.frames).toEqual([])
    expect(page.said).toHaveLength(1)
  })

  test('drags the map about: it gets the last viewport it asked for, and not each on the way', async () => {
    const { say, open, pass } = opened()
    await say('a')
    const page = open(null)
    for (let n = 0; n < 50; n++) page.say({ t: 'view', box: [14, 120, 15 + n / 100, 122] })
    expect(page.frames).toHaveLength(1)
    await pass()
    expect(page.frames.map(({ t }) => t)).toEqual(['snapshot', 'snapshot'])
    expect(page.dots.size).toBe(1)
  })

  test('where nothing moves hears every five seconds that the map is alive', async () => {
    const { open, pass } = opened()
    const page = open()
    await pass(21)
    expect(page.frames.filter((frame) => frame.t === 'moved' && frame.dots.length === 0)).toHaveLength(4)
  })

  test('that does not read is closed with 1013, and one that says it has read is not', () => {
    const dots = new Dots()
    let now = NOON
    const viewers = new MapViewers({ epoch: 1, dots, now: () => now, vehicle: () => null }, 0)
    const [deaf, reads] = [openPage(viewers), openPage(viewers)]
    for (const page of [deaf, reads]) page.say({ t: 'view', box: MANILA })
    // A hundred kilobytes a frame: eight megabytes are sent in a minute and a half.
    for (let second = 1; second <= 100; second++) {
      now += SECOND
      for (let index = 0; index < 6_000; index++) {
        dots.put(index, { ...north(index + second * 10), headingDeg: 0, speedMps: 10, status: 'moving', at: now })
      }
      viewers.flush(now)
      if (second % 10 === 0) reads.say({ t: 'seen' })
    }
    expect(deaf.closed).toBe(1013)
    expect(reads.closed).toBeNull()
    expect(viewers.size).toBe(1)
  })

  test('whose socket is broken costs the others nothing', async () => {
    const { viewers, say, open, pass } = opened()
    let closed = 0
    let broken = false
    const send = () => {
      if (broken) throw new Error('broken')
    }
    const close = (code: number) => {
      closed = code
    }
    const bad = { send, close }
    viewers.join(bad)
    viewers.hear(bad, JSON.stringify({ t: 'view', box: MANILA }))
    const page = open()
    broken = true
    await say('a')
    await pass()
    expect(closed).toBe(1011)
    expect(page.dots.size).toBe(1)
    expect(viewers.size).toBe(1)
  })
})

/** A quarter of a degree around Makati: several squares of the grid, with dots on both sides of every edge. */
const lat = fc.integer({ min: 14_450, max: 14_650 }).map((n) => n / 1_000)
const lng = fc.integer({ min: 120_900, max: 121_150 }).map((n) => n / 1_000)
const box = fc.tuple(lat, lng, lat, lng).map(([a, b, c, d]): Box => {
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
})
const viewer = fc.nat(2)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('report' as const), device: fc.nat(7), lat, lng }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('view' as const), viewer, box }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('come' as const), viewer, box }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), viewer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('watch' as const), device: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rest' as const), minutes: fc.constantFrom(6, 20, 31) }) },
)

describe('whatever happens', () => {
  test('a page that applies its frames has exactly the dots of its viewport, where and what they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        const bench = openFleet()
        const viewers = new MapViewers(bench.fleet, 0)
        const pages = new Map<number, { page: ReturnType<typeof openPage>; box: Box }>()
        // Everything that any map shows, as a page that sees the whole country has it.
        const shown = async (device: number) => {
          const known = await bench.lastOf(`d${device}`)
          return known && bench.clock.now() - known.lastContactAt < 30 * MINUTE ? known.position : null
        }
        for (const each of steps) {
          await bench.clock.advance(300)
          if (each.do === 'report') {
            // Time enough to have driven there.
            await bench.clock.advance(10 * MINUTE)
            await bench.say(`d${each.device}`, { lat: each.lat, lng: each.lng })
          } else if (each.do === 'come') {
            pages.get(each.viewer)?.page.leave()
            const page = openPage(viewers)
            page.say({ t: 'view', box: each.box })
            pages.set(each.viewer, { page, box: each.box })
          } else if (each.do === 'view') {
            const open = pages.get(each.viewer)
            if (!open) continue
            open.box = each.box
            open.page.say({ t: 'view', box: each.box })
          } else if (each.do === 'leave') {
            pages.get(each.viewer)?.page.leave()
            pages.delete(each.viewer)
          } else if (each.do === 'watch') await bench.fleet.watch([`d${each.device}`])
          else if (each.do === 'rest') await bench.clock.advance(each.minutes * MINUTE)
          else viewers.flush(bench.clock.now())
        }
        await bench.fleet.watch([])
        // Who is silent or away is found ten seconds late at most.
        await bench.clock.advance(21 * SECOND)
        viewers.flush(bench.clock.now())
        for (const { page, box } of pages.values()) {
          const expected: string[] = []
          for (let device = 0; device < 8; device++) {
            const place = await shown(device)
            if (!place || place.lat < box[0] || place.lng < box[1] || place.lat > box[2] || place.lng > box[3]) continue
            const { silent } = (await bench.lastOf(`d${device}`)) ?? { silent: true }
            expected.push(`${place.lat} ${place.lng} ${silent ? 'silent' : 'moving'}`)
          }
          const has = [...page.dots.values()].map((dot) => `${dot.lat} ${dot.lng} ${dot.status}`)
          expect(has.toSorted()).toEqual(expected.toSorted())
        }
      }),
      { numRuns: 60 },
    )
  }, 30_000)
})
