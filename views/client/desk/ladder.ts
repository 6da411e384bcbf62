// Who is being told, in the browser: what counts down, and when the room is asked anew: with the incident's changes, when a
// countdown has run out, and now and then while nobody has it.

import { left } from '../../tower/ladder-view'
import { roomNow } from '../chrome/clock'
import { write } from '../queue/draw'
import { onHtmx } from './htmx'

/** While somebody is still to be told, what the courier tries changes no card. */
const ASK_EVERY_MS = 5_000
/** A step that came due is written by then. */
const SETTLED_MS = 700

const slot = (): HTMLElement | null => document.querySelector('#panel #ladder')

export class LadderControl {
  /** Of which state of the panel the slot was last asked for. */
  private readonly asked = new WeakMap<Element, string>()
  private askedAt = roomNow()

  constructor() {
    onHtmx('after:swap', () => drawUntil(roomNow()))
    // Without an answer it must not go on looking for ever; what was known stays.
    for (const name of ['error', 'response:error']) {
      onHtmx(name, ({ sourceElement }) => {
        if (sourceElement.id === 'ladder') fail(sourceElement as HTMLElement)
      })
    }
  }

  /** After the panel was drawn anew. What is loaded with the panel is not asked for twice. */
  draw(): void {
    const found = slot()
    if (!found) return
    const seq = document.querySelector<HTMLElement>('#panel')?.dataset.seq ?? ''
    const before = this.asked.get(found)
    this.asked.set(found, seq)
    if (before === undefined) this.askedAt = roomNow()
    else if (before !== seq) this.ask(found)
  }

  tick(now: number): void {
    drawUntil(now)
    const found = slot()
    if (!found || document.visibilityState === 'hidden') return
    const shown = found.querySelector<HTMLElement>('.ladder-now')
    const age = now - this.askedAt
    const ranOut = [...found.querySelectorAll<HTMLElement>('[data-until]')].some(({ dataset }) => {
      const until = Number(dataset.until)
      return until + SETTLED_MS < now && until + SETTLED_MS > this.askedAt
    })
    const waits = shown?.dataset.state !== 'over' || shown.dataset.courier === 'away'
    if (ranOut || (waits && age > ASK_EVERY_MS)) this.ask(found)
  }

  private ask(found: HTMLElement): void {
    this.askedAt = roomNow()
    found.dispatchEvent(new CustomEvent('ladder-ask', { bubbles: false }))
  }
}

/** All that counts down, on cards and in the panel. */
export function drawUntil(now: number): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-until]')) {
    const { until, words = '{left}', over } = element.dataset
    const rest = Number(until) - now
    write(element, rest <= 0 && over ? over : words.replace('{left}', left(rest)))
  }
}

function fail(found: HTMLElement): void {
  if (found.querySelector('.ladder-failed')) return
  const words = document.createElement('p')
  words.className = 'notice ladder-failed'
  words.dataset.tone = 'warn'
  words.textContent = found.dataset.failed ?? ''
  if (found.querySelector('.ladder-now')) found.prepend(words)
  else found.replaceChildren(words)
}
