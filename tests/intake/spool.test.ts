import { describe, expect, test } from 'bun:test'
import type { Press } from '../../src/domain/press'
import type { Storage } from '../../src/durable/storage'
import { SETTLES_MS, Spool } from '../../src/intake/spool'
import { ManualClock, settle } from '../durable/manual-clock'
import { memoryStorage } from '../support/storage'

const press = (n: number): Press => ({
  sosId: `01000000-0000-8000-8000-${String(n).padStart(12, '0')}`,
  deviceId: `device-${n}`,
  home: 'NCR',
  tokenGeneration: 1,
  door: 'api',
  reporter: 'driver',
  kind: 'panic',
  position: null,
  safeToTalk: null,
  note: null,
  tripId: null,
  pressedAt: null,
  receivedAt: 1_000 + n,
  labels: ['no_fix'],
})

/** A cluster that takes what it is told to. */
function spoolOn(storage: Storage, clock = new ManualClock()) {
  const heard: Press[][] = []
  const wakes: number[] = []
  const cluster = { takes: (_: Press): boolean => true, isAway: false }
  const spool = new Spool(
    storage,
    {
      deliver: async (presses) => {
        if (cluster.isAway) throw new Error('away')
        heard.push(presses)
        return presses.filter((each) => cluster.takes(each)).map(({ sosId }) => sosId)
      },
      wakeAt: (at) => wakes.push(at),
    },
    clock,
  )
  const keep = async (...presses: Press[]) => {
    const kept = presses.map((each) => spool.press(each))
    await clock.advance(10)
    return Promise.all(kept)
  }
  /** As the runtime rings, at the time that was asked for. */
  const ring = async () => {
    await clock.advance(Math.max(0, (wakes.at(-1) ?? 0) - clock.now()))
    spool.alarm()
    await settle()
  }
  return { spool, storage, clock, heard, wakes, cluster, keep, ring }
}

describe('a spool', () => {
  test('answers once the press is on its disk, and knows it when it comes again', async () => {
    const { keep, spool } = spoolOn(memoryStorage())
    expect(await keep(press(1))).toEqual([{ sosId: press(1).sosId, receivedAt: 1_001, known: false }])
    expect(await keep({ ...press(1), receivedAt: 9_000 })).toEqual([
      { sosId: press(1).sosId, receivedAt: 1_001, known: true },
    ])
    expect(spool.health().waiting).toBe(1)
  })

  test('lets the call settle that was too slow, then delivers the press as it was, and forgets it', async () => {
    const { keep, ring, heard, spool, clock, wakes } = spoolOn(memoryStorage())
    await keep(press(1), press(2))
    expect(wakes.at(-1)).toBeGreaterThanOrEqual(clock.now() - 10 + SETTLES_MS - 10)
    spool.alarm()
    await settle()
    expect(heard).toEqual([])
    await ring()
    expect(heard).toEqual([[press(1), press(2)]])
    expect(spool.health()).toMatchObject({ waiting: 0, oldestAt: null })
  })

  test('keeps everything while nobody can be reached, tries again, and loses nothing by its death', async () => {
    const storage = memoryStorage()
    const first = spoolOn(storage)
    first.cluster.isAway = true
    await first.keep(press(1), press(2))
    await first.ring()
    expect(first.spool.health()).toMatchObject({ waiting: 2, lastFailure: 'away' })
    const again = spoolOn(storage, first.clock)
    expect(again.wakes.length).toBeGreaterThan(0)
    await again.ring()
    expect(again.heard.flat()).toEqual([press(1), press(2)])
    expect(again.spool.health().waiting).toBe(0)
  })

  test('forgets only what was taken, and one that nobody ever takes holds up none of the others', async () => {
    const { keep, ring, heard, spool, cluster, clock } = spoolOn(memoryStorage())
    cluster.takes = ({ sosId }) => sosId !== press(1).sosId
    await keep(...Array.from({ length: 150 }, (_, n) => press(n + 1)))
    await ring()
    await clock.advance(5_000)
    expect(spool.health().waiting).toBe(1)
    expect(new Set(heard.flat().map(({ sosId }) => sosId)).size).toBe(150)
    cluster.takes = () => true
    await clock.advance(5_000)
    expect(spool.health().waiting).toBe(0)
  })
})
