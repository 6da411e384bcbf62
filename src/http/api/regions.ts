// The regions, what the caller may do in each, and a room's raw log for those who check its chain.

import { createRoute } from '@hono/zod-openapi'
import { ACCESS } from '../../domain/access'
import { REGIONS } from '../../domain/region'
import { readLog } from '../desk'
import { COMMON, forbidden, needs, newApi, responses, session, WITH_QUERY } from './route'
import { ErrorSchema, RegionIdSchema, RegionName } from './schemas/common'
import { LogEventSchema } from './schemas/incident'
import { z } from './schemas/zod'

const LOG_USUAL = 500
const LOG_MAX = 2_000

export const regions = newApi()

const RegionSchema = z
  .object({
    id: RegionIdSchema,
    name: z.object({ en: z.string(), fil: z.string() }),
    aliases: z.array(z.string()).readonly(),
    centre: z.object({ lat: z.number(), lng: z.number() }),
    zoom: z.number().int(),
    mine: z.boolean(),
    rights: z
      .array(z.string())
      .readonly()
      .openapi({ description: 'What you may do there; empty where it is not yours.' }),
  })
  .openapi('Region')

const list = createRoute({
  method: 'get',
  path: '/api/regions',
  operationId: 'listRegions',
  tags: ['Regions'],
  summary: 'All regions, and your rights in them',
  security: session,
  middleware: [needs('session')],
  responses: {
    200: {
      description: 'In their fixed order.',
      content: { 'application/json': { schema: z.object({ regions: z.array(RegionSchema) }).openapi('Regions') } },
    },
    401: COMMON[401],
  },
})

regions.openapi(list, (c) => {
  const { viewer } = c.var
  const rows = REGIONS.map(({ id, name, aliases, centre, zoom }) => {
    const mine = viewer.regions.includes(id)
    return { id, name, aliases, centre, zoom, mine, rights: mine ? ACCESS[viewer.role] : [] }
  })
  return c.json({ regions: rows }, 200)
})

const Log = z
  .object({
    events: z.array(LogEventSchema),
    next: z.number().int().nullable().openapi({ description: 'Give it as `from`; null at the end.' }),
  })
  .openapi('Log')

const log = createRoute({
  method: 'get',
  path: '/api/regions/{region}/log',
  operationId: 'readLog',
  tags: ['Regions'],
  summary: "A room's log, as it was hashed",
  description:
    'Ascending from `from`. Each line’s `hash` covers its place, its `bodyHash` and the hash before it; `bodyHash` covers `salt` and `body`, which may be erased without breaking the chain. `verify-log` checks all of it.',
  security: session,
  middleware: [needs('log:read')],
  request: {
    params: z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) }),
    query: z.object({
      from: z.coerce.number().int().min(1).default(1).openapi({ description: 'The first seq wanted.' }),
      limit: z.coerce.number().int().min(1).max(LOG_MAX).default(LOG_USUAL),
    }),
  },
  responses: responses(
    {
      200: { description: 'The lines.', content: { 'application/json': { schema: Log } } },
      404: { description: 'There is no such region.', content: { 'application/json': { schema: ErrorSchema } } },
    },
    WITH_QUERY,
    COMMON,
  ),
})

regions.openapi(log, async (c) => {
  const { from, limit } = c.req.valid('query')
  const read = await readLog(c.env, c.var.viewer, c.req.valid('param').region, from, limit)
  if (!read.ok) return forbidden(c, read.refusal)
  const last = read.events.at(-1)
  return c.json({ events: read.events, next: last && read.events.length === limit ? last.seq + 1 : null }, 200)
})
