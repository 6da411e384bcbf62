// Who a dot of the map is, by its device or by the dot itself: asked with a purpose, or for the incident that is open.

import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { may } from '../../domain/access'
import type { RegionId } from '../../domain/region'
import { TooLate, within } from '../../durable/deadline'
import { FOREIGN } from '../desk'
import type { AppEnv } from '../env'
import { identify, type Unsaid } from '../identity'
import { fleetOf, fleetShardCount } from '../objects'
import { body, COMMON, forbidden, json, needs, newApi, responses, session, UNKNOWN, WITH_BODY } from './route'
import { orNull, RegionIdSchema, RegionName, words } from './schemas/common'
import { z } from './schemas/zod'

const FLEET_DEADLINE_MS = 5_000

export const identity = newApi()

export const Purpose = words(200).min(3).openapi({
  description: 'What it is opened for; written into the log of accesses.',
  example: 'complaint: ticket 4471, a bag left on the back seat',
})

const IdentitySchema = z
  .object({
    deviceId: z.string(),
    region: RegionIdSchema.openapi({ description: 'Home region.' }),
    driver: orNull(z.object({ id: z.string(), name: z.string() })),
    vehicle: orNull(
      z.object({
        id: z.string(),
        plate: z.string().nullable(),
        conduction: z.string().nullable(),
        make: z.string(),
        model: z.string(),
        colour: z.string(),
      }),
    ),
    incident: orNull(z.object({ id: z.string(), code: z.string() })).openapi({
      description: 'The open incident that it was opened for; null where it was for a purpose.',
    }),
  })
  .openapi('Identity', { description: 'Without a phone number: that is the panel’s, under its contact policy.' })

const Asked = z.object({
  purpose: Purpose.optional().openapi({ description: 'Needed unless the device has an open incident.' }),
})

const AskedOfDot = Asked.extend({
  shard: z.number().int().min(0),
  epoch: z.number().int().min(0).openapi({ description: 'Of the shard’s `hello`: its numbers are new after each.' }),
  index: z.number().int().min(0).openapi({ description: 'Of the dot.' }),
})

const ANSWERS = responses(
  { 200: { description: 'Who it is.', content: { 'application/json': { schema: IdentitySchema } } } } as const,
  { 404: { ...UNKNOWN[404], description: 'There is no such device, or no such dot any more.' } },
  WITH_BODY,
  COMMON,
  { 503: { ...COMMON[503], description: 'It cannot be written down who looks. Nothing was shown.' } },
)

const DESCRIPTION =
  'For a stated purpose, or for its open incident, which is then the purpose. Written down before anything is shown: into the log of accesses, and for an incident into its room’s log, which needs no Postgres.'

const ofDevice = createRoute({
  method: 'post',
  path: '/api/devices/{id}/identity',
  operationId: 'readIdentity',
  tags: ['Tracks'],
  summary: 'Who drives with this device',
  description: DESCRIPTION,
  security: session,
  middleware: [needs('identity:read'), body],
  request: {
    params: z.object({ id: words(200).openapi({ param: { name: 'id', in: 'path' }, example: 'ncr-0047' }) }),
    ...json(Asked, false),
  },
  responses: ANSWERS,
})

identity.openapi(ofDevice, (c) => {
  // Without a body there is no purpose.
  const { purpose } = (c.req.valid('json') as z.infer<typeof Asked> | undefined) ?? {}
  return told(c, c.var.viewer.regions, c.req.valid('param').id, purpose)
})

const ofDot = createRoute({
  method: 'post',
  path: '/api/regions/{region}/map/identity',
  operationId: 'readDotIdentity',
  tags: ['Tracks'],
  summary: 'Who a dot of the live map is',
  description: `${DESCRIPTION} A dot’s number means nothing by itself, so a list of identities cannot be made from a map.`,
  security: session,
  middleware: [needs('identity:read'), body],
  request: {
    params: z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) }),
    ...json(AskedOfDot),
  },
  responses: ANSWERS,
})

identity.openapi(ofDot, async (c) => {
  const { region } = c.req.valid('param')
  const { shard, epoch, index, purpose } = c.req.valid('json')
  if (!may(c.var.viewer, 'identity:read', [region])) return foreign(c)
  if (shard >= fleetShardCount(c.env)) return no(c, 404, 'unknown_dot', 'There is no such shard.', 'shard')
  const deviceId = await within(FLEET_DEADLINE_MS, fleetOf(c.env, region, shard).deviceAt(epoch, index)).catch(
    (cause: unknown) => {
      throw new TooLate('the fleet shard does not answer', { cause })
    },
  )
  if (deviceId === null) return no(c, 404, 'unknown_dot', 'This dot is on the map no more.', 'index')
  return told(c, [region], deviceId, purpose)
})

async function told(c: Context<AppEnv>, regions: readonly RegionId[], deviceId: string, purpose: string | undefined) {
  const found = await identify(c.env, c.var.viewer, regions, deviceId, purpose)
  return found.ok ? c.json(found.identity, 200) : unsaid(c, found.why)
}

function unsaid(c: Context<AppEnv>, why: Unsaid) {
  switch (why) {
    case 'no_purpose':
      return no(c, 422, 'invalid_body', 'purpose is missing: say what the identity is opened for.', 'purpose')
    case 'unknown_device':
      return no(c, 404, 'unknown_device', 'There is no such device.')
    case 'foreign_region':
      return foreign(c)
    case 'unwritten':
      return no(c, 503, 'unwritten', 'It cannot be written down now who looks, so nothing is shown. Try again.')
  }
}

const foreign = (c: Context<AppEnv>) => forbidden(c, FOREIGN)

/** As errors.ts has it, with a status that the route declares. */
const no = <S extends 404 | 422 | 503>(c: Context<AppEnv>, status: S, code: string, message: string, field?: string) =>
  c.json({ error: field === undefined ? { code, message } : { code, message, field } }, status)
