// What a person sends to change an incident: one body per act, after src/domain/command.ts.
// Fields that are not named here are ignored, so that a newer client can talk to an older tower; null counts as not given.

import type { Act, ActType } from '../../../domain/command'
import { CONFIRMERS, FALSE_REASONS, LEG_STATES, RESPONDER_KINDS } from '../../../domain/incident'
import { given, Id, RegionName, text, words } from './common'
import { ContactPolicySchema, KindSchema, PrioritySchema, ReporterSchema } from './incident'
import { z } from './zod'

const NOTE_MAX = 2_000
const REASON_MAX = 500
const NAME_MAX = 120

const reason = words(REASON_MAX)
const note = text(NOTE_MAX).optional()

/** Reads a body after taking null for absent and `aliases` ({given: ours}) for what they can only mean. */
const body = <S extends z.ZodType>(schema: S, aliases: Record<string, string> = {}) =>
  z.preprocess((value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const fields = new Map(Object.entries(value).filter(([, each]) => each !== null))
    for (const [alias, name] of Object.entries(aliases)) {
      if (fields.has(alias) && !fields.has(name)) fields.set(name, fields.get(alias))
    }
    return Object.fromEntries(fields)
  }, schema)

const NoBody = body(z.object({}).openapi('Nothing', { description: 'No field is read; the body may be empty.' }))

const PassBody = body(
  z
    .object({
      to: words(NAME_MAX).optional().openapi({ description: 'Id of an operator; absent: the next free one.' }),
    })
    .openapi('Pass'),
)

const NoteBody = body(z.object({ text: words(NOTE_MAX) }).openapi('Note'), { note: 'text' })

const PriorityBody = body(
  z.object({ priority: PrioritySchema, reason: text(REASON_MAX).optional() }).openapi('SetPriority'),
)

const PolicyBody = body(z.object({ policy: ContactPolicySchema, reason }).openapi('SetContactPolicy'), {
  contactPolicy: 'policy',
})

const ContactAttemptBody = body(
  z
    .object({
      to: z.enum(['driver', 'contact', 'agency']),
      channel: z.enum(['call', 'text', 'radio', 'other']).default('call'),
      outcome: z.enum(['answered', 'no_answer', 'busy', 'called']),
      ref: text(NAME_MAX).optional().openapi({ description: "The agency's reference, as 911 gave it." }),
      note,
    })
    .openapi('ContactAttempt'),
)

const LegBody = body(
  z
    .object({
      legId: words(NAME_MAX).optional().openapi({ description: 'Absent: asks a new responder.' }),
      kind: z.enum(RESPONDER_KINDS).optional().openapi({ description: 'Needed without legId.' }),
      name: words(NAME_MAX).optional().openapi({ description: 'Needed without legId.' }),
      state: z.enum(LEG_STATES).optional().openapi({ description: 'Where the leg is now.' }),
      etaMinutes: z.number().int().min(0).max(1_440).optional(),
      ref: words(NAME_MAX).optional().openapi({
        description: 'Whom a new leg asks, as the list of the nearest names it: `device:<id>` or `station:<id>`.',
      }),
    })
    .check(({ value: leg, issues }) => {
      const missing = (field: string, why: string) =>
        issues.push({ code: 'custom', input: leg, path: [field], message: `is missing: ${why}` })
      if (leg.legId === undefined) {
        if (leg.kind === undefined) missing('kind', 'a new leg needs its kind and name')
        if (leg.name === undefined) missing('name', 'a new leg needs its kind and name')
      } else if (leg.state === undefined && leg.etaMinutes === undefined) {
        missing('state', 'a leg that exists is moved on by its state, etaMinutes or both')
      }
    })
    .openapi('LegStep'),
)

const SafeBody = body(
  z
    .object({
      confirmedBy: z.enum(CONFIRMERS).openapi({ description: 'Who confirmed that the person is safe.' }),
      note,
    })
    .openapi('Safe'),
)

const FalseAlarmBody = body(z.object({ reason: z.enum(FALSE_REASONS), note }).openapi('FalseAlarm'))

const LinkBody = body(z.object({ otherId: Id.openapi({ description: 'The other incident.' }) }).openapi('Link'), {
  incidentId: 'otherId',
})

const MergeBody = body(z.object({ intoId: Id.openapi({ description: 'The incident that stays.' }) }).openapi('Merge'), {
  into: 'intoId',
})

const UnmergeBody = body(
  z
    .object({ sosId: Id.optional().openapi({ description: 'Takes this one press out into an incident of its own.' }) })
    .openapi('Unmerge'),
)

const ReopenBody = body(z.object({ reason: text(REASON_MAX).optional() }).openapi('Reopen'))
const CloseBody = body(z.object({ note }).openapi('Close'))
const LiftDuressBody = body(z.object({ reason }).openapi('LiftDuress'))

/** What an act says beside its type; a body may hold `undefined` for what was not given. */
type Said<T extends ActType> = Omit<Extract<Act, { type: T }>, 'type'>
type Read<T> = { [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] }

/** By the act: what a person sends to do it, by the API and by the panel's forms. */
export const ACT_BODIES = {
  take: NoBody,
  pass: PassBody,
  help: NoBody,
  note: NoteBody,
  priority: PriorityBody,
  'contact-policy': PolicyBody,
  'contact-attempt': ContactAttemptBody,
  leg: LegBody,
  safe: SafeBody,
  'false-alarm': FalseAlarmBody,
  link: LinkBody,
  unlink: LinkBody,
  merge: MergeBody,
  unmerge: UnmergeBody,
  reopen: ReopenBody,
  close: CloseBody,
  'lift-duress': LiftDuressBody,
} as const satisfies { [T in ActType]: z.ZodType<Read<Said<T>>> }

/** The act that a body says which was read by its schema. */
export const actOf = <T extends ActType>(type: T, body: z.output<(typeof ACT_BODIES)[T]>): Act =>
  // `ACT_BODIES` proves it for each type; for all of them at once the compiler cannot.
  given({ type, ...body }) as unknown as Act

export const ByPhoneBody = body(
  z
    .object({
      region: RegionName.optional().openapi({ description: 'Needed by those who have several.', example: 'NCR' }),
      reporter: ReporterSchema.default('unenrolled').openapi({ description: 'Absent: unenrolled.' }),
      kind: KindSchema.default('panic').openapi({
        description: 'Absent: panic, for what is not known counts as the gravest.',
      }),
      note,
      phone: text(NAME_MAX).optional().openapi({ description: 'Of the caller.' }),
      plate: text(NAME_MAX).optional(),
      position: z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) }).optional(),
      deviceId: words(NAME_MAX).optional().openapi({ description: 'Where the caller is one of our drivers.' }),
      safeToTalk: z.boolean().optional(),
      requestId: words(NAME_MAX).optional().openapi({
        description: 'The same again makes no second incident. The header Idempotency-Key says the same.',
      }),
    })
    .openapi('NewByPhone'),
)

export const PromoteBody = body(
  z
    .object({
      region: RegionName,
      source: words(500),
      receivedAt: z
        .union([z.iso.datetime({ offset: true }).transform((at) => Date.parse(at)), z.number().int()])
        .openapi({ type: 'string', format: 'date-time', description: 'As the list of unverified presses gave it.' }),
    })
    .openapi('Promote'),
)
