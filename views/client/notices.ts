// Draws what stands beside the queue, as the tower's script hears it of the room, and what people do there. The map hears
// of the areas from here.

import type { ShownNotice } from '../../src/domain/coverage'
import type { ShownCheck } from '../../src/domain/welfare'
import { checkView, noticeView } from '../tower/notice-view'
import { isLang, t } from '../words'
import { write } from './queue/draw'

export type NoticesShown = { notices: readonly ShownNotice[]; checks: readonly ShownCheck[] }

const box = document.querySelector<HTMLElement>('[data-notices]')
if (box) start(box)

function start(section: HTMLElement): void {
  const lang = document.documentElement.lang
  const say = t(isLang(lang) ? lang : 'en')
  const list = section.querySelector<HTMLElement>('[data-notices-list]')
  const details = section.querySelector<HTMLDetailsElement>('[data-checks]')
  const checkList = section.querySelector<HTMLElement>('[data-checks-list]')
  const failed = section.querySelector<HTMLElement>('[data-checks-failed]')
  let shown: NoticesShown = JSON.parse(section.dataset.rows ?? '{"notices":[],"checks":[]}') as NoticesShown
  section.removeAttribute('data-rows')

  const tellMap = () => document.dispatchEvent(new CustomEvent('tower:coverage', { detail: shown.notices }))
  const draw = () => {
    const { notices, checks } = shown
    section.hidden = notices.length + checks.length === 0
    rows(list, '#notice-template', notices, (row, notice) => fill(row, noticeView(notice, say)))
    rows(checkList, '#check-template', checks, (row, check) => {
      const { isAside, ...words } = checkView(check, say)
      fill(row, words)
      row.toggleAttribute('data-aside', isAside)
    })
    if (details) details.hidden = checks.length === 0
    const listed = checks.filter(({ state }) => state === 'listed').length
    write(section.querySelector('[data-checks-count]'), say('checks.listed', { n: listed }))
    tellMap()
  }

  document.addEventListener('tower:notices', (event) => {
    shown = (event as CustomEvent<NoticesShown>).detail
    draw()
  })
  document.addEventListener('tower:map-ready', tellMap)
  section.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button') : null
    const id = button?.closest<HTMLElement>('[data-id]')?.dataset.id
    if (!button || id === undefined) return
    if (button.matches('[data-notice-show]'))
      document.dispatchEvent(new CustomEvent('tower:coverage-show', { detail: id }))
    const act = button.dataset.checkAct
    if (act !== undefined) void doAct(button, id, act)
  })

  async function doAct(button: HTMLButtonElement, id: string, act: string): Promise<void> {
    button.disabled = true
    const done = await post(`/api/regions/${section.dataset.region}/checks/${id}/${act}`)
    button.disabled = false
    if (failed) failed.hidden = done !== null
    // What became of it comes by the socket, as to every screen; whoever raised it looks at it at once.
    if (act === 'raise' && done?.incidentId)
      document.dispatchEvent(new CustomEvent('tower:frame', { detail: done.incidentId }))
  }

  draw()
}

/** Rows keyed by id: one that stays is never made anew, so that a hand on its button stays there. */
function rows<T extends { id: string }>(
  list: HTMLElement | null,
  template: string,
  items: readonly T[],
  draw: (row: HTMLElement, item: T) => void,
): void {
  const blank = document.querySelector<HTMLTemplateElement>(template)?.content.firstElementChild
  if (!list || !blank) return
  const known = new Map([...list.children].map((row) => [(row as HTMLElement).dataset.id, row as HTMLElement]))
  const wanted = items.map((item) => {
    const row = known.get(item.id) ?? (blank.cloneNode(true) as HTMLElement)
    row.dataset.id = item.id
    draw(row, item)
    return row
  })
  for (const row of known.values()) if (!wanted.includes(row)) row.remove()
  wanted.forEach((row, at) => {
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null)
  })
}

function fill(row: HTMLElement, words: Record<string, string>): void {
  for (const [name, text] of Object.entries(words)) write(row.querySelector(`[data-slot="${name}"]`), text)
}

/** Null where it was not done. */
async function post(path: string): Promise<{ incidentId: string | null } | null> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(10_000),
    })
    return answer.ok ? ((await answer.json()) as { incidentId: string | null }) : null
  } catch {
    return null
  }
}
