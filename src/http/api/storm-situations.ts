// Situations in the API: making and ending them is the supervisor's; who belongs to one is an ordinary act.

import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Action, may, type Viewer } from '../../domain/access'
import type { RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import type { SituationAct } from '../../room/storm-contract'
import { FOREIGN, ROOM_DEADLINE_MS } from '../desk'
import type { AppEnv, Env } from '../env'
import { roomOf } from '../objects'
import {
  body,
  COMMON,
  forbidden,
  json,
  needs,
  newApi,
  refusing,
  responses,
  session,
  unknown,
  WITH_BODY,
  WITH_QUERY,
} from './route'
import { ErrorSchema, Id, orNull, RegionName, words } from './schemas/common'
import { IncidentSchema, KindSchema } from './schemas/incident'
import { AreaSchema, SituationSchema, StandingSchema } from './schemas/storm'
import { z } from './schemas/zod'

const NAME_MAX = 80
/** Of one request; more come with a second one. */
const AT_ONCE = 500

export const situations = newApi()

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
const inRegion = z.object({ region })
const ofOne = z.object({ region, id: Id.openapi({ param: { name: 'id', in: 'path' } }) })
const no = (description: string) => ({ description, content: { 'application/json': { schema: ErrorSchema } } })
const Ids = z.array(Id).max(AT_ONCE)

const ANSWERS = responses(
  {
    200: {
      description: 'Done, or already so: the situation as it is now.',
      content: {
        'application/json': { schema: z.object({ situation: SituationSchema }).openapi('SituationAnswer') },
      },
    },
    404: no('There is no such situation.'),
    409: no('It has ended, or there are too many.'),
  } as const,
  WITH_BODY,
  COMMON,
)

async function act(env: Env, viewer: Viewer, at: RegionId, action: Action, what: SituationAct) {
  if (!may(viewer, action, [at])) return { ok: false as const, refusal: FOREIGN }
  return within(ROOM_DEADLINE_MS, roomOf(env, at).storm.situation(what, viewer))
}

const told = (c: Context<AppEnv>, answer: Awaited<ReturnType<typeof act>>) =>
  answer.ok ? c.json({ situation: answer.situation }, 200) : refusing(c, answer.refusal)

const make = createRoute({
  method: 'post',
  path: '/api/regions/{region}/situations',
  operationId: 'makeSituation',
  tags: ['Storm'],
  summary: 'Make a situation of incidents of one cause',
  description:
    'Nothing of its incidents changes: they are told together and counted one by one. An incident is in one situation at most. The same `requestId` makes one.',
  security: session,
  middleware: [needs('storm:manage'), body],
  request: {
    params: inRegion,
    ...json(
      z
        .object({
          requestId: words(64),
          name: words(NAME_MAX),
          kind: orNull(KindSchema).optional(),
          area: orNull(AreaSchema).optional(),
          incidentIds: Ids.optional(),
        })
        .openapi('NewSituation', { example: { requestId: 'r-1', name: 'Flood España 112', kind: 'flood' } }),
    ),
  },
  responses: ANSWERS,
})

situations.openapi(make, async (c) => {
  const { requestId, name, kind = null, area = null, incidentIds = [] } = c.req.valid('json')
  const what: SituationAct = { type: 'make', requestId, name, kind, area, incidentIds }
  return told(c, await act(c.env, c.var.viewer, c.req.valid('param').region, 'storm:manage', what))
})

const rename = createRoute({
  method: 'post',
  path: '/api/regions/{region}/situations/{id}/rename',
  operationId: 'renameSituation',
  tags: ['Storm'],
  summary: 'Give a situation another name',
  security: session,
  middleware: [needs('storm:manage'), body],
  request: {
    params: ofOne,
    ...json(z.object({ name: words(NAME_MAX) }).openapi('SituationName', { example: { name: 'Flood España 112' } })),
  },
  responses: ANSWERS,
})

situations.openapi(rename, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const { name } = c.req.valid('json')
  return told(c, await act(c.env, c.var.viewer, at, 'storm:manage', { type: 'rename', id, name }))
})

const end = createRoute({
  method: 'post',
  path: '/api/regions/{region}/situations/{id}/end',
  operationId: 'endSituation',
  tags: ['Storm'],
  summary: 'End a situation',
  description: 'Its incidents stay what they are.',
  security: session,
  middleware: [needs('storm:manage'), body],
  request: { params: ofOne },
  responses: ANSWERS,
})

situations.openapi(end, async (c) => {
  const { region: at, id } = c.req.valid('param')
  return told(c, await act(c.env, c.var.viewer, at, 'storm:manage', { type: 'end', id }))
})

const Members = json(
  z.object({ incidentIds: Ids.min(1) }).openapi('SituationMembers', {
    example: { incidentIds: ['018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1'] },
  }),
)

const join = createRoute({
  method: 'post',
  path: '/api/regions/{region}/situations/{id}/join',
  operationId: 'joinSituation',
  tags: ['Storm'],
  summary: 'Incidents belong to it',
  description: 'Those of another situation leave that one.',
  security: session,
  middleware: [needs('incident:act'), body],
  request: { params: ofOne, ...Members },
  responses: ANSWERS,
})

situations.openapi(join, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const { incidentIds } = c.req.valid('json')
  return told(c, await act(c.env, c.var.viewer, at, 'incident:act', { type: 'join', id, incidentIds }))
})

const leave = createRoute({
  method: 'post',
  path: '/api/regions/{region}/situations/{id}/leave',
  operationId: 'leaveSituation',
  tags: ['Storm'],
  summary: 'Incidents do not belong to it',
  security: session,
  middleware: [needs('incident:act'), body],
  request: { params: ofOne, ...Members },
  responses: ANSWERS,
})

situations.openapi(leave, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const { incidentIds } = c.req.valid('json')
  return told(c, await act(c.env, c.var.viewer, at, 'incident:act', { type: 'leave', id, incidentIds }))
})

const file = createRoute({
  method: 'get',
  path: '/api/regions/{region}/situations/{id}',
  operationId: 'readSituation',
  tags: ['Storm'],
  summary: 'The people of a situation, one by one',
  security: session,
  middleware: [needs('incident:see')],
  request: { params: ofOne },
  responses: responses(
    {
      200: {
        description: 'Each incident, and what its person says.',
        content: {
          'application/json': {
            schema: z
              .object({
                situation: SituationSchema,
                members: z.array(z.object({ incident: IncidentSchema, standing: StandingSchema })),
              })
              .openapi('SituationFile'),
          },
        },
      },
      404: no('There is no such situation.'),
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

situations.openapi(file, async (c) => {
  const { region: at, id } = c.req.valid('param')
  if (!may(c.var.viewer, 'incident:see', [at])) return forbidden(c, FOREIGN)
  const file = await within(ROOM_DEADLINE_MS, roomOf(c.env, at).storm.situationFile(id, c.var.viewer))
  if (file.ok) return c.json({ situation: file.situation, members: file.members }, 200)
  return file.refusal.code === 'not_found' ? unknown(c, file.refusal) : forbidden(c, file.refusal)
})
