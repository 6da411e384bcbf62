// The list of who is near, in the browser: which of them have been asked already, what of it the map shows, and its key.

import { onHtmx } from './htmx'

/** For the map: where they are measured from, and where each is. Our own places only, nothing that a provider said. */
export type NearOnMap = {
  from: { lat: number; lng: number } | null
  rows: readonly { n: number; lat: number; lng: number; ours: boolean; asked: boolean }[]
}

const list = (): HTMLElement | null => document.querySelector('#panel #nearest')

export class NearestControl {
  private told = ''
  private hadFocus = false

  constructor(private readonly failed: string) {
    onHtmx('before:swap', ({ sourceElement }) => {
      if (sourceElement.id === 'nearest') this.hadFocus = sourceElement.contains(document.activeElement)
    })
    onHtmx('after:swap', ({ sourceElement }) => {
      if (sourceElement.id === 'nearest') this.keepFocus()
      this.draw()
    })
    // Without an answer the list must not go on looking for ever.
    for (const name of ['error', 'response:error']) {
      onHtmx(name, ({ sourceElement }) => {
        if (sourceElement.id === 'nearest') this.fail(sourceElement)
      })
    }
    document.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('[data-nearest="go"]')) this.go()
    })
  }

  /** After the panel or the list was drawn anew, or another incident framed. */
  draw(): void {
    const found = list()
    if (found) markAsked(found)
    this.tellMap(found)
  }

  private go(): void {
    const found = list()
    if (!found) return
    found.dispatchEvent(new CustomEvent('nearest-ask', { bubbles: false }))
    // From here Tab goes to the first that can be asked.
    found.focus({ preventScroll: true })
    found.scrollIntoView({ block: 'nearest' })
  }

  /** Whoever stood on somebody who is not in the new list stands on the list, and not at the page's beginning. */
  private keepFocus(): void {
    const found = list()
    if (this.hadFocus && found && !found.contains(document.activeElement)) found.focus({ preventScroll: true })
    this.hadFocus = false
  }

  private fail(found: Element): void {
    const words = document.createElement('p')
    words.className = 'muted'
    words.textContent = this.failed
    // What was known a minute ago is worth more than nothing.
    if (!found.querySelector('.near')) found.replaceChildren(words)
  }

  private tellMap(found: HTMLElement | null): void {
    const rows = found?.querySelector<HTMLElement>('.near-rows')
    const near: NearOnMap = {
      from: rows?.dataset.fromLat ? { lat: Number(rows.dataset.fromLat), lng: Number(rows.dataset.fromLng) } : null,
      rows: [...(rows?.querySelectorAll<HTMLElement>('.near') ?? [])].map(({ dataset }) => ({
        n: Number(dataset.n),
        lat: Number(dataset.lat),
        lng: Number(dataset.lng),
        ours: dataset.ours !== undefined,
        asked: dataset.asked !== undefined,
      })),
    }
    const now = JSON.stringify(near)
    if (now === this.told) return
    this.told = now
    document.dispatchEvent(new CustomEvent('tower:near', { detail: near }))
  }
}

/** The panel's legs are newer than the list: whoever was asked is not to be asked twice. */
function markAsked(found: HTMLElement): void {
  const legs = new Map(
    [...document.querySelectorAll<HTMLElement>('#panel .leg[data-ref]')].map((leg) => [leg.dataset.ref, leg.dataset]),
  )
  for (const row of found.querySelectorAll<HTMLElement>('.near')) {
    const leg = legs.get(row.dataset.ref)
    const asked = leg !== undefined && leg.state !== 'declined'
    const chip = row.querySelector<HTMLElement>('[data-near-asked]')
    const form = row.querySelector<HTMLElement>('form')
    if (leg && chip) {
      chip.hidden = false
      chip.dataset.tone = asked ? 'good' : 'warn'
      if (chip.textContent !== leg.words) chip.textContent = leg.words ?? ''
    }
    if (asked) row.dataset.asked = 'yes'
    else delete row.dataset.asked
    if (!form) continue
    if (asked && form.contains(document.activeElement)) found.focus({ preventScroll: true })
    form.hidden = asked
  }
}
