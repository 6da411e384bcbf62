// What became of what left the tower, by way, provider and network; and the ways out as they stand.

import { createRoute } from '@hono/zod-openapi'
import { reportOf, waysOutOf } from '../delivery'
import { COMMON, elsewhere, needs, newApi, responses, session, WITH_QUERY } from './route'
import { ErrorSchema, RegionName, Time } from './schemas/common'
import { DeliveriesSchema, deliveriesJson, WaysOutSchema, waysJson } from './schemas/delivery'
import { z } from './schemas/zod'

export const delivery = newApi()

const DAY_MS = 86_400_000
const LONGEST_MS = 92 * DAY_MS

const inRegion = z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) })
const query = z
  .object({
    from: Time.optional().openapi({ description: 'A day before `until`, unless told.' }),
    until: Time.optional().openapi({ description: 'Now, unless told.' }),
  })
  .transform(({ from, until }) => {
    const end = until === undefined ? Date.now() : Date.parse(until)
    return { from: from === undefined ? end - DAY_MS : Date.parse(from), until: end }
  })
  .refine(({ from, until }) => from < until && until - from <= LONGEST_MS, {
    path: ['from'],
    message: 'must be before until, by 92 days at most',
  })

const report = createRoute({
  method: 'get',
  path: '/api/regions/{region}/delivery',
  operationId: 'readDeliveries',
  tags: ['Regions'],
  summary: 'What became of what left the tower',
  description: 'Attempts that began in the time, by channel, provider and network. Drills are left out.',
  security: session,
  middleware: [needs('page:see')],
  request: { params: inRegion, query },
  responses: responses(
    {
      200: { description: 'The report.', content: { 'application/json': { schema: DeliveriesSchema } } },
      404: { description: 'There is no such region.', content: { 'application/json': { schema: ErrorSchema } } },
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

delivery.openapi(report, async (c) => {
  const { region } = c.req.valid('param')
  const foreign = elsewhere(c, 'page:see', region)
  if (foreign) return foreign
  const { from, until } = c.req.valid('query')
  return c.json(deliveriesJson(from, until, await reportOf(c.env, { region, from, until })), 200)
})

const ways = createRoute({
  method: 'get',
  path: '/api/regions/{region}/ways-out',
  operationId: 'readWaysOut',
  tags: ['Regions'],
  summary: 'The ways out: which are configured, and whose provider is down',
  description: 'As the sentinel’s last round found the region’s couriers.',
  security: session,
  middleware: [needs('page:see')],
  request: { params: inRegion },
  responses: responses(
    {
      200: { description: 'As they stand.', content: { 'application/json': { schema: WaysOutSchema } } },
      404: { description: 'There is no such region.', content: { 'application/json': { schema: ErrorSchema } } },
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

delivery.openapi(ways, async (c) => {
  const { region } = c.req.valid('param')
  const foreign = elsewhere(c, 'page:see', region)
  if (foreign) return foreign
  return c.json(waysJson(await waysOutOf(c.env, region)), 200)
})
