// A few hundred worlds, in a process of their own, and the guards: what is patched out of them still stands in the source, and two of
// them are missed at once.

import { expect, test } from 'bun:test'
import { GUARDS } from './guards'
import { planOf } from './plan'
import { REGRESSIONS } from './regressions'
import { simulate } from './simulate'
import { foundWithout, patched, runShare, SOURCE } from './without'

test('in the first worlds everything that was promised holds', async () => {
  const { broken, share } = await runShare(SOURCE, { from: 1, to: 101 })
  expect(broken).toEqual([])
  expect(share.counts.answered).toBe(share.counts.presses)
  expect(share.counts.attempts).toBeGreaterThan(100)
}, 120_000)

test('the same seed is the same world, word for word', async () => {
  const once = await simulate(3, true)
  const again = await simulate(3, true)
  expect(again.story).toEqual(once.story)
  expect(once.story.length).toBeGreaterThan(10)
})

for (const { seed, mix, found } of REGRESSIONS)
  test(`seed ${seed}: ${found}`, async () => {
    expect((await simulate(seed, false, planOf(seed, mix))).found).toEqual([])
  })

for (const guard of GUARDS)
  test(`the guard "${guard.name}" stands in the source, and can be taken out`, () => {
    expect(patched(guard).size).toBeGreaterThan(0)
  })

for (const name of ['answer after commit', 'taking it ends escalation'])
  test(`without "${name}" the first worlds are broken`, async () => {
    const guard = GUARDS.find((each) => each.name === name)
    if (!guard) throw new Error(`there is no guard "${name}"`)
    expect(await foundWithout(guard, 50)).not.toBeNull()
  }, 60_000)
