// The queue, the band and the storm's columns on the page: draws them from what is known, holds rows under the pointer,
// and says which incidents were really put on the screen.

import type { IncidentSummary } from '../../../src/domain/incident'
import { cardView, isAlarming, isUntaken } from '../../tower/card-view'
import { inOrder } from '../../tower/order'
import { bandWords, groupByKind, QUEUE_ROWS, realOf, stormFigures } from '../../tower/summary'
import type { Say } from '../../words'
import { drawList, mark, write } from './draw'
import { arrange } from './hold'

const BAND_ITEMS = 8
/** A pointer that rests is no longer aiming. */
const AIMING_MS = 20_000

const one = <T extends HTMLElement>(selector: string): T | null => document.querySelector<T>(selector)

export class QueueView {
  /** Rows as they stand, with what each said last: ghosts need it. */
  private shown: string[] = []
  private readonly seen = new Map<string, IncidentSummary>()
  private inside = false
  private movedAt = 0
  private wantsDraw: (() => void) | null = null

  constructor(
    private readonly say: Say,
    private readonly me: string,
    private readonly region: string,
  ) {
    const area = one('[data-queue-scroll]')
    area?.addEventListener('pointermove', ({ pointerType }) => {
      this.inside = pointerType !== 'touch'
      this.movedAt = Date.now()
    })
    area?.addEventListener('pointerleave', () => this.release())
    one('[data-queue-waiting]')?.addEventListener('click', () => {
      this.release()
      if (area) area.scrollTop = 0
    })
  }

  /** Called when the list may take its true order again. */
  onRelease(draw: () => void): void {
    this.wantsDraw = draw
  }

  /** Draws all of it and answers the seqs that are now in the document. */
  draw(
    incidents: readonly IncidentSummary[],
    more: number,
    framedId: string | null,
    storm: boolean,
    now: number,
  ): number[] {
    const drawn: IncidentSummary[] = []
    const ordered = inOrder(incidents)
    // First of all: it decides what has room.
    document.body.dataset.storm = storm ? 'on' : 'off'
    this.drawBand(ordered, framedId, storm, now, drawn)
    if (storm) this.drawStorm(ordered, framedId, now, drawn)
    else this.drawQueue(ordered, more, framedId, now, drawn)
    const columns = one('[data-storm-columns]')
    if (columns) columns.hidden = !storm
    return drawn.map(({ seq }) => seq).filter((seq) => seq > 0)
  }

  frame(framedId: string | null): void {
    for (const button of document.querySelectorAll<HTMLElement>('.card[data-id], .band-item[data-id]')) {
      mark(button, button.dataset.id === framedId)
    }
  }

  private drawQueue(
    ordered: readonly IncidentSummary[],
    more: number,
    framedId: string | null,
    now: number,
    drawn: IncidentSummary[],
  ): void {
    const list = one('[data-queue-list]')
    const template = one<HTMLTemplateElement>('#card-template')
    if (!list || !template) return
    const held = this.inside && Date.now() - this.movedAt < AIMING_MS
    const present = new Map(ordered.map((each) => [each.id, each]))
    const { rows, waiting } = arrange(
      this.shown,
      ordered.slice(0, QUEUE_ROWS).map(({ id }) => id),
      held,
    )
    const known = rows.map((id) => present.get(id) ?? this.seen.get(id)).filter((each) => each !== undefined)
    const gone = new Set(known.filter(({ id }) => !present.has(id)).map(({ id }) => id))
    drawList(list, template, { views: known.map((each) => cardView(each, this.say, this.me)), now, framedId, gone })
    this.shown = known.map(({ id }) => id)
    this.seen.clear()
    for (const each of known) this.seen.set(each.id, each)
    drawn.push(...known.filter(({ id }) => present.has(id)))

    const button = one('[data-queue-waiting]')
    if (button) {
      button.hidden = waiting.length === 0
      write(button, this.say('queue.waiting', { n: waiting.length }))
    }
    const total = ordered.length + more
    const real = realOf(ordered)
    const loose = real.filter(isUntaken).length
    write(one('[data-open-count]'), this.say('queue.count', { n: real.length + more }))
    write(one('[data-untaken-count]'), loose > 0 ? this.say('queue.untaken', { n: loose }) : '')
    write(one('[data-queue-more]'), total > QUEUE_ROWS ? this.say('queue.more', { n: total - QUEUE_ROWS }) : '')
    const rest = one('[data-rest]')
    if (rest) rest.hidden = known.length > 0
  }

  private drawBand(
    ordered: readonly IncidentSummary[],
    framedId: string | null,
    storm: boolean,
    now: number,
    drawn: IncidentSummary[],
  ): void {
    const band = one('[data-band]')
    const list = one('[data-band-list]')
    const template = one<HTMLTemplateElement>('#band-template')
    if (!band || !list || !template) return
    const loose = ordered.filter((each) => each.priority === 'P1' && isAlarming(each))
    const shown = loose.slice(0, BAND_ITEMS)
    band.hidden = loose.length === 0 && !storm
    drawList(list, template, {
      views: shown.map((each) => cardView(each, this.say, this.me)),
      now,
      framedId,
      gone: new Set(),
    })
    // The line holds what fits; the rest is a number. One reading of the layout per drawing.
    const rows = [...list.children] as HTMLElement[]
    const fitting = rows.filter(({ offsetTop }) => offsetTop === rows[0]?.offsetTop).length
    drawn.push(...shown.slice(0, fitting))
    const words = bandWords(loose, this.say)
    write(one('[data-band-title]'), storm ? this.say('storm.title', { region: this.region }) : words.title)
    write(one('[data-band-figures]'), storm ? stormFigures(ordered, this.say, now) : words.figures)
    write(one('[data-next-count]'), storm ? String(ordered.filter(isUntaken).length) : '')
    write(one('[data-band-more]'), loose.length > fitting ? this.say('band.more', { n: loose.length - fitting }) : '')
  }

  private drawStorm(
    ordered: readonly IncidentSummary[],
    framedId: string | null,
    now: number,
    drawn: IncidentSummary[],
  ): void {
    const columns = {
      p1: ordered.filter((each) => each.priority === 'P1' && isAlarming(each)),
      mine: ordered.filter((each) => each.owner?.uid === this.me),
    }
    const template = one<HTMLTemplateElement>('#card-template')
    for (const [name, rows] of Object.entries(columns)) {
      const list = one(`[data-storm-list="${name}"]`)
      if (list && template) {
        drawList(list, template, {
          views: rows.map((each) => cardView(each, this.say, this.me)),
          now,
          framedId,
          gone: new Set(),
        })
      }
      write(one(`[data-storm-count="${name}"]`), String(rows.length))
      drawn.push(...rows)
    }
    const groups = groupByKind(ordered)
    for (const row of document.querySelectorAll<HTMLElement>('[data-storm-kinds] [data-kind]')) {
      const group = groups.find(({ kind }) => kind === row.dataset.kind)
      row.hidden = !group
      if (!group) continue
      write(
        row.querySelector('[data-situation-words]'),
        this.say('storm.by_kind', { n: group.open, untaken: group.untaken }),
      )
      write(row.querySelector('[data-situation-open]'), String(group.open))
      row.querySelector('[data-slot="worst"]')?.setAttribute('href', `#mark-${group.worst}`)
      const bar = row.querySelector<HTMLProgressElement>('[data-situation-bar]')
      if (bar) {
        bar.max = group.open
        bar.value = group.untaken
      }
    }
  }

  private release(): void {
    if (!this.inside) return
    this.inside = false
    this.wantsDraw?.()
  }
}
