// The queue, one incident with its events, and incidents that somebody phoned in.

import { createRoute } from '@hono/zod-openapi'
import { OPEN_STATES, STATES } from '../../domain/incident'
import { findRegion, REGION_IDS, type RegionId } from '../../domain/region'
import { createByPhone, listRegions, openFile } from '../desk'
import { EPOCH, INCIDENT } from './examples'
import {
  body,
  COMMON,
  CONFLICT,
  forbidden,
  json,
  NO_REGION,
  needs,
  newApi,
  refusing,
  responses,
  session,
  UNKNOWN,
  unknown,
  WITH_BODY,
  WITH_QUERY,
} from './route'
import { ByPhoneBody } from './schemas/act'
import { IncidentId, RegionIdSchema } from './schemas/common'
import { AtSchema, EventSchema, IncidentAnswerSchema, IncidentSchema } from './schemas/incident'
import { z } from './schemas/zod'

const LIST_USUAL = 200
const LIST_MAX = 1_000

export const incidents = newApi()

const Listing = z
  .object({
    incidents: z.array(IncidentSchema),
    at: AtSchema.openapi({ description: 'Of the first region that answered: where a live socket may begin.' }),
    rooms: z
      .array(z.object({ region: RegionIdSchema, at: AtSchema }))
      .openapi({ description: 'The same of each region.' }),
    away: z
      .array(RegionIdSchema)
      .openapi({ description: 'Regions whose room does not answer now: theirs are missing.' }),
  })
  .openapi('Listing')

const LISTING = {
  incidents: [INCIDENT],
  at: { epoch: EPOCH, seq: 1042 },
  rooms: [{ region: 'NCR' as const, at: { epoch: EPOCH, seq: 1042 } }],
  away: [],
}

const ListQuery = z.object({
  region: z
    .string()
    .optional()
    .transform((names, ctx): RegionId[] | 'all' | null => {
      if (names === undefined || names.trim() === '') return null
      if (names.trim().toLowerCase() === 'all') return 'all'
      const found = names.split(',').map((name) => findRegion(name)?.id)
      if (!found.includes(undefined)) return [...new Set(found as RegionId[])]
      ctx.addIssue({ code: 'custom', message: `must be one or several of ${REGION_IDS.join(', ')}, or all` })
      return z.NEVER
    })
    .openapi({ description: 'One, several with commas, or `all` of yours. Absent: your first.', example: 'NCR,CEB' }),
  status: z
    .enum(['open', 'queue', 'all', ...STATES])
    .default('open')
    .openapi({
      description: `open: ${OPEN_STATES.join(', ')}. queue: open, and cancelled ones that a person must still verify. Or one state.`,
    }),
  q: z.string().trim().max(200).optional().openapi({
    description: 'Words of code, plate, conduction sticker, driver, phone or device; all must be there.',
    example: 'nab1234',
  }),
  limit: z.coerce.number().int().min(1).max(LIST_MAX).default(LIST_USUAL),
})

const list = createRoute({
  method: 'get',
  path: '/api/incidents',
  operationId: 'listIncidents',
  tags: ['Incidents'],
  summary: 'List the queue, or search',
  description: 'By priority, then those not taken, then the oldest: the order in which they should be taken.',
  security: session,
  middleware: [needs('incident:see')],
  request: { query: ListQuery },
  responses: responses(
    { 200: { description: 'In queue order.', content: { 'application/json': { schema: Listing, example: LISTING } } } },
    WITH_QUERY,
    COMMON,
  ),
})

incidents.openapi(list, async (c) => {
  const { viewer } = c.var
  const { region, status, q, limit } = c.req.valid('query')
  const regions = region === 'all' ? viewer.regions : (region ?? viewer.regions.slice(0, 1))
  const listing = await listRegions(c.env, viewer, regions, { status, q: q || null, limit })
  if (!listing.ok) return forbidden(c, listing.refusal)
  const { incidents, rooms, away } = listing
  const at = rooms[0]?.at
  if (!at) return forbidden(c, NO_REGION)
  return c.json({ incidents, at, rooms, away }, 200)
})

const File = z
  .object({ incident: IncidentSchema, events: z.array(EventSchema), at: AtSchema })
  .openapi('IncidentFile', { description: 'An incident with everything that happened to it, oldest first.' })

const open = createRoute({
  method: 'get',
  path: '/api/incidents/{id}',
  operationId: 'getIncident',
  tags: ['Incidents'],
  summary: 'One incident with its events',
  description: 'Whoever looked is written into the log.',
  security: session,
  middleware: [needs('incident:see')],
  request: { params: z.object({ id: IncidentId }) },
  responses: responses(
    { 200: { description: 'The incident.', content: { 'application/json': { schema: File } } } },
    UNKNOWN,
    COMMON,
  ),
})

incidents.openapi(open, async (c) => {
  const found = await openFile(c.env, c.var.viewer, c.req.valid('param').id)
  if (!found.ok && found.refusal.code === 'forbidden') return forbidden(c, found.refusal)
  if (!found.ok) return unknown(c, found.refusal)
  const { incident, events, at } = found.file
  return c.json(
    {
      incident,
      events: events.map(({ epoch, seq, at, type, actor, body, hash }) => ({
        ...{ epoch, seq, type, actor, body, hash },
        at: new Date(at).toISOString(),
      })),
      at,
    },
    200,
  )
})

const created = (description: string) => ({
  description,
  content: { 'application/json': { schema: IncidentAnswerSchema } },
})

const create = createRoute({
  method: 'post',
  path: '/api/incidents',
  operationId: 'createIncident',
  tags: ['Incidents'],
  summary: 'Write down an incident that was phoned in',
  description:
    'For any reporter: a passenger, a contact, somebody at the counter. The same `requestId`, or the same header `Idempotency-Key`, makes one incident however often it is sent. Where the caller is one of our drivers with an open incident, the two are linked.',
  security: session,
  middleware: [needs('incident:create'), body],
  request: {
    headers: z.object({
      'idempotency-key': z
        .string()
        .trim()
        .min(1)
        .max(120)
        .optional()
        .openapi({ description: 'As `requestId` in the body.' }),
    }),
    ...json(ByPhoneBody, false),
  },
  responses: responses(
    { 201: created('Written down.'), 200: created('Known already: the incident of the first time.') },
    CONFLICT,
    UNKNOWN,
    WITH_BODY,
    COMMON,
  ),
})

incidents.openapi(create, async (c) => {
  const { viewer } = c.var
  const told = ByPhoneBody.parse(c.req.valid('json'))
  const region = told.region ?? (viewer.regions.length === 1 ? viewer.regions[0] : undefined)
  if (!region) {
    return c.json({ error: { code: 'invalid_body', message: 'region is missing.', field: 'region' } }, 422)
  }
  const answer = await createByPhone(c.env, viewer, {
    region,
    reporter: told.reporter,
    kind: told.kind,
    note: told.note || null,
    phone: told.phone || null,
    plate: told.plate || null,
    lat: told.position?.lat ?? null,
    lng: told.position?.lng ?? null,
    deviceId: told.deviceId ?? null,
    safeToTalk: told.safeToTalk ?? null,
    requestId: told.requestId ?? c.req.valid('header')['idempotency-key'] ?? crypto.randomUUID(),
  })
  if (!answer.ok) return refusing(c, answer.refusal, answer.incident)
  return c.json({ incident: answer.incident }, answer.repeated ? 200 : 201)
})
