// One timer for everything that grows older on the screen, on the room's clock rather than this machine's.

import { age, clock, elapsed } from '../../format'
import { write } from '../queue/draw'

let offset = 0

/** The room's time, epoch ms. */
export const roomNow = (): number => Date.now() + offset

export function setRoomTime(iso: string): void {
  const at = Date.parse(iso)
  if (Number.isFinite(at)) offset = at - Date.now()
}

/** Writes every age and clock anew. Reads nothing of the layout, and writes only what has changed. */
export function drawAges(now: number): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-since]')) {
    const since = Number(element.dataset.since)
    const grown = element.dataset.as === 'age' ? age(now - since) : elapsed(now - since)
    write(element, element.dataset.words?.replace('{age}', grown) ?? grown)
  }
  for (const element of document.querySelectorAll('[data-clock]')) write(element, clock(now))
}
