// An incident as screens and API callers see it, and the lines of its log. The types stand in src/domain; these
// describe them, and the compiler holds the two together.

import { EVENT_TYPES, type LogEvent } from '../../../domain/event'
import {
  type Flag,
  type IncidentSummary,
  LEG_STATES,
  PRIORITIES,
  RESPONDER_KINDS,
  type Ring,
  STATES,
} from '../../../domain/incident'
import type { PositionDoubt } from '../../../domain/position'
import { DOORS, KINDS, REPORTERS } from '../../../domain/press'
import { QUEUE_ANSWERS } from '../../../domain/queue-answer'
import { INCIDENT } from '../examples'
import { ErrorSchema, MaybeTime, orNull, RegionIdSchema, Time } from './common'
import { z } from './zod'

export const StateSchema = z.enum(STATES).openapi('State', { example: 'taken' })
export const PrioritySchema = z
  .enum(PRIORITIES)
  .openapi('Priority', { description: 'P1 is gravest: life at risk, or unknown.', example: 'P1' })
export const KindSchema = z.enum(KINDS).openapi('Kind', { example: 'panic' })
export const ReporterSchema = z.enum(REPORTERS).openapi('Reporter', { example: 'driver' })
export const DoorSchema = z.enum(DOORS).openapi('Door', { description: 'The way a press came in.', example: 'api' })
export const ContactPolicySchema = z.enum(['quiet', 'voice_ok']).openapi('ContactPolicy', {
  description: 'quiet: nothing may reach the presser, for a ring can kill. voice_ok: calls and texts may.',
  example: 'quiet',
})

const DOUBTS: readonly PositionDoubt[] = ['null_island', 'mocked', 'stale', 'future', 'out_of_country', 'local_time']

export const PositionSchema = z
  .object({
    lat: z.number().min(-90).max(90),
    lng: z.number().min(-180).max(180),
    accuracyM: z.number().nullable().openapi({ description: 'Radius that probably holds the device, metres.' }),
    headingDeg: z.number().nullable().openapi({ description: 'Clockwise from north, 0 <= h < 360.' }),
    speedMps: z.number().nullable(),
    fixedAt: MaybeTime.openapi({ description: "By the device's clock; null where it did not say." }),
    doubts: z
      .array(z.string())
      .readonly()
      .openapi({ description: `What makes it doubtful, never a reason to drop it: ${DOUBTS.join(', ')}.` }),
  })
  .openapi('Position')

export const DriverSchema = z
  .object({ id: z.string(), name: z.string(), phone: z.string().nullable() })
  .openapi('Driver')

export const VehicleSchema = z
  .object({
    id: z.string(),
    plate: z.string().nullable(),
    conduction: z.string().nullable().openapi({ description: 'Sticker of a car too new for plates.' }),
    make: z.string(),
    model: z.string(),
    colour: z.string(),
  })
  .openapi('Vehicle')

export const LegSchema = z
  .object({
    id: z.string(),
    kind: z.enum(RESPONDER_KINDS),
    name: z.string(),
    state: z.enum(LEG_STATES),
    etaMinutes: z.number().nullable(),
    ref: z.string().optional().openapi({ description: 'Whom it is about: `device:<id>` or `station:<id>`.' }),
  })
  .openapi('Leg', { description: "One responder's way to the incident." })

const OwnerSchema = z
  .object({ uid: z.string(), name: z.string(), initials: z.string(), alias: z.string(), at: Time })
  .openapi('Owner', { description: 'Who has taken it.' })

const FLAGS = [
  'garbled',
  'no_fix',
  'null_island',
  'mocked',
  'stale_fix',
  'wrong_clock',
  'out_of_country',
  'expired_token',
  'revoked_token',
  'delayed',
  'wrong_door',
  'duress',
  'pin_guessing',
  'cancel_verify',
  'requeued',
  'needs_second',
  'room_away',
  'unplaced',
  'promoted',
  'by_phone',
  're_pressed',
  'check',
  'hint_long_stop',
  'hint_crash',
  'hint_power_cut',
  'hint_tow',
  'separated',
  'phone_silent',
  'tell_again',
  'driver_wrote',
  'drill',
  'drill_window',
] as const satisfies readonly Flag[]

const RING_REASONS = [
  'new',
  'raised',
  're_press',
  'requeued',
  'reopened',
  'no_reaction',
  'help',
  'unmerged',
  'taken',
  'ended',
  'muted_priority',
  'separated',
  'phone_silent',
  'louder',
  'tell_again',
  'message',
] as const satisfies readonly Ring['reason'][]

export const IncidentSchema = z
  .object({
    id: z.string(),
    code: z.string().openapi({ description: 'Speakable, new each day.' }),
    state: StateSchema,
    priority: PrioritySchema,
    contactPolicy: ContactPolicySchema,
    kind: KindSchema,
    reporter: ReporterSchema,
    door: DoorSchema,
    region: RegionIdSchema.openapi({ description: 'Home of its device: whose room keeps it.' }),
    desk: RegionIdSchema.openapi({ description: 'Whose operators are asked to take it.' }),
    deviceId: z.string().nullable(),
    driver: orNull(DriverSchema),
    vehicle: orNull(VehicleSchema),
    position: orNull(PositionSchema),
    pressCount: z.number().int(),
    flags: z.array(z.enum(FLAGS)),
    note: z.string().nullable(),
    pressedAt: MaybeTime.openapi({ description: "By the phone's clock." }),
    receivedAt: Time.openapi({ description: 'When it was durably ours.' }),
    shownAt: MaybeTime.openapi({ description: 'Painted on a visible screen. Not yet seen by anybody for certain.' }),
    takenAt: MaybeTime.openapi({ description: 'A person took it.' }),
    helpOnTheWayAt: MaybeTime.openapi({ description: 'A responder accepted.' }),
    safeAt: MaybeTime,
    closedAt: MaybeTime,
    alarmedAt: Time.openapi({ description: 'What last put it into the queue.' }),
    lastActAt: MaybeTime,
    owner: orNull(OwnerSchema),
    legs: z.array(LegSchema),
    furthestLeg: z.enum(LEG_STATES).nullable(),
    links: z.array(z.string()),
    merged: z.array(z.string()),
    mergedInto: z.string().nullable(),
    pending: z
      .object({ act: z.enum(['close', 'false_alarm']), by: z.string(), byName: z.string() })
      .nullable()
      .openapi({ description: 'An act that waits for a second person.' }),
    offeredTo: z.object({ uid: z.string(), name: z.string() }).nullable(),
    alsoIn: z
      .array(RegionIdSchema)
      .optional()
      .openapi({ description: 'Regions beside its desk that its vehicle has driven into: seen there as well.' }),
    askedAt: Time.optional().openapi({ description: 'In a storm: its presser was told "you are in line", and asked.' }),
    said: z.enum(QUEUE_ANSWERS).optional().openapi({ description: 'What its presser answered.' }),
    leased: z
      .object({ uid: z.string(), name: z.string(), until: Time })
      .optional()
      .openapi({ description: 'NEXT has shown it to this person; everybody may take it all the same.' }),
    phoneAck: z.object({ name: z.string(), until: Time }).optional().openapi({
      description: 'Said by phone that they take it: others are not paged until then. No desk has it yet.',
    }),
    ring: z
      .object({ n: z.number().int(), to: z.enum(['all', 'owner', 'none']), reason: z.enum(RING_REASONS), at: Time })
      .openapi({ description: 'The sound that screens owe it. A new n is a new sound.' }),
    seq: z.number().int().openapi({ description: "The room's order: greater is newer." }),
  })
  .openapi('Incident', { example: INCIDENT })

/** Fails to compile where the schema and the domain's type say different things. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<z.infer<typeof IncidentSchema>, IncidentSummary>
true satisfies Same<(typeof FLAGS)[number], Flag>

export const AtSchema = z
  .object({ epoch: z.string(), seq: z.number().int() })
  .openapi('At', { description: 'A point in one room’s order. Another epoch is another numbering.' })

export const IncidentAnswerSchema = z.object({ incident: IncidentSchema }).openapi('IncidentAnswer')

export const RefusalSchema = ErrorSchema.extend({
  incident: IncidentSchema.optional().openapi({ description: 'As it is now: who has it, for one.' }),
}).openapi('Refusal')

const actor = z.object({ uid: z.string(), alias: z.string(), kind: z.enum(['person', 'system', 'presser']) })

export const EventSchema = z
  .object({
    epoch: z.string(),
    seq: z.number().int(),
    at: Time,
    type: z.enum(EVENT_TYPES),
    actor,
    body: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'In the terms of its type. Null once erased.' }),
    hash: z.string(),
  })
  .openapi('IncidentEvent')

export const LogEventSchema = z
  .object({
    room: RegionIdSchema,
    epoch: z.string(),
    seq: z.number().int(),
    at: z.number().int().openapi({ description: 'Epoch ms, as it was hashed.' }),
    type: z.enum(EVENT_TYPES),
    incident: z.string().nullable(),
    actor,
    body: z.record(z.string(), z.unknown()).nullable(),
    salt: z.string().nullable(),
    bodyHash: z.string().openapi({ description: 'SHA-256 of salt and body.' }),
    prevHash: z.string(),
    hash: z.string(),
  })
  .openapi('LogEvent', { description: 'One link of a room’s hash chain.' })

true satisfies Same<z.infer<typeof LogEventSchema>, LogEvent>

/** Shared ones first: a schema is written into the document as it is first met, with what was said about it there. */
export const SHARED = {
  Error: ErrorSchema,
  RegionId: RegionIdSchema,
  State: StateSchema,
  Priority: PrioritySchema,
  Kind: KindSchema,
  Reporter: ReporterSchema,
  Door: DoorSchema,
  ContactPolicy: ContactPolicySchema,
  Position: PositionSchema,
  Driver: DriverSchema,
  Vehicle: VehicleSchema,
  Leg: LegSchema,
  Owner: OwnerSchema,
  At: AtSchema,
  Incident: IncidentSchema,
}
