// Regions that are looked after from another: the band, as the tower's script hears of them from the room, and the supervisor's
// two acts. Each is pressed twice: who is called, and by whose sound, hangs on them.

import { REGIONS, type RegionId, regionById } from '../../src/domain/region'
import type { TakenOver } from '../../src/room/paging-contract'
import { takeOverView } from '../takeover/take-over-view'
import { isLang, t, type Word } from '../words'
import { write } from './queue/draw'

const ARMED_MS = 5_000

const lang = isLang(document.documentElement.lang) ? document.documentElement.lang : 'en'
const say = t(lang)
const here = REGIONS.find(({ id }) => id === document.body.dataset.region)?.id
const nameOf = (id: RegionId): string => regionById(id).name[lang]

const band = document.querySelector<HTMLElement>('[data-takeover]')
const dialog = document.querySelector<HTMLDialogElement>('[data-takeover-dialog]')
const form = dialog?.querySelector<HTMLFormElement>('[data-takeover-form]')
const isMadeUp = document.body.dataset.demo !== undefined
if (here && band && !isMadeUp) startBand(band, here)
if (here && dialog && form && !isMadeUp) startForm(dialog, form, here)

function startBand(section: HTMLElement, region: RegionId): void {
  const list = section.querySelector<HTMLElement>('[data-takeover-list]')
  const failed = section.querySelector<HTMLElement>('[data-takeover-failed]')
  const blank = document.querySelector<HTMLTemplateElement>('#takeover-template')?.content.firstElementChild

  document.addEventListener('tower:notices', (event) => {
    const { takenOver, lookingAfter } = (event as CustomEvent).detail as {
      takenOver?: TakenOver | null
      lookingAfter?: readonly TakenOver[]
    }
    draw([...(takenOver ? [takenOver] : []), ...(lookingAfter ?? [])])
  })
  section.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('[data-takeover-give]') : null
    const id = button?.closest<HTMLElement>('[data-looked-after]')?.dataset.lookedAfter as RegionId | undefined
    if (button && id)
      twice(button, 'takeover.give', say('takeover.sure_give', { region: nameOf(id) }), async () => {
        const done = await post(button, `/api/regions/${id}/give-back`)
        if (failed) failed.hidden = done === 'done'
      })
  })

  // Keyed by region: a row that stays is never made anew, so that a hand on its button stays there.
  function draw(rows: readonly TakenOver[]): void {
    if (!list || !blank) return
    section.hidden = rows.length === 0
    if (failed && rows.length === 0) failed.hidden = true
    const known = new Map(
      [...list.children].map((row) => [(row as HTMLElement).dataset.lookedAfter, row as HTMLElement]),
    )
    const wanted = rows.map((each) => {
      const row = known.get(each.region) ?? (blank.cloneNode(true) as HTMLElement)
      row.dataset.lookedAfter = each.region
      const view = takeOverView(each, region, lang, say)
      for (const slot of ['since', 'by', 'what'] as const) write(row.querySelector(`[data-slot="${slot}"]`), view[slot])
      return row
    })
    for (const row of known.values()) if (!wanted.includes(row)) row.remove()
    wanted.forEach((row, at) => {
      if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null)
    })
  }
}

function startForm(page: HTMLDialogElement, fields: HTMLFormElement, from: RegionId): void {
  const button = fields.querySelector<HTMLButtonElement>('[data-takeover-take]')
  const refused = fields.querySelector<HTMLElement>('[data-takeover-refused]')
  if (!button || !refused) return
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return
    if (target.closest('[data-takeover-open]')) {
      refused.hidden = true
      page.showModal()
    }
    if (target.closest('[data-takeover-close]')) page.close()
  })
  // Letters are letters here, and no keys of the desk.
  page.addEventListener('keydown', (event) => event.stopPropagation())
  // Whoever changes what they were asked about is asked anew.
  fields.addEventListener('input', () => disarm(button, 'takeover.take'))
  page.addEventListener('close', () => disarm(button, 'takeover.take'))
  fields.addEventListener('submit', (event) => {
    event.preventDefault()
    const region = fields.querySelector('select')?.value as RegionId
    const reason = fields.querySelector('input')?.value.trim() ?? ''
    if (reason === '') return
    const sure = say('takeover.sure_take', { from: nameOf(from), region: nameOf(region) })
    twice(button, 'takeover.take', sure, async () => {
      const done = await post(button, `/api/regions/${region}/take-over`, { from, reason })
      refused.hidden = done === 'done'
      if (done === 'done') {
        fields.reset()
        page.close()
      } else write(refused, say(done === 'conflict' ? 'takeover.conflict' : 'takeover.failed'))
    })
  })
}

/** The first press says what the second does. */
function twice(button: HTMLButtonElement, rest: Word, sure: string, act: () => Promise<void>): void {
  if (button.dataset.armed !== undefined) {
    disarm(button, rest)
    void act()
    return
  }
  button.dataset.armed = 'yes'
  write(button, sure)
  setTimeout(() => disarm(button, rest), ARMED_MS)
}

function disarm(button: HTMLButtonElement, rest: Word): void {
  delete button.dataset.armed
  write(button, say(rest))
}

/** What came of it is seen by the socket, as on every screen. */
async function post(button: HTMLButtonElement, path: string, body?: unknown): Promise<'done' | 'conflict' | 'failed'> {
  button.disabled = true
  const status = await fetch(path, {
    method: 'POST',
    headers: { 'HX-Request': 'true', ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(10_000),
  })
    .then((answer) => (answer.ok ? 'done' : answer.status === 409 ? 'conflict' : 'failed'))
    .catch(() => 'failed' as const)
  button.disabled = false
  return status as 'done' | 'conflict' | 'failed'
}
