// R2: workerd is killed between the write of a press and its answer. The phone does not know, presses again, and it is one press.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { tell } from '../../scripts/faults/line'
import { sized } from '../../scripts/faults/pace'
import type { Tower } from '../../scripts/lib/tower'
import { whileDead } from '../support/objects-on-disk'
import { startTestTower } from '../support/tower'
import { type Device, press } from '../system/people'
import { pressedOnDisk } from './objects'
import { accountFor, aStranger, pressUntilAnswered } from './phones'

let tower: Tower
beforeAll(async () => {
  tower = await startTestTower()
}, 120_000)
afterAll(() => tower?.stop(), 30_000)

const KILLS = sized(3, 8, 40)
const AT_ONCE = 60
/**
 * Killed when so many of a burst are answered: the writes and answers of the others are then on their way, on a machine of any speed.
 * (A delay by the clock can lie past the whole burst on one machine, and before its first write on another.)
 */
const AFTER_ANSWERS = [1, 3, 2, 6, 4, 10, 15, 25]

type Try = { device: Device; id: string; answer: number | null }

test('R2 killed after the write and before the answer: the same press again is the same incident', async () => {
  let [written, answered, unwritten] = [0, 0, 0]
  const pressed: { sosId: string }[] = []
  const upMs: number[] = []
  let kills = 0
  // Until the window was hit: where it lies differs from machine to machine.
  for (; kills < KILLS || (written === 0 && kills < 4 * KILLS); kills++) {
    const wanted = AFTER_ANSWERS[kills % AFTER_ANSWERS.length] as number
    const enough = Promise.withResolvers<void>()
    let heard = 0
    const tries: Try[] = Array.from({ length: AT_ONCE }, () => ({
      device: aStranger(tower, 'NCR', 'early'),
      id: crypto.randomUUID(),
      answer: null,
    }))
    const sent = tries.map(async (each, n) => {
      await Bun.sleep(n / 2)
      const answer = await press(tower, each.device, { id: each.id, kind: 'crash' }).catch(() => null)
      each.answer = answer?.status ?? null
      if (++heard === wanted) enough.resolve()
    })
    await enough.promise
    const began = performance.now()
    let onDisk = new Set<string>()
    await whileDead(tower, () => {
      onDisk = pressedOnDisk(tower)
    })
    upMs.push(performance.now() - began)
    await Promise.all(sent)
    for (const { device, answer } of tries) {
      const isWritten = onDisk.has(device.id)
      // Promise 1: what was answered is on the disk.
      if (answer !== null && answer <= 201) expect([device.id, isWritten]).toEqual([device.id, true])
      if (answer !== null) answered++
      else if (isWritten) written++
      else unwritten++
    }
    // As phones do it, whatever became of the first.
    const again = await Promise.all(tries.map(({ device, id }) => pressUntilAnswered(tower, device, { id })))
    pressed.push(...again)
  }
  // A run that never hit the window has shown nothing.
  expect(written).toBeGreaterThan(0)
  expect(new Set(pressed.map(({ sosId }) => sosId)).size).toBe(kills * AT_ONCE)
  const { lost, doubled, waitedMs } = await accountFor(tower, pressed)
  expect([lost, doubled]).toEqual([0, 0])
  tell({
    fault: 'R2',
    did: `${kills} kills in bursts of ${AT_ONCE} presses`,
    ...{ answered: pressed.length, lost, doubled, convergedMs: waitedMs },
    seen:
      `killed with ${answered} answered, ${written} written and not answered, ${unwritten} not written; all answered by the phones' ` +
      `next try; down ${Math.round(Math.max(...upMs))} ms at most`,
  })
}, 300_000)
