// Situations in the third column of a storm, what people do with them, and the supervisor's switch: drawn as the room tells
// the tower's script of them.

import type { IncidentSummary } from '../../src/domain/incident'
import type { ShownSituation, Standing, Suggestion } from '../../src/domain/situation'
import type { ShownStorm } from '../../src/domain/storm'
import { type SituationView, situationView, suggestionView } from '../storm/situation-view'
import { placeOf } from '../tower/card-view'
import { isLang, t } from '../words'
import { write } from './queue/draw'

type Seen = { storm?: ShownStorm; situations?: readonly ShownSituation[]; suggestions?: readonly Suggestion[] }
type File = { members: { incident: IncidentSummary; standing: Standing }[] }

/** A switch that pages people is pressed twice. */
const ARMED_MS = 5_000

const lang = document.documentElement.lang
const say = t(isLang(lang) ? lang : 'en')
const region = document.body.dataset.region ?? ''
const box = document.querySelector<HTMLElement>('[data-situations-box]')
let situations: readonly ShownSituation[] = []
let suggestions: readonly Suggestion[] = []
let isOn = document.body.dataset.storm === 'on'

document.addEventListener('tower:notices', (event) => {
  const seen = (event as CustomEvent<Seen>).detail
  if (!seen.storm) return
  isOn = seen.storm.on
  situations = seen.situations ?? []
  suggestions = seen.suggestions ?? []
  draw()
})
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLButtonElement>('[data-storm-switch]') : null
  if (button) pressSwitch(button)
})
if (box) {
  box.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button') : null
    if (button) press(button)
  })
  box.addEventListener('submit', (event) => {
    event.preventDefault()
    if (event.target instanceof HTMLFormElement) submit(event.target)
  })
  // `toggle` does not bubble.
  box.addEventListener('toggle', ({ target }) => void opened(target), true)
}

function draw(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-storm-switch]')) drawSwitch(button)
  if (!box) return
  const none = box.querySelector<HTMLElement>('[data-situations-none]')
  if (none) none.hidden = situations.length > 0
  rows(
    '[data-situations]',
    '#situation-template',
    'situation',
    situations,
    ({ id }) => id,
    (row, each) => {
      fillSituation(row, situationView(each, say))
    },
  )
  rows(
    '[data-suggestions]',
    '#suggestion-template',
    'suggestion',
    suggestions,
    ({ key }) => key,
    (row, each) => {
      const { words, button } = suggestionView(each, situations, say)
      write(row.querySelector('[data-slot="words"]'), words)
      write(row.querySelector('[data-slot="button"]'), button)
    },
  )
}

function fillSituation(row: HTMLElement, view: SituationView): void {
  for (const name of ['name', 'people', 'words', 'untaken'] as const)
    write(row.querySelector(`[data-slot="${name}"]`), view[name])
  row.querySelector('[data-slot="worst"]')?.setAttribute('href', `#mark-${view.worst}`)
  for (const { standing, x, width } of view.bar) {
    const part = row.querySelector(`[data-standing="${standing}"]`)
    part?.setAttribute('x', String(x))
    part?.setAttribute('width', String(width))
  }
}

/** Rows keyed by id: one that stays is never made anew, so that an open list and a half-written name stay. */
function rows<T>(
  list: string,
  template: string,
  key: 'situation' | 'suggestion',
  items: readonly T[],
  idOf: (item: T) => string,
  fill: (row: HTMLElement, item: T) => void,
): void {
  const into = box?.querySelector<HTMLElement>(list)
  const blank = document.querySelector<HTMLTemplateElement>(template)?.content.firstElementChild
  if (!into || !blank) return
  const known = new Map([...into.children].map((row) => [(row as HTMLElement).dataset[key], row as HTMLElement]))
  const wanted = items.map((item) => {
    const row = known.get(idOf(item)) ?? (blank.cloneNode(true) as HTMLElement)
    row.dataset[key] = idOf(item)
    fill(row, item)
    return row
  })
  for (const row of known.values()) if (!wanted.includes(row)) row.remove()
  wanted.forEach((row, at) => {
    if (into.children[at] !== row) into.insertBefore(row, into.children[at] ?? null)
  })
}

function press(button: HTMLButtonElement): void {
  const { situationAct, suggestionTake, frame } = button.dataset
  const id = button.closest<HTMLElement>('[data-situation]')?.dataset.situation
  if (frame !== undefined) return
  if (suggestionTake !== undefined) takeSuggestion(button)
  if (id === undefined || situationAct === undefined) return
  const member = button.closest<HTMLElement>('[data-member]')?.dataset.member
  const incidentId = situationAct === 'leave' ? member : document.body.dataset.framed
  if (situationAct === 'end') void send(button, `situations/${id}/end`, {})
  else if (incidentId)
    void send(button, `situations/${id}/${situationAct}`, { incidentIds: [incidentId] }).then(() => refresh(id))
}

function takeSuggestion(button: HTMLButtonElement): void {
  const key = button.closest<HTMLElement>('[data-suggestion]')?.dataset.suggestion
  const suggestion = suggestions.find((each) => each.key === key)
  if (!suggestion) return
  const { situationId, kind, lat, lng, incidentIds } = suggestion
  const { name } = suggestionView(suggestion, situations, say)
  if (situationId) void send(button, `situations/${situationId}/join`, { incidentIds: incidentIds.slice(0, 500) })
  else
    void send(button, 'situations', {
      requestId: suggestion.key,
      name,
      kind,
      area: { lat, lng, radiusM: 1_000 },
      incidentIds: incidentIds.slice(0, 500),
    })
}

function submit(form: HTMLFormElement): void {
  const fields = new FormData(form)
  const name = String(fields.get('name') ?? '').trim()
  if (name === '') return
  const button = form.querySelector<HTMLButtonElement>('[type="submit"]')
  if (form.matches('[data-situation-make]')) {
    const kind = String(fields.get('kind') ?? '') || null
    void send(button, 'situations', { requestId: crypto.randomUUID(), name, kind }).then((done) => {
      if (!done) return
      form.reset()
      form.closest('details')?.removeAttribute('open')
    })
    return
  }
  const id = form.closest<HTMLElement>('[data-situation]')?.dataset.situation
  if (id) void send(button, `situations/${id}/rename`, { name })
}

async function opened(target: EventTarget | null): Promise<void> {
  if (!(target instanceof HTMLDetailsElement) || !target.open || !target.matches('[data-situation-people]')) return
  const id = target.closest<HTMLElement>('[data-situation]')?.dataset.situation
  const name = target.querySelector<HTMLInputElement>('input[name="name"]')
  if (name) name.value = situations.find((each) => each.id === id)?.name ?? name.value
  if (id) await refresh(id)
}

/** Its people, asked for when somebody looks: on every screen each second they would be too many. */
async function refresh(id: string): Promise<void> {
  const list = box?.querySelector(`[data-situation="${CSS.escape(id)}"] [data-situation-people][open] [data-members]`)
  const blank = document.querySelector<HTMLTemplateElement>('#member-template')?.content.firstElementChild
  if (!list || !blank) return
  const file = await fetch(`/api/regions/${region}/situations/${id}`, { signal: AbortSignal.timeout(10_000) })
    .then((answer) => (answer.ok ? (answer.json() as Promise<File>) : null))
    .catch(() => null)
  fail(file === null)
  if (!file) return
  list.replaceChildren(
    ...file.members.map(({ incident, standing }) => {
      const row = blank.cloneNode(true) as HTMLElement
      row.dataset.member = incident.id
      const who = row.querySelector<HTMLElement>('[data-slot="who"]')
      if (who) who.dataset.frame = incident.id
      write(who, incident.code)
      const says = incident.said
        ? say(`said.${incident.said}`)
        : say(standing === 'safe' ? `state.${incident.state}` : 'said.none')
      write(row.querySelector('[data-slot="says"]'), `${says} · ${placeOf(incident.position, say)}`)
      return row
    }),
  )
}

function drawSwitch(button: HTMLElement): void {
  const to = isOn ? 'off' : 'on'
  if (button.dataset.stormSwitch !== to) delete button.dataset.armed
  button.dataset.stormSwitch = to
  const armed = button.dataset.armed !== undefined
  write(button, say(`storm.${armed ? 'sure' : 'switch'}_${to}`))
}

function pressSwitch(button: HTMLButtonElement): void {
  if (button.dataset.armed === undefined) {
    button.dataset.armed = 'yes'
    setTimeout(() => {
      delete button.dataset.armed
      drawSwitch(button)
    }, ARMED_MS)
    drawSwitch(button)
    return
  }
  delete button.dataset.armed
  void send(button, 'storm', { on: button.dataset.stormSwitch === 'on' })
}

/** What became of it comes by the socket, as to every screen. False where it was not done. */
async function send(button: HTMLButtonElement | null, path: string, body: unknown): Promise<boolean> {
  if (button) button.disabled = true
  const done = await fetch(`/api/regions/${region}/${path}`, {
    method: 'POST',
    headers: { 'HX-Request': 'true', 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  })
    .then(({ ok }) => ok)
    .catch(() => false)
  if (button) button.disabled = false
  fail(!done)
  return done
}

function fail(failed: boolean): void {
  const told = box?.querySelector<HTMLElement>('[data-storm-failed]')
  if (told) told.hidden = !failed
}

if (document.body.dataset.demo === undefined) draw()
