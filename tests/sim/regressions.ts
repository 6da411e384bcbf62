// Seeds that found something once, each with what it was. They are run first, by every run of the command and by the tests. A seed means
// what it meant only as long as plan.ts draws the same from it and its mix: where that changes, the test beside the mended code still stands.

import { type Mix, NARROW, WIDE } from './plan'

export type Regression = { seed: number; mix: Mix; found: string }

export const REGRESSIONS: readonly Regression[] = [
  {
    seed: 703,
    mix: WIDE,
    found: 'an intake whose clock was set back kept presses and their counts for the difference',
  },
  { seed: 1648, mix: WIDE, found: 'a press that stood apart waited for a clock that was no more' },
  {
    seed: 4727,
    mix: WIDE,
    found: 'a card that went back with the clock kept its seq, and a screen that was away missed it',
  },
  {
    seed: 6495,
    mix: { ...NARROW, faultsS: [15, 45] },
    found: 'an intake that died between a press and its journey knew of no journey when it came back',
  },
  {
    seed: 734,
    mix: NARROW,
    found:
      'a page whose every way had failed was not called back when its incident was taken, and its provider came back',
  },
]
