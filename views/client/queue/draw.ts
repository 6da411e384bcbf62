// Draws queue cards and band items from their templates, by text only. Keyed by id: a row that stays is never made anew.

import { elapsed } from '../../format'
import type { CardView } from '../../tower/card-view'

/** Fills a card's or band item's slots. Nothing here ever reads HTML. */
export function fill(root: HTMLElement, view: CardView, now: number, framed: boolean): void {
  const button = root.matches('button') ? root : root.querySelector<HTMLElement>('button')
  if (!button) return
  const data = button.dataset
  set(data, 'id', view.id)
  set(data, 'seq', String(view.seq))
  set(data, 'priority', view.priority)
  flag(data, 'untaken', view.untaken)
  flag(data, 'mine', view.mine)
  flag(data, 'quiet', view.quiet)
  flag(data, 'drill', view.drill !== '')
  mark(button, framed)
  slot(button, 'mark')?.setAttribute('href', `#mark-${view.drill ? 'drill' : view.priority}`)
  for (const name of ['drill', 'priority', 'code', 'kind', 'plate', 'vehicle', 'place', 'who'] as const)
    write(slot(button, name), view[name])
  const age = slot(button, 'age')
  if (age instanceof HTMLElement) {
    set(age.dataset, 'since', String(view.since))
    write(age, elapsed(now - view.since))
  }
  const quiet = slot(button, 'quiet')
  if (quiet instanceof HTMLElement) quiet.hidden = !view.quiet
  const chips = slot(button, 'chips')
  if (chips) drawChips(chips, view)
}

export function mark(button: HTMLElement, framed: boolean): void {
  if (framed) button.setAttribute('aria-current', 'true')
  else button.removeAttribute('aria-current')
}

function drawChips(box: Element, view: CardView): void {
  while (box.children.length > view.chips.length) box.lastElementChild?.remove()
  view.chips.forEach(({ tone, text, until }, at) => {
    const chip = (box.children[at] ?? box.appendChild(document.createElement('span'))) as HTMLElement
    chip.className = 'chip'
    set(chip.dataset, 'tone', tone)
    if (until) {
      set(chip.dataset, 'until', String(until.at))
      set(chip.dataset, 'words', until.words)
    } else if (chip.dataset.until !== undefined) {
      delete chip.dataset.until
      delete chip.dataset.words
    }
    write(chip, text)
  })
}

export type RowViews = { views: readonly CardView[]; now: number; framedId: string | null; gone: ReadonlySet<string> }

/** Makes the list show exactly these, in this order, with as few changes to the document as that needs. */
export function drawList(
  list: HTMLElement,
  template: HTMLTemplateElement,
  { views, now, framedId, gone }: RowViews,
): void {
  const known = new Map<string, HTMLElement>()
  for (const row of [...list.children] as HTMLElement[]) {
    const id = row.querySelector<HTMLElement>('[data-id]')?.dataset.id
    if (id) known.set(id, row)
    else row.remove()
  }
  let at: Element | null = list.firstElementChild
  for (const view of views) {
    const row = known.get(view.id) ?? make(template)
    known.delete(view.id)
    if (row === at) at = at.nextElementSibling
    else list.insertBefore(row, at)
    fill(row, view, now, view.id === framedId)
    const button = row.querySelector<HTMLElement>('button')
    if (button) flag(button.dataset, 'gone', gone.has(view.id))
  }
  for (const row of known.values()) row.remove()
}

function make(template: HTMLTemplateElement): HTMLElement {
  const row = template.content.firstElementChild
  if (!row) throw new Error('empty template')
  return row.cloneNode(true) as HTMLElement
}

const slot = (root: ParentNode, name: string): Element | null => root.querySelector(`[data-slot="${name}"]`)

export function write(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text
}

function set(data: DOMStringMap, name: string, value: string): void {
  if (data[name] !== value) data[name] = value
}

function flag(data: DOMStringMap, name: string, on: boolean): void {
  if (on) set(data, name, 'yes')
  else if (data[name] !== undefined) delete data[name]
}
