// The framed incident: which one it is, when the frame last changed, its sheets, and bringing the panel up to date
// without taking away what somebody is typing in it.

import type { IncidentSummary } from '../../../src/domain/incident'
import { coordinates, elapsed } from '../../format'
import { cardView } from '../../tower/card-view'
import type { Say } from '../../words'
import { roomNow } from '../chrome/clock'
import { write } from '../queue/draw'
import { htmx, onHtmx } from './htmx'

/** Changes that come together are asked for together. */
const REFRESH_AFTER_MS = 150
/** An incident that was asked for longer ago will not come any more. */
const OPENS_WITHIN_MS = 5_000

export type PanelPorts = {
  say: Say
  me: string
  find(id: string): IncidentSummary | undefined
  onFrame(id: string | null): void
  /** The panel was drawn anew: what it says of the place may have changed. */
  onDrawn(): void
}

const panelOf = (): HTMLElement | null => document.querySelector('#panel')

export class PanelControl {
  framedId: string | null = panelOf()?.dataset.id ?? null
  /** performance.now() of the last change of the frame: keys rest for a moment after it. */
  framedAt = Number.NEGATIVE_INFINITY
  private wantedId: string | null = this.framedId
  private wantedAt = 0
  private refreshTimer: number | null = null

  constructor(private readonly ports: PanelPorts) {
    onHtmx('before:swap', ({ sourceElement, response }) => {
      // An act that was done has no more use for its sheet. A refused one keeps it, with all that was typed.
      if (!sourceElement.closest('.sheet') || !response?.raw.ok || !sourceElement.matches('[data-act]')) return
      this.openSheetElement()?.querySelector('form')?.reset()
      this.closeSheet()
    })
    onHtmx('after:swap', () => this.settle())
  }

  /** Frames an incident. `fresh` panels replace the old one whole: nothing of another incident may stay. */
  async open(id: string): Promise<void> {
    if (id !== this.wantedId) this.wantedAt = performance.now()
    this.wantedId = id
    const incident = this.ports.find(id)
    if (incident?.flags.includes('unplaced')) {
      this.drawAway(incident)
      return
    }
    if (document.body.dataset.demo !== undefined) return
    const same = id === this.framedId && panelOf()?.dataset.away === undefined
    await htmx().ajax('GET', `/desk/incidents/${encodeURIComponent(id)}/panel`, {
      target: '#panel',
      swap: same ? 'outerMorph' : 'outerHTML',
    })
  }

  /** Puts the incident aside. Whoever holds it still holds it. */
  close(): void {
    const empty = document.createElement('section')
    empty.id = 'panel'
    empty.className = 'panel'
    empty.hidden = true
    this.wantedId = null
    panelOf()?.replaceWith(empty)
    this.settle()
  }

  /** The framed incident has changed elsewhere. */
  refresh(): void {
    if (this.framedId === null || this.refreshTimer !== null) return
    this.refreshTimer = window.setTimeout(() => {
      this.refreshTimer = null
      // Another one is on its way: the old one must not call it back.
      if (this.wantedId !== this.framedId && performance.now() - this.wantedAt < OPENS_WITHIN_MS) return
      // A request of its own is on the way and will bring the newest; the ladder's brings the ladder alone.
      if (this.framedId !== null && !panelOf()?.querySelector('.htmx-request:not(#ladder)'))
        void this.open(this.framedId)
    }, REFRESH_AFTER_MS)
  }

  get shownSeq(): number {
    return Number(panelOf()?.dataset.seq ?? 0)
  }

  get sheet(): string | null {
    return this.openSheetElement()?.dataset.sheet ?? null
  }

  openSheet(name: string): void {
    if (this.sheet === name) return
    this.closeSheet()
    const sheet = document.querySelector<HTMLElement>(`#sheet-${CSS.escape(name)}`)
    if (!sheet) return
    sheet.hidden = false
    // What lies in an open sheet is not morphed away while somebody fills it in.
    sheet.dataset.keep = 'yes'
    this.tellButtons(name)
    sheet.querySelector('[hx-trigger="sheet-open"]')?.dispatchEvent(new CustomEvent('sheet-open', { bubbles: false }))
    ;(sheet.querySelector<HTMLElement>('[data-first]') ?? sheet).focus({ preventScroll: true })
    sheet.scrollIntoView({ block: 'nearest' })
  }

  /** What was typed stays for the next time it is opened. */
  closeSheet(): void {
    const sheet = this.openSheetElement()
    if (!sheet) return
    sheet.hidden = true
    delete sheet.dataset.keep
    this.tellButtons(null)
  }

  /** The digit of an open sheet: chooses, or does. */
  choose(digit: number): void {
    const target = this.openSheetElement()?.querySelector<HTMLElement>(`[data-digit="${digit}"]`)
    if (target instanceof HTMLInputElement) target.checked = true
    else target?.click()
  }

  pressSheet(key: 'enter' | 'y' | 'u'): void {
    this.openSheetElement()?.querySelector<HTMLElement>(`[data-sheet-key="${key}"]`)?.click()
  }

  /** The panel's own button of this key; true where there was one. */
  pressKey(key: string): boolean {
    const button = panelOf()?.querySelector<HTMLButtonElement>(`[data-key="${CSS.escape(key)}"]:not(:disabled)`)
    button?.click()
    return button !== null && button !== undefined
  }

  private settle(): void {
    const panel = panelOf()
    const id = panel?.dataset.id ?? null
    // An answer to an older question must not take the frame back.
    if (id !== null && id !== this.wantedId) {
      if (this.wantedId === null) this.close()
      else void this.open(this.wantedId)
      return
    }
    if (this.sheet !== null) this.tellButtons(this.sheet)
    if (id === this.framedId) {
      this.ports.onDrawn()
      return
    }
    this.framedId = id
    this.framedAt = performance.now()
    this.ports.onFrame(id)
  }

  private drawAway(incident: IncidentSummary): void {
    const template = document.querySelector<HTMLTemplateElement>('#away-template')
    const panel = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined
    if (!panel) return
    panel.dataset.id = incident.id
    const view = cardView(incident, this.ports.say, this.ports.me)
    for (const name of ['code', 'kind', 'plate', 'who', 'place'] as const)
      write(panel.querySelector(`[data-slot="${name}"]`), view[name] || '?')
    const age = panel.querySelector<HTMLElement>('[data-slot="age"]')
    if (age) {
      age.dataset.since = String(view.since)
      write(age, elapsed(roomNow() - view.since))
    }
    if (incident.position)
      write(panel.querySelector('[data-slot="coordinates"]'), coordinates(incident.position.lat, incident.position.lng))
    panelOf()?.replaceWith(panel)
    this.settle()
  }

  private openSheetElement(): HTMLElement | null {
    return document.querySelector<HTMLElement>('#panel .sheet:not([hidden])')
  }

  private tellButtons(open: string | null): void {
    for (const button of document.querySelectorAll<HTMLElement>('#panel [data-opens]')) {
      button.setAttribute('aria-expanded', String(button.dataset.opens === open))
    }
  }
}
