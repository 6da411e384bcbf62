// Schemas of what was told of an incident outside the screens, and of a region that is looked after from another.

import { ATTEMPT_STATES, type Attempt, CHANNELS, PAGE_ANSWERS, PAGE_REASONS } from '../../../domain/page'
import type { LadderView, TakenOver } from '../../../room/paging-contract'
import { RegionIdSchema, Time, words } from './common'
import { z } from './zod'

const Person = z.object({ id: z.string(), name: z.string() })

const StepSchema = z
  .object({
    at: Time,
    step: z.string().openapi({ description: 'Of the policy: `lead`, `all_leads`, …' }),
    round: z.number().int().openapi({ description: 'Counts up when it waits anew: given back, reopened, raised.' }),
    n: z.number().int(),
    why: z.string(),
    to: z.array(Person.extend({ page: z.string() })),
    telling: z.array(Person).openapi({ description: 'They were being told already.' }),
    kept: z.array(Person.extend({ why: z.enum(['budget', 'storm', 'refused']) })).openapi({
      description: 'Whom it meant and who was not told.',
    }),
    nobody: z.array(z.string()).openapi({ description: 'Why nobody was: "nobody on duty as lead".' }),
    consoles: z.boolean(),
    neighbour: z.union([RegionIdSchema, z.null()]),
  })
  .openapi('DecidedStep')

const PageSchema = z
  .object({
    id: z.string(),
    reason: z.enum(PAGE_REASONS),
    step: z.string(),
    contact: Person,
    state: z.enum(['waiting', 'with', 'stopping', 'stopped', 'answered', 'exhausted', 'parked', 'expired']),
    why: z.string().nullable().openapi({ description: 'Why it was stopped.' }),
    answer: z.enum(PAGE_ANSWERS).nullable(),
    decidedAt: Time,
  })
  .openapi('ToldPage')

export const AttemptSchema = z
  .object({
    id: z.string(),
    pageId: z.string(),
    step: z.string(),
    contact: Person,
    channel: z.enum(CHANNELS),
    provider: z.string().nullable(),
    network: z.string().nullable(),
    to: z.string().openapi({ description: 'Shortened.' }),
    n: z.number().int(),
    state: z.enum(ATTEMPT_STATES),
    error: z.string().nullable(),
    answer: z.enum(PAGE_ANSWERS).nullable(),
    drill: z.boolean(),
    at: z.partialRecord(z.enum(ATTEMPT_STATES), Time).openapi({ description: 'When each state was reached.' }),
  })
  .openapi('Attempt')

export const LadderSchema = z
  .object({
    incidentId: z.string(),
    state: z.enum(['climbing', 'held', 'over']).openapi({
      description: '`held`: somebody said by phone that they take it. `over`: a person has it, or it has ended.',
    }),
    round: z.number().int(),
    since: Time,
    held: z.object({ contactId: z.string(), name: z.string(), until: Time }).nullable(),
    decided: z.array(StepSchema).openapi({ description: 'Oldest first.' }),
    pages: z.array(PageSchema),
    attempts: z.array(AttemptSchema).nullable().openapi({ description: 'Null where the courier does not answer now.' }),
    next: z.array(z.object({ step: z.string(), at: Time })).openapi({ description: 'As things stand, soonest first.' }),
  })
  .openapi('Ladder')

export const TakenOverSchema = z
  .object({
    region: RegionIdSchema,
    from: RegionIdSchema.openapi({ description: 'Whose people look after it.' }),
    by: z.object({ uid: z.string(), alias: z.string() }),
    reason: z.string(),
    at: Time,
    until: Time,
  })
  .openapi('TakenOver')

export const TakeOverBody = z
  .object({
    from: RegionIdSchema.openapi({ description: 'Your own region, from which you look after it.' }),
    reason: words(300),
  })
  .openapi('TakeOverBody', { example: { from: 'CEB', reason: 'Power cut at the Manila site.' } })

export const TakeOverAnswerSchema = z
  .object({ takenOver: z.union([TakenOverSchema, z.null()]) })
  .openapi('TakeOverAnswer')

const iso = (at: number): z.output<typeof Time> => new Date(at).toISOString()

export function ladderJson(view: LadderView, attempts: readonly Attempt[] | null): z.output<typeof LadderSchema> {
  return {
    ...view,
    since: iso(view.since),
    held: view.held && { ...view.held, until: iso(view.held.until) },
    decided: view.decided.map((step) => ({ ...step, at: iso(step.at) })),
    pages: view.pages.map((page) => ({ ...page, decidedAt: iso(page.decidedAt) })),
    attempts: attempts?.map(attemptJson) ?? null,
    next: view.next.map(({ step, at }) => ({ step, at: iso(at) })),
  }
}

export function attemptJson({
  incidentId: _,
  region: __,
  reason: ___,
  at,
  ...attempt
}: Attempt): z.output<typeof AttemptSchema> {
  return { ...attempt, at: Object.fromEntries(Object.entries(at).map(([state, when]) => [state, iso(when)])) }
}

export const takenOverJson = (takenOver: TakenOver | null): z.output<typeof TakeOverAnswerSchema> => ({
  takenOver: takenOver && { ...takenOver, at: iso(takenOver.at), until: iso(takenOver.until) },
})
