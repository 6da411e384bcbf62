// The list twin of the map: the same vehicles as a table, for those who do not use a map. It stands still while somebody
// is in it: a row that moves away under a finger or a screen reader is worse than one that is two seconds old.

import { DOT_STATUS, type DotStatus } from '../../../../src/domain/map-frame'
import { clock } from '../../../format'
import type { Say } from '../../../words'
import { write } from '../../queue/draw'
import { describe } from './describe'
import type { DotKey, Fleet } from './fleet'
import { inView, LIST_LIMIT, type View } from './in-view'

export const LIST_EVERY_MS = 2_000

type Ports = {
  fleet: Fleet
  say: Say
  view(): View
  /** Epoch ms by the server's clock. */
  serverNow(): number
  selected(): DotKey | null
  onSelect(key: DotKey): void
}

export class VehiclesList {
  private readonly box = document.querySelector<HTMLDetailsElement>('#vehicles-list')
  private readonly body = this.box?.querySelector('.vehicles-body') ?? null
  private readonly rows = this.box?.querySelector('tbody') ?? null
  private readonly row = document.querySelector<HTMLTemplateElement>('#vehicle-row')
  private readonly filter = this.box?.querySelector<HTMLSelectElement>('[data-vehicles-filter]') ?? null
  private drawnAt = Number.NEGATIVE_INFINITY

  constructor(private readonly ports: Ports) {
    this.box?.addEventListener('toggle', () => this.draw())
    this.box?.querySelector('[data-vehicles-refresh]')?.addEventListener('click', () => this.draw())
    this.filter?.addEventListener('change', () => this.draw())
    this.rows?.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('[data-shard]') : null
      if (button) this.ports.onSelect({ shard: Number(button.dataset.shard), index: Number(button.dataset.index) })
    })
    this.box?.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.box?.open) return
      event.stopPropagation()
      this.box.open = false
      this.box.querySelector('summary')?.focus()
    })
  }

  /** How many are in view, or why there are none. */
  lamp(words: string): void {
    write(this.box?.querySelector('[data-vehicles-lamp]') ?? null, words)
  }

  /** Once a second, and at once when it is opened. */
  tick(now: number): void {
    if (now - this.drawnAt < LIST_EVERY_MS || document.hidden) return
    if (this.body?.contains(document.activeElement) || this.body?.matches(':hover')) return
    this.draw()
  }

  /** Which row is the selected one; also while the rest stands still. */
  mark(): void {
    const selected = this.ports.selected()
    for (const button of this.rows?.querySelectorAll<HTMLElement>('[data-shard]') ?? []) {
      const is = Number(button.dataset.shard) === selected?.shard && Number(button.dataset.index) === selected.index
      button.setAttribute('aria-pressed', String(is))
    }
  }

  /** Back to where the keyboard came from. */
  focusOn(key: DotKey): void {
    const button = this.rows?.querySelector<HTMLElement>(`[data-shard="${key.shard}"][data-index="${key.index}"]`)
    const to = this.box?.open && button ? button : this.box?.querySelector<HTMLElement>('summary')
    to?.focus()
  }

  /** Null: all of them. */
  private wanted(): number | null {
    const found = DOT_STATUS.indexOf(this.filter?.value as DotStatus)
    return found < 0 ? null : found
  }

  private draw(): void {
    const { box, rows, row } = this
    if (!box?.open || !rows || !row) return
    const { fleet, say, view, serverNow } = this.ports
    const now = performance.now()
    this.drawnAt = now
    const { slots, total } = inView(fleet, view(), LIST_LIMIT, this.wanted())
    while (rows.children.length > slots.length) rows.lastElementChild?.remove()
    while (rows.children.length < slots.length) rows.append(row.content.cloneNode(true))
    for (const [n, slot] of slots.entries()) this.drawRow(rows.children[n] as HTMLElement, slot, now)
    const shown = total > slots.length ? 'vehicles.nearest' : 'vehicles.all'
    write(box.querySelector('[data-vehicles-note]'), say(shown, { n: slots.length, total, time: clock(serverNow()) }))
    this.mark()
  }

  private drawRow(element: HTMLElement, slot: number, now: number): void {
    const { fleet, say } = this.ports
    const { shard, index } = fleet.keyOf(slot)
    const words = describe(fleet, slot, now, say)
    const button = element.querySelector<HTMLElement>('button')
    if (button) {
      button.dataset.shard = String(shard)
      button.dataset.index = String(index)
    }
    const mark = element.querySelector('use')
    if (mark?.getAttribute('href') !== `#dot-${words.status}`) mark?.setAttribute('href', `#dot-${words.status}`)
    for (const what of ['words', 'heading', 'speed', 'age'] as const) {
      write(element.querySelector(`[data-cell="${what}"]`), words[what])
    }
  }
}
