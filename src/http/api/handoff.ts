// POST /api/incidents/{id}/handoff, /kin, /message, /shares: what leaves the tower by a person's decision.

import { createRoute } from '@hono/zod-openapi'
import type { ShareShown } from '../../domain/share'
import { handOff, messageDriver, outwardDesk, revokeShare, share, shareAddress, tellKin } from '../outward'
import {
  ANSWERS,
  answered,
  body,
  COMMON,
  CONFLICT,
  json,
  needs,
  newApi,
  refusing,
  responses,
  session,
  UNKNOWN,
  unknown,
  WITH_BODY,
} from './route'
import { Id, IncidentId } from './schemas/common'
import { HandOffBody, KinBody, MessageBody, ShareBody, ShareMadeSchema, ShareSchema } from './schemas/handoff'
import { z } from './schemas/zod'

export const handoff = newApi()

const params = z.object({ id: IncidentId })
const tags = ['Outside']
const shared = { tags, security: session, middleware: [needs('handoff:do'), body] }

const tell = createRoute({
  ...shared,
  method: 'post',
  path: '/api/incidents/{id}/handoff',
  operationId: 'handOff',
  summary: 'An agency was told',
  description:
    'A person has called it and says so: the agency becomes a leg, the state `help_asked`, and what was said is recorded. Nothing of the tower ever dials. With `byMachine` the tower tells the agency’s machine and traces the vehicle for it. The same agency again is the same leg, told once more.',
  request: { params, ...json(HandOffBody) },
  responses: ANSWERS,
})

handoff.openapi(tell, async (c) => {
  const { agencyId, number, ref, calledAt, answeredAt, note, byMachine } = c.req.valid('json')
  const told = {
    agencyId,
    number: number || null,
    ref: ref || null,
    calledAt: calledAt ?? Date.now(),
    answeredAt: answeredAt ?? null,
    note: note || null,
    byMachine,
  }
  return answered(c, await handOff(c.env, c.var.viewer, c.req.valid('param').id, told))
})

const kin = createRoute({
  ...shared,
  method: 'post',
  path: '/api/incidents/{id}/kin',
  operationId: 'tellKin',
  summary: 'Tell the driver’s own contacts',
  description:
    'By text, and never by the tower itself. While the incident is quiet the words are "do not call", and contacts whose phone may lie beside the driver are refused with 409. Telling the same again sends nothing.',
  request: { params, ...json(KinBody) },
  responses: ANSWERS,
})

handoff.openapi(kin, async (c) =>
  answered(c, await tellKin(c.env, c.var.viewer, c.req.valid('param').id, c.req.valid('json'))),
)

const message = createRoute({
  ...shared,
  method: 'post',
  path: '/api/incidents/{id}/message',
  operationId: 'messageDriver',
  summary: 'Write to the driver',
  description:
    'To the open page or app first, then by text. Refused with 409 `quiet` while nothing may reach the phone.',
  request: { params, ...json(MessageBody) },
  responses: ANSWERS,
})

handoff.openapi(message, async (c) =>
  answered(c, await messageDriver(c.env, c.var.viewer, c.req.valid('param').id, c.req.valid('json').text)),
)

const make = createRoute({
  ...shared,
  method: 'post',
  path: '/api/incidents/{id}/shares',
  operationId: 'shareIncident',
  summary: 'Make a live-location link',
  description:
    'Opens without a log-in, shows what was granted and nothing else, until it expires, is revoked, or the incident ends. By text only its spoken code travels.',
  request: { params, ...json(ShareBody) },
  responses: responses(
    { 201: { description: 'Made.', content: { 'application/json': { schema: ShareMadeSchema } } } } as const,
    CONFLICT,
    UNKNOWN,
    WITH_BODY,
    COMMON,
  ),
})

handoff.openapi(make, async (c) => {
  const { phone, ...wish } = c.req.valid('json')
  const made = await share(c.env, c.var.viewer, c.req.valid('param').id, { ...wish, phone: phone || null })
  if (!made.ok) return refusing(c, made.refusal, 'incident' in made ? made.incident : undefined)
  const { token, code, ...shown } = made.share
  return c.json({ share: shareOf(shown), url: shareAddress(c.env, token), code }, 201)
})

const list = createRoute({
  tags,
  security: session,
  middleware: [needs('agency:see')],
  method: 'get',
  path: '/api/incidents/{id}/shares',
  operationId: 'listShares',
  summary: 'Its live-location links',
  description: 'Newest first, with how often each was opened. What opens them is kept nowhere.',
  request: { params },
  responses: responses(
    {
      200: {
        description: 'The links.',
        content: { 'application/json': { schema: z.object({ shares: z.array(ShareSchema) }).openapi('Shares') } },
      },
    } as const,
    UNKNOWN,
    COMMON,
  ),
})

handoff.openapi(list, async (c) => {
  const desk = await outwardDesk(c.env, c.var.viewer, c.req.valid('param').id)
  if (!desk) return unknown(c, { code: 'not_found', reason: 'unknown_incident', message: 'There is no such incident.' })
  return c.json({ shares: desk.shares.map(shareOf) }, 200)
})

const revoke = createRoute({
  ...shared,
  middleware: [needs('handoff:do')],
  method: 'delete',
  path: '/api/incidents/{id}/shares/{share}',
  operationId: 'revokeShare',
  summary: 'Revoke a link',
  description: 'From now on it answers 410. Revoking twice changes nothing.',
  request: { params: params.extend({ share: Id.openapi({ param: { name: 'share', in: 'path' } }) }) },
  responses: ANSWERS,
})

handoff.openapi(revoke, async (c) => {
  const { id, share: shareId } = c.req.valid('param')
  return answered(c, await revokeShare(c.env, c.var.viewer, id, shareId))
})

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const shareOf = ({ madeAt, expiresAt, revokedAt, seen, ...rest }: ShareShown) => ({
  ...rest,
  madeAt: new Date(madeAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
  revokedAt: iso(revokedAt),
  seen: { count: seen.count, lastAt: iso(seen.lastAt) },
})
