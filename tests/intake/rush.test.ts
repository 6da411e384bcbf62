// Presses by the hundred: phones are answered first, and their room hears of them a moment later, of all of them.

import { expect, test } from 'bun:test'
import { bench, pressOf } from './bench'

const burst = (b: ReturnType<typeof bench>, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) => b.intake.press(pressOf(b.clock.now(), { deviceId: `rush-${n}` }))),
  )

test('in a rush all are answered before most are on their way, and within a second and a half the room has every one', async () => {
  const b = bench()
  await b.done(burst(b, 400))
  const again = burst(b, 400)
  const answered = await b.done(again)
  expect(answered.map(({ sosId }) => sosId)).toHaveLength(400)
  const atOnce = b.room.presses.size
  await b.pass(100)
  // The first hundreds were on their way before anybody knew that it was a rush.
  expect(b.room.presses.size).toBe(atOnce)
  await b.pass(1_400)
  expect((await b.intake.tick()).unconfirmed).toBe(0)
  expect(b.room.presses.size).toBe(800)
})

test('a press that comes alone after a rush goes at once again', async () => {
  const b = bench()
  await b.done(burst(b, 500))
  await b.pass(2_000)
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

test('while a rush goes on its room hears of it once a second, two hundred at a time, and of all the rest as soon as it is over', async () => {
  const b = bench()
  let pressed = 0
  const second = async () => {
    for (let n = 0; n < 10; n++) {
      const answers = Promise.all(Array.from({ length: 80 }, () => b.press({ deviceId: `rush-${pressed++}` })))
      await b.pass(100)
      await answers
    }
  }
  await second()
  const [journeys, known] = [b.room.batches.length, b.room.presses.size]
  for (let n = 0; n < 4; n++) await second()
  expect(b.room.batches.length - journeys).toBeLessThanOrEqual(6)
  expect(b.room.presses.size - known).toBeLessThanOrEqual(6 * 200)
  expect(b.room.presses.size - known).toBeGreaterThanOrEqual(3 * 200)
  await b.pass(1_500)
  expect(b.room.presses.size).toBe(pressed)
})
