// An agency of the directory as people read and write it.

import { AGENCY_KINDS, type Agency } from '../../../domain/agency'
import type { KeptAgency } from '../../../domain/duty-record'
import type { RegionId } from '../../../domain/region'
import { dueAgain } from '../../../domain/verified'
import { MaybeTime, RegionIdSchema, Time, text, words } from './common'
import { z } from './zod'

const Numbers = z
  .array(
    z.object({
      label: words(60).openapi({ example: 'Emergency' }),
      number: words(30)
        .regex(/^[+(\d][\d\s()/-]*$/, 'is no number as one dials it')
        .openapi({ description: 'As a person dials it. Nothing of the tower ever does.', example: '911' }),
      confidence: z.enum(['high', 'medium', 'low']),
    }),
  )
  .max(10)

export const AgencyBody = z
  .object({
    kind: z.enum(AGENCY_KINDS),
    name: words(120),
    numbers: Numbers,
    languages: z.array(words(40)).max(12).default([]),
    covers: text(500),
    source: words(500).openapi({ description: 'Where the numbers are from.' }),
    reverifyDays: z.number().int().min(1).max(730).default(90),
    machine: z
      .object({
        url: z
          .string()
          .max(500)
          .regex(/^https?:\/\/\S+$/, 'is no https address'),
        kind: z.literal('handoff_v1'),
      })
      .nullish()
      .openapi({ description: 'Where its machine takes hand-offs.' }),
    note: text(1_000).nullish(),
    active: z.boolean().default(true),
    version: z.number().int().optional().openapi({
      description: 'The one that you saw: refused with 409 where somebody has changed it since.',
    }),
  })
  .openapi('AgencyWritten')

export const AgencySchema = z
  .object({
    id: z.string(),
    region: RegionIdSchema,
    kind: z.enum(AGENCY_KINDS),
    name: z.string(),
    numbers: Numbers,
    languages: z.array(z.string()),
    covers: z.string(),
    source: z.string(),
    verifiedAt: MaybeTime,
    verifiedBy: z.string().nullable(),
    reverifyDays: z.number().int(),
    verifyAgain: z.boolean().openapi({ description: 'Nobody has asked its administrative line for too long.' }),
    machine: z.object({ url: z.string(), kind: z.literal('handoff_v1') }).nullable(),
    note: z.string().nullable(),
    active: z.boolean(),
    version: z.number().int(),
    changedAt: Time,
    changedBy: z.string(),
  })
  .openapi('Agency')

export type WrittenAgency = z.output<typeof AgencyBody>

/** When it was verified is nobody's to write: it is said by verifying. */
export const agencyOf = (id: string, region: RegionId, written: WrittenAgency): Agency => ({
  id,
  region,
  kind: written.kind,
  name: written.name,
  numbers: written.numbers,
  languages: written.languages,
  covers: written.covers,
  source: written.source,
  verifiedAt: null,
  verifiedBy: null,
  reverifyDays: written.reverifyDays,
  machine: written.machine ?? null,
  note: written.note || null,
  active: written.active,
})

export const shownAgency = (agency: KeptAgency, now: number): z.output<typeof AgencySchema> => ({
  ...agency,
  verifiedAt: agency.verifiedAt === null ? null : new Date(agency.verifiedAt).toISOString(),
  verifyAgain: dueAgain(agency, now),
  changedAt: new Date(agency.changedAt).toISOString(),
})
