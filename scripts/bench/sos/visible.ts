// From the press, by the sender's clock, to its card on a screen: one real Chromium among 50 screens. Its page tells
// when the frame after the card's first one began, so the card had been painted by then.

import { chromium, type Page } from 'playwright-core'
import type { RegionId } from '../../../src/domain/region'
import { Histogram } from '../histogram'
import type { PacedPresses, PressResult } from '../load/presses'
import { pinBelow } from '../pin'
import type { TowerSubject } from '../subjects/tower'
import { openScreens, SCREENS, type Stage } from './stage'

export const VISIBLE = 'press to visible card'
export const UNSEEN = 'cards that were never visible'
const PRESSES_PER_SECOND = 2
const LATE_MS = 5_000
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function pressToCard(stage: Stage, subject: TowerSubject, region: RegionId): Promise<void> {
  const { plan, notebook } = stage
  await openScreens(stage, subject, region, SCREENS - 1)
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: FLAGS,
  })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addInitScript({ content: WATCH })
    const page = await context.newPage()
    await subject.enter(page, region)
    pinBelow(process.pid, 'chromium', 'load')
    const presses: PacedPresses = {
      target: subject.target(region, 'visible'),
      connections: 4,
      rate: PRESSES_PER_SECOND,
      seconds: plan.visiblePresses / PRESSES_PER_SECOND,
      trace: true,
    }
    const { sent } = await stage.generator.ask<PressResult>('paced', presses)
    const painted = await paintedCards(page, sent)
    const times = new Histogram()
    const afterReceipt = new Histogram()
    for (const { sosId, at } of sent) {
      const paintedAt = painted[sosId]
      if (paintedAt === undefined) continue
      times.addMs(paintedAt - at)
      const shownAt = await subject.shownAt(sosId)
      if (shownAt !== null) afterReceipt.addMs(Math.abs(shownAt - paintedAt))
    }
    notebook.keep(subject.name, VISIBLE, times.raw())
    const latency = times.latency()
    for (const which of ['p50', 'p95', 'p99', 'max'] as const) {
      notebook.note(subject.name, `${VISIBLE}: ${which}`, latency[which], 'ms')
    }
    notebook.note(subject.name, UNSEEN, plan.visiblePresses - times.count, 'count')
    notebook.note(subject.name, `${VISIBLE}: off its receipt (shownAt), p50`, afterReceipt.percentile(0.5), 'ms')
    stage.log(`${VISIBLE}: p99 ${latency.p99.toFixed(0)} ms of ${times.count}`)
  } finally {
    await browser.close()
    await stage.screens.ask('close')
  }
}

/** Epoch ms of each card's first painted frame, by incident; waits for the last of them. */
async function paintedCards(page: Page, sent: readonly { sosId: string }[]): Promise<Record<string, number>> {
  const until = Date.now() + LATE_MS
  for (;;) {
    const painted = (await page.evaluate('window.__painted')) as Record<string, number>
    if (sent.every(({ sosId }) => sosId in painted) || Date.now() >= until) return painted
    await Bun.sleep(100)
  }
}

// Runs in the page. A card of the queue or of the band carries its incident's id; what is not laid out is not visible.
const WATCH = `
  window.__painted = {}
  const look = (element) => {
    if (!element.matches('.card[data-id], .band-item[data-id]')) return
    const { id } = element.dataset
    if (!id || id in window.__painted) return
    requestAnimationFrame(() => {
      const { width, height } = element.getBoundingClientRect()
      if (width * height === 0 || !element.checkVisibility()) return
      requestAnimationFrame(() => { window.__painted[id] ??= Date.now() })
    })
  }
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === 'attributes') look(target)
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue
        look(node)
        for (const inner of node.querySelectorAll('[data-id]')) look(inner)
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true })
`
