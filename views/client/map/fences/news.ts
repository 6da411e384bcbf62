// What was crossed just now: a short list, newest first, and one sentence for those who listen, not more often than one can
// be heard.

import type { MapCrossing, ToMap } from '../../../../src/domain/map-frame'
import { minute } from '../../../format'
import type { Say } from '../../../words'

const LISTED = 8
/** A sentence takes about as long to say. */
const SAY_EVERY_MS = 5_000

export class FenceNews {
  private readonly list = document.querySelector<HTMLElement>('[data-fence-news]')
  private readonly latest = document.querySelector<HTMLElement>('[data-fence-latest]')
  private readonly said = document.querySelector<HTMLElement>('#fence-said')
  private any = false
  private waiting: MapCrossing[] = []
  private unnamed = 0
  private saying: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly say: Say) {}

  crossed({ crossings, more }: Extract<ToMap, { t: 'crossed' }>): void {
    for (const crossing of crossings) this.add(crossing)
    const last = crossings.at(-1)
    if (!last) return
    if (this.latest)
      this.latest.textContent = `: ${this.say(`fence.${last.event}`)} ${last.name}, ${minute(Date.parse(last.at))}`
    this.waiting.push(...crossings)
    this.unnamed += more
    this.saying ??= setTimeout(() => this.speak(), 300)
  }

  private add(crossing: MapCrossing): void {
    const { list, say } = this
    if (!list) return
    if (!this.any) list.replaceChildren()
    this.any = true
    const row = document.createElement('li')
    row.dataset.event = crossing.event
    const time = document.createElement('time')
    time.className = 'figures'
    time.dateTime = crossing.at
    time.textContent = minute(Date.parse(crossing.at))
    const what = document.createElement('span')
    what.className = 'fence-event'
    what.textContent = say(`fence.${crossing.event}`)
    const name = document.createElement('span')
    name.textContent = crossing.name
    row.append(time, ' ', what, ' ', name)
    list.prepend(row)
    while (list.children.length > LISTED) list.lastElementChild?.remove()
  }

  private speak(): void {
    const { waiting, unnamed, said, say } = this
    this.waiting = []
    this.unnamed = 0
    this.saying = undefined
    const n = waiting.length + unnamed
    const [first] = waiting
    if (!first || !said) return
    const words = n === 1 ? say(`fence.said_${first.event}`, { name: first.name }) : say('fence.said_many', { n })
    // The same words twice are said once: empty in between.
    said.textContent = ''
    said.textContent = words
    this.saying = setTimeout(() => {
      this.saying = undefined
      if (this.waiting.length > 0) this.speak()
    }, SAY_EVERY_MS)
  }
}
