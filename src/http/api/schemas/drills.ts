// Drills as the API tells them, and what a person asks for.

import { DRILL_KINDS, type Drill, OUTCOMES } from '../../../domain/drill'
import type { DrillReport } from '../../../domain/drill-report'
import type { DrillSchedule } from '../../../domain/drill-schedule'
import { CHANNELS } from '../../../domain/page'
import { type DrillBoard, type DrillFile, LEFT_OUT, type ShownTrial } from '../../../room/drills-contract'
import { Id, MaybeTime, RegionIdSchema, Time, text, words } from './common'
import { z } from './zod'

const iso = (at: number): string => new Date(at).toISOString()
const isoOr = (at: number | null): string | null => (at === null ? null : iso(at))

const Kind = z.enum(DRILL_KINDS).openapi('DrillKind')
const Outcome = z.enum(OUTCOMES).openapi('DrillOutcome', {
  description:
    '`passed`, `became_real`: the alarm, the key, the receipt or the hand came. `no_alarm`: the app reported and sent no alarm. `silent`: nothing came. `unknown`: no alarm, and nobody could say whether it reported. `not_reached`, `moving`, `called_off`: says nothing of what was tried.',
})
const ChannelName = z.enum(CHANNELS)
const Minutes = z.number().int().min(1).max(60)
const Share = z.number().gt(0).max(1)
const Ids = z.array(words(80)).min(1).max(500)

export const TrialSchema = z
  .object({
    subject: z.string().openapi({ example: 'device:ncr-7' }),
    name: z.string(),
    state: z.enum(['waiting', 'asked', 'judging', 'over']),
    at: Time,
    outcome: Outcome.nullable(),
    why: z.string().nullable(),
    tookMs: z.number().nullable(),
    app: z.string().nullable().openapi({ description: 'What the phone’s app calls itself.' }),
    client: z.string().nullable().openapi({ description: 'How it speaks: its protocol, or the door of its press.' }),
    channel: ChannelName.nullable(),
    provider: z.string().nullable(),
    fix: z.boolean().nullable(),
  })
  .openapi('DrillTrial')

export const DrillSchema = z
  .object({
    id: Id,
    region: RegionIdSchema,
    ref: z.string().openapi({ description: 'New each day.', example: 'D03' }),
    kind: Kind,
    by: z.string(),
    at: Time,
    until: Time,
    endedAt: MaybeTime,
    note: z.string().nullable(),
    incidentId: z.string().nullable().openapi({ description: 'The made-up incident of a region’s drill.' }),
    passed: z.boolean().nullable().openapi({ description: 'Null while it goes on, or where nobody was tried.' }),
    trials: z.array(TrialSchema),
  })
  .openapi('Drill')

const RateSchema = z
  .object({
    key: z.string(),
    name: z.string(),
    tried: z.number().int(),
    passed: z.number().int(),
    fails: z.partialRecord(z.enum(OUTCOMES), z.number().int()),
    medianMs: z.number().nullable(),
  })
  .openapi('DrillRate')

const ReportSchema = z
  .object({
    from: Time,
    until: Time,
    all: RateSchema,
    weeks: z.array(RateSchema).openapi({ description: 'By their Monday in Manila, oldest first.' }),
    apps: z.array(RateSchema).openapi({ description: 'Of phones, by app and version; the worst first.' }),
    people: z.array(RateSchema),
    channels: z.array(RateSchema),
    untested: z
      .array(z.object({ kind: z.enum(['driver', 'duty']), id: z.string(), name: z.string(), testedAt: MaybeTime }))
      .openapi({ description: 'Not tried for 30 days.' }),
    testable: z.number().int(),
  })
  .openapi('DrillReport')

export const ScheduleSchema = z
  .object({
    id: z.string(),
    kind: Kind,
    day: z.number().int().min(1).max(7),
    time: z.string(),
    share: z.number(),
    everybody: z.boolean(),
    contactId: z.string().nullable(),
    windowMinutes: z.number(),
    active: z.boolean(),
    nextAt: MaybeTime,
  })
  .openapi('DrillSchedule')

export const BoardSchema = z
  .object({ drills: z.array(DrillSchema), report: ReportSchema, schedules: z.array(ScheduleSchema) })
  .openapi('Drills')

export const WishSchema = z
  .object({
    kind: Kind,
    devices: Ids.optional().openapi({ description: 'Of drivers’ phones: these.' }),
    share: Share.optional().openapi({ description: 'Else this share of all, those who waited longest.' }),
    contacts: Ids.optional().openapi({
      description:
        'Of people on duty: these, else all who are on duty now. Of channels: the one whose addresses are used.',
    }),
    channels: z.array(ChannelName).min(1).max(5).optional(),
    provider: words(40).optional().openapi({ description: 'This provider alone.' }),
    windowMinutes: Minutes.default(10),
    note: text(200).optional(),
    requestId: words(80).openapi({ description: 'Of your own making: the same one is the same drill.' }),
  })
  .openapi('DrillWish', { example: { kind: 'driver', devices: ['ncr-7'], windowMinutes: 10, requestId: 'a1' } })

export const PlanSchema = z
  .object({
    subjects: z.array(z.object({ subject: z.string(), name: z.string() })),
    leftOut: z.array(z.object({ subject: z.string(), name: z.string(), why: z.enum(LEFT_OUT) })),
  })
  .openapi('DrillPlan')

export const EndSchema = z
  .object({
    subject: words(120).optional().openapi({ description: 'One of those that are tried; else all.' }),
    declined: z.boolean().default(false).openapi({ description: 'They said that they will not.' }),
    reason: text(200).optional(),
  })
  .openapi('DrillEnd', { example: { reason: 'rain' } })

export const ScheduleBody = z
  .object({
    kind: Kind,
    day: z.number().int().min(1).max(7).openapi({ description: '1 Monday to 7 Sunday, in Manila.' }),
    time: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
      .openapi({ example: '09:30' }),
    share: Share.default(0.05),
    everybody: z
      .boolean()
      .default(true)
      .openapi({ description: 'More than the share where it alone would leave somebody untested for 30 days.' }),
    contactId: words(80).nullable().default(null),
    windowMinutes: Minutes.default(10),
    active: z.boolean().default(true),
  })
  .openapi('DrillScheduleWritten')

export const ScheduleId = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,79}$/)
  .openapi({ param: { name: 'id', in: 'path' }, description: 'Of your own making for a new one.' })

const trialOf = ({ drillId: _d, kind: _k, until: _u, endedAt: _e, at, ...trial }: ShownTrial) => ({
  ...trial,
  at: iso(at),
})

export const drillOf = ({ drill, trials, passed }: DrillFile) => {
  const { by, at, until, endedAt, ...rest }: Drill = drill
  return {
    ...rest,
    by: by.name,
    at: iso(at),
    until: iso(until),
    endedAt: isoOr(endedAt),
    passed,
    trials: trials.map(trialOf),
  }
}

export const scheduleOf = ({
  region: _r,
  by: _b,
  windowMs,
  nextAt = null,
  ...rest
}: DrillSchedule & { nextAt?: number | null }) => ({
  ...rest,
  windowMinutes: windowMs / 60_000,
  nextAt: isoOr(nextAt),
})

const reportOf = ({ from, until, untested, ...report }: DrillReport) => ({
  ...report,
  from: iso(from),
  until: iso(until),
  untested: untested.map(({ testedAt, ...each }) => ({ ...each, testedAt: isoOr(testedAt) })),
})

export const boardOf = ({ drills, report, schedules }: DrillBoard) => ({
  drills: drills.map(drillOf),
  report: reportOf(report),
  schedules: schedules.map(scheduleOf),
})
