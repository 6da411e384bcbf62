import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Report } from '../../src/domain/report'
import { north, openFleet } from './bench'

const DEVICES = ['a', 'b', 'c'] as const

/** What a device did: a fix each few seconds, now and then farther away than anything drives. */
const journey = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 1, max: 60_000 }),
    metres: fc.oneof({ weight: 9, arbitrary: fc.nat(290) }, { weight: 1, arbitrary: fc.nat(60_000) }),
  }),
  {
    minLength: 1,
    maxLength: 30,
  },
)

/** How it reached us: each fix at a place of its own in the order, once or several times. */
const journeys = fc.array(journey, { minLength: 3, maxLength: 3 }).chain((each) => {
  const fixes = each.flatMap((steps, device) => {
    let at = 0
    let metres = 0
    return steps.map((step) => {
      at += step.afterMs
      metres += step.metres
      return { deviceId: DEVICES[device] as string, at, metres }
    })
  })
  const order = fc.shuffledSubarray(
    fixes.flatMap((fix) => [fix, fix, fix]),
    { minLength: 1 },
  )
  return fc.record({ order, sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 }) })
})

describe('a shard, in whatever order reports come and however often', () => {
  test('ends with the newest fix of each device, and history has each fix once', async () => {
    await fc.assert(
      fc.asyncProperty(journeys, fc.boolean(), async ({ order, sizes }, awayAtFirst) => {
        const bench = openFleet()
        await bench.clock.advance(60 * 60_000)
        const start = bench.clock.now() - 60 * 60_000
        bench.postgres.away = awayAtFirst
        const left = [...order]
        for (let turn = 0; left.length > 0; turn++) {
          const batch = left.splice(0, sizes[turn % sizes.length])
          await bench.fleet.report(
            batch.map(
              ({ deviceId, at, metres }): Report => bench.report(deviceId, { ...north(metres), fixedAt: start + at }),
            ),
          )
          await bench.clock.advance(turn % 3 === 0 ? 700 : 40)
        }
        bench.postgres.away = false
        await bench.clock.advance(30_000)

        const distinct = new Map(order.map((fix) => [`${fix.deviceId} ${fix.at}`, fix]))
        const stored = bench.postgres.rows.map((row) => `${row.deviceId} ${row.at - start}`)
        expect(stored.toSorted()).toEqual([...distinct.keys()].toSorted())
        for (const deviceId of DEVICES) {
          const own = [...distinct.values()].filter((fix) => fix.deviceId === deviceId)
          const newest = own.toSorted((x, y) => y.at - x.at)[0]
          const known = await bench.lastOf(deviceId)
          expect(known?.position?.fixedAt).toEqual(newest && start + newest.at)
        }
        expect(await bench.fleet.tick()).toMatchObject({
          taken: distinct.size,
          duplicates: order.length - distinct.size,
          queued: 0,
          dropped: 0,
        })
      }),
      { numRuns: 150 },
    )
  })
})
