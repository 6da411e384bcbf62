import { describe, expect, test } from 'bun:test'
import type { PositionBatch } from '../../src/domain/position-batch'
import type { PositionRow } from '../../src/domain/track'
import { north, openFleet } from './bench'

const batchOf = (bench: ReturnType<typeof openFleet>, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => bench.report(`d${from + n}`, north(from + n)))

describe('positions on their way to Postgres', () => {
  test('gather for a quarter of a second, and a thousand do not wait', async () => {
    const bench = openFleet()
    await bench.fleet.report(batchOf(bench, 0, 3))
    await bench.clock.advance(150)
    await bench.fleet.report(batchOf(bench, 3, 3))
    expect(bench.postgres.batches).toEqual([])
    await bench.clock.advance(100)
    expect(bench.postgres.batches).toEqual([6])
    await bench.fleet.report(batchOf(bench, 6, 1_000))
    await bench.clock.advance(0)
    expect(bench.postgres.batches).toEqual([6, 1_000])
  })

  test('go in batches of at most twenty thousand, one at a time', async () => {
    let running = 0
    let most = 0
    const sizes: number[] = []
    const save = async (rows: PositionBatch) => {
      most = Math.max(most, ++running)
      sizes.push(rows.length)
      await Promise.resolve()
      running--
    }
    const bench = openFleet({ ports: { save } })
    await bench.fleet.report(batchOf(bench, 0, 48_000))
    await bench.clock.advance(2_000)
    expect(most).toBe(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(48_000)
  })

  test('wait while it is away, all of them, and arrive in their order when it is back', async () => {
    const bench = openFleet()
    bench.postgres.away = true
    const began = bench.clock.now()
    for (let n = 0; n < 60; n++) {
      await bench.fleet.report(batchOf(bench, n * 10, 10))
      await bench.clock.advance(1_000)
    }
    expect(await bench.fleet.tick()).toMatchObject({ queued: 600, dropped: 0, oldestQueuedAt: began })
    expect(bench.failures.length).toBeGreaterThan(3)
    bench.postgres.away = false
    await bench.clock.advance(11_000)
    expect(await bench.fleet.tick()).toMatchObject({ queued: 0, dropped: 0, oldestQueuedAt: null })
    expect(bench.postgres.rows.map(({ deviceId }) => deviceId)).toEqual(Array.from({ length: 600 }, (_, n) => `d${n}`))
  })

  test('give way to newer ones when it is away for too long, and how many is said', async () => {
    const bench = openFleet({ ports: { maxQueued: 100 } })
    bench.postgres.away = true
    for (let n = 0; n < 20; n++) {
      await bench.fleet.report(batchOf(bench, n * 10, 10))
      await bench.clock.advance(1_000)
    }
    expect(await bench.fleet.tick()).toMatchObject({ queued: 100, dropped: 100 })
    bench.postgres.away = false
    await bench.clock.advance(11_000)
    // What was on its way when the queue was full is not the queue's to drop.
    const kept = bench.postgres.rows.map(({ deviceId }) => Number(deviceId.slice(1)))
    expect(kept).toHaveLength(100)
    expect(kept.slice(10)).toEqual(Array.from({ length: 90 }, (_, n) => 110 + n))
  })

  test('a batch that nobody answers for is sent again as it was', async () => {
    const sent: PositionRow[][] = []
    let silent = true
    const save = (rows: PositionBatch) => {
      sent.push([...rows])
      return silent ? new Promise<void>(() => {}) : Promise.resolve()
    }
    const bench = openFleet({ ports: { save } })
    await bench.fleet.report(batchOf(bench, 0, 2))
    await bench.clock.advance(1_000)
    silent = false
    await bench.fleet.report(batchOf(bench, 2, 2))
    await bench.clock.advance(13_000)
    expect(sent.map((rows) => rows.map(({ deviceId }) => deviceId))).toEqual([
      ['d0', 'd1'],
      ['d0', 'd1'],
      ['d2', 'd3'],
    ])
    expect((await bench.fleet.tick()).queued).toBe(0)
  })

  test('one that Postgres will never take is dropped alone, and the others arrive', async () => {
    const stored: string[] = []
    const save = async (batch: PositionBatch) => {
      const rows = [...batch]
      if (rows.some(({ deviceId }) => deviceId === 'd37')) throw new Error('22P05')
      stored.push(...rows.map(({ deviceId }) => deviceId))
    }
    const isRowFault = (error: unknown) => error instanceof Error && error.message === '22P05'
    const bench = openFleet({ ports: { save, isRowFault } })
    await bench.fleet.report(batchOf(bench, 0, 100))
    await bench.clock.advance(10_000)
    expect(stored.toSorted()).toEqual(
      Array.from({ length: 100 }, (_, n) => `d${n}`)
        .filter((id) => id !== 'd37')
        .toSorted(),
    )
    expect(await bench.fleet.tick()).toMatchObject({ queued: 0, dropped: 1 })
  })
})
