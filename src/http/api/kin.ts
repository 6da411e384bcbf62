// Whom a driver wants told, over the API. Told by nobody but a person at a desk: see /api/incidents/{id}/kin.

import { createRoute } from '@hono/zod-openapi'
import { may } from '../../domain/access'
import { FOREIGN } from '../desk'
import { keepKin, readKin } from '../kin'
import { AWAY, CHANGED } from './rota-route'
import { body, forbidden, json, needs, newApi, no, one, responses, session, WITH_BODY, WITH_QUERY } from './route'
import { DriverId, KinBody, KinSchema, kinJson } from './schemas/kin'
import { z } from './schemas/zod'

export const kin = newApi()

const params = z.object({ id: DriverId })
const GONE = no('There is no such driver.')
const gone = { error: { code: 'unknown', message: 'There is no such driver.' } }

const read = createRoute({
  method: 'get',
  path: '/api/drivers/{id}/kin',
  operationId: 'readDriverKin',
  tags: ['Outside'],
  summary: 'Whom a driver wants told',
  description: 'Whole numbers, for those who look after the directory. Desks see them with an incident of the driver.',
  security: session,
  middleware: [needs('directory:write')],
  request: { params },
  responses: responses(
    { 200: one('As they are now; empty where nobody is named.', KinSchema), 404: GONE },
    WITH_QUERY,
    AWAY,
  ),
})

kin.openapi(read, async (c) => {
  const found = await readKin(c.env, c.req.valid('param').id)
  if (!found) return c.json(gone, 404)
  if (!may(c.var.viewer, 'directory:write', [found.driver.region])) return forbidden(c, FOREIGN)
  return c.json(kinJson(found.driver, found.kin), 200)
})

const write = createRoute({
  method: 'put',
  path: '/api/drivers/{id}/kin',
  operationId: 'saveDriverKin',
  tags: ['Outside'],
  summary: 'Write down whom a driver wants told',
  description:
    'All of them at once, at most three. Safe to repeat. Numbers of the Philippines, and not the driver’s own.',
  security: session,
  middleware: [needs('directory:write'), body],
  request: { params, ...json(KinBody) },
  responses: responses({ 200: one('As they are now.', KinSchema), 404: GONE, 409: CHANGED }, WITH_BODY, AWAY),
})

kin.openapi(write, async (c) => {
  const found = await readKin(c.env, c.req.valid('param').id)
  if (!found) return c.json(gone, 404)
  if (!may(c.var.viewer, 'directory:write', [found.driver.region])) return forbidden(c, FOREIGN)
  const { contacts, version } = c.req.valid('json')
  const done = await keepKin(c.env, c.var.viewer, found, contacts, version ?? null)
  if (done.ok) return c.json(kinJson(found.driver, done.saved), 200)
  if (done.why === 'gone') return c.json(gone, 404)
  if (done.why === 'changed')
    return c.json({ error: { code: 'changed', message: 'Somebody has changed it meanwhile: read it again.' } }, 409)
  const [first] = done.why
  if (!first) throw new Error('refused, and nothing is wrong')
  return c.json({ error: { code: first.code, message: first.message, field: first.field } }, 422)
})
