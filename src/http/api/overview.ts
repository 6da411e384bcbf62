// The whole country at a glance: how many incidents are open, and how many of them nobody has taken, by region.

import { createRoute } from '@hono/zod-openapi'
import { lifeOf } from '../doors/take'
import { overviewOf } from '../overview'
import { COMMON, needs, newApi, session } from './route'
import { MaybeTime, RegionIdSchema } from './schemas/common'
import { z } from './schemas/zod'

export const overview = newApi()

const Count = z.number().int().nonnegative().nullable()

const RegionNowSchema = z
  .object({
    region: RegionIdSchema,
    open: Count.openapi({ description: 'Open incidents; null where its room does not answer.' }),
    untaken: Count.openapi({ description: 'Those of them that nobody has taken.' }),
    at: MaybeTime.openapi({ description: 'When the room counted: up to 10 s ago, 60 s where it does not answer now.' }),
  })
  .openapi('RegionNow')

const read = createRoute({
  method: 'get',
  path: '/api/overview',
  operationId: 'readOverview',
  tags: ['Regions'],
  summary: 'Open incidents by region, at a glance',
  description:
    'For wallboards and for those who watch several regions: cheap to ask often. What a desk works by is the live socket of its region.',
  security: session,
  middleware: [needs('incident:see')],
  responses: {
    200: {
      description: 'Your regions, in their order.',
      content: {
        'application/json': { schema: z.object({ regions: z.array(RegionNowSchema) }).openapi('Overview') },
      },
    },
    401: COMMON[401],
    403: COMMON[403],
  },
})

overview.openapi(read, async (c) => {
  const rows = await overviewOf(c.env, c.var.viewer, lifeOf(c))
  const regions = rows.map((row) => ({ ...row, at: row.at === null ? null : new Date(row.at).toISOString() }))
  return c.json({ regions }, 200)
})
