// A storm: many cries at once, for few hands. When it is offered, when it begins and ends by itself, and when the leads hear
// of it: one page for all. Pure; what is counted and who is paged is src/room's.

import type { EscalationPolicy } from './escalation-policy'

export type StormRules = EscalationPolicy['storm']

/** A region at a moment. `waiting`: nobody has taken it, P1 to P3; a P4 is only to know. `recent`: of those, alarmed within `withinS`. */
export type StormCounts = {
  open: number
  untaken: number
  waiting: number
  recent: number
  /** Of those that wait. */
  p1: number
  /** Since when the longest waits, epoch ms. */
  oldestAt: number | null
}

/** Kept by the room, as JSON. Times are epoch ms. */
export type Storm = {
  on: { since: number; by: { uid: string; alias: string } | null; reason: string | null } | null
  offeredSince: number | null
  /** Since when it could end by itself. */
  calmSince: number | null
  /** A person switched it off then, with so many waiting: it does not begin by itself again at once. */
  off: { at: number; recent: number } | null
  /** The last page of a storm. `n` counts them for ever: it makes their ids. */
  paged: { n: number; at: number; waiting: number } | null
}

export const FAIR_WEATHER: Storm = { on: null, offeredSince: null, calmSince: null, off: null, paged: null }

/** Fewer than half of what offers it, for so long, ends it. */
export const CALM_ENDS_MS = 5 * 60_000
/** Nothing may have happened, and yet time has: one looks again. */
export const LOOK_EVERY_MS = 10_000

export type StormNews = { what: 'began' } | { what: 'ended' } | { what: 'page'; n: number }
export type Weighed = { storm: Storm; news: StormNews[]; lookAt: number | null }

/** Fewer than one is one: somebody will come. */
const hands = (free: number): number => Math.max(1, free)

export const isOffered = ({ recent }: StormCounts, free: number, { offeredAt }: StormRules): boolean =>
  recent > offeredAt * hands(free)

/** What follows from a moment. Repeats change nothing; called after every change, and at `lookAt`. */
export function weigh(before: Storm, counts: StormCounts, free: number, rules: StormRules, now: number): Weighed {
  const storm = { ...before }
  const news: StormNews[] = []
  const offered = isOffered(counts, free, rules)
  storm.offeredSince = offered ? (before.offeredSince ?? now) : null
  if (storm.off && mayBeginAgain(storm.off, counts, rules, now)) storm.off = null
  if (!storm.on && !storm.off && counts.recent > rules.ownAt * rules.offeredAt * hands(free)) {
    storm.on = { since: now, by: null, reason: null }
    news.push({ what: 'began' })
  }
  storm.calmSince = storm.on && isCalm(counts, free, rules) ? atMost(storm.calmSince ?? now, now) : null
  if (storm.on && storm.calmSince !== null && now - storm.calmSince >= CALM_ENDS_MS) {
    storm.on = null
    storm.calmSince = null
    news.push({ what: 'ended' })
  }
  if (storm.on && isPageDue(storm, counts, rules, now)) {
    storm.paged = { n: (storm.paged?.n ?? 0) + 1, at: now, waiting: counts.waiting }
    news.push({ what: 'page', n: storm.paged.n })
  }
  const unsettled = storm.on !== null || storm.off !== null || counts.waiting > rules.offeredAt
  return { storm, news, lookAt: unsettled ? now + LOOK_EVERY_MS : null }
}

/** What a person says. It ends by itself all the same; switched off, it does not come back at once. */
export function switchStorm(
  before: Storm,
  to: { on: boolean; by: { uid: string; alias: string }; reason: string | null },
  counts: StormCounts,
  now: number,
): Storm {
  if (to.on === (before.on !== null)) return before
  return to.on
    ? { ...before, on: { since: now, by: to.by, reason: to.reason }, calmSince: null, off: null }
    : { ...before, on: null, calmSince: null, off: { at: now, recent: counts.recent } }
}

const isCalm = ({ waiting }: StormCounts, free: number, { offeredAt }: StormRules): boolean =>
  waiting / hands(free) < offeredAt / 2

// Who switched it off saw what there was: twice as much is something else, and so is an hour's third later.
const mayBeginAgain = (
  off: NonNullable<Storm['off']>,
  { recent }: StormCounts,
  { withinS }: StormRules,
  now: number,
): boolean => recent > 2 * Math.max(1, off.recent) || Math.abs(now - off.at) >= withinS * 1_000

// Once for all that wait; again while anybody in danger waits, or more of them. A clock that went back delays nothing for long.
function isPageDue({ paged }: Storm, { p1, waiting }: StormCounts, { repeatS }: StormRules, now: number): boolean {
  if (paged === null) return true
  if (Math.abs(now - paged.at) < repeatS * 1_000) return false
  return p1 > 0 || waiting > paged.waiting
}

const atMost = (at: number, now: number): number => Math.min(at, now)

/** As screens have it, with every tick of it. Times are ISO 8601, UTC. */
export type ShownStorm = {
  on: boolean
  offered: boolean
  since: string | null
  /** Who switched it on, as other desks know them; null where it came by itself. */
  by: string | null
  reason: string | null
  open: number
  untaken: number
  waiting: number
  p1: number
  oldestAt: string | null
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

export const shownStorm = ({ on, offeredSince }: Storm, counts: StormCounts): ShownStorm => ({
  on: on !== null,
  offered: offeredSince !== null && on === null,
  since: iso(on?.since ?? null),
  by: on?.by?.alias ?? null,
  reason: on?.reason ?? null,
  open: counts.open,
  untaken: counts.untaken,
  waiting: counts.waiting,
  p1: counts.p1,
  oldestAt: iso(counts.oldestAt),
})
