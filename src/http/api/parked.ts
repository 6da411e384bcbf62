// What cannot be sent as it is, and a person's "send it again".

import { createRoute } from '@hono/zod-openapi'
import { placeOfAttempt } from '../../courier/contract'
import { may } from '../../domain/access'
import { parkedIn, resend } from '../delivery'
import { FOREIGN } from '../desk'
import { COMMON, forbidden, needs, newApi, responses, session, WITH_QUERY } from './route'
import { ErrorSchema, RegionName } from './schemas/common'
import { ParkedSchema, parkedJson } from './schemas/delivery'
import { z } from './schemas/zod'

export const parked = newApi()

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
const no = (description: string) => ({ description, content: { 'application/json': { schema: ErrorSchema } } })

const list = createRoute({
  method: 'get',
  path: '/api/regions/{region}/parked',
  operationId: 'listParked',
  tags: ['Regions'],
  summary: 'What cannot be sent as it is',
  description: 'A person looks at it, mends the cause and sends it again. It stops nobody else.',
  security: session,
  middleware: [needs('page:see')],
  request: { params: z.object({ region }) },
  responses: responses(
    {
      200: { description: 'Oldest first.', content: { 'application/json': { schema: ParkedSchema } } },
      404: no('There is no such region.'),
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

parked.openapi(list, async (c) => {
  const at = c.req.valid('param').region
  if (!may(c.var.viewer, 'page:see', [at])) return forbidden(c, FOREIGN)
  return c.json(parkedJson(await parkedIn(c.env, at)), 200)
})

const again = createRoute({
  method: 'post',
  path: '/api/regions/{region}/parked/{id}/resend',
  operationId: 'resendParked',
  tags: ['Regions'],
  summary: 'Send a parked attempt again',
  description: 'Repeats send it once: the second is refused with 409, for it is not parked any more.',
  security: session,
  middleware: [needs('page:resend')],
  request: {
    params: z.object({
      region,
      id: z.string().openapi({
        param: { name: 'id', in: 'path' },
        example: 'NCR.0.018f2c1e-7a40-8b6e-9c11-5d2f0a77c3e1',
      }),
    }),
  },
  responses: responses(
    {
      200: {
        description: 'It is on its way again.',
        content: { 'application/json': { schema: z.object({ resent: z.literal(true) }).openapi('Resent') } },
      },
      404: no('There is no such region, or no such attempt in it.'),
      409: no('It is not parked.'),
    } as const,
    WITH_QUERY,
    COMMON,
  ),
})

parked.openapi(again, async (c) => {
  const { region: at, id } = c.req.valid('param')
  if (!may(c.var.viewer, 'page:resend', [at])) return forbidden(c, FOREIGN)
  if (placeOfAttempt(id)?.region !== at)
    return c.json({ error: { code: 'unknown_attempt', message: 'There is no such attempt in this region.' } }, 404)
  const done = await resend(c.env, c.var.viewer, id)
  if (done.ok) return c.json({ resent: true as const }, 200)
  const { code, reason, message } = done.refusal
  return c.json({ error: { code: reason, message } }, code === 'not_found' ? 404 : 409)
})
