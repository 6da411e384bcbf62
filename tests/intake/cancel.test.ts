import { describe, expect, test } from 'bun:test'
import { bench, DURESS, deviceRow, macOf, nextSosId, PIN } from './bench'

async function known() {
  const b = bench()
  await b.learn([deviceRow(), deviceRow({ id: 'bus-2' })])
  const cancel = (sosId: string, pin: string, device = 'bus-1') =>
    b.done(b.intake.cancel(sosId, device, macOf(pin, device)))
  const notes = () => [...b.room.cancels.values()].map(({ sosId, verdict }) => ({ sosId, verdict }))
  return Object.assign(b, { cancel, notes })
}

describe('a PIN', () => {
  test('the true one reads cancelled at once, and the room is told', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    expect(await b.cancel(sosId, PIN)).toEqual({ ok: true, view: { state: 'cancelled', receivedAt } })
    expect(await b.intake.status(sosId, 'bus-1')).toEqual({ state: 'cancelled', receivedAt })
    await b.pass(100)
    expect(b.notes()).toEqual([{ sosId, verdict: 'true' }])
  })

  test('the one under duress answers the same bytes, and the room is told the opposite', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    expect(await b.cancel(sosId, DURESS)).toEqual({ ok: true, view: { state: 'cancelled', receivedAt } })
    expect(await b.intake.status(sosId, 'bus-1')).toEqual({ state: 'cancelled', receivedAt })
    await b.pass(100)
    expect(b.notes()).toEqual([{ sosId, verdict: 'duress' }])
  })

  test('both do the same statements on the storage', async () => {
    const statements = async (pin: string) => {
      const b = await known()
      const { sosId } = await b.press()
      await b.pass(100)
      const seen: string[] = []
      const { exec } = b.storage.sql
      b.storage.sql.exec = ((query: string, ...bindings: never[]) => {
        seen.push(query)
        return exec(query, ...bindings)
      }) as typeof exec
      await b.cancel(sosId, pin)
      return seen
    }
    const [true_, duress] = [await statements(PIN), await statements(DURESS)]
    expect(duress).toEqual(true_)
    expect(duress.length).toBeGreaterThan(4)
  })

  test('a wrong one cancels nothing, and the room counts it', async () => {
    const b = await known()
    const { sosId } = await b.press()
    expect(await b.cancel(sosId, '0000')).toEqual({ ok: false, reason: 'wrong_pin' })
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('received')
    await b.pass(100)
    expect(b.notes()).toEqual([{ sosId, verdict: 'wrong' }])
  })

  test('five wrong ones are five notes, a thousand are ten', async () => {
    const b = await known()
    const { sosId } = await b.press()
    for (let n = 0; n < 5; n++) await b.cancel(sosId, '0000')
    await b.pass(100)
    expect(b.notes()).toHaveLength(5)
    await b.done(Promise.all(Array.from({ length: 1000 }, () => b.intake.cancel(sosId, 'bus-1', macOf('0000')))))
    await b.pass(100)
    expect(b.notes()).toHaveLength(10)
    await b.pass(600_001)
    await b.cancel(sosId, '0000')
    await b.pass(100)
    expect(b.notes()).toHaveLength(11)
  })

  test('typed again is one note, and the other one typed after it is another', async () => {
    const b = await known()
    const { sosId } = await b.press()
    for (let n = 0; n < 5; n++) {
      await b.cancel(sosId, PIN)
      await b.pass(1_000)
    }
    await b.cancel(sosId, DURESS)
    await b.pass(100)
    expect(b.notes()).toEqual([
      { sosId, verdict: 'true' },
      { sosId, verdict: 'duress' },
    ])
  })

  test('cancels only its owner’s press', async () => {
    const b = await known()
    const { sosId } = await b.press()
    expect(await b.cancel(sosId, PIN, 'bus-2')).toEqual({ ok: false, reason: 'not_yours' })
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('received')
    expect(await b.intake.status(sosId, 'bus-2')).toBeNull()
    await b.pass(100)
    expect(b.notes()).toEqual([])
  })

  test('for a folded press cancels the press it was folded into', async () => {
    const b = await known()
    const ids: string[] = []
    for (let n = 0; n < 6; n++) ids.push((await b.press()).sosId)
    expect(await b.cancel(ids[5] as string, PIN)).toMatchObject({ ok: true })
    await b.pass(2_000)
    expect(b.notes()).toEqual([{ sosId: ids[2] as string, verdict: 'true' }])
    expect((await b.intake.status(ids[5] as string, 'bus-1'))?.state).toBe('cancelled')
  })

  test('and a count survive the process, though their press is long at the room', async () => {
    const b = await known()
    const { sosId } = await b.press()
    for (let n = 0; n < 2; n++) await b.press()
    await b.pass(6_000)
    b.room.mood = 'silent'
    await b.cancel(sosId, PIN)
    await b.press()
    b.crash()
    b.room.mood = 'well'
    await b.pass(6_000)
    expect(b.notes()).toEqual([{ sosId, verdict: 'true' }])
    expect([...b.room.folds.values()].map(({ count }) => count)).toEqual([1])
  })

  test('judged while the room is away waits behind its press', async () => {
    const b = await known()
    b.room.mood = 'away'
    const { sosId } = await b.press()
    await b.cancel(sosId, PIN)
    b.crash()
    b.room.mood = 'well'
    await b.pass(6_000)
    const batch = b.room.batches.find(({ cancels }) => cancels.length > 0)
    expect(b.room.presses.has(sosId)).toBe(true)
    expect(b.notes()).toEqual([{ sosId, verdict: 'true' }])
    const carrier = b.room.batches.findIndex(({ presses }) => presses.some((press) => press.sosId === sosId))
    expect(carrier).toBeLessThanOrEqual(b.room.batches.indexOf(batch as NonNullable<typeof batch>))
  })
})

describe('a cancel that overtakes its SOS', () => {
  test('is judged, held, and takes hold when the press comes', async () => {
    const b = await known()
    const sosId = nextSosId()
    expect(await b.cancel(sosId, PIN)).toMatchObject({ ok: true, view: { state: 'cancelled' } })
    await b.pass(60_000)
    const { receivedAt } = await b.press({ sosId })
    expect(await b.intake.status(sosId, 'bus-1')).toEqual({ state: 'cancelled', receivedAt })
    await b.pass(100)
    expect(b.notes()).toEqual([{ sosId, verdict: 'true' }])
  })

  test('is never older at the room than the press it cancels', async () => {
    const b = await known()
    b.room.mood = 'away'
    const sosId = nextSosId()
    await b.cancel(sosId, PIN)
    const { receivedAt } = await b.press({ sosId, receivedAt: b.clock.now() + 900 })
    b.room.mood = 'well'
    await b.pass(5_000)
    expect([...b.room.cancels.values()][0]?.at).toBeGreaterThanOrEqual(receivedAt)
  })

  test('is held for ten minutes and no longer', async () => {
    const b = await known()
    const sosId = nextSosId()
    await b.cancel(sosId, PIN)
    await b.pass(600_001)
    await b.press({ sosId })
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('received')
  })

  test('a device cannot fill the storage with cancels of presses that never come', async () => {
    const b = await known()
    const work = Array.from({ length: 200 }, () => b.intake.cancel(nextSosId(), 'bus-1', macOf(PIN)))
    await b.done(Promise.all(work))
    expect(b.rows('held_cancel')).toBeLessThanOrEqual(20)
  })
})

describe('a PIN of a device that this intake has not heard of', () => {
  test('asks the room once for its row, and is judged by it', async () => {
    const b = bench()
    const { sosId } = await b.press()
    await b.pass(100)
    b.room.directory.push(deviceRow())
    expect(await b.done(b.intake.cancel(sosId, 'bus-1', macOf(PIN)))).toMatchObject({ view: { state: 'cancelled' } })
  })

  test('with the room away is held without cancelling anything, and judged when the row comes', async () => {
    const b = bench()
    b.room.mood = 'silent'
    const { sosId } = await b.press()
    const answer = await b.done(b.intake.cancel(sosId, 'bus-1', macOf(PIN)))
    expect(answer).toMatchObject({ ok: true, view: { state: 'received' } })
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('received')
    b.room.mood = 'well'
    b.room.directory.push(deviceRow())
    await b.pass(10_000)
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('cancelled')
    expect([...b.room.cancels.values()].map(({ verdict }) => verdict)).toEqual(['true'])
  })

  test('held and then found wrong has cancelled nothing and is counted', async () => {
    const b = bench()
    b.room.mood = 'away'
    const { sosId } = await b.press()
    await b.done(b.intake.cancel(sosId, 'bus-1', macOf('0000')))
    b.room.mood = 'well'
    b.room.directory.push(deviceRow())
    await b.pass(10_000)
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('received')
    expect([...b.room.cancels.values()].map(({ verdict }) => verdict)).toEqual(['wrong'])
  })
})

describe('duress', () => {
  const shown = (receivedAt: number) => ({ state: 'shown' as const, receivedAt, shownAt: receivedAt + 1 })

  test('holds for later presses of that device, through a restart, and for no other device', async () => {
    const b = await known()
    const { sosId } = await b.press()
    await b.cancel(sosId, DURESS)
    b.crash()
    const later = await b.press()
    const other = await b.press({ deviceId: 'bus-2' })
    expect((await b.intake.status(later.sosId, 'bus-1'))?.state).toBe('cancelled')
    expect((await b.intake.status(other.sosId, 'bus-2'))?.state).toBe('received')
  })

  test('is not lifted by what the room said before it knew, but by what it says after', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    const before = b.room.push(sosId, 'bus-1', { view: shown(receivedAt) })
    await b.cancel(sosId, DURESS)
    await b.intake.update([before])
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('cancelled')
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'cancelled', receivedAt }, duress: true })])
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('cancelled')
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: shown(receivedAt) })])
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('shown')
  })

  test('is not lifted by news of an earlier incident of that device', async () => {
    const b = await known()
    const early = await b.press()
    await b.pass(1_000)
    const { sosId, receivedAt } = await b.press()
    await b.cancel(sosId, DURESS)
    await b.intake.update([
      b.room.push(sosId, 'bus-1', { view: { state: 'cancelled', receivedAt }, duress: true }),
      b.room.push(early.sosId, 'bus-1', { view: { state: 'closed', receivedAt: early.receivedAt } }),
    ])
    const later = await b.press()
    expect((await b.intake.status(later.sosId, 'bus-1'))?.state).toBe('cancelled')
  })

  test('that another shard has heard of holds here, too', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'cancelled', receivedAt }, duress: true })])
    const later = await b.press()
    expect((await b.intake.status(later.sosId, 'bus-1'))?.state).toBe('cancelled')
  })

  test('whose press never came reaches the room with the next press', async () => {
    const b = await known()
    await b.cancel(nextSosId(), DURESS)
    await b.pass(900_000)
    const later = await b.press()
    await b.pass(100)
    expect(b.notes().at(-1)).toEqual({ sosId: later.sosId, verdict: 'duress' })
    expect((await b.intake.status(later.sosId, 'bus-1'))?.state).toBe('cancelled')
  })
})

describe('what the room says', () => {
  test('changes what the phone reads, and an older word changes nothing', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    const older = b.room.push(sosId, 'bus-1', { view: { state: 'shown', receivedAt, shownAt: receivedAt + 5 } })
    const newer = b.room.push(sosId, 'bus-1', {
      view: { state: 'taken', receivedAt, takenAt: receivedAt + 9, desk: 'Desk 3' },
    })
    await b.intake.update([newer])
    await b.intake.update([older, older])
    expect(await b.intake.status(sosId, 'bus-1')).toEqual(newer.view)
    expect(b.told).toHaveLength(1)
  })

  test('by a room with a new epoch is newer, whatever its number', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    await b.intake.update([
      { sosId, deviceId: 'bus-1', duress: false, version: 900, epoch: 'a', view: { state: 'shown', receivedAt } },
      { sosId, deviceId: 'bus-1', duress: false, version: 3, epoch: 'b', view: { state: 'taken', receivedAt } },
    ])
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('taken')
  })

  test('comes with the confirmation, too', async () => {
    const b = await known()
    const sosId = nextSosId()
    b.room.statuses = [b.room.push(sosId, 'bus-1', { view: { state: 'shown', receivedAt: 1, shownAt: 2 } })]
    await b.press({ sosId, receivedAt: 1 })
    await b.pass(100)
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('shown')
  })

  test('about a quiet incident is told to no lifeline, however often it comes', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    for (let n = 0; n < 5; n++)
      await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'received', receivedAt } })])
    expect(b.told).toEqual([])
  })

  test('that takes back what was open tells the lifeline nothing either', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'shown', receivedAt } })])
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'received', receivedAt } })])
    expect(b.told.map(({ view }) => view.state)).toEqual(['shown'])
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('received')
  })

  test('after a PIN tells the lifeline nothing: the answer to the PIN has said it', async () => {
    const b = await known()
    for (const pin of [PIN, DURESS]) {
      const { sosId, receivedAt } = await b.press()
      await b.cancel(sosId, pin)
      await b.intake.update([
        b.room.push(sosId, 'bus-1', { view: { state: 'cancelled', receivedAt }, duress: pin === DURESS }),
      ])
      await b.pass(11_000)
    }
    expect(b.told).toEqual([])
  })

  test('wins over a true PIN when a person has opened the incident again', async () => {
    const b = await known()
    const { sosId, receivedAt } = await b.press()
    await b.cancel(sosId, PIN)
    await b.pass(100)
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'cancelled', receivedAt } })])
    await b.intake.update([b.room.push(sosId, 'bus-1', { view: { state: 'taken', receivedAt, takenAt: 5 } })])
    expect((await b.intake.status(sosId, 'bus-1'))?.state).toBe('taken')
  })
})
