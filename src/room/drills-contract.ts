// What others may ask of a room about its drills, over RPC: `roomOf(env, region).drills.start(…)` is one pipelined call.

import type { Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { Drill, DrillKind, Trial } from '../domain/drill'
import type { DrillReport } from '../domain/drill-report'
import type { DrillSchedule } from '../domain/drill-schedule'
import type { Channel } from '../domain/page'

/** Whom and how. The same `requestId` of the same person is the same drill. */
export type DrillWish = {
  kind: DrillKind
  /** Of drivers' phones: these, else a share of all, those who waited longest. */
  devices?: string[]
  share?: number
  /** Of people on duty: these, else all who are on duty now. Of channels: the first, whose addresses are used. */
  contacts?: string[]
  /** Of that contact's addresses; all of them where absent. */
  channels?: Channel[]
  /** One provider alone: otherwise the first, and where that fails the next. */
  provider?: string | null
  windowMs?: number
  note?: string | null
  requestId: string
}

export const LEFT_OUT = ['unknown', 'open_incident', 'in_drill', 'no_way'] as const
/** Why somebody is not tried. */
export type LeftOut = (typeof LEFT_OUT)[number]

/** What a drill would be, were it begun now. */
export type DrillPlan = {
  subjects: { subject: string; name: string }[]
  leftOut: { subject: string; name: string; why: LeftOut }[]
}

/** Without the press that counted, and without its place. */
export type ShownTrial = Omit<Trial, 'press' | 'place' | 'person' | 'pageId'>
export type DrillFile = { drill: Drill; trials: ShownTrial[]; passed: boolean | null }

export type DrillBoard = {
  /** Newest first. */
  drills: DrillFile[]
  report: DrillReport
  schedules: (DrillSchedule & { nextAt: number | null })[]
  /** Who can be chosen, by name. */
  people: { id: string; name: string; channels: Channel[] }[]
  devices: { id: string; name: string }[]
}

export type DrillAnswer = { ok: true; drill: DrillFile; repeated?: boolean } | { ok: false; refusal: Refusal }
export type BoardAnswer = { ok: true; board: DrillBoard } | { ok: false; refusal: Refusal }
export type PlanAnswer = { ok: true; plan: DrillPlan } | { ok: false; refusal: Refusal }
export type ScheduleAnswer = { ok: true; schedule: DrillSchedule } | { ok: false; refusal: Refusal }

/** `subject`: one of those that are tried, else all. `declined`: they said that they will not. */
export type DrillEnd = { subject?: string; declined?: boolean; reason?: string | null }

export interface DrillsRpc {
  board(viewer: Viewer): Promise<BoardAnswer>
  file(id: string, viewer: Viewer): Promise<DrillAnswer>
  plan(wish: DrillWish, viewer: Viewer): Promise<PlanAnswer>
  start(wish: DrillWish, viewer: Viewer): Promise<DrillAnswer>
  end(id: string, how: DrillEnd, viewer: Viewer): Promise<DrillAnswer>
  schedule(schedule: Omit<DrillSchedule, 'by' | 'region'>, viewer: Viewer): Promise<ScheduleAnswer>
  unschedule(id: string, viewer: Viewer): Promise<{ ok: true } | { ok: false; refusal: Refusal }>
}
