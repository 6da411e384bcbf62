// A region's policy over the API: whom it tells, in which order and by which ways, when nobody takes an incident.

import { createRoute } from '@hono/zod-openapi'
import { defaultPolicy } from '../../domain/escalation-policy'
import { policyOf } from '../../store/duty'
import { keepPolicy, withRota } from '../rota'
import { AWAY, CHANGED, inRegion, manage, NO_REGION, refuse, route, wrong } from './rota-route'
import { elsewhere, json, needs, newApi, one, responses, WITH_BODY } from './route'
import { iso, KeptPolicySchema, PolicyBody, policyFrom } from './schemas/rota'

export const rotaPolicy = newApi()

const policy = createRoute({
  ...route,
  method: 'get',
  path: '/api/regions/{region}/policy',
  operationId: 'readPolicy',
  summary: 'Who is told when nobody takes an incident',
  middleware: [needs('rota:see')],
  request: { params: inRegion },
  responses: responses({ 200: one('The policy of the region.', KeptPolicySchema), 404: NO_REGION }, AWAY),
})

rotaPolicy.openapi(policy, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'rota:see', at)
  if (foreign) return foreign
  const kept = await withRota(c.env, (db) => policyOf(db, at))
  const builtIn = { policy: defaultPolicy(at), version: 0, changedBy: null, changedAt: null }
  return c.json(kept ? { ...kept, changedAt: iso(kept.changedAt) } : builtIn, 200)
})

const putPolicy = createRoute({
  ...route,
  method: 'put',
  path: '/api/regions/{region}/policy',
  operationId: 'savePolicy',
  summary: 'Change who is told when nobody takes an incident',
  description:
    'Refused where it would leave an incident without people, or where a figure is out of its bounds; `field` names the first, as `policy.steps.P1.2.everyS`. `policy.id` is that of the address.',
  middleware: manage,
  request: { params: inRegion, ...json(PolicyBody) },
  responses: responses({ 200: one('As it is now.', KeptPolicySchema), 404: NO_REGION, 409: CHANGED }, WITH_BODY, AWAY),
})

rotaPolicy.openapi(putPolicy, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'rota:manage', at)
  if (foreign) return foreign
  const { policy: written, version } = c.req.valid('json')
  const done = await keepPolicy(c.env, c.var.viewer, { ...policyFrom(written), id: at }, version ?? null)
  if (done.ok) return c.json({ ...done.saved, changedAt: iso(done.saved.changedAt) }, 200)
  if (done.why === 'changed') return refuse(c, 'changed')
  return wrong(
    c,
    done.why.map((fault) => ({ ...fault, field: `policy.${fault.field}` })),
  )
})
