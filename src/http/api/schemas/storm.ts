// A storm and its situations as screens and API callers see them.

import { type ShownSituation, STANDINGS, type Suggestion } from '../../../domain/situation'
import type { ShownStorm } from '../../../domain/storm'
import { MaybeTime, orNull, Time } from './common'
import { KindSchema, PrioritySchema } from './incident'
import { z } from './zod'

export const StormSchema = z
  .object({
    on: z.boolean(),
    offered: z.boolean().openapi({ description: 'So many that a person should switch it on.' }),
    since: MaybeTime,
    by: z.string().nullable().openapi({ description: 'Whose switch it was, as desks know them; null: by itself.' }),
    reason: z.string().nullable(),
    open: z.number().int(),
    untaken: z.number().int(),
    waiting: z.number().int().openapi({ description: 'Untaken P1 to P3.' }),
    p1: z.number().int().openapi({ description: 'Of those, P1.' }),
    oldestAt: MaybeTime.openapi({ description: 'Since when the longest of them waits.' }),
  })
  .openapi('Storm')

const count = z.number().int()
const PeopleCounts = z
  .object({
    trapped: count,
    hurt: count,
    stuck: count,
    safe: count.openapi({ description: 'Says so, or was confirmed.' }),
    none: count.openapi({ description: 'Has not answered.' }),
    people: count,
    untaken: count,
    worst: orNull(PrioritySchema).openapi({ description: 'The gravest that is still open.' }),
  })
  .openapi('PeopleCounts', { description: 'One person an incident, one by one.' })

export const AreaSchema = z
  .object({
    lat: z.number().min(-90).max(90),
    lng: z.number().min(-180).max(180),
    radiusM: z.number().positive().max(50_000),
  })
  .openapi('SituationArea')

export const SituationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: orNull(KindSchema),
    area: orNull(AreaSchema),
    madeAt: Time,
    madeBy: z.string(),
    endedAt: MaybeTime,
    counts: PeopleCounts,
  })
  .openapi('Situation', { description: 'Many incidents of one cause, told together and never merged.' })

const SuggestionSchema = z
  .object({
    key: z.string(),
    kind: KindSchema,
    lat: z.number(),
    lng: z.number(),
    incidentIds: z.array(z.string()),
    situationId: z.string().nullable().openapi({ description: 'They seem to belong to this one; null: to a new one.' }),
  })
  .openapi('SituationSuggestion', { description: 'Of one kind, within a kilometre and half an hour.' })

export const StormSeenSchema = z
  .object({
    storm: StormSchema,
    situations: z.array(SituationSchema),
    suggestions: z.array(SuggestionSchema),
  })
  .openapi('StormSeen')

export const StandingSchema = z.enum(STANDINGS).openapi('Standing')

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never
true satisfies Same<z.infer<typeof StormSchema>, ShownStorm>
true satisfies Same<z.infer<typeof SituationSchema>, ShownSituation>
true satisfies Same<z.infer<typeof SuggestionSchema>, Suggestion>
