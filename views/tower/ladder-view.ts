// What the ladder of an incident shows, decided once: steps as they came due, the newest first, each with its people, what
// became of their page, and the tries of it in order. What no step told (the driver's contact, a storm) stands by itself.

import type { Attempt, AttemptState } from '../../src/domain/page'
import type { DecidedStep, LadderView, ToldPage } from '../../src/room/paging-contract'

export type Rung = Attempt
export type Told = {
  id: string
  name: string
  /** Null where the room has forgotten it, or never heard of it. */
  page: ToldPage | null
  rungs: readonly Rung[]
}
export type ShownStep = DecidedStep & { people: Told[]; erased: boolean }

/** `tone`: colour; `letter` and `shape` say the same without it. */
export type RungMark = {
  tone: 'plain' | 'good' | 'warn' | 'alarm'
  letter: string
  shape: 'ring' | 'disc' | 'triangle' | 'octagon' | 'square'
}

/** How far a try came. `delivered` is no answer, and is not green. */
export const RUNG_MARKS: Record<AttemptState, RungMark> = {
  queued: { tone: 'plain', letter: 'Q', shape: 'ring' },
  sending: { tone: 'plain', letter: '…', shape: 'ring' },
  accepted: { tone: 'plain', letter: 'A', shape: 'ring' },
  sent: { tone: 'plain', letter: 'S', shape: 'ring' },
  delivered: { tone: 'plain', letter: 'D', shape: 'disc' },
  undelivered: { tone: 'warn', letter: 'U', shape: 'triangle' },
  failed: { tone: 'warn', letter: 'F', shape: 'triangle' },
  answered: { tone: 'good', letter: '✓', shape: 'disc' },
  parked: { tone: 'alarm', letter: 'P', shape: 'octagon' },
  stopped: { tone: 'plain', letter: '×', shape: 'square' },
}

export function shownSteps(view: LadderView, attempts: readonly Attempt[] | null): ShownStep[] {
  const pages = new Map(view.pages.map((page) => [page.id, page]))
  return view.decided
    .map((step) => ({
      ...step,
      erased: step.step === '',
      people: step.to.map(({ name, page }) => ({
        id: page,
        name,
        page: pages.get(page) ?? null,
        rungs: rungsOf(page, attempts),
      })),
    }))
    .reverse()
}

/** Pages that no step of the policy made: the driver's contact, a message, one page for a storm, those of an intake. */
export function otherPages(view: LadderView, attempts: readonly Attempt[] | null): Told[] {
  const ofSteps = new Set(view.decided.flatMap(({ to }) => to.map(({ page }) => page)))
  const known = view.pages.filter(({ id }) => !ofSteps.has(id))
  const ids = new Set(view.pages.map(({ id }) => id))
  // The courier knows of a page that the room does not: the room was away when it was sent.
  const unknown = [...new Map((attempts ?? []).map((each) => [each.pageId, each])).values()].filter(
    ({ pageId }) => !ofSteps.has(pageId) && !ids.has(pageId),
  )
  return [
    ...known.map((page) => ({ id: page.id, name: page.contact.name, page, rungs: rungsOf(page.id, attempts) })),
    ...unknown.map(({ pageId, contact }) => ({
      id: pageId,
      name: contact.name,
      page: null,
      rungs: rungsOf(pageId, attempts),
    })),
  ]
}

const rungsOf = (page: string, attempts: readonly Attempt[] | null): Rung[] =>
  (attempts ?? []).filter(({ pageId }) => pageId === page).sort((a, b) => a.n - b.n)

/** 0:17, 1:32: what is left of a wait. */
export function left(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
