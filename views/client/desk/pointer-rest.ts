// A click rests, as keys do, for a moment after the screen has moved under the pointer: when the band or a notice comes or
// goes, everything below it shifts, and a finger already on its way would press something else.

import { DEAD_AFTER_FRAME_MS } from './key-rules'

/** `above`: what lies above the queue, map and panel, and pushes them down when it grows. */
export function restPointerAfterShift(above: HTMLElement | null): void {
  if (!above) return
  let height = above.offsetHeight
  let shiftedAt = Number.NEGATIVE_INFINITY
  new ResizeObserver(() => {
    if (above.offsetHeight === height) return
    height = above.offsetHeight
    // Nobody has seen it before it is painted, which on a busy machine takes longer than the rest.
    shiftedAt = Number.POSITIVE_INFINITY
    requestAnimationFrame(() => {
      shiftedAt = performance.now()
    })
  }).observe(above)
  addEventListener(
    'click',
    (event) => {
      // A click without a count was a key on a control that had the focus: it cannot miss.
      // What counts is when the finger pressed, however late the page comes to it.
      if (event.detail === 0 || event.timeStamp - shiftedAt > DEAD_AFTER_FRAME_MS) return
      if (!(event.target instanceof Element) || event.target.closest('main') === null) return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    { capture: true },
  )
}
