// What every scenario of this bench stands on: a generator, 50 screens, a notebook, and how much time there is.

import type { RegionId } from '../../../src/domain/region'
import { type Child, startChild } from '../child'
import type { ScreensPlan, ScreensSeen } from '../load/screens'
import { type Notebook, openNotebook } from '../notebook'
import type { Subject } from '../subjects/subject'

export type Options = {
  quick: boolean
  /** Only the parts whose name contains it, of a bench that has parts. */
  only?: string
  /** How long is held what is held, instead of ten minutes. */
  minutes?: number
  log(line: string): void
}

export type Plan = {
  rounds: number
  httpSeconds: number
  sockets: number
  pacedSeconds: number
  visiblePresses: number
  ceilingSeconds: number
}

const PLANS: Record<'quick' | 'full', Plan> = {
  quick: { rounds: 1, httpSeconds: 3, sockets: 500, pacedSeconds: 5, visiblePresses: 12, ceilingSeconds: 0.3 },
  full: { rounds: 3, httpSeconds: 8, sockets: 1000, pacedSeconds: 10, visiblePresses: 100, ceilingSeconds: 2 },
}

export type Stage = {
  plan: Plan
  notebook: Notebook
  generator: Child
  screens: Child
  log(line: string): void
}

export const openStage = ({ quick, log }: Options): Stage => ({
  plan: PLANS[quick ? 'quick' : 'full'],
  notebook: openNotebook(),
  generator: startChild('load/generator.ts', 'load'),
  screens: startChild('load/screens.ts', 'load'),
  log,
})

export async function closeStage({ generator, screens }: Stage): Promise<void> {
  await generator.stop()
  await screens.stop()
}

export const SCREENS = 50
/** How long the last of the answered presses may take to the last screen before it counts as lost. */
const SETTLE_LIMIT_MS = 30_000

export async function openScreens(stage: Stage, subject: Subject, region: RegionId, count = SCREENS): Promise<void> {
  const plan: ScreensPlan = { target: subject.target(region, ''), count, cookie: await subject.cookie() }
  await stage.screens.ask('open', plan)
}

/** Waits until every screen knows of all answered presses, and notes how many it never heard of, and how late they were. */
export async function untilAllKnow(
  stage: Stage,
  subject: Subject,
  what: string,
  load: { answered: number; startedAt: number },
): Promise<void> {
  const until = Date.now() + SETTLE_LIMIT_MS
  let seen = await stage.screens.ask<ScreensSeen>('seen')
  while (seen.presses.least < load.answered && Date.now() < until) {
    await Bun.sleep(100)
    seen = await stage.screens.ask<ScreensSeen>('seen')
  }
  const seconds = (seen.lastAt - load.startedAt) / 1000
  stage.notebook.note(subject.name, `${what}: on all ${SCREENS} screens`, seen.presses.least / seconds, 'per second')
  stage.notebook.note(subject.name, MISSING, Math.max(0, load.answered - seen.presses.least), 'count')
}

export const MISSING = 'answered presses that a screen never got'
