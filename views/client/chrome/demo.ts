// The lamps of a page of made-up data: as on a good day, for nothing ever reaches it.

import type { Say } from '../../words'
import { drawLink, drawSound, drawTick } from './lamps'

/** `open`: how many incidents it shows. */
export function drawDemoLamps(say: Say, open: number): void {
  document.body.dataset.link = 'live'
  drawLink(say, 'live', Date.now() - 2_000, Date.now())
  drawSound(say, { unlocked: true, mutedForS: 0, mine: true, drill: false })
  drawTick(say, {
    t: 'tick',
    epoch: '',
    seq: 0,
    at: '',
    watching: 4,
    free: 2,
    open,
    untaken: 0,
    canaryAt: null,
    unverified: open > 100 ? 37 : 0,
  })
}
