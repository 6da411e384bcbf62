// What many schemas share: times, texts, names of regions, ids, and the shape of every refusal.

import { findRegion, REGION_IDS, REGIONS, type RegionId } from '../../../domain/region'
import { cleanText } from '../../../ingest/text'
import { z } from './zod'

export const Time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC', example: '2026-11-22T18:10:03.120Z' })
export const MaybeTime = Time.nullable()

/** A text of people, cleaned once at the door as presses are. Too long is refused here, where a person can mend it. */
export const text = (max: number) =>
  z
    .string()
    .overwrite((value) => cleanText(value, Number.POSITIVE_INFINITY))
    .trim()
    .max(max)

/** The same, and not empty. */
export const words = (max: number) => text(max).min(1)

export const Id = z.guid().toLowerCase()

export const IncidentId = z
  .string()
  .toLowerCase()
  .openapi({
    param: { name: 'id', in: 'path' },
    description: 'The long id of an incident, never its short code: codes begin anew each day.',
    example: '018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1',
  })

export const RegionIdSchema = z.enum(REGION_IDS as [RegionId, ...RegionId[]]).openapi('RegionId', { example: 'NCR' })

/** Null or what a named schema says. `.nullable()` would make the named schema itself nullable in the document. */
export const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()])

/** A region by its id or another spelling, in any case. */
export const RegionName = z
  .string()
  .transform((name, ctx): RegionId => {
    const region = findRegion(name)
    if (region) return region.id
    ctx.addIssue({ code: 'custom', message: `must be one of ${REGION_IDS.join(', ')}` })
    return z.NEVER
  })
  .openapi({
    description: `One of ${REGIONS.map(({ id, aliases }) => [id, ...aliases].join(' or ')).join('; ')}, in any case.`,
    example: 'NCR',
  })

export const ErrorSchema = z
  .object({
    error: z.object({
      code: z.string().openapi({ description: 'For programs; does not change.', example: 'invalid_body' }),
      message: z.string().openapi({ description: 'For people.', example: 'confirmedBy is missing.' }),
      field: z.string().optional().openapi({ description: 'The first wrong field.', example: 'confirmedBy' }),
    }),
  })
  .openapi('Error')

/** Leaves out what was not given: `undefined` is no value of ours. */
export function given<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
