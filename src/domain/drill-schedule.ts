// Drills that begin by themselves: when, and whom they take, so that nobody stays untested for longer than a month.

import type { DrillKind } from './drill'
import type { RegionId } from './region'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
/** Manila's clock knows no summer time. */
const MANILA_MS = 8 * 3_600_000
/** 1970 began on a Thursday: its Monday was three days before. */
const MONDAY_MS = 3 * DAY_MS

export const UNTESTED_AFTER_MS = 30 * DAY_MS
/** Weekly drills in that time. */
const TURNS = Math.floor(UNTESTED_AFTER_MS / WEEK_MS)
export const SCHEDULES_MOST = 20

/**
 * Weekly. `day`: 1 Monday to 7 Sunday; `time`: "09:30", both in Manila. `share`: of devices, or of people on duty's list, from
 * 0.01 to 1. `everybody`: more than that where the share alone would leave somebody untested for 30 days. `contactId`: whose
 * addresses a drill of the channels uses.
 */
export type DrillSchedule = {
  id: string
  region: RegionId
  kind: DrillKind
  day: number
  time: string
  share: number
  everybody: boolean
  contactId: string | null
  windowMs: number
  active: boolean
  by: { uid: string; name: string }
}

/** The next time after `after`, epoch ms. */
export function nextOf({ day, time }: Pick<DrillSchedule, 'day' | 'time'>, after: number): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const within = (day - 1) * DAY_MS + hours * 3_600_000 + minutes * 60_000
  const local = after + MANILA_MS + MONDAY_MS
  const week = Math.floor(local / WEEK_MS) * WEEK_MS
  const at = week + within > local ? week + within : week + WEEK_MS + within
  return at - MANILA_MS - MONDAY_MS
}

export type Tested = { id: string; testedAt: number | null }

/** Those who have waited longest, never tested before all, by their ids where they waited alike. */
export function pick(
  all: readonly Tested[],
  { share, everybody }: Pick<DrillSchedule, 'share' | 'everybody'>,
): string[] {
  const wanted = Math.ceil(all.length * Math.min(1, Math.max(0, share)))
  const least = everybody ? Math.ceil(all.length / TURNS) : 0
  return [...all]
    .sort(
      (a, b) =>
        (a.testedAt ?? Number.NEGATIVE_INFINITY) - (b.testedAt ?? Number.NEGATIVE_INFINITY) || (a.id < b.id ? -1 : 1),
    )
    .slice(0, Math.max(wanted, least))
    .map(({ id }) => id)
}

/** Neither tested nor pressed for longer than 30 days, or ever. */
export const isUntested = (testedAt: number | null, now: number): boolean =>
  testedAt === null || now - testedAt > UNTESTED_AFTER_MS
