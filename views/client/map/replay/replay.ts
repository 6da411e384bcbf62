// The replay put together: what is asked of the history, the clock that runs through it, the trail on the map and its bar.
// It is opened from a vehicle's card for a purpose, or from an incident's panel for the incident.

import type L from 'leaflet'
import type { FileFormat, SpanChoice } from '../../../tower/replay-choices'
import { isLang, t, type Word } from '../../../words'
import { serverClock } from '../vehicles/vehicles'
import { askFiles, askTrack, type Tracked } from './ask'
import { ReplayBar } from './bar'
import { TrailDrawing } from './drawing'
import { momentAt } from './moment'
import { advance, begin, type Playback, seek, toggle } from './playback'
import { type Around, type Span, spanOf } from './span'
import { type Mark, neighbour, type Shown, shownOf } from './track'

export type Opening = {
  tracked: Tracked
  /** As people call it: a plate, or an incident's code. */
  name: string
  reason: string
  /** Of an incident: the time around it can then be chosen. */
  around: Around | null
}

const FAILED: Record<string, Word> = {
  away: 'replay.away',
  no_answer: 'replay.away',
  internal: 'replay.away',
  foreign_region: 'replay.forbidden',
  forbidden: 'replay.forbidden',
  invalid_query: 'replay.unrelated',
  invalid_body: 'replay.wrong',
}

/** Returns what opens it. The page may stand without a bar: then nothing does. */
export function startReplay(map: L.Map): (opening: Opening) => void {
  const say = t(isLang(document.documentElement.lang) ? document.documentElement.lang : 'en')
  const bar = new ReplayBar({
    say,
    onSpan: (choice, own) => show(choice, own),
    onPlayback: (change) => set(change(playback)),
    onAct: (act) => {
      if (act === 'play') set(toggle(playback))
      else {
        const mark = neighbour(shown.marks, playback.at, act === 'next' ? 1 : -1)
        if (mark) onMark(mark)
      }
    },
    onMark,
    onFile: (format) => void save(format),
    onAgain: () => void load(),
    onClose: close,
  })
  const drawing = new TrailDrawing(map, onMark)
  const serverNow = serverClock()
  let opening: Opening | null = null
  let span: Span | null = null
  let shown: Shown = { fixes: [], marks: [] }
  let playback: Playback = begin(0, 1)
  let openedFrom: Element | null = null
  /** Counts askings: the answer to an earlier one is not drawn. */
  let turn = 0
  let frame = 0
  let drawnAt = 0

  function open(next: Opening): void {
    openedFrom = document.activeElement
    opening = next
    const choice = next.around ? 'incident' : 'hour'
    // The map follows an incident by itself; while a trail is looked at it stays.
    document.dispatchEvent(new CustomEvent('tower:replay'))
    bar.open(next.name, next.reason, choice, next.around !== null)
    show(choice, { from: '', to: '' })
  }

  function show(choice: SpanChoice, own: { from: string; to: string }): void {
    if (!opening) return
    const chosen = spanOf(choice, serverNow(), opening.around, own)
    if (typeof chosen === 'string') {
      bar.tell(say(chosen), { ready: shown.fixes.length > 0 })
      return
    }
    span = chosen
    void load()
  }

  async function load(): Promise<void> {
    if (!opening || !span) return
    const mine = ++turn
    const asked = span
    set({ ...playback, playing: false })
    bar.tell(say('replay.loading'))
    const answer = await askTrack(opening.tracked, asked)
    if (mine !== turn) return
    drawing.clear()
    if (!answer.ok) {
      shown = { fixes: [], marks: [] }
      bar.tell(say(FAILED[answer.code] ?? 'replay.away'), { again: true })
      return
    }
    const { pages, more } = answer.value
    shown = shownOf(pages, say)
    const [first] = shown.fixes
    // It begins with the first thing that is known: an hour without a fix is nothing to look at.
    playback = { ...begin(asked.from, asked.to, first?.at), pace: playback.pace }
    bar.fill(playback, shown.marks)
    const ready = shown.fixes.length + shown.marks.length > 0
    const incomplete = pages.some((page) => page.incomplete)
    const words = incomplete ? say('replay.incomplete') : shown.fixes.length === 0 ? say('replay.empty') : ''
    bar.tell(more ? say('replay.more') : words, { ready, again: incomplete })
    drawing.draw(shown)
    set(playback)
  }

  function set(next: Playback): void {
    playback = next
    if (opening && shown.fixes.length + shown.marks.length > 0) {
      const moment = momentAt(shown.fixes, playback.at)
      bar.draw(playback, moment)
      drawing.show(moment)
    }
    if (playback.playing && frame === 0) {
      drawnAt = performance.now()
      frame = requestAnimationFrame(onFrame)
    }
  }

  function onFrame(now: number): void {
    frame = 0
    const elapsed = Math.max(0, now - drawnAt)
    if (playback.playing) set(advance(playback, elapsed))
    drawnAt = now
  }

  function onMark(mark: Mark): void {
    set(seek({ ...playback, playing: false }, mark.at))
    if (mark.place && !map.getBounds().contains([mark.place.lat, mark.place.lng]))
      map.panTo([mark.place.lat, mark.place.lng], { animate: false })
  }

  async function save(format: FileFormat): Promise<void> {
    if (!opening || !span) return
    const files = await askFiles(opening.tracked, span, format)
    if (!files.ok) {
      bar.tell(say(FAILED[files.code] ?? 'replay.away'), { ready: true })
      return
    }
    for (const { name, blob } of files.value) {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    }
    bar.tell(say('replay.saved', { name: files.value.map(({ name }) => name).join(', ') }), { ready: true })
  }

  function close(): void {
    turn++
    opening = null
    span = null
    shown = { fixes: [], marks: [] }
    playback = { ...playback, playing: false }
    drawing.clear()
    bar.close()
    if (openedFrom instanceof HTMLElement && openedFrom.isConnected) openedFrom.focus({ preventScroll: true })
    openedFrom = null
  }

  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-replay-open]') : null
    if (button) open(openingOf(button.dataset, say))
  })
  return open
}

function openingOf(data: DOMStringMap, say: ReturnType<typeof t>): Opening {
  const code = data.code ?? ''
  return {
    tracked: { region: data.home ?? '', deviceId: data.device ?? '', incident: data.replayOpen ?? '' },
    name: code,
    reason: say('who.for_incident', { code }),
    around: { since: Number(data.received), until: data.ended === undefined ? null : Number(data.ended) },
  }
}
