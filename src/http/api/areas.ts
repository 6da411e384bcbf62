// Broadcasts to an area: counted, confirmed, answered, taken back.

import { createRoute } from '@hono/zod-openapi'
import { cancelArea, confirmArea, fileOfArea, listAreas, previewArea } from '../areas'
import { AreaBody, AreaSchema, areaOf, draftOf, EntrySchema, PreviewSchema, previewOf } from './areas-schemas'
import {
  body,
  COMMON,
  CONFLICT,
  elsewhere,
  json,
  needs,
  newApi,
  refusing,
  responses,
  session,
  WITH_BODY,
  WITH_QUERY,
} from './route'
import { ErrorSchema, Id, RegionName, text } from './schemas/common'
import { z } from './schemas/zod'

export const areas = newApi()

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
const inRegion = z.object({ region })
const ofOne = z.object({ region, id: Id.openapi({ param: { name: 'id', in: 'path' } }) })
const gone = {
  404: { description: 'There is no such broadcast.', content: { 'application/json': { schema: ErrorSchema } } },
} as const
const area = z.object({ area: AreaSchema }).openapi('AreaAnswer')
const one = (description: string) => ({ description, content: { 'application/json': { schema: area } } })
const DRAWN = {
  ...{ kind: 'flood', place: 'Espana Blvd, Manila', until: '2026-11-22T20:00:00+08:00' },
  corners: [
    { lat: 14.6, lng: 120.98 },
    { lat: 14.6, lng: 121 },
    { lat: 14.62, lng: 121 },
    { lat: 14.62, lng: 120.98 },
  ],
} as const

const preview = createRoute({
  method: 'post',
  path: '/api/regions/{region}/areas/preview',
  operationId: 'countArea',
  tags: ['Broadcasts'],
  summary: 'Step one: who is in it now, and what they would read',
  description:
    'Nobody is told anything. Words that read as a government’s alert are refused (`area_government`, RA 10639), and so is what a text cannot hold whole.',
  security: session,
  middleware: [needs('broadcast:send'), body],
  request: {
    params: inRegion,
    body: { required: true, content: { 'application/json': { schema: AreaBody, example: DRAWN } } },
  },
  responses: responses(
    {
      201: {
        description: 'Counted. It may be confirmed for five minutes.',
        content: { 'application/json': { schema: PreviewSchema } },
      },
    } as const,
    gone,
    CONFLICT,
    WITH_BODY,
    COMMON,
  ),
})

areas.openapi(preview, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'broadcast:send', at)
  if (foreign) return foreign
  const made = await previewArea(c.env, c.var.viewer, at, draftOf(c.req.valid('json')))
  return made.ok ? c.json(previewOf(made.preview, made.texts), 201) : refusing(c, made.refusal)
})

const confirm = createRoute({
  method: 'post',
  path: '/api/regions/{region}/areas',
  operationId: 'confirmArea',
  tags: ['Broadcasts'],
  summary: 'Step two: tell them',
  description:
    'Whoever was counted is told, by their lifeline, else by text; devices that enter later are not. A repeat is the same broadcast.',
  security: session,
  middleware: [needs('broadcast:send'), body],
  request: {
    params: inRegion,
    ...json(
      z
        .object({ preview: Id, devices: z.number().int().openapi({ description: 'As many as you saw counted.' }) })
        .openapi('AreaConfirm'),
    ),
  },
  responses: responses({ 200: one('On its way, or known already.') } as const, gone, CONFLICT, WITH_BODY, COMMON),
})

areas.openapi(confirm, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'broadcast:send', at)
  if (foreign) return foreign
  const { preview: id, devices } = c.req.valid('json')
  const sent = await confirmArea(c.env, c.var.viewer, at, id, devices)
  return sent.ok ? c.json({ area: areaOf(sent.area) }, 200) : refusing(c, sent.refusal)
})

const list = createRoute({
  method: 'get',
  path: '/api/regions/{region}/areas',
  operationId: 'listAreas',
  tags: ['Broadcasts'],
  summary: 'Broadcasts of the last days',
  security: session,
  middleware: [needs('incident:see')],
  request: { params: inRegion },
  responses: responses(
    {
      200: {
        description: 'Newest first, at most 50.',
        content: { 'application/json': { schema: z.object({ areas: z.array(AreaSchema) }).openapi('Areas') } },
      },
    } as const,
    gone,
    CONFLICT,
    WITH_QUERY,
    COMMON,
  ),
})

areas.openapi(list, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'incident:see', at)
  if (foreign) return foreign
  const found = await listAreas(c.env, c.var.viewer, at)
  return found.ok ? c.json({ areas: found.areas.map(areaOf) }, 200) : refusing(c, found.refusal)
})

const read = createRoute({
  method: 'get',
  path: '/api/regions/{region}/areas/{id}',
  operationId: 'readArea',
  tags: ['Broadcasts'],
  summary: 'One broadcast and its roll-call',
  description:
    'With the names of those who were told; whoever looks is in the log. Those who were left out are a number only.',
  security: session,
  middleware: [needs('incident:see')],
  request: { params: ofOne },
  responses: responses(
    {
      200: {
        description: 'Those who need help first, then those who have not answered.',
        content: {
          'application/json': {
            schema: z.object({ area: AreaSchema, people: z.array(EntrySchema) }).openapi('AreaFile'),
          },
        },
      },
    } as const,
    gone,
    CONFLICT,
    WITH_QUERY,
    COMMON,
  ),
})

areas.openapi(read, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'incident:see', at)
  if (foreign) return foreign
  const file = await fileOfArea(c.env, c.var.viewer, at, id)
  return file.ok ? c.json({ area: areaOf(file.area), people: file.people }, 200) : refusing(c, file.refusal)
})

const cancel = createRoute({
  method: 'post',
  path: '/api/regions/{region}/areas/{id}/cancel',
  operationId: 'cancelArea',
  tags: ['Broadcasts'],
  summary: 'Take a broadcast back',
  description:
    'Those who were told hear that it is cancelled; texts that have not left are called back. Repeats are safe.',
  security: session,
  middleware: [needs('broadcast:send'), body],
  request: { params: ofOne, ...json(z.object({ reason: text(200).optional() }).openapi('AreaCancel'), false) },
  responses: responses({ 200: one('Cancelled.') } as const, gone, CONFLICT, WITH_BODY, COMMON),
})

areas.openapi(cancel, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'broadcast:send', at)
  if (foreign) return foreign
  const { reason } = (c.req.valid('json') as { reason?: string } | undefined) ?? {}
  const done = await cancelArea(c.env, c.var.viewer, at, id, reason || null)
  return done.ok ? c.json({ area: areaOf(done.area) }, 200) : refusing(c, done.refusal)
})
