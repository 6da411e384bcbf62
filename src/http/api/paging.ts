// Who was told of an incident outside the screens, and regions that are looked after from another.

import { createRoute } from '@hono/zod-openapi'
import { giveBack, ladderOf, takeOver } from '../paging'
import {
  body,
  COMMON,
  CONFLICT,
  json,
  needs,
  newApi,
  refusing,
  responses,
  session,
  UNKNOWN,
  WITH_BODY,
  WITH_QUERY,
} from './route'
import { IncidentId, RegionName } from './schemas/common'
import { LadderSchema, ladderJson, TakeOverAnswerSchema, TakeOverBody, takenOverJson } from './schemas/paging'
import { z } from './schemas/zod'

export const paging = newApi()

const inRegion = z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) })

const ladder = createRoute({
  method: 'get',
  path: '/api/incidents/{id}/ladder',
  operationId: 'readLadder',
  tags: ['Incidents'],
  summary: 'Who was told, who will be, and what came of it',
  description:
    'Only a person who takes the incident ends it. A phone’s "I take it" holds it for the policy’s seconds (120); then it goes on. "Delivered" is no answer.',
  security: session,
  middleware: [needs('page:see')],
  request: { params: z.object({ id: IncidentId }) },
  responses: responses(
    { 200: { description: 'As it is now.', content: { 'application/json': { schema: LadderSchema } } } } as const,
    UNKNOWN,
    WITH_QUERY,
    COMMON,
  ),
})

paging.openapi(ladder, async (c) => {
  const found = await ladderOf(c.env, c.var.viewer, c.req.valid('param').id)
  if (!found) return c.json({ error: { code: 'unknown_incident', message: 'There is no such incident.' } }, 404)
  return c.json(ladderJson(found.view, found.attempts), 200)
})

const answer = {
  200: { description: 'As it is now.', content: { 'application/json': { schema: TakeOverAnswerSchema } } },
} as const

const take = createRoute({
  method: 'post',
  path: '/api/regions/{region}/take-over',
  operationId: 'takeOverRegion',
  tags: ['Regions'],
  summary: 'Look after a region from another one',
  description:
    'By a supervisor of `from`, with a reason. Its open cards and those that come are shown and heard in `from`, whose people may act on them, until it is given back or 12 h have passed. Repeating it renews it.',
  security: session,
  middleware: [needs('region:take-over'), body],
  request: { params: inRegion, ...json(TakeOverBody) },
  responses: responses(answer, CONFLICT, UNKNOWN, WITH_BODY, COMMON),
})

paging.openapi(take, async (c) => {
  const { from, reason } = c.req.valid('json')
  const told = await takeOver(c.env, c.var.viewer, c.req.valid('param').region, from, reason)
  return told.ok ? c.json(takenOverJson(told.takenOver), 200) : refusing(c, told.refusal)
})

const give = createRoute({
  method: 'post',
  path: '/api/regions/{region}/give-back',
  operationId: 'giveBackRegion',
  tags: ['Regions'],
  summary: 'Give a region back to its own people',
  description: 'By a supervisor of either side. What is in hand stays with whoever has it. Repeats are safe.',
  security: session,
  middleware: [needs('region:take-over')],
  request: { params: inRegion },
  responses: responses(answer, CONFLICT, UNKNOWN, WITH_QUERY, COMMON),
})

paging.openapi(give, async (c) => {
  const told = await giveBack(c.env, c.var.viewer, c.req.valid('param').region)
  return told.ok ? c.json(takenOverJson(told.takenOver), 200) : refusing(c, told.refusal)
})
