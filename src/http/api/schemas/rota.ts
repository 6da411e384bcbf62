// The rota, its people and a region's policy as the API tells them, and what a person writes of them.

import { DUTIES } from '../../../domain/duty'
import type { KeptContact, KeptShift } from '../../../domain/duty-record'
import type { EscalationPolicy } from '../../../domain/escalation-policy'
import { PRIORITIES } from '../../../domain/incident'
import { CHANNELS } from '../../../domain/page'
import { ADDRESSES_MOST, TEAMS_MOST } from '../../../domain/rota-check'
import { MaybeTime, RegionIdSchema, Time, text, words } from './common'
import { z } from './zod'

const VERSION = z
  .number()
  .int()
  .openapi({ description: 'Grows with every change. Send it back with a change of yours.' })
const FROM = z
  .number()
  .int()
  .optional()
  .openapi({ description: 'Of a change: the version that you saw. Absent: it is changed whatever it is now.' })
const KEPT = { version: VERSION, changedBy: z.string(), changedAt: Time }
const DUTY = z.enum(DUTIES).openapi('Duty')

export const RotaId = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,79}$/)
  .openapi({ param: { name: 'id', in: 'path' }, description: 'Of your own making for a new one: a UUID, say.' })

const AddressSchema = z
  .object({
    channel: z.enum(CHANNELS),
    to: words(254).openapi({ description: 'E.164 for voice and sms, a mail address, an https address.' }),
  })
  .openapi('DutyAddress')

const CONTACT = {
  name: words(80),
  lang: z.enum(['en', 'fil']),
  addresses: z.array(AddressSchema).max(ADDRESSES_MOST).openapi({ description: 'In order of preference.' }),
  teams: z.array(words(40)).max(TEAMS_MOST),
  uid: words(80).nullable().openapi({ description: "The tower's user that this person is." }),
  active: z.boolean().openapi({ description: 'Not active: told of nothing, and their shifts are gaps.' }),
}

export const ContactSchema = z
  .object({ id: z.string(), region: RegionIdSchema, ...CONTACT, ...KEPT })
  .openapi('DutyContact')
export const ContactBody = z
  .object({
    ...CONTACT,
    teams: CONTACT.teams.default([]),
    uid: CONTACT.uid.default(null),
    active: CONTACT.active.default(true),
    version: FROM,
  })
  .openapi('DutyContactWritten')

const SHIFT = { duty: DUTY, contactId: z.string(), weekly: z.boolean(), override: z.boolean() }

export const ShiftSchema = z
  .object({
    id: z.string(),
    region: RegionIdSchema,
    ...SHIFT,
    from: Time,
    until: Time,
    weeklyUntil: MaybeTime,
    note: z.string().nullable(),
    ...KEPT,
  })
  .openapi('Shift')

const moment = (description: string) =>
  z.iso
    .datetime({ offset: true })
    .transform((value) => Date.parse(value))
    .openapi({ type: 'string', format: 'date-time', description, example: '2026-11-23T06:00:00+08:00' })

export const ShiftBody = z
  .object({
    duty: DUTY,
    contactId: words(80),
    from: moment('When it begins.'),
    until: moment('When it ends: 31 days later at most, 7 for a weekly one.'),
    weekly: z.boolean().default(false).openapi({ description: 'Repeats every seven days, by the clock of Manila.' }),
    weeklyUntil: moment('It begins no more from then on.').nullable().default(null),
    override: z
      .boolean()
      .default(false)
      .openapi({ description: 'While it lasts it stands in the place of all other shifts of its duty.' }),
    note: text(500).nullable().default(null),
    version: FROM,
  })
  .openapi('ShiftWritten')

export const WatchSchema = z
  .object({ duty: DUTY, from: Time, until: Time, contactIds: z.array(z.string()), override: z.boolean() })
  .openapi('Watch')
export const GapSchema = z.object({ duty: DUTY, from: Time, until: Time }).openapi('RotaGap')

const TargetSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('duty'), duty: DUTY }),
    z.object({ kind: z.literal('person'), contactId: z.string() }),
    z.object({ kind: z.literal('team'), team: words(40) }),
    z.object({ kind: z.literal('everyone') }),
    z.object({ kind: z.literal('consoles') }),
    z.object({ kind: z.literal('neighbour') }),
  ])
  .openapi('EscalationTarget')

const StepSchema = z
  .object({
    id: words(40),
    when: z.enum(['unwatched', 'none_free', 'untaken']),
    afterS: z.number().openapi({ description: 'Since the alarm, seconds.' }),
    who: z.array(TargetSchema).max(12),
    by: z
      .array(z.array(z.enum(CHANNELS)).max(5))
      .max(5)
      .openapi({ description: 'Groups in order; those of a group at once.' }),
    everyS: z
      .number()
      .nullable()
      .openapi({ description: 'Repeated so often until it is taken; null: once in a round.' }),
  })
  .openapi('EscalationStep')

export const PolicySchema = z
  .object({
    id: RegionIdSchema,
    neighbour: RegionIdSchema,
    steps: z.object(
      Object.fromEntries(PRIORITIES.map((priority) => [priority, z.array(StepSchema).max(20)])) as unknown as Record<
        (typeof PRIORITIES)[number],
        z.ZodArray<typeof StepSchema>
      >,
    ),
    ackHoldsS: z.number(),
    storm: z.object({ offeredAt: z.number(), ownAt: z.number(), withinS: z.number(), repeatS: z.number() }),
    bundleS: z.number(),
    hourlyBudget: z.number(),
    towerDownS: z.number(),
  })
  .openapi('EscalationPolicy')

export const KeptPolicySchema = z
  .object({
    policy: PolicySchema,
    version: z.number().int().openapi({ description: '0: the built-in one, which nobody has changed.' }),
    changedBy: z.string().nullable(),
    changedAt: MaybeTime,
  })
  .openapi('KeptPolicy')
export const PolicyBody = z.object({ policy: PolicySchema, version: FROM }).openapi('PolicyWritten')

/** Typed: a field that the schema forgets would be one that no policy has any more. */
export const policyFrom = (written: z.infer<typeof PolicySchema>): EscalationPolicy => written

export const contactOf = ({ changedAt, ...contact }: KeptContact) => ({ ...contact, changedAt: iso(changedAt) })

export const shiftOf = ({ from, until, weeklyUntil, changedAt, ...shift }: KeptShift) => ({
  ...shift,
  from: iso(from),
  until: iso(until),
  weeklyUntil: weeklyUntil === null ? null : iso(weeklyUntil),
  changedAt: iso(changedAt),
})

export const iso = (at: number): string => new Date(at).toISOString()
