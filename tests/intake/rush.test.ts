// Presses by the hundred: phones are answered first, and their room hears of them a moment later, of all of them.

import { expect, test } from 'bun:test'
import { bench, pressOf } from './bench'

const burst = (b: ReturnType<typeof bench>, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) => b.intake.press(pressOf(b.clock.now(), { deviceId: `rush-${n}` }))),
  )

test('in a rush all are answered before most are on their way, and within two and a half seconds the room has every one', async () => {
  const b = bench()
  await b.done(burst(b, 400))
  const again = burst(b, 400)
  const answered = await b.done(again)
  expect(answered.map(({ sosId }) => sosId)).toHaveLength(400)
  const atOnce = b.room.presses.size
  await b.pass(100)
  // The first hundreds were on their way before anybody knew that it was a rush.
  expect(b.room.presses.size).toBe(atOnce)
  await b.pass(2_400)
  expect((await b.intake.tick()).unconfirmed).toBe(0)
  expect(b.room.presses.size).toBe(800)
})

test('a press that comes alone after a rush goes at once again', async () => {
  const b = bench()
  await b.done(burst(b, 500))
  await b.pass(2_500)
  const before = b.room.presses.size
  await b.press({ deviceId: 'alone' })
  await b.clock.advance(5)
  expect(b.room.presses.size).toBe(before + 1)
})

test('in a stream they share journeys, some six a second, and none waits longer than one of them', async () => {
  const b = bench()
  let pressed = 0
  const stream = async (everyMs: number) => {
    const before = b.room.batches.length
    let waiting = 0
    for (let ms = 0; ms < 3_000; ms += everyMs) {
      await b.press({ deviceId: `stream-${pressed++}` })
      await b.pass(everyMs)
      waiting = Math.max(waiting, pressed - b.room.presses.size)
    }
    await b.pass(1_000)
    return { journeys: b.room.batches.length - before, waiting }
  }
  const few = await stream(50)
  expect(few.journeys).toBeGreaterThanOrEqual(60)
  const many = await stream(10)
  expect(many.journeys).toBeLessThan(60)
  expect(many.waiting).toBeLessThan(25)
  expect(b.room.presses.size).toBe(pressed)
})

/** So many every 100 ms, for so many tenths of a second. */
async function rush(b: ReturnType<typeof bench>, of: { each: number; tenths: number; heard?: () => void }) {
  for (let n = 0; n < of.tenths; n++) {
    const answers = Promise.all(
      Array.from({ length: of.each }, () => b.press({ deviceId: `rush-${crypto.randomUUID()}` })),
    )
    await b.pass(100)
    await answers
    of.heard?.()
  }
}

test('while a rush goes on its room hears of it once a second, a hundred at a time, and of all the rest when it is over', async () => {
  const b = bench()
  await rush(b, { each: 80, tenths: 10 })
  const [journeys, known] = [b.room.batches.length, b.room.presses.size]
  await rush(b, { each: 80, tenths: 40 })
  expect(b.room.batches.length - journeys).toBeLessThanOrEqual(6)
  expect(b.room.presses.size - known).toBeLessThanOrEqual(6 * 100)
  expect(b.room.presses.size - known).toBeGreaterThanOrEqual(3 * 100)
  await b.pass(2_500)
  expect(b.room.presses.size).toBe(50 * 80)
})

test('waves of a rush, more than a second apart, are one rush', async () => {
  const b = bench()
  await rush(b, { each: 400, tenths: 1 })
  const known = b.room.presses.size
  for (let wave = 0; wave < 3; wave++) {
    await b.pass(1_300)
    await rush(b, { each: 400, tenths: 1 })
  }
  expect(b.room.presses.size - known).toBeLessThanOrEqual(5 * 100)
  await b.pass(2_500)
  expect(b.room.presses.size).toBe(1_600)
})

test('however long a rush, its room hears of each press within some six seconds', async () => {
  const b = bench()
  const heard: number[] = []
  await rush(b, { each: 60, tenths: 200, heard: () => heard.push(b.room.presses.size) })
  // After seven seconds it is never more than seven seconds behind.
  for (const [tenth, known] of heard.entries()) expect(known).toBeGreaterThanOrEqual((tenth - 70) * 60)
  expect(heard.at(-1)).toBeLessThan(200 * 60)
})
