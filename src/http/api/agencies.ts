// The directory of agencies of a region: whom operators call outside, with source, confidence and when it was verified.

import { createRoute } from '@hono/zod-openapi'
import { agenciesOf, keepAgency, takeAgencyAway, verified } from '../agencies'
import { body, COMMON, elsewhere, needs, newApi, responses, session, WITH_BODY } from './route'
import { AgencyBody, AgencySchema, agencyOf, shownAgency } from './schemas/agency'
import { ErrorSchema, RegionName } from './schemas/common'
import { z } from './schemas/zod'

export const agencies = newApi()

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
const inRegion = z.object({ region })
const ofOne = z.object({
  region,
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'is no id: small letters, digits and hyphens')
    .openapi({ param: { name: 'id', in: 'path' }, example: 'ncr-911' }),
})
const no = (description: string) => ({ description, content: { 'application/json': { schema: ErrorSchema } } })
const one = (description: string) => ({ description, content: { 'application/json': { schema: AgencySchema } } })
const AWAY = responses(COMMON, { 503: no('Postgres does not answer now. Ask again; repeats are safe.') } as const)
const tags = ['Outside']
const GONE = { error: { code: 'unknown_agency', message: 'There is no such agency in this region.' } }

const list = createRoute({
  method: 'get',
  path: '/api/regions/{region}/agencies',
  operationId: 'listAgencies',
  tags,
  summary: 'All agencies of a region',
  description: 'Also those that are not used. `verifyAgain` says whose numbers nobody has checked for too long.',
  security: session,
  middleware: [needs('agency:see')],
  request: { params: inRegion },
  responses: responses(
    {
      200: {
        description: 'By kind and name.',
        content: { 'application/json': { schema: z.object({ agencies: z.array(AgencySchema) }).openapi('Agencies') } },
      },
      404: no('There is no such region.'),
    } as const,
    AWAY,
  ),
})

agencies.openapi(list, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'agency:see', at)
  if (foreign) return foreign
  const now = Date.now()
  return c.json({ agencies: (await agenciesOf(c.env, at)).map((agency) => shownAgency(agency, now)) }, 200)
})

const write = createRoute({
  method: 'put',
  path: '/api/regions/{region}/agencies/{id}',
  operationId: 'keepAgency',
  tags,
  summary: 'Enter an agency, or change it, all of it',
  description:
    'With other numbers it counts as not verified. An id that is known in another region is refused with 404.',
  security: session,
  middleware: [needs('agency:manage'), body],
  request: { params: ofOne, body: { required: true, content: { 'application/json': { schema: AgencyBody } } } },
  responses: responses(
    {
      200: one('Kept.'),
      404: no('There is no such region, or no such agency in it.'),
      409: no('Somebody has changed it since the version that you sent.'),
    } as const,
    WITH_BODY,
    AWAY,
  ),
})

agencies.openapi(write, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'agency:manage', at)
  if (foreign) return foreign
  const { version = null, ...written } = c.req.valid('json')
  const saved = await keepAgency(c.env, c.var.viewer, agencyOf(id, at, written), version)
  if (saved.ok) return c.json(shownAgency(saved.saved, Date.now()), 200)
  if (saved.refusal === 'gone') return c.json(GONE, 404)
  const message = 'Somebody has changed it meanwhile: read it again.'
  return c.json({ error: { code: 'changed', message, field: 'version' } }, 409)
})

const verify = createRoute({
  method: 'post',
  path: '/api/regions/{region}/agencies/{id}/verify',
  operationId: 'verifyAgency',
  tags,
  summary: 'Its administrative line was asked, and all is right',
  description: '911 is never called to test.',
  security: session,
  middleware: [needs('agency:manage')],
  request: { params: ofOne },
  responses: responses(
    { 200: one('Verified now.'), 404: no('There is no such region, or no such agency in it.') } as const,
    AWAY,
  ),
})

agencies.openapi(verify, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'agency:manage', at)
  if (foreign) return foreign
  const agency = await verified(c.env, c.var.viewer, at, id)
  return agency ? c.json(shownAgency(agency, Date.now()), 200) : c.json(GONE, 404)
})

const away = createRoute({
  method: 'delete',
  path: '/api/regions/{region}/agencies/{id}',
  operationId: 'retireAgency',
  tags,
  summary: 'Take an agency away',
  security: session,
  middleware: [needs('agency:manage')],
  request: { params: ofOne },
  responses: responses(
    { 204: { description: 'It is away.' }, 404: no('There is no such region, or no such agency in it.') } as const,
    AWAY,
  ),
})

agencies.openapi(away, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'agency:manage', at)
  if (foreign) return foreign
  return (await takeAgencyAway(c.env, c.var.viewer, at, id)) ? c.body(null, 204) : c.json(GONE, 404)
})
