// What stands beside the queue and is no alarm: areas without coverage, and questions after somebody's welfare that nobody
// answered and that were more than the desk can take.

import { createRoute } from '@hono/zod-openapi'
import { HINT_REASONS } from '../../domain/welfare'
import { checkAct, noticesOf } from '../desk-notices'
import { COMMON, forbidden, needs, newApi, refusing, responses, session, WITH_QUERY } from './route'
import { ErrorSchema, RegionName, Time } from './schemas/common'
import { z } from './schemas/zod'

export const notices = newApi()

const Notice = z
  .object({
    id: z.string(),
    since: Time.openapi({ description: 'Since when nothing was heard.' }),
    count: z.number().int().openapi({ description: 'Vehicles that are silent there now.' }),
    wide: z.boolean().openapi({ description: 'The whole region, for all that is heard of it.' }),
    area: z.object({
      road: z.string().nullable(),
      landmark: z.string().nullable(),
      municipalities: z
        .array(z.string())
        .readonly()
        .openapi({ description: 'The one with the most silent vehicles first.' }),
    }),
    cells: z
      .array(z.tuple([z.number().int(), z.number().int()]).readonly())
      .readonly()
      .openapi({ description: 'South-western corners of its cells, in hundredths of a degree: north, east.' }),
    lat: z.number(),
    lng: z.number(),
  })
  .openapi('CoverageNotice')

const CheckSchema = z
  .object({
    id: z.string(),
    reason: z.enum(HINT_REASONS),
    at: Time,
    state: z.enum(['listed', 'put_aside']),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
    by: z.string().nullable().openapi({ description: 'Who put it aside, as other desks know them.' }),
  })
  .openapi('WelfareCheck', { description: 'Without a word on whose it is: an incident says that.' })

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })

const list = createRoute({
  method: 'get',
  path: '/api/regions/{region}/notices',
  operationId: 'listNotices',
  tags: ['Regions'],
  summary: 'Areas without coverage, and welfare checks that were not raised',
  description:
    'More than 20 vehicles of one area that fall silent within five minutes are one notice, and ends by itself. Of unanswered checks at most six an hour and watching operator become P2 incidents; the rest are listed here.',
  security: session,
  middleware: [needs('incident:see')],
  request: { params: z.object({ region }) },
  responses: responses(
    {
      200: {
        description: 'As every screen of the region has them.',
        content: {
          'application/json': {
            schema: z
              .object({
                notices: z.array(Notice),
                checks: z.array(CheckSchema),
                asking: z.number().int().openapi({ description: 'Questions that wait for an answer.' }),
              })
              .openapi('Notices'),
          },
        },
      },
    },
    WITH_QUERY,
    COMMON,
  ),
})

notices.openapi(list, async (c) => {
  const found = await noticesOf(c.env, c.var.viewer, c.req.valid('param').region)
  return found.ok ? c.json(found.notices, 200) : forbidden(c, found.refusal)
})

const failure = (description: string) => ({ description, content: { 'application/json': { schema: ErrorSchema } } })

const act = createRoute({
  method: 'post',
  path: '/api/regions/{region}/checks/{id}/{act}',
  operationId: 'actOnCheck',
  tags: ['Regions'],
  summary: 'Put a check aside, take that back, or make it an incident',
  description: 'Repeats are safe. `undo` is possible for ten minutes.',
  security: session,
  middleware: [needs('incident:act')],
  request: {
    params: z.object({
      region,
      id: z
        .string()
        .max(64)
        .openapi({ param: { name: 'id', in: 'path' } }),
      act: z.enum(['aside', 'raise', 'undo']).openapi({ param: { name: 'act', in: 'path' } }),
    }),
  },
  responses: responses(
    {
      200: {
        description: 'As it is now.',
        content: {
          'application/json': {
            schema: z
              .object({
                check: CheckSchema,
                incidentId: z.string().nullable().openapi({ description: 'What a raised check became.' }),
              })
              .openapi('CheckAnswer'),
          },
        },
      },
      404: failure('There is no such check any more.'),
      409: failure('It has ended meanwhile.'),
    },
    WITH_QUERY,
    COMMON,
  ),
})

notices.openapi(act, async (c) => {
  const { region: where, id, act: what } = c.req.valid('param')
  const told = await checkAct(c.env, c.var.viewer, where, id, what)
  return told.ok ? c.json({ check: told.check, incidentId: told.incidentId }, 200) : refusing(c, told.refusal)
})
