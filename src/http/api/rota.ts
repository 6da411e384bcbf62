// The rota over the API: who can be told, who is on duty when, where nobody is, and the region's policy. Numbers are shown
// whole to those who look after it, and shortened to everybody else.

import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { may } from '../../domain/access'
import type { KeptContact } from '../../domain/duty-record'
import { staffed } from '../../domain/rota'
import { dutiesOf, gapsAhead, watches } from '../../domain/rota-week'
import { listContacts } from '../../store/duty'
import type { AppEnv } from '../env'
import { keepContact, keepShift, letContactGo, readRota, takeShiftAway, withRota } from '../rota'
import { shortened } from '../shortened'
import { rotaPolicy } from './rota-policy'
import { AWAY, CHANGED, GONE, inRegion, manage, NO_REGION, ofOne, refuse, route, see } from './rota-route'
import { elsewhere, json, needs, newApi, no, one, responses, WITH_BODY, WITH_QUERY } from './route'
import {
  ContactBody,
  ContactSchema,
  contactOf,
  GapSchema,
  iso,
  ShiftBody,
  ShiftSchema,
  shiftOf,
  WatchSchema,
} from './schemas/rota'
import { z } from './schemas/zod'

const DAY_MS = 86_400_000
const DAYS_MOST = 62

export const rota = newApi()

rota.route('/', rotaPolicy)

const contacts = createRoute({
  ...route,
  method: 'get',
  path: '/api/regions/{region}/contacts',
  operationId: 'listDutyContacts',
  summary: 'Who can be told',
  description: 'Addresses are shortened for those who may not change them.',
  middleware: see,
  request: { params: inRegion },
  responses: responses(
    { 200: one('By name.', z.object({ contacts: z.array(ContactSchema) }).openapi('DutyContacts')), 404: NO_REGION },
    AWAY,
  ),
})

rota.openapi(contacts, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'rota:see', at)
  if (foreign) return foreign
  const found = await withRota(c.env, (db) => listContacts(db, at))
  return c.json({ contacts: found.map((contact) => contactOf(shown(c, contact))) }, 200)
})

const putContact = createRoute({
  ...route,
  method: 'put',
  path: '/api/regions/{region}/contacts/{id}',
  operationId: 'saveDutyContact',
  summary: 'Write down somebody who can be told, or change them',
  description: 'Safe to repeat. Short numbers, as 911, are refused: people dial them, never the tower.',
  middleware: manage,
  request: { params: ofOne, ...json(ContactBody) },
  responses: responses({ 200: one('As they are now.', ContactSchema), 404: GONE, 409: CHANGED }, WITH_BODY, AWAY),
})

rota.openapi(putContact, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'rota:manage', at)
  if (foreign) return foreign
  const { version, ...written } = c.req.valid('json')
  const done = await keepContact(c.env, c.var.viewer, { ...written, id, region: at }, version ?? null)
  return done.ok ? c.json(contactOf(done.saved), 200) : refuse(c, done.why)
})

const deleteContact = createRoute({
  ...route,
  method: 'delete',
  path: '/api/regions/{region}/contacts/{id}',
  operationId: 'deleteDutyContact',
  summary: 'Somebody who is told no more',
  middleware: [needs('rota:manage')],
  request: { params: ofOne },
  responses: responses(
    {
      204: { description: 'They are told of nothing more.' },
      404: GONE,
      409: no('A shift of theirs goes on or is still to come: somebody else must have it first.'),
      422: WITH_BODY[422],
    },
    AWAY,
  ),
})

rota.openapi(deleteContact, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'rota:manage', at)
  if (foreign) return foreign
  const done = await letContactGo(c.env, c.var.viewer, { id, region: at })
  return done.ok ? c.body(null, 204) : refuse(c, done.why)
})

const shifts = createRoute({
  ...route,
  method: 'get',
  path: '/api/regions/{region}/shifts',
  operationId: 'readRota',
  summary: 'Who is on duty when, and when nobody is',
  middleware: see,
  request: {
    params: inRegion,
    query: z.object({
      from: z.iso
        .datetime({ offset: true })
        .transform((text) => Date.parse(text))
        .optional()
        .openapi({ type: 'string', format: 'date-time', description: 'Absent: now.' }),
      days: z.coerce.number().int().min(1).max(DAYS_MOST).default(7),
    }),
  },
  responses: responses(
    {
      200: one(
        'Watches and gaps by time, of every duty that the policy tells or somebody has.',
        z
          .object({
            shifts: z.array(ShiftSchema).openapi({ description: 'All that are not over.' }),
            watches: z.array(WatchSchema).openapi({ description: 'Nobody has it where `contactIds` is empty.' }),
            gaps: z.array(GapSchema),
          })
          .openapi('Rota'),
      ),
      404: NO_REGION,
    },
    WITH_QUERY,
    AWAY,
  ),
})

rota.openapi(shifts, async (c) => {
  const at = c.req.valid('param').region
  const foreign = elsewhere(c, 'rota:see', at)
  if (foreign) return foreign
  const { from = Date.now(), days } = c.req.valid('query')
  const until = from + days * DAY_MS
  const own = await withRota(c.env, (db) => readRota(db, at, from))
  const able = staffed(own.shifts, own.contacts)
  return c.json(
    {
      shifts: own.shifts.map(shiftOf),
      watches: dutiesOf(own.policy, own.shifts).flatMap((duty) =>
        watches(able, duty, from, until).map(({ who, override, ...time }) => ({
          duty,
          from: iso(time.from),
          until: iso(time.until),
          contactIds: who,
          override,
        })),
      ),
      gaps: gapsAhead(own.policy, own, from, until).map((gap) => ({
        ...gap,
        from: iso(gap.from),
        until: iso(gap.until),
      })),
    },
    200,
  )
})

const putShift = createRoute({
  ...route,
  method: 'put',
  path: '/api/regions/{region}/shifts/{id}',
  operationId: 'saveShift',
  summary: 'Write down a shift, or change it',
  middleware: manage,
  request: { params: ofOne, ...json(ShiftBody) },
  responses: responses({ 200: one('As it is now.', ShiftSchema), 404: GONE, 409: CHANGED }, WITH_BODY, AWAY),
})

rota.openapi(putShift, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'rota:manage', at)
  if (foreign) return foreign
  const { version, note, ...written } = c.req.valid('json')
  const done = await keepShift(c.env, c.var.viewer, { ...written, note: note || null, id, region: at }, version ?? null)
  return done.ok ? c.json(shiftOf(done.saved), 200) : refuse(c, done.why)
})

const deleteShift = createRoute({
  ...route,
  method: 'delete',
  path: '/api/regions/{region}/shifts/{id}',
  operationId: 'deleteShift',
  summary: 'Take a shift away, with all its repetitions',
  middleware: [needs('rota:manage')],
  request: { params: ofOne },
  responses: responses({ 204: { description: 'It is away.' }, 404: GONE, 422: WITH_BODY[422] }, AWAY),
})

rota.openapi(deleteShift, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'rota:manage', at)
  if (foreign) return foreign
  const done = await takeShiftAway(c.env, c.var.viewer, { id, region: at })
  return done.ok ? c.body(null, 204) : refuse(c, done.why)
})

const shown = (c: Context<AppEnv>, contact: KeptContact): KeptContact =>
  may(c.var.viewer, 'rota:manage', [contact.region])
    ? contact
    : { ...contact, addresses: contact.addresses.map(shortened) }
