// Hands: every click and key of the screen, each turned into one of the acts below. Keys press what the pointer would.

import { type KeyAct, keyOf } from '../../tower/keys'
import type { Say } from '../../words'
import { htmx, onHtmx } from './htmx'
import { keyEffect } from './key-rules'
import type { PanelControl } from './panel'
import { isControl, isTyping } from './typing'

export type Hands = {
  region: string
  panel: PanelControl
  say: Say
  next(): void
  mute(): void
  undo(): void
  follow(): void
  toggleStorm(): void
  toggleCall(): void
  testSound(): void
  tell(words: string): void
}

const KEYS_OFF = 'keys-off'
const keysOn = (): boolean => localStorage.getItem(KEYS_OFF) === null
const drawer = () => document.querySelector<HTMLElement>('#drawer')
const keysPage = () => document.querySelector<HTMLDialogElement>('#keys')

export const isDrawerOpen = (): boolean => drawer()?.hidden === false
export const isKeysOpen = (): boolean => keysPage()?.open === true

export function bindControls(hands: Hands): void {
  document.addEventListener('keydown', (event) => onKey(event, hands))
  document.addEventListener('click', (event) => onClick(event, hands))
  onHtmx('after:swap', ({ sourceElement, response }) => {
    afterSwap(hands)
    // The next news of the incident renders the panel anew, without the refusal: it must not be gone before it is read.
    const refusal = response?.raw.ok === false && sourceElement.matches('[data-act]')
    if (refusal)
      hands.tell(document.querySelector('#panel .notice[role="alert"]')?.textContent?.trim() ?? hands.say('refused'))
  })
  onHtmx('response:error', ({ response }) => {
    const status = response?.raw.status
    if (status !== 409 && status !== 422 && status !== 401) hands.tell(hands.say('refused.busy'))
  })
  onHtmx('error', () => hands.tell(hands.say('refused.busy')))
  keysPage()
    ?.querySelector<HTMLInputElement>('[data-keys-switch]')
    ?.addEventListener('change', ({ target }) => setKeys((target as HTMLInputElement).checked))
  setKeys(keysOn())
}

/** What has been typed since a drawer was asked for, until it is there: letters for its field, and no keys. */
let typedAhead: string | null = null

function onKey(event: KeyboardEvent, hands: Hands): void {
  if (isKeysOpen()) return
  if (typedAhead !== null && !event.ctrlKey && !event.altKey && !event.metaKey) {
    if (event.key.length !== 1) return
    typedAhead += event.key
    event.preventDefault()
    return
  }
  const { panel } = hands
  const focus = document.activeElement
  // Enter is a new line in a note; with Ctrl it is sent.
  if (event.key === 'Enter' && event.ctrlKey && panel.sheet !== null && focus instanceof HTMLTextAreaElement) {
    event.preventDefault()
    panel.pressSheet('enter')
    return
  }
  const effect = keyEffect(
    { key: event.key, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey, repeat: event.repeat },
    {
      on: keysOn(),
      typing: isTyping(focus),
      // When it was pressed, however late the page comes to it.
      now: event.timeStamp,
      framedAt: panel.framedAt,
      framed: panel.framedId !== null,
      sheet: panel.sheet,
      onControl: isControl(focus),
    },
  )
  if (effect.do === 'nothing') return
  event.preventDefault()
  if (effect.do === 'leave') leave(hands)
  else if (effect.do === 'choose') panel.choose(effect.digit)
  else if (effect.do === 'sheet') panel.pressSheet(effect.key)
  else act(effect.act, hands)
}

/** What is not about the framed incident. The rest are buttons of its panel. */
const SCREEN_ACTS: Partial<Record<KeyAct, (hands: Hands) => void>> = {
  next: (hands) => hands.next(),
  mute: (hands) => hands.mute(),
  undo: (hands) => hands.undo(),
  follow: (hands) => hands.follow(),
  new: (hands) => openDrawer('new', hands),
  find: (hands) => openDrawer('search', hands),
  // In a tab of its own: the tower stays in sight. Only supervisors have the link.
  broadcast: () => document.querySelector<HTMLElement>('[data-broadcast]')?.click(),
  keys: () => keysPage()?.showModal(),
}

function act(what: KeyAct, hands: Hands): void {
  const screen = SCREEN_ACTS[what]
  if (screen) screen(hands)
  else hands.panel.pressKey(keyOf(what))
}

/** Esc leaves a field, then a sheet, then the drawer; never an incident. */
function leave({ panel }: Hands): void {
  const focus = document.activeElement
  if (isTyping(focus) && focus instanceof HTMLElement) focus.blur()
  else if (panel.sheet !== null) panel.closeSheet()
  else if (isDrawerOpen()) closeDrawer()
}

function onClick(event: MouseEvent, hands: Hands): void {
  const target =
    event.target instanceof Element
      ? event.target.closest<HTMLElement>('button, [data-frame], [data-theme-next]')
      : null
  if (!target) return
  const { dataset } = target
  if (target.matches('.card[data-id], .band-item[data-id]')) frame(target, hands)
  else if (dataset.frame) void hands.panel.open(dataset.frame)
  else if (dataset.opens) toggleSheet(dataset.opens, hands)
  else if (dataset.closesSheet !== undefined) hands.panel.closeSheet()
  else if (dataset.closesDrawer !== undefined) closeDrawer()
  else if (dataset.closesPanel !== undefined) hands.panel.close()
  else if (dataset.drawer) openDrawer(dataset.drawer, hands)
  else if (dataset.press) act(dataset.press as KeyAct, hands)
  else if (dataset.stormToggle !== undefined) hands.toggleStorm()
  else if (dataset.onCall !== undefined) hands.toggleCall()
  else if (dataset.listen !== undefined) hands.testSound()
  else if (dataset.keysClose !== undefined) keysPage()?.close()
  else if (dataset.lamp === 'keys') keysPage()?.showModal()
  else if (dataset.themeNext) {
    // Without a new page, which would lock the sound again.
    event.preventDefault()
    setTheme(target as HTMLAnchorElement, hands.say)
  }
}

function frame(card: HTMLElement, { panel }: Hands): void {
  const opened = panel.open(card.dataset.id as string)
  if (!card.closest('#drawer')) return
  // Found: the drawer has done its work, and would hide the map.
  closeDrawer()
  void opened.then(() => document.querySelector<HTMLElement>('#panel')?.focus({ preventScroll: true }))
}

function toggleSheet(name: string, { panel }: Hands): void {
  if (panel.sheet === name) panel.closeSheet()
  else panel.openSheet(name)
}

function openDrawer(what: string, { region }: Hands): void {
  if (document.body.dataset.demo !== undefined) return
  typedAhead = ''
  void htmx()
    .ajax('GET', `/desk/${what}?region=${region}`, { target: '#drawer', swap: 'outerHTML' })
    .finally(() => {
      typedAhead = null
    })
}

function closeDrawer(): void {
  const open = drawer()
  if (!open) return
  open.hidden = true
  open.replaceChildren()
}

function afterSwap({ panel }: Hands): void {
  const open = drawer()
  if (!open) return
  const frames = open.dataset.frames
  if (frames) {
    delete open.dataset.frames
    void panel.open(frames)
  } else if (!open.hidden && !open.dataset.entered) {
    // A drawer opens only because a hand asked for it, so it may have the focus.
    open.dataset.entered = 'yes'
    const first = open.querySelector<HTMLElement>('[data-first]') ?? open
    first.focus()
    if (typedAhead && (first instanceof HTMLInputElement || first instanceof HTMLTextAreaElement)) {
      first.value += typedAhead
      first.dispatchEvent(new Event('input', { bubbles: true }))
    }
    typedAhead = null
  }
}

function setKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEYS_OFF)
  else localStorage.setItem(KEYS_OFF, 'yes')
  const lamp = document.querySelector<HTMLElement>('[data-lamp="keys"]')
  if (lamp) lamp.hidden = on
  const box = document.querySelector<HTMLInputElement>('[data-keys-switch]')
  if (box) box.checked = on
}

const THEMES = ['auto', 'light', 'dark'] as const

function setTheme(link: HTMLAnchorElement, say: Say): void {
  const theme = THEMES.find((each) => each === link.dataset.themeNext) ?? 'auto'
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not in every browser that operators have.
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  link.dataset.themeNext = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]
  link.textContent = `${say('app.theme')}: ${say(`app.theme.${theme}`)}`
}
