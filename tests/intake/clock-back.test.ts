// The clock of an intake is set back by minutes while phones press.

import { expect, test } from 'bun:test'
import { bench, nextSosId } from './bench'

const BACK_MS = -300_000

test('a press after the clock was set back is with the room as soon as any other', async () => {
  const b = bench()
  await b.press({ deviceId: 'before' })
  b.clock.jump(BACK_MS)
  await b.press({ deviceId: 'after' })
  await b.clock.advance(50)
  expect(b.room.presses.size).toBe(2)
})

test('what a held button counts is told within seconds, whatever the clock did meanwhile', async () => {
  const b = bench()
  for (let n = 0; n < 5; n++) await b.press({ deviceId: 'held' })
  await b.pass(3_000)
  b.clock.jump(BACK_MS)
  for (let n = 0; n < 6; n++) await b.press({ deviceId: 'held again' })
  await b.pass(3_000)
  const counts = [...b.room.folds.values()].map(({ deviceId, count }) => `${deviceId} ${count}`)
  expect(counts.sort()).toEqual(['held 2', 'held again 3'])
})

test('a press that stood apart is tried again though the clock was set back', async () => {
  const b = bench()
  const sosId = nextSosId()
  b.room.chokesOn = sosId
  await b.press({ sosId, deviceId: 'odd' })
  await b.pass(20_000)
  b.clock.jump(BACK_MS)
  b.room.chokesOn = null
  await b.intake.tick()
  await b.pass(5_000)
  expect(b.room.presses.has(sosId)).toBe(true)
})
