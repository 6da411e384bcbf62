// A storm in the API: what is known of it, the switch of supervisors, and NEXT. Situations are in storm-situations.ts.

import { createRoute } from '@hono/zod-openapi'
import { may } from '../../domain/access'
import { within } from '../../durable/deadline'
import { FOREIGN, ROOM_DEADLINE_MS } from '../desk'
import { roomOf } from '../objects'
import { body, COMMON, forbidden, json, needs, newApi, responses, session, WITH_BODY, WITH_QUERY } from './route'
import { orNull, RegionName, Time, text } from './schemas/common'
import { IncidentSchema } from './schemas/incident'
import { StormSchema, StormSeenSchema } from './schemas/storm'
import { z } from './schemas/zod'
import { situations } from './storm-situations'

export const storm = newApi()

const inRegion = z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) })

const read = createRoute({
  method: 'get',
  path: '/api/regions/{region}/storm',
  operationId: 'readStorm',
  tags: ['Storm'],
  summary: 'Whether there is a storm, and its situations',
  description:
    'Offered at more untaken per free operator than the region’s policy says, by itself at a multiple of it. While it is on, leads get one page for all, only P1 is told singly, and pressers that may talk are told that they are in line.',
  security: session,
  middleware: [needs('incident:see')],
  request: { params: inRegion },
  responses: responses(
    {
      200: {
        description: 'As every screen of the region has it.',
        content: { 'application/json': { schema: StormSeenSchema } },
      },
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

storm.openapi(read, async (c) => {
  const { region } = c.req.valid('param')
  const { viewer } = c.var
  if (!may(viewer, 'incident:see', [region])) return forbidden(c, FOREIGN)
  const seen = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).storm.seen(viewer))
  return seen.ok ? c.json(seen.seen, 200) : forbidden(c, seen.refusal)
})

const set = createRoute({
  method: 'post',
  path: '/api/regions/{region}/storm',
  operationId: 'switchStorm',
  tags: ['Storm'],
  summary: 'Switch a storm on or off',
  description:
    'Repeats are safe. It ends by itself after five minutes with few who wait; switched off, it does not begin by itself again at once.',
  security: session,
  middleware: [needs('storm:manage'), body],
  request: {
    params: inRegion,
    ...json(
      z.object({ on: z.boolean(), reason: text(200).optional() }).openapi('StormSwitch', { example: { on: true } }),
    ),
  },
  responses: responses(
    {
      200: {
        description: 'As it is now.',
        content: { 'application/json': { schema: z.object({ storm: StormSchema }).openapi('StormAnswer') } },
      },
    } as const,
    WITH_BODY,
    COMMON,
  ),
})

storm.openapi(set, async (c) => {
  const { region } = c.req.valid('param')
  const { on, reason } = c.req.valid('json')
  const { viewer } = c.var
  if (!may(viewer, 'storm:manage', [region])) return forbidden(c, FOREIGN)
  const set = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).storm.set(on, reason || null, viewer))
  return set.ok ? c.json({ storm: set.storm }, 200) : forbidden(c, set.refusal)
})

const next = createRoute({
  method: 'post',
  path: '/api/regions/{region}/next',
  operationId: 'next',
  tags: ['Storm'],
  summary: 'The gravest that nobody has, for me',
  description:
    'Held for 30 s: others who ask meanwhile get the one after it, so that two people never open the same. Everybody may take it all the same. Asked again, it gives the next, and the one before is free.',
  security: session,
  middleware: [needs('incident:take')],
  request: { params: inRegion },
  responses: responses(
    {
      200: {
        description: 'The incident; null where nobody waits whom nobody else is looking at.',
        content: {
          'application/json': {
            schema: z.object({ incident: orNull(IncidentSchema), until: orNull(Time) }).openapi('Next'),
          },
        },
      },
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

storm.openapi(next, async (c) => {
  const { region } = c.req.valid('param')
  const { viewer } = c.var
  if (!may(viewer, 'incident:take', [region])) return forbidden(c, FOREIGN)
  const next = await within(ROOM_DEADLINE_MS, roomOf(c.env, region).storm.next(viewer))
  if (!next.ok) return forbidden(c, next.refusal)
  const { incident, until } = next
  return c.json({ incident, until: until === null ? null : new Date(until).toISOString() }, 200)
})

storm.route('/', situations)
