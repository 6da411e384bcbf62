// The lamps and figures of the strip, and what the screen says at rest.

import type { IncidentSummary } from '../../../src/domain/incident'
import { age, minute } from '../../format'
import { isDrill } from '../../tower/card-view'
import type { Say } from '../../words'
import type { Link } from '../live/link'
import type { ToScreen } from '../live/wire'
import { write } from '../queue/draw'

export type Tick = Extract<ToScreen, { t: 'tick' }>

/** Canaries are due once a minute. */
export const CANARY_LATE_MS = 120_000
export const CANARY_LOST_MS = 240_000

/** `drill`: what sounds, or would, is only practised. */
export type SoundLamp = { unlocked: boolean; mutedForS: number; mine: boolean; drill: boolean }

export function drawSound(say: Say, { unlocked, mutedForS, mine, drill }: SoundLamp): void {
  write(document.querySelector('[data-sound-drill]'), drill ? say('drill.first') : '')
  if (!mine) lamp('sound', 'good', say('lamp.sound.other'))
  else if (!unlocked) lamp('sound', 'warn', say('lamp.sound.locked'))
  else if (mutedForS > 0) lamp('sound', 'warn', say('lamp.sound.muted', { s: mutedForS }))
  else lamp('sound', 'good', say('lamp.sound.on'))
}

export function drawLink(say: Say, link: Link, tickAt: number | null, now: number): void {
  const seconds = tickAt === null ? 0 : Math.max(0, Math.floor((now - tickAt) / 1_000))
  const state = link === 'lost' ? 'bad' : link === 'live' ? 'good' : 'warn'
  lamp(
    'link',
    state,
    link === 'connecting'
      ? say('lamp.link.connecting')
      : link === 'lost'
        ? say('lamp.link.away', { s: seconds })
        : `${seconds} s`,
  )
}

/** True where the canary has been away too long: then the tower itself may be deaf. */
export function drawCanary(say: Say, tick: Tick | null, now: number): boolean {
  const at = tick?.canaryAt ? Date.parse(tick.canaryAt) : null
  const old = at === null ? 0 : now - at
  const lost = at !== null && old > CANARY_LOST_MS
  const words = at === null ? say('lamp.canary.none') : age(old)
  lamp('canary', at === null || old > CANARY_LATE_MS ? (lost ? 'bad' : 'warn') : 'good', words)
  for (const element of document.querySelectorAll('[data-rest-canary]')) {
    write(element, at === null ? words : say('rest.ago', { age: words }))
  }
  return lost
}

export function drawTick(say: Say, tick: Tick): void {
  const words =
    tick.watching === 0 ? say('strip.nobody') : say('strip.watching', { watching: tick.watching, free: tick.free })
  for (const element of document.querySelectorAll<HTMLElement>('[data-watching]')) {
    write(element, words)
    element.dataset.none = tick.watching === 0 ? 'yes' : 'no'
  }
  drawOpen(tick.open)
  const unverified = document.querySelector<HTMLElement>('[data-unverified]')
  if (unverified) {
    unverified.hidden = tick.unverified === 0
    write(unverified.querySelector('span'), say('queue.unverified', { n: tick.unverified }))
  }
}

/** The count on this region's tab. */
export function drawOpen(open: number): void {
  const count = document.querySelector<HTMLElement>('[data-count="open"]')
  if (!count) return
  write(count, String(open))
  count.dataset.any = open > 0 ? 'yes' : 'no'
}

export function drawLast(say: Say, last: IncidentSummary | null): void {
  if (!last) return
  const ended = last.closedAt ?? last.safeAt ?? last.receivedAt
  const real = say('rest.last', { time: minute(Date.parse(ended)), state: say(`state.${last.state}`) })
  const words = isDrill(last) ? say('drill.before', { words: real }) : real
  for (const element of document.querySelectorAll('[data-rest-last]')) write(element, words)
}

function lamp(name: string, state: 'good' | 'warn' | 'bad', words: string): void {
  const element = document.querySelector<HTMLElement>(`[data-lamp="${name}"]`)
  if (!element) return
  if (element.dataset.state !== state) element.dataset.state = state
  write(element.querySelector('[data-lamp-words]'), words)
}
