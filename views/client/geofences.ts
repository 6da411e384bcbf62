// The page on which a geofence is drawn: map and text follow each other, and what is wrong is said while it is drawn.

import { checkFence } from '../../src/domain/drawn-fence'
import { readCorners, writeCorners } from '../../src/domain/drawn-text'
import { isLang, isWord, t } from '../words'
import { onHtmx } from './desk/htmx'
import { Board } from './geofences/board'
import { Drawing, describeDrawing, ENOUGH } from './geofences/drawing'

const say = t(isLang(document.documentElement.lang) ? document.documentElement.lang : 'en')

function start(box: HTMLElement): void {
  box.dataset.started = 'yes'
  const page = box.closest('main') ?? document
  const text = page.querySelector<HTMLTextAreaElement>('[data-corners]')
  const said = page.querySelector<HTMLElement>('#fence-said')
  const drawing = new Drawing()
  const read = readCorners(text?.value ?? '')
  if (read.ok) drawing.set(read.corners)
  const board = new Board(box, { drawing, say, editable: box.dataset.drawn === 'here', onChange: fromMap })
  tell()

  function fromMap(): void {
    if (text) text.value = writeCorners(drawing.corners)
    tell()
  }

  text?.addEventListener('input', () => {
    const typed = readCorners(text.value)
    if (!typed.ok && typed.why !== 'empty') {
      text.setAttribute('aria-invalid', 'true')
      if (said) said.textContent = say(`fence.text.${typed.why}`, { line: typed.line ?? 0 })
      return
    }
    drawing.set(typed.ok ? typed.corners : [])
    board.draw()
    board.fit()
    tell()
  })

  function tell(): void {
    const wrong = drawing.corners.length >= ENOUGH ? wrongOf() : null
    box.classList.toggle('fence-is-wrong', wrong !== null)
    if (text) {
      if (wrong) text.setAttribute('aria-invalid', 'true')
      else text.removeAttribute('aria-invalid')
    }
    if (said) said.textContent = wrong ?? describeDrawing(drawing, say)
  }

  function wrongOf(): string | null {
    const checked = checkFence({ id: '', region: 'NCR', name: '-', kind: 'notice', polygon: drawing.corners })
    if (checked.ok) return null
    const word = `fence.wrong.${checked.refusal.reason}`
    return isWord(word) ? say(word) : checked.refusal.message
  }

  const tools: Record<string, () => unknown> = {
    add: () => board.addAtCross(),
    undo: () => drawing.undo(),
    close: () => drawing.close(),
    clear: () => drawing.clear(),
  }
  for (const button of page.querySelectorAll<HTMLElement>('[data-fence-tool]')) {
    button.addEventListener('click', () => {
      tools[button.dataset.fenceTool ?? '']?.()
      board.draw()
      fromMap()
    })
  }
  for (const button of page.querySelectorAll<HTMLElement>('[data-fence-zoom]')) {
    button.addEventListener('click', () =>
      button.dataset.fenceZoom === 'in' ? board.map.zoomIn() : board.map.zoomOut(),
    )
  }
}

function look(): void {
  const box = document.querySelector<HTMLElement>('.fence-map:not([data-started])')
  if (box) start(box)
}

onHtmx('after:swap', look)
look()
