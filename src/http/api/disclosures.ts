// What was told to whom outside the tower, on whose decision: as data or as a table for spreadsheets.

import { createRoute } from '@hono/zod-openapi'
import { disclosuresCsv, RECIPIENTS, readCursor, readDisclosures, writeCursor } from '../disclosures'
import { COMMON, elsewhere, needs, newApi, responses, session, WITH_QUERY } from './route'
import { ErrorSchema, given, RegionIdSchema, RegionName, Time, words } from './schemas/common'
import { z } from './schemas/zod'

export const disclosures = newApi()

const DAY_MS = 86_400_000
const LONGEST_MS = 366 * DAY_MS
const USUAL_MS = 30 * DAY_MS
const LIMIT_MAX = 5_000

const query = z
  .object({
    from: Time.optional().openapi({ description: 'Thirty days before `until`, unless told.' }),
    until: Time.optional().openapi({ description: 'Now, unless told.' }),
    kind: z.enum(RECIPIENTS).optional().openapi({ description: 'Told to such alone.' }),
    agency: words(120).optional().openapi({ description: 'Told to this agency alone, by its id.' }),
    incident: words(60)
      .optional()
      .openapi({ description: 'About this incident alone: its long id, or its code, which begins anew each day.' }),
    after: z
      .string()
      .refine((text) => readCursor(text) !== null, 'is none of ours')
      .optional()
      .openapi({ description: '`next` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(200),
    format: z.enum(['json', 'csv']).default('json'),
  })
  .transform(({ from, until, ...rest }) => {
    const end = until === undefined ? Date.now() : Date.parse(until)
    return { ...rest, from: from === undefined ? end - USUAL_MS : Date.parse(from), until: end }
  })
  .refine(({ from, until }) => from < until && until - from <= LONGEST_MS, {
    path: ['from'],
    message: 'must be before until, by a year at most',
  })

const DisclosureSchema = z
  .object({
    id: z.string(),
    region: RegionIdSchema,
    incidentId: z.string(),
    code: z.string().nullable().openapi({ description: 'Of the incident, as NCR-47.' }),
    at: Time,
    recipient: z.object({ kind: z.enum(RECIPIENTS), id: z.string().nullable(), name: z.string() }),
    way: z.string().openapi({ example: 'call' }),
    sent: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'Names of fields, and their values as they were told.' }),
    by: z.object({ uid: z.string(), name: z.string() }).openapi({ description: 'Whose decision it was.' }),
  })
  .openapi('Disclosure')

const list = createRoute({
  method: 'get',
  path: '/api/regions/{region}/disclosures',
  operationId: 'listDisclosures',
  tags: ['Outside'],
  summary: 'What was told to whom, on whose decision',
  description:
    'Newest first. Who reads them stands in the log of accesses. As CSV with `format`: a file that does not hold all says so in the header `X-Next`, which is the next `after`.',
  security: session,
  middleware: [needs('log:read')],
  request: { params: z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) }), query },
  responses: responses(
    {
      200: {
        description: 'The disclosures.',
        content: {
          'application/json': {
            schema: z
              .object({
                disclosures: z.array(DisclosureSchema),
                next: z.string().nullable().openapi({ description: 'There are more: give it as `after`.' }),
              })
              .openapi('Disclosures'),
          },
          'text/csv': { schema: z.string() },
        },
      },
      404: { description: 'There is no such region.', content: { 'application/json': { schema: ErrorSchema } } },
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

disclosures.openapi(list, async (c) => {
  const { region } = c.req.valid('param')
  const foreign = elsewhere(c, 'log:read', region)
  if (foreign) return foreign
  const { limit, format, after, ...span } = c.req.valid('query')
  const wish = { ...given(span), region, after: (after && readCursor(after)) || undefined }
  const found = await readDisclosures(c.env, c.var.viewer, wish, limit, format === 'csv' ? 'csv' : 'list')
  const next = found.next && writeCursor(found.next)
  if (format === 'json') {
    const told = found.disclosures.map((each) => ({ ...each, at: new Date(each.at).toISOString() }))
    return c.json({ disclosures: told, next }, 200)
  }
  if (next) c.header('X-Next', next)
  c.header('Content-Disposition', `attachment; filename="disclosures-${region}.csv"`)
  return c.body(disclosuresCsv(found.disclosures), 200, { 'Content-Type': 'text/csv; charset=utf-8' })
})
