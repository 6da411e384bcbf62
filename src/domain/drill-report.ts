// What drills have shown: who passed, by week, by app, by person, by channel; and who was not tried for too long.

import { type DrillOutcome, idOfSubject, PASSED, type Trial } from './drill'
import { isUntested, type Tested } from './drill-schedule'
import { manilaDay } from './time'

const DAY_MS = 86_400_000

/** Trials that say something, and of them those that passed. `fails`: how often for which reason. */
export type Rate = {
  key: string
  name: string
  tried: number
  passed: number
  fails: Partial<Record<DrillOutcome, number>>
  /** Of those that passed, in the middle; null where none did. */
  medianMs: number | null
}

export type Untested = { kind: 'driver' | 'duty'; id: string; name: string; testedAt: number | null }

export type DrillReport = {
  /** Epoch ms. */
  from: number
  until: number
  all: Rate
  /** By Manila's weeks, oldest first, also those without a drill; `key` is their Monday. */
  weeks: Rate[]
  /** Of drivers' phones, by app and version where it says so, else by how it speaks; the worst first. */
  apps: Rate[]
  people: Rate[]
  channels: Rate[]
  /** Those who waited longest first, never tested before all. */
  untested: Untested[]
  /** Of so many drivers' phones and people. */
  testable: number
}

export type Testable = Tested & { kind: 'driver' | 'duty'; name: string }

const WEEKS = 8

/** `trials` that are over or have their outcome. */
export function reportOf(trials: readonly Trial[], testable: readonly Testable[], now: number): DrillReport {
  const thisWeek = mondayOf(now)
  const from = thisWeek - (WEEKS - 1) * 7 * DAY_MS
  const counted = trials.filter(({ at, outcome }) => at >= from && outcome !== null && PASSED[outcome] !== null)
  const weeks = Array.from({ length: WEEKS }, (_, n) => {
    const begins = from + n * 7 * DAY_MS
    const day = manilaDay(begins)
    return rate(
      day,
      day,
      counted.filter(({ at }) => at >= begins && at < begins + 7 * DAY_MS),
    )
  })
  return {
    from,
    until: now,
    all: rate('all', 'all', counted),
    weeks,
    apps: grouped(counted, ({ kind, app, client }) => (kind === 'driver' ? (app ?? client ?? 'unknown') : null)),
    people: grouped(counted, ({ subject }) => (subject.startsWith('contact:') ? idOfSubject(subject) : null)),
    channels: grouped(counted, ({ channel, provider }) =>
      channel === null ? null : [channel, provider].filter(Boolean).join(' '),
    ),
    untested: testable
      .filter(({ testedAt }) => isUntested(testedAt, now))
      .sort((a, b) => (a.testedAt ?? 0) - (b.testedAt ?? 0) || a.name.localeCompare(b.name)),
    testable: testable.length,
  }
}

function grouped(trials: readonly Trial[], keyOf: (trial: Trial) => string | null): Rate[] {
  const groups = new Map<string, Trial[]>()
  for (const trial of trials) {
    const key = keyOf(trial)
    if (key === null) continue
    const group = groups.get(key)
    if (group) group.push(trial)
    else groups.set(key, [trial])
  }
  return [...groups]
    .map(([key, group]) => rate(key, nameIn(key, group), group))
    .sort((a, b) => a.passed / a.tried - b.passed / b.tried || b.tried - a.tried || a.name.localeCompare(b.name))
}

/** A person by their name, whatever else by its key. */
const nameIn = (key: string, group: readonly Trial[]): string =>
  group.every(({ subject }) => subject === `contact:${key}`) ? (group.at(-1)?.name ?? key) : key

function rate(key: string, name: string, trials: readonly Trial[]): Rate {
  const fails: Rate['fails'] = {}
  const took: number[] = []
  let [tried, passed] = [0, 0]
  for (const { outcome, tookMs } of trials) {
    if (outcome === null || PASSED[outcome] === null) continue
    tried++
    if (PASSED[outcome]) {
      passed++
      if (tookMs !== null) took.push(tookMs)
    } else fails[outcome] = (fails[outcome] ?? 0) + 1
  }
  took.sort((a, b) => a - b)
  return { key, name, tried, passed, fails, medianMs: took[Math.floor((took.length - 1) / 2)] ?? null }
}

/** Midnight in Manila. */
function mondayOf(at: number): number {
  const midnight = Date.parse(`${manilaDay(at)}T00:00:00+08:00`)
  const weekday = (new Date(`${manilaDay(at)}T00:00:00Z`).getUTCDay() + 6) % 7
  return midnight - weekday * DAY_MS
}
