import { describe, expect, test } from 'bun:test'
import { settle } from '../durable/manual-clock'
import { bench, cardRows, deviceRow, nextSosId, placeAt, pressOf, unverifiedOf } from './bench'

describe('a press', () => {
  test('is answered after it is stored, and its retry finds the same receipt', async () => {
    const b = bench()
    const press = pressOf(b.clock.now())
    let answered = false
    const first = b.intake.press(press)
    void first.then(() => {
      answered = true
    })
    await settle()
    expect({ answered, rows: b.rows('press') }).toEqual({ answered: false, rows: 0 })
    expect(await b.done(first)).toEqual({ sosId: press.sosId, receivedAt: press.receivedAt, known: false })
    expect(b.rows('press')).toBe(1)
    const again = await b.press({ ...press, receivedAt: press.receivedAt + 400 })
    expect(again).toEqual({ sosId: press.sosId, receivedAt: press.receivedAt, known: true })
    expect(b.rows('press')).toBe(1)
  })

  test('reaches its room in milliseconds, once, and is kept for late retries', async () => {
    const b = bench()
    const { sosId } = await b.press()
    await b.clock.advance(5)
    expect([...b.room.presses.keys()]).toEqual([sosId])
    expect((await b.intake.tick()).unconfirmed).toBe(0)
    await b.pass(86_400_000)
    expect((await b.press({ sosId })).known).toBe(true)
    expect(b.room.presses.get(sosId)?.takes).toBe(1)
  })

  test('is answered while the room is away, and goes there when it is back', async () => {
    const b = bench()
    b.room.mood = 'away'
    const { sosId } = await b.press()
    await b.pass(60_000)
    expect(b.room.presses.size).toBe(0)
    b.room.mood = 'well'
    await b.pass(2_000)
    expect(b.room.presses.has(sosId)).toBe(true)
  })

  test('is tried again at least every two seconds, for ever', async () => {
    const b = bench()
    b.room.mood = 'away'
    await b.press()
    await b.pass(600_000)
    const before = b.room.batches.length
    await b.pass(10_000)
    expect(b.room.batches.length - before).toBeGreaterThanOrEqual(4)
  })

  test('survives a room that hangs', async () => {
    const b = bench()
    b.room.mood = 'silent'
    const { sosId } = await b.press()
    await b.pass(4_000)
    b.room.mood = 'well'
    await b.pass(4_000)
    expect(b.room.presses.has(sosId)).toBe(true)
  })

  test('whose confirmation got lost is sent again, and is still one', async () => {
    const b = bench()
    b.room.mood = 'forgetful'
    const { sosId } = await b.press()
    await b.pass(3_000)
    b.room.mood = 'well'
    await b.pass(3_000)
    expect(b.room.presses.size).toBe(1)
    expect((await b.intake.tick()).unconfirmed).toBe(0)
    expect(b.room.presses.get(sosId)?.takes).toBeGreaterThan(1)
  })

  test('survives the process: the alarm that it set carries it to the room', async () => {
    const b = bench()
    b.room.mood = 'away'
    const { sosId } = await b.press()
    b.crash()
    b.room.mood = 'well'
    await b.pass(5_100)
    expect(b.room.presses.has(sosId)).toBe(true)
  })

  test('that the room cannot take holds up nobody else', async () => {
    const b = bench()
    b.room.mood = 'away'
    const poison = await b.press({ deviceId: 'bus-0' })
    for (let n = 1; n <= 60; n++) await b.press({ deviceId: `bus-${n}` })
    b.room.chokesOn = poison.sosId
    b.room.mood = 'well'
    await b.pass(15_000)
    expect(b.room.presses.size).toBe(60)
    const fresh = await b.press({ deviceId: 'bus-99' })
    await b.pass(1_000)
    expect(b.room.presses.has(fresh.sosId)).toBe(true)
    b.room.chokesOn = null
    await b.pass(35_000)
    expect(b.room.presses.has(poison.sosId)).toBe(true)
  })

  test('goes in batches of at most 200, oldest first', async () => {
    const b = bench()
    b.room.mood = 'away'
    const sent: string[] = []
    for (let n = 0; n < 450; n++) sent.push((await b.press({ deviceId: `bus-${n}` })).sosId)
    b.room.mood = 'well'
    await b.pass(5_000)
    expect([...b.room.presses.keys()]).toEqual(sent)
    expect(Math.max(...b.room.batches.map(({ presses }) => presses.length))).toBe(200)
  })

  test('that the room left out of its confirmation is sent again', async () => {
    const b = bench()
    b.room.mood = 'away'
    for (let n = 0; n < 20; n++) await b.press({ deviceId: `bus-${n}` })
    b.room.mood = 'well'
    b.room.appetite = 7
    await b.pass(5_000)
    expect(b.room.presses.size).toBe(20)
    b.room.appetite = 0
    await b.press({ deviceId: 'bus-20' })
    await b.pass(10_000)
    expect((await b.intake.tick()).unconfirmed).toBe(1)
    // A room that takes nothing is no reason to ask it all day long.
    expect(b.room.batches.length).toBeLessThan(50)
  })

  test('of a revoked token is taken and labelled', async () => {
    const b = bench()
    await b.learn([deviceRow({ minGeneration: 3 })])
    const old = await b.press({ tokenGeneration: 2, labels: ['no_fix'] })
    const valid = await b.press({ tokenGeneration: 3 })
    await b.clock.advance(40)
    expect(b.room.presses.get(old.sosId)?.press.labels).toEqual(['no_fix', 'revoked_token'])
    expect(b.room.presses.get(valid.sosId)?.press.labels).toEqual([])
  })

  test('is forgotten eight days after, but never before its room has it', async () => {
    const b = bench()
    const had = await b.press()
    await b.pass(1_000)
    b.room.mood = 'away'
    const waiting = await b.press({ deviceId: 'bus-2' })
    b.clock.jump(8 * 86_400_000 - 7_200_000)
    b.crash()
    await b.pass(3_600_000)
    expect(await b.intake.status(had.sosId, 'bus-1')).not.toBeNull()
    await b.pass(2 * 3_600_000)
    expect(await b.intake.status(had.sosId, 'bus-1')).toBeNull()
    expect(await b.intake.status(waiting.sosId, 'bus-2')).not.toBeNull()
  })
})

describe('a button held down', () => {
  test('makes three presses, and from the fourth only count, last position and time change', async () => {
    const b = bench()
    const ids: string[] = []
    for (let n = 0; n < 12; n++) ids.push((await b.press({ position: placeAt(14 + n / 100) })).sosId)
    await b.pass(2_000)
    expect(b.rows('press')).toBe(3)
    expect([...b.room.presses.keys()]).toEqual(ids.slice(0, 3))
    const [fold] = [...b.room.folds.values()]
    expect(fold).toMatchObject({ sosId: ids[2], count: 9, position: placeAt(14.11) })
  })

  test('answers each of them, and each can be asked about', async () => {
    const b = bench()
    const presses = Array.from({ length: 10 }, () => pressOf(b.clock.now()))
    const receipts = await b.done(Promise.all(presses.map((press) => b.intake.press(press))))
    expect(receipts.map(({ known }) => known)).toEqual(presses.map(() => false))
    for (const { sosId, receivedAt } of receipts)
      expect(await b.intake.status(sosId, 'bus-1')).toEqual({ state: 'received', receivedAt })
  })

  test('a retry of a folded press is known and not counted again', async () => {
    const b = bench()
    const presses = Array.from({ length: 5 }, () => pressOf(b.clock.now()))
    for (const press of presses) await b.press(press)
    const retry = await b.press({ ...(presses[4] as (typeof presses)[0]), receivedAt: b.clock.now() + 9 })
    expect(retry).toMatchObject({ known: true, receivedAt: presses[4]?.receivedAt })
    await b.pass(2_000)
    expect([...b.room.folds.values()][0]?.count).toBe(2)
  })

  test('is another press where it says something else: a graver kind, or that nobody may call', async () => {
    const b = bench()
    for (let n = 0; n < 5; n++) await b.press({ kind: 'medical' })
    const fire = await b.press({ kind: 'fire' })
    const hush = await b.press({ kind: 'medical', safeToTalk: false })
    await b.pass(1_000)
    expect(b.room.presses.has(fire.sosId)).toBe(true)
    expect(b.room.presses.has(hush.sosId)).toBe(true)
  })

  test('does not fold another device’s presses', async () => {
    const b = bench()
    for (let n = 0; n < 6; n++) await b.press()
    const other = await b.press({ deviceId: 'bus-2' })
    await b.pass(1_000)
    expect(b.room.presses.has(other.sosId)).toBe(true)
  })

  test('three presses and, ten seconds later, another are four presses', async () => {
    const b = bench()
    for (let n = 0; n < 3; n++) await b.press()
    await b.pass(10_001)
    await b.press()
    expect(b.rows('press')).toBe(4)
  })

  test('a flood of 40 s from one device costs a row per 10 s, and its ids stay bounded', async () => {
    const b = bench()
    for (let n = 0; n < 4_000; n++) {
      void b.intake.press(pressOf(b.clock.now()))
      await b.clock.advance(10)
    }
    expect(b.rows('press')).toBeLessThanOrEqual(8)
    const { bytes } = b.storage.sql.exec<{ bytes: number }>('SELECT max(length(folded)) AS bytes FROM press').one()
    expect(bytes).toBeLessThan(3_000)
    await b.pass(2_000)
    const counted = [...b.room.folds.values()].reduce((sum, { count }) => sum + count, 0)
    expect(counted + b.room.presses.size).toBe(4_000)
    // Counts go at most once a second: a flood at the intake is none at the room.
    expect(b.room.batches.length).toBeLessThan(70)
    expect(await b.intake.status(nextSosId(), 'bus-1')).not.toBeNull()
  })
})

describe('unverified presses', () => {
  test('make one row per source and 10 s, and one summary a second', async () => {
    const b = bench('NCR:u0')
    for (let n = 0; n < 3_000; n++) {
      void b.intake.pressUnverified(unverifiedOf(b.clock.now(), `10.0.0.${n % 5}`))
      await b.clock.advance(1)
    }
    await b.pass(1_500)
    expect(b.rows('unverified')).toBeLessThanOrEqual(10)
    expect(b.room.unverified?.count).toBe(3_000)
    expect(b.room.presses.size).toBe(0)
    expect(b.room.batches.length).toBeLessThan(8)
  })

  test('fill a ring of 10,000 rows and no more', async () => {
    const b = bench('NCR:u0')
    const work = Array.from({ length: 10_300 }, (_, n) =>
      b.intake.pressUnverified(unverifiedOf(b.clock.now(), `s${n}`)),
    )
    await b.done(Promise.all(work))
    expect(b.rows('unverified')).toBe(10_000)
    await b.pass(1_500)
    expect(b.room.unverified?.latest[0]?.source).toBe('s10299')
    expect(b.room.unverified?.latest.length).toBeLessThanOrEqual(50)
  })

  test('that nobody adds to are not told again and again', async () => {
    const b = bench('NCR:u0')
    await b.done(b.intake.pressUnverified(unverifiedOf(b.clock.now(), 'a')))
    await b.pass(30_000)
    expect(b.room.batches.filter(({ unverified }) => unverified !== null)).toHaveLength(1)
  })
})

describe('a room that is away', () => {
  test('after 2 s its presses are shown with driver and plate, and after 5 s those on the duty card are paged once', async () => {
    const b = bench()
    await b.learn([deviceRow(), ...cardRows()])
    b.room.mood = 'away'
    const { sosId } = await b.press()
    await b.pass(1_900)
    expect(await b.intake.unplaced()).toEqual([])
    await b.pass(200)
    expect(b.paged).toEqual([])
    expect(await b.intake.unplaced()).toMatchObject([
      { sosId, region: 'NCR', deviceId: 'bus-1', kind: 'panic', driver: 'Ana Reyes', plate: 'NBC 1234' },
    ])
    await b.pass(20_000)
    expect(b.paged).toMatchObject([
      {
        incidentId: sosId,
        reason: 'room_away',
        priority: 'P1',
        contact: { id: 'phone:+639170000009' },
        facts: { plate: 'NBC 1234', contactPolicy: 'quiet', code: null },
      },
    ])
    b.room.mood = 'well'
    await b.pass(2_000)
    expect(await b.intake.unplaced()).toEqual([])
  })

  test('each press is paged about 5 s after it, not when the next round comes', async () => {
    const b = bench()
    await b.learn([deviceRow(), ...cardRows()])
    b.room.mood = 'away'
    await b.press()
    await b.pass(3_000)
    await b.press({ deviceId: 'bus-2' })
    await b.pass(5_100)
    expect(b.paged).toHaveLength(2)
  })

  test('a clock that is set back meanwhile keeps nobody from seeing it, nor from being paged', async () => {
    const b = bench()
    await b.learn([deviceRow(), ...cardRows()])
    b.room.mood = 'away'
    const { sosId } = await b.press()
    await b.pass(3_000)
    expect(await b.intake.unplaced()).toHaveLength(1)
    b.clock.setBack(3_600_000)
    expect(await b.intake.unplaced()).toMatchObject([{ sosId }])
    await b.intake.tick()
    await b.pass(2_100)
    expect(b.paged).toHaveLength(1)
  })

  test('nobody is paged while the room answers', async () => {
    const b = bench()
    await b.learn([deviceRow(), ...cardRows()])
    await b.press()
    await b.pass(60_000)
    expect(b.paged).toEqual([])
  })

  test('a courier that throws does not stop the alarm', async () => {
    const b = bench()
    await b.learn([deviceRow(), ...cardRows()])
    b.room.mood = 'away'
    await b.press()
    b.paged.push = () => {
      throw new Error('courier broke')
    }
    await b.pass(8_000)
    b.room.mood = 'well'
    await b.pass(4_000)
    expect(b.room.presses.size).toBe(1)
    expect(b.alarmAt()).toBeGreaterThan(b.clock.now())
  })
})

describe('the directory', () => {
  test('comes page by page, and an older row never replaces a newer one', async () => {
    const b = bench()
    b.room.pageSize = 2
    const rows = Array.from({ length: 7 }, (_, n) => deviceRow({ id: `bus-${n}` }))
    await b.learn(rows)
    expect(b.rows('directory')).toBe(7)
    expect((await b.intake.tick()).directoryVersion).toBe(rows.at(-1)?.version ?? 0)
  })

  test('keeps no password hashes, even if the room sent them', async () => {
    const b = bench()
    const row = deviceRow()
    b.room.directory.push({
      kind: 'user',
      id: 'u1',
      version: row.version + 100_000,
      body: {
        id: 'u1',
        email: 'a@b.c',
        name: 'A',
        alias: 'Desk 1',
        role: 'admin',
        regions: ['NCR'],
        passwordHash: 'scrypt$x',
        sessionEpoch: 1,
        active: true,
      },
    })
    await b.learn([row])
    expect(b.rows('directory')).toBe(1)
  })
})

describe('a canary', () => {
  test('goes through the durable path and the room, and leaves no trace', async () => {
    const b = bench()
    const result = await b.done(b.intake.canary('c-1'))
    expect(result).toMatchObject({ ok: true, failed: null })
    expect(b.room.batches.map(({ canary }) => canary)).toContain('c-1')
    expect([b.rows('press'), b.rows('canary'), b.room.presses.size]).toEqual([0, 0, 0])
  })

  test('says what failed while the room is away or hangs, and does not hang itself', async () => {
    const b = bench()
    b.room.mood = 'away'
    expect(await b.done(b.intake.canary('c-2'))).toMatchObject({ ok: false, failed: 'room is away' })
    b.room.mood = 'silent'
    expect((await b.done(b.intake.canary('c-3'))).failed).toContain('no answer within')
  })
})

describe('a tick', () => {
  test('sets an alarm that was lost, and says how the intake is', async () => {
    const b = bench()
    b.room.mood = 'away'
    await b.press()
    await b.pass(1_000)
    const health = await b.intake.tick()
    expect(health).toMatchObject({ name: 'NCR:0', unconfirmed: 1, stored: 1, lifelines: 0, directoryVersion: 0 })
    expect(health.oldestUnconfirmedAt).toBeLessThan(b.clock.now())
    expect(b.alarmAt()).toBeGreaterThan(b.clock.now())
  })
})
