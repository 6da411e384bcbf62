// The bar of a replay: its words, slider, ticks and list of events. It says what hands do and draws what it is told.

import { age, clock, coordinates, day, kmh } from '../../../format'
import { directionInWords } from '../../../place'
import type { FileFormat, Pace, SpanChoice } from '../../../tower/replay-choices'
import type { Say } from '../../../words'
import { write } from '../../queue/draw'
import type { Moment } from './moment'
import { type Playback, press } from './playback'
import { toManila } from './span'
import type { Mark } from './track'

export type BarPorts = {
  say: Say
  onSpan(choice: SpanChoice, own: { from: string; to: string }): void
  onPlayback(change: (playback: Playback) => Playback): void
  onAct(act: 'play' | 'previous' | 'next'): void
  onMark(mark: Mark): void
  onFile(format: FileFormat): void
  onAgain(): void
  onClose(): void
}

const MOVING_MPS = 1

export class ReplayBar {
  readonly box = document.querySelector<HTMLElement>('#replay')
  private readonly slider = this.part<HTMLInputElement>('[data-replay-slider]')
  private readonly own = this.part<HTMLElement>('[data-replay-own]')

  constructor(private readonly ports: BarPorts) {
    const { box, slider } = this
    box?.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('button') : null
      if (button) this.onButton(button.dataset)
    })
    box?.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      ports.onClose()
    })
    slider?.addEventListener('input', () => {
      const at = Number(slider.value)
      ports.onPlayback((playback) => ({ ...playback, at }))
    })
    slider?.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return
      ports.onPlayback((playback) => {
        const next = press(playback, event.key, event.shiftKey)
        if (next) event.preventDefault()
        return next ?? playback
      })
    })
    box?.addEventListener('change', ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return
      if (target.name === 'replay-pace') ports.onPlayback((each) => ({ ...each, pace: Number(target.value) as Pace }))
      if (target.name === 'replay-span') this.choose(target.value as SpanChoice)
    })
    this.part<HTMLFormElement>('[data-replay-span]')?.addEventListener('submit', (event) => {
      event.preventDefault()
      ports.onSpan('own', this.ownTimes())
    })
  }

  open(name: string, reason: string, choice: SpanChoice, hasIncident: boolean): void {
    if (!this.box) return
    this.box.hidden = false
    this.say('title', this.ports.say('replay.of', { name }))
    this.say('reason', reason)
    const incident = this.part<HTMLElement>('[data-span="incident"]')
    if (incident) incident.hidden = !hasIncident
    const radio = this.part<HTMLInputElement>(`[name="replay-span"][value="${choice}"]`)
    if (radio) radio.checked = true
    if (this.own) this.own.hidden = true
    this.box.focus({ preventScroll: true })
  }

  close(): void {
    if (this.box) this.box.hidden = true
    this.part<HTMLElement>('[data-replay-events]')?.replaceChildren()
    this.part<HTMLElement>('[data-replay-ticks]')?.replaceChildren()
  }

  /** `again`: the same may be asked once more. The body is there only with something to show. */
  tell(words: string, { ready = false, again = false }: { ready?: boolean; again?: boolean } = {}): void {
    this.say('note', words)
    const [body, retry] = [this.part<HTMLElement>('[data-replay-body]'), this.part<HTMLElement>('[data-replay-again]')]
    if (body) body.hidden = !ready
    if (retry) retry.hidden = !again
  }

  /** A new time, with what happened in it. */
  fill({ from, to }: Playback, marks: readonly Mark[]): void {
    const { slider, ports } = this
    if (slider) {
      slider.min = String(from)
      slider.max = String(to)
      slider.step = '1'
    }
    const ticks = marks.map((mark) => {
      const tick = document.createElement('span')
      tick.className = 'replay-tick'
      tick.dataset.kind = mark.kind
      tick.title = `${clock(mark.at)} ${mark.words}`
      tick.style.left = `${((mark.at - from) / (to - from)) * 100}%`
      tick.addEventListener('click', () => ports.onMark(mark))
      return tick
    })
    this.part('[data-replay-ticks]')?.replaceChildren(...ticks)
    this.part('[data-replay-events]')?.replaceChildren(...marks.map((mark) => this.row(mark)))
    this.say('events', ports.say('replay.events', { n: marks.length }))
    for (const [name, at] of [['from', from] as const, ['to', to] as const]) {
      const field = this.part<HTMLInputElement>(`#replay-${name}`)
      if (field) field.value = toManila(at)
    }
  }

  draw(playback: Playback, moment: Moment | null): void {
    const { say } = this.ports
    const { slider } = this
    const { at, playing } = playback
    const speed = this.speedOf(moment)
    this.say('clock', clock(at))
    this.say('day', day(at))
    this.say('speed', speed)
    this.say('heading', moment?.headingDeg == null || moment.lost ? '–' : directionInWords(moment.headingDeg, say))
    this.say('place', moment ? coordinates(moment.lat, moment.lng) : '–')
    this.say('play', say(playing ? 'replay.pause' : 'replay.play'))
    const lost = this.part<HTMLElement>('[data-replay="lost"]')
    if (lost) lost.hidden = moment === null || !moment.lost
    if (moment?.lost)
      write(
        lost,
        moment.fixedAt > at
          ? say('replay.before', { time: clock(moment.fixedAt) })
          : say('replay.lost', { time: clock(moment.fixedAt), age: age(at - moment.fixedAt) }),
      )
    if (!slider) return
    slider.value = String(Math.round(at))
    slider.setAttribute('aria-valuetext', say('replay.spoken', { time: clock(at), speed }))
  }

  private speedOf(moment: Moment | null): string {
    const { say } = this.ports
    if (moment?.speedMps == null || moment.lost) return say('replay.unknown')
    return moment.speedMps < MOVING_MPS ? say('standing') : say('speed', { kmh: kmh(moment.speedMps) })
  }

  private onButton({ replayAct, replayFile, replayClose, replayAgain }: DOMStringMap): void {
    const { ports } = this
    if (replayAct) ports.onAct(replayAct as 'play' | 'previous' | 'next')
    else if (replayFile) ports.onFile(replayFile as FileFormat)
    else if (replayClose !== undefined) ports.onClose()
    else if (replayAgain !== undefined) ports.onAgain()
  }

  private choose(choice: SpanChoice): void {
    if (this.own) this.own.hidden = choice !== 'own'
    if (choice !== 'own') this.ports.onSpan(choice, this.ownTimes())
  }

  private ownTimes(): { from: string; to: string } {
    const value = (name: string) => this.part<HTMLInputElement>(`#replay-${name}`)?.value ?? ''
    return { from: value('from'), to: value('to') }
  }

  private row(mark: Mark): HTMLElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button'
    button.dataset.look = 'plain'
    button.dataset.size = 'small'
    button.dataset.kind = mark.kind
    button.textContent = `${clock(mark.at)} ${mark.words}`
    button.addEventListener('click', () => this.ports.onMark(mark))
    const row = document.createElement('li')
    row.append(button)
    return row
  }

  private say(what: string, words: string): void {
    write(this.part(`[data-replay="${what}"]`), words)
  }

  private part<E extends Element = Element>(selector: string): E | null {
    return this.box?.querySelector<E>(selector) ?? null
  }
}
