import { describe, expect, test } from 'bun:test'
import { bench, DURESS, deviceRow, macOf, nextSosId, pressOf } from './bench'

/** The next `times` transactions do their work and are then undone. */
function failing(b: ReturnType<typeof bench>, times: number) {
  const { transactionSync } = b.storage
  let left = times
  b.storage.transactionSync = ((run: () => unknown) =>
    transactionSync(() => {
      const result = run()
      if (left-- > 0) throw new Error('disk full')
      return result
    })) as typeof transactionSync
}

describe('what an intake keeps in memory', () => {
  test('follows the disk when a transaction is undone: the press is unknown, and taken when it comes again', async () => {
    const b = bench()
    const kept = await b.press()
    failing(b, 2)
    const sosId = nextSosId()
    await expect(b.press({ sosId })).rejects.toThrow('disk full')
    await b.pass(100)
    expect([...b.room.presses.keys()]).toEqual([kept.sosId])
    expect(await b.press({ sosId })).toMatchObject({ sosId, known: false })
    await b.pass(100)
    expect([...b.room.presses.keys()]).toEqual([kept.sosId, sosId])
    expect((await b.press({ sosId })).known).toBe(true)
  })

  test('does not count presses that were undone towards a button held down', async () => {
    const b = bench()
    for (let n = 0; n < 3; n++) {
      failing(b, 2)
      await expect(b.press()).rejects.toThrow('disk full')
    }
    for (let n = 0; n < 3; n++) await b.press()
    expect(b.rows('press')).toBe(3)
  })

  test('sends again what was not noted as confirmed', async () => {
    const b = bench()
    const pressed = b.intake.press(pressOf(b.clock.now()))
    b.room.mood = 'away'
    const { sosId } = await b.done(pressed)
    b.room.mood = 'well'
    failing(b, 1)
    await b.pass(5_000)
    expect(b.room.presses.get(sosId)?.takes).toBe(2)
    expect((await b.intake.tick()).unconfirmed).toBe(0)
  })

  test('is no more than a part of a long backlog, and the rest follows from the disk in its order', async () => {
    const b = bench()
    b.room.mood = 'away'
    const ids = Array.from({ length: 2_600 }, nextSosId)
    const all = ids.map((sosId, n) => b.intake.press(pressOf(b.clock.now(), { sosId, deviceId: `bus-${n}` })))
    await b.done(Promise.all(all))
    b.room.mood = 'well'
    await b.pass(10_000)
    expect([...b.room.presses.keys()]).toEqual(ids)
  })

  test('holds an older word of the room back, also when the newer one said nothing and came with the receipt', async () => {
    for (const crashed of [false, true]) {
      const b = bench()
      const sosId = nextSosId()
      const now = b.clock.now()
      const older = b.room.push(sosId, 'bus-1', { view: { state: 'taken', receivedAt: now, takenAt: now } })
      b.room.statuses.push(b.room.push(sosId, 'bus-1', { view: { state: 'received', receivedAt: now } }))
      await b.press({ sosId })
      // What came with the receipt is on disk within a third of a second.
      await b.pass(400)
      if (crashed) b.crash()
      await b.intake.update([older])
      expect(await b.intake.status(sosId, 'bus-1')).toEqual({ state: 'received', receivedAt: now })
      expect(b.told).toEqual([])
      const newer = b.room.push(sosId, 'bus-1', { view: { state: 'taken', receivedAt: now, takenAt: now } })
      await b.intake.update([newer])
      expect(b.told).toHaveLength(1)
    }
  })

  test('brings the count of a burst to the room also when it died before it had noted what was confirmed', async () => {
    const b = bench()
    for (let n = 0; n < 4; n++) await b.press()
    b.crash()
    await b.pass(10_000)
    expect(b.room.presses.size).toBe(3)
    expect([...b.room.folds.values()].map(({ count }) => count)).toEqual([1])
  })

  test('knows after a restart on which devices a PIN was typed', async () => {
    const b = bench()
    await b.learn([deviceRow()])
    const { sosId } = await b.press()
    await b.done(b.intake.cancel(sosId, 'bus-1', macOf(DURESS)))
    b.crash()
    const later = await b.press()
    expect((await b.intake.status(later.sosId, 'bus-1'))?.state).toBe('cancelled')
  })

  test('knows of a revoked token as soon as its row comes, and no longer than it says so', async () => {
    const b = bench()
    const labels = async () => {
      const { sosId } = await b.press({ deviceId: 'bus-1' })
      await b.pass(60_000)
      return b.room.presses.get(sosId)?.press.labels
    }
    expect(await labels()).toEqual([])
    await b.learn([deviceRow({ minGeneration: 2 })])
    expect(await labels()).toEqual(['revoked_token'])
    await b.learn([deviceRow({ minGeneration: 1 })])
    expect(await labels()).toEqual([])
    await b.learn([deviceRow({ minGeneration: 2 })])
    b.crash()
    expect(await labels()).toEqual(['revoked_token'])
  })
})
