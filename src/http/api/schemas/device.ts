// What phones send and read at the devices' doors, for the reference. The doors read more than this, and refuse less.

import { ROLL_ANSWERS } from '../../../domain/phone-said'
import { KINDS } from '../../../domain/press'
import { QUEUE_ANSWERS } from '../../../domain/queue-answer'
import { REPORT_EVENTS } from '../../../domain/report'
import { MaybeTime, RegionIdSchema, Time } from './common'
import { z } from './zod'

export const SosSchema = z
  .object({
    id: z.uuid().optional().openapi({ description: 'The same id is the same press, however often it is sent.' }),
    kind: z.enum(KINDS).optional().openapi({ description: 'Absent: panic.' }),
    position: z
      .object({
        lat: z.number(),
        lng: z.number(),
        accuracyM: z.number().optional(),
        headingDeg: z.number().optional(),
        speedMps: z.number().optional(),
        fixedAt: Time.optional(),
        mocked: z.boolean().optional().openapi({ description: 'The phone says that its place is made up.' }),
      })
      .optional(),
    safeToTalk: z.boolean().optional().openapi({ description: 'true: calls and texts may reach this phone.' }),
    note: z.string().max(500).optional(),
    pressedAt: Time.optional().openapi({ description: "By the phone's clock." }),
    tripId: z.string().optional(),
  })
  .openapi('Sos')

export const PositionReportSchema = z
  .object({
    lat: z.number().optional(),
    lng: z.number().optional(),
    accuracyM: z.number().optional(),
    headingDeg: z.number().optional().openapi({ description: 'Clockwise from north.' }),
    speedMps: z.number().optional(),
    fixedAt: Time.optional().openapi({ description: "By the device's clock." }),
    batteryPct: z.number().optional(),
    charging: z.boolean().optional(),
    ignition: z.boolean().optional(),
    mocked: z.boolean().optional().openapi({ description: 'The phone says that its place is made up.' }),
    event: z.enum(REPORT_EVENTS).optional(),
  })
  .openapi('PositionReport')

export const ReceiptSchema = z
  .object({
    sosId: z.uuid(),
    receivedAt: Time.openapi({ description: 'From this moment it cannot be lost.' }),
    statusUrl: z.string().openapi({ description: 'Ask here, with the same token.' }),
    durability: z.enum(['local']).optional().openapi({
      description:
        'Only where the cluster cannot take it now: it lies on the disk of one machine and nobody sees it yet. It is delivered by itself; whoever can, calls 911 as well.',
    }),
  })
  .openapi('SosReceipt')

export const StatusSchema = z
  .object({
    state: z.enum(['received', 'shown', 'taken', 'help_asked', 'help_on_the_way', 'safe', 'closed', 'cancelled']),
    receivedAt: Time,
    shownAt: Time.optional().openapi({ description: 'On a visible screen of the tower.' }),
    takenAt: Time.optional().openapi({ description: 'A person has it.' }),
    desk: z.string().optional().openapi({ description: 'The desk’s alias, never a person’s name.', example: 'Desk 3' }),
    helpOnTheWayAt: Time.optional().openapi({ description: 'A responder accepted.' }),
    closedAt: Time.optional(),
    offer911: z
      .literal(true)
      .optional()
      .openapi({ description: 'Nobody has taken it yet: if it is safe to call, call 911.' }),
    inLine: z
      .object({ ahead: z.number().int() })
      .optional()
      .openapi({ description: 'In a storm, while nobody has taken it: so many wait before it.' }),
  })
  .openapi('SosStatus', {
    description: 'While the tower keeps quiet towards this phone, nothing but `received` can be read here.',
  })

export const AnswerSchema = z
  .object({
    id: z
      .string()
      .optional()
      .openapi({ description: 'Of the message that it answers; absent: this press, or what it was asked in line.' }),
    answer: z
      .enum([...QUEUE_ANSWERS, ...ROLL_ANSWERS, 'cannot'])
      .optional()
      .openapi({
        description: 'Or its number in the question. `need_help` is a press of its own; `cannot` skips a drill.',
        example: 'stuck',
      }),
    text: z.string().max(500).optional().openapi({ description: 'Own words, for whoever has the incident.' }),
  })
  .openapi('SosAnswer')

export const MessagesSchema = z
  .object({
    messages: z.array(z.object({ id: z.string(), at: Time, from: z.enum(['tower', 'driver']), text: z.string() })),
  })
  .openapi('SosMessages')

export const CancelSchema = z.object({ pin: z.string().openapi({ example: '4711' }) }).openapi('SosCancel')

export const UnplacedSchema = z
  .object({
    cards: z.array(
      z.object({
        sosId: z.string(),
        region: RegionIdSchema,
        deviceId: z.string(),
        kind: z.enum(KINDS),
        receivedAt: z.number().int().openapi({ description: 'Epoch ms.', example: 1_795_371_003_120 }),
        position: z
          .object({ lat: z.number(), lng: z.number(), accuracyM: z.number().nullable() })
          .loose()
          .nullable()
          .openapi({ description: 'As the intake has it: times in epoch ms.' }),
        driver: z.string().nullable(),
        plate: z.string().nullable(),
      }),
    ),
    missing: z.number().int().openapi({ description: 'Shards that did not answer: their presses are not among them.' }),
  })
  .openapi('Unplaced')

export const CanariesSchema = z
  .object({
    ok: z.boolean(),
    canaries: z.array(z.object({ region: RegionIdSchema, ok: z.boolean(), ms: z.number(), at: Time })),
  })
  .openapi('EmergencyHealth')

export const HealthSchema = z
  .object({
    ok: z.boolean().openapi({ description: 'The way of an SOS works: every region has an intake that answers.' }),
    degraded: z.array(z.string()).openapi({ description: 'What does not answer while presses still arrive.' }),
    version: z.string(),
    at: Time,
    parts: z.record(z.string(), z.object({ ok: z.boolean(), ms: z.number(), failed: z.string().optional() })),
  })
  .openapi('Health')

export const LiveTickSchema = z
  .object({
    t: z.literal('tick'),
    epoch: z.string(),
    seq: z.number().int(),
    at: Time,
    watching: z.number().int(),
    free: z.number().int(),
    open: z.number().int(),
    untaken: z.number().int(),
    canaryAt: MaybeTime,
    unverified: z.number().int(),
  })
  .openapi('LiveTick')
