// Geofences: the areas of a region, drawing and changing them, and which were entered and left. Devices are named only for
// a purpose that is written down first, as for tracks.

import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { MAX_ACTIVE_FENCES } from '../../domain/fence-record'
import { listFences } from '../../store/geofences'
import type { AppEnv } from '../env'
import { crossedIn, drawFence, type FenceNo, insideOf, takeFenceAway, withFences } from '../fences'
import { body, COMMON, elsewhere, forbidden, needs, newApi, responses, session, WITH_BODY, WITH_QUERY } from './route'
import { ErrorSchema, Id, RegionName, Time, words } from './schemas/common'
import {
  DRAWN,
  GeofenceBody,
  GeofenceEventSchema,
  GeofenceSchema,
  geofenceEventOf,
  geofenceOf,
  polygonOf,
} from './schemas/geofence'
import { z } from './schemas/zod'

const DAY_MS = 86_400_000
const EVENTS_MAX = 1_000

export const geofences = newApi()

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
const inRegion = z.object({ region })
const ofOne = z.object({ region, id: Id.openapi({ param: { name: 'id', in: 'path' } }) })
const no = (description: string) => ({ description, content: { 'application/json': { schema: ErrorSchema } } })
const AWAY = responses(COMMON, {
  503: { ...COMMON[503], description: 'Postgres does not answer now. Ask again; repeats are safe.' },
})
const one = (description: string) => ({ description, content: { 'application/json': { schema: GeofenceSchema } } })
const FULL = `The region has ${MAX_ACTIVE_FENCES} active geofences, which is all that are watched`

const list = createRoute({
  method: 'get',
  path: '/api/regions/{region}/geofences',
  operationId: 'listGeofences',
  tags: ['Geofences'],
  summary: 'All geofences of a region',
  security: session,
  middleware: [needs('geofence:see')],
  request: { params: inRegion },
  responses: responses(
    {
      200: {
        description: 'In the order of their names.',
        content: {
          'application/json': { schema: z.object({ geofences: z.array(GeofenceSchema) }).openapi('Geofences') },
        },
      },
      404: no('There is no such region.'),
    } as const,
    AWAY,
  ),
})

geofences.openapi(list, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'geofence:see', at)
  if (foreign) return foreign
  const [fences, inside] = await Promise.all([withFences(c.env, (db) => listFences(db, at)), insideOf(c.env, at)])
  return c.json({ geofences: fences.map((fence) => geofenceOf(fence, inside)) }, 200)
})

const make = createRoute({
  method: 'post',
  path: '/api/regions/{region}/geofences',
  operationId: 'makeGeofence',
  tags: ['Geofences'],
  summary: 'Draw a geofence',
  description: 'Watched from the moment of the answer. Vehicles that stand in it then make no event.',
  security: session,
  middleware: [needs('geofence:manage'), body],
  request: {
    params: inRegion,
    body: { required: true, content: { 'application/json': { schema: GeofenceBody, example: DRAWN } } },
  },
  responses: responses(
    { 201: one('Made.'), 404: no('There is no such region.'), 409: no(`${FULL}.`) } as const,
    WITH_BODY,
    AWAY,
  ),
})

geofences.openapi(make, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'geofence:manage', at)
  if (foreign) return foreign
  const { corners, version: _, id = crypto.randomUUID(), ...drawn } = c.req.valid('json')
  const polygon = polygonOf(corners)
  const made = await drawFence(c.env, c.var.viewer, { ...drawn, id, region: at, polygon }, null)
  return made.ok ? c.json(geofenceOf(made.fence, {}), 201) : refuse(c, made.why)
})

const change = createRoute({
  method: 'put',
  path: '/api/regions/{region}/geofences/{id}',
  operationId: 'changeGeofence',
  tags: ['Geofences'],
  summary: 'Change a geofence, all of it',
  description:
    'With another border, or active again, who stands in it is found out anew, without events. `active: false` keeps it and watches nobody.',
  security: session,
  middleware: [needs('geofence:manage'), body],
  request: {
    params: ofOne,
    body: { required: true, content: { 'application/json': { schema: GeofenceBody, example: DRAWN } } },
  },
  responses: responses(
    {
      200: one('Changed, or already so.'),
      404: no('There is no such region, or no such geofence in it.'),
      409: no(`Somebody has changed it since the version that you sent. Or: ${FULL.toLowerCase()}.`),
    } as const,
    WITH_BODY,
    AWAY,
  ),
})

geofences.openapi(change, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'geofence:manage', at)
  if (foreign) return foreign
  const { corners, version, id: _, ...drawn } = c.req.valid('json')
  const polygon = polygonOf(corners)
  const fence = { ...drawn, id, region: at, polygon }
  const made = await drawFence(c.env, c.var.viewer, fence, { from: version ?? null })
  if (!made.ok) return refuse(c, made.why)
  return c.json(geofenceOf(made.fence, await insideOf(c.env, at)), 200)
})

const away = createRoute({
  method: 'delete',
  path: '/api/regions/{region}/geofences/{id}',
  operationId: 'deleteGeofence',
  tags: ['Geofences'],
  summary: 'Take a geofence away',
  description: 'Its events stay, with its name.',
  security: session,
  middleware: [needs('geofence:manage')],
  request: { params: ofOne },
  responses: responses(
    {
      204: { description: 'It is away.' },
      404: no('There is no such region, or no such geofence in it: also where it was taken away before.'),
    } as const,
    AWAY,
  ),
})

geofences.openapi(away, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'geofence:manage', at)
  if (foreign) return foreign
  return (await takeFenceAway(c.env, c.var.viewer, at, id)) ? c.body(null, 204) : refuse(c, 'gone')
})

const crossed = createRoute({
  method: 'get',
  path: '/api/regions/{region}/geofence-events',
  operationId: 'listGeofenceEvents',
  tags: ['Geofences'],
  summary: 'Which geofences were entered and left',
  description:
    'Oldest first, by when the tower heard of it. Whose vehicles they were is shown for a `purpose` only, which is written into the log of accesses first. Kept for 30 days.',
  security: session,
  middleware: [needs('geofence:see')],
  request: {
    params: inRegion,
    query: z.object({
      since: z.iso
        .datetime({ offset: true })
        .transform((text) => Date.parse(text))
        .optional()
        .openapi({
          type: 'string',
          format: 'date-time',
          description:
            'Received then or later; absent: in the last day. While Postgres was away events come late: ask again from a few minutes before the last.',
          example: '2026-11-22T18:10:00+08:00',
        }),
      geofence: Id.optional().openapi({ description: 'Of this one alone.' }),
      purpose: words(200).min(3).optional().openapi({ description: 'What you need the devices for.' }),
      limit: z.coerce.number().int().min(1).max(EVENTS_MAX).default(200),
    }),
  },
  responses: responses(
    {
      200: {
        description: 'The events.',
        content: {
          'application/json': {
            schema: z
              .object({
                events: z.array(GeofenceEventSchema),
                next: Time.nullable().openapi({ description: 'There is more: give it as `since`. Null at the end.' }),
              })
              .openapi('GeofenceEvents'),
          },
        },
      },
      404: no('There is no such region.'),
    } as const,
    WITH_QUERY,
    AWAY,
  ),
})

geofences.openapi(crossed, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'geofence:see', at)
  if (foreign) return foreign
  const { since = Date.now() - DAY_MS, geofence = null, purpose = null, limit } = c.req.valid('query')
  const query = { region: at, fenceId: geofence, since, limit, order: 'oldest' as const, purpose }
  const events = await crossedIn(c.env, c.var.viewer, query)
  if (events === 'not_allowed')
    return forbidden(c, {
      code: 'forbidden',
      reason: 'not_allowed',
      message: 'You may not see whose vehicles they were.',
    })
  const next = events[limit]
  return c.json(
    {
      events: events.slice(0, limit).map(geofenceEventOf),
      next: next ? new Date(next.receivedAt).toISOString() : null,
    },
    200,
  )
})

const FIELDS: Record<string, string> = { fence_name: 'name', fence_kind: 'kind' }

function refuse(c: Context<AppEnv>, why: FenceNo) {
  const error = (code: string, message: string, field?: string) => ({
    error: field === undefined ? { code, message } : { code, message, field },
  })
  if (why === 'gone') return c.json(error('unknown_geofence', 'There is no such geofence in this region.'), 404)
  if (why === 'changed')
    return c.json(error('changed', 'Somebody has changed it meanwhile: read it again.', 'version'), 409)
  if (why === 'too_many') return c.json(error('too_many_geofences', `${FULL}.`), 409)
  return c.json(error(why.reason, why.message, FIELDS[why.reason] ?? 'corners'), 422)
}
