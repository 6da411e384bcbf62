// Presses whose token is forged, garbled or missing: kept and counted, until a person says that one is real.

import { createRoute } from '@hono/zod-openapi'
import { findRegion, REGION_IDS, type RegionId } from '../../domain/region'
import { listUnverified, promotePress } from '../desk'
import {
  ANSWERS,
  answered,
  body,
  COMMON,
  forbidden,
  json,
  NO_REGION,
  needs,
  newApi,
  responses,
  session,
  WITH_QUERY,
} from './route'
import { PromoteBody } from './schemas/act'
import { orNull, RegionIdSchema, Time } from './schemas/common'
import { DoorSchema, KindSchema, PositionSchema } from './schemas/incident'
import { z } from './schemas/zod'

export const unverified = newApi()

const UnverifiedPress = z
  .object({
    source: z.string().openapi({ description: 'Address, or the device that it claims to be.' }),
    door: DoorSchema,
    kind: KindSchema,
    position: orNull(PositionSchema),
    note: z.string().nullable(),
    receivedAt: Time,
  })
  .openapi('UnverifiedPress')

const Presses = z
  .object({ region: RegionIdSchema, count: z.number().int(), latest: z.array(UnverifiedPress) })
  .openapi('UnverifiedPresses')

const list = createRoute({
  method: 'get',
  path: '/api/unverified',
  operationId: 'listUnverified',
  tags: ['Unverified presses'],
  summary: 'Presses without a genuine token',
  description: 'One row per source and 10 s, newest first. They page nobody and are in no incident.',
  security: session,
  middleware: [needs('unverified:see')],
  request: {
    query: z.object({
      region: z
        .string()
        .optional()
        .transform((name, ctx): RegionId | undefined => {
          const found = name === undefined || name === '' ? undefined : findRegion(name)
          if (found !== null) return found?.id
          ctx.addIssue({ code: 'custom', message: `must be one of ${REGION_IDS.join(', ')}` })
          return z.NEVER
        })
        .openapi({ description: 'Absent: your first.', example: 'NCR' }),
    }),
  },
  responses: responses(
    {
      200: {
        description: 'The count of all, and the newest of them.',
        content: { 'application/json': { schema: Presses } },
      },
    },
    WITH_QUERY,
    COMMON,
  ),
})

unverified.openapi(list, async (c) => {
  const { viewer } = c.var
  const region = c.req.valid('query').region ?? viewer.regions[0]
  if (!region) return forbidden(c, NO_REGION)
  const found = await listUnverified(c.env, viewer, region)
  if (!found.ok) return forbidden(c, found.refusal)
  const latest = found.latest.map(({ source, door, kind, position, note, receivedAt }) => ({
    ...{ source, door, kind, note },
    position: position && {
      lat: position.lat,
      lng: position.lng,
      accuracyM: position.accuracyM,
      headingDeg: position.headingDeg,
      speedMps: position.speedMps,
      fixedAt: position.fixedAt === null ? null : new Date(position.fixedAt).toISOString(),
      doubts: position.doubts,
    },
    receivedAt: new Date(receivedAt).toISOString(),
  }))
  return c.json({ region, count: found.count, latest }, 200)
})

const promote = createRoute({
  method: 'post',
  path: '/api/unverified/promote',
  operationId: 'promoteUnverified',
  tags: ['Unverified presses'],
  summary: 'This one is real',
  description: 'Makes it an incident, quiet until proven. Repeating it answers the same incident.',
  security: session,
  middleware: [needs('unverified:promote'), body],
  request: json(PromoteBody),
  responses: ANSWERS,
})

unverified.openapi(promote, async (c) => {
  const { region, source, receivedAt } = c.req.valid('json')
  return answered(c, await promotePress(c.env, c.var.viewer, region, source, receivedAt))
})
