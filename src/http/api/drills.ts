// Drills in the API: who is tried, what came of it, when it happens by itself. The region's room keeps them, also while Postgres
// is away.

import { createRoute } from '@hono/zod-openapi'
import type { RegionId } from '../../domain/region'
import { within } from '../../durable/deadline'
import type { DrillAnswer, DrillWish } from '../../room/drills-contract'
import { ROOM_DEADLINE_MS } from '../desk'
import type { Env } from '../env'
import { roomOf } from '../objects'
import {
  body,
  COMMON,
  elsewhere,
  hidden,
  json,
  needs,
  newApi,
  no,
  one,
  refusing,
  responses,
  session,
  WITH_BODY,
  WITH_QUERY,
} from './route'
import { given, Id, RegionName } from './schemas/common'
import {
  BoardSchema,
  boardOf,
  DrillSchema,
  drillOf,
  EndSchema,
  PlanSchema,
  ScheduleBody,
  ScheduleId,
  ScheduleSchema,
  scheduleOf,
  WishSchema,
} from './schemas/drills'
import { z } from './schemas/zod'

const MINUTE_MS = 60_000

export const drills = newApi()

const region = RegionName.openapi({ param: { name: 'region', in: 'path' } })
const inRegion = z.object({ region })
const ofOne = z.object({ region, id: Id.openapi({ param: { name: 'id', in: 'path' } }) })
const ofSchedule = z.object({ region, id: ScheduleId })
const GONE = { 404: no('There is no such drill or schedule.') } as const
const NOT_NOW = { 409: no('There is a storm, somebody real waits, it goes on already, or nobody is left to be tried.') }
const route = { tags: ['Drills'], security: session }
const run = [needs('drill:run'), body]

const roomFor = (env: Env, at: RegionId) => roomOf(env, at).drills

const list = createRoute({
  ...route,
  method: 'get',
  path: '/api/regions/{region}/drills',
  operationId: 'listDrills',
  summary: 'Drills, what they have shown, and when they begin by themselves',
  description:
    'The last 50, newest first; rates of the last eight weeks by app and version, person and channel; and who was not tried for 30 days.',
  middleware: [needs('drill:see')],
  request: { params: inRegion },
  responses: responses({ 200: one('As the room has it.', BoardSchema) }, GONE, WITH_QUERY, COMMON),
})

drills.openapi(list, async (c) => {
  const { region: at } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:see', at)
  if (foreign) return foreign
  const answer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).board(c.var.viewer))
  return answer.ok ? c.json(boardOf(answer.board), 200) : hidden(c, answer.refusal)
})

const plan = createRoute({
  ...route,
  method: 'post',
  path: '/api/regions/{region}/drills/plan',
  operationId: 'planDrill',
  summary: 'Whom a drill would try, were it begun now',
  description: 'Nobody is told anything. Whoever has an open incident, or drives, is never asked.',
  middleware: run,
  request: { params: inRegion, ...json(WishSchema) },
  responses: responses(
    { 200: one('Those, and who is left out and why.', PlanSchema) },
    GONE,
    NOT_NOW,
    WITH_BODY,
    COMMON,
  ),
})

drills.openapi(plan, async (c) => {
  const { region: at } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:run', at)
  if (foreign) return foreign
  const answer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).plan(wishOf(c.req.valid('json')), c.var.viewer))
  return answer.ok ? c.json(answer.plan, 200) : refusing(c, answer.refusal)
})

const start = createRoute({
  ...route,
  method: 'post',
  path: '/api/regions/{region}/drills',
  operationId: 'startDrill',
  summary: 'Begin a drill',
  description:
    'DRILL is the first word of all that goes out. The first press of a phone that is asked, where it stands, alarms nobody; a second one, movement, another kind or a PIN make it real at once. Safe to repeat.',
  middleware: run,
  request: { params: inRegion, ...json(WishSchema) },
  responses: responses(
    { 200: one('It was begun by this request before.', DrillSchema), 201: one('Begun.', DrillSchema) },
    GONE,
    NOT_NOW,
    WITH_BODY,
    COMMON,
  ),
})

drills.openapi(start, async (c) => {
  const { region: at } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:run', at)
  if (foreign) return foreign
  const answer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).start(wishOf(c.req.valid('json')), c.var.viewer))
  if (!answer.ok) return refusing(c, answer.refusal)
  return c.json(drillOf(answer.drill), answer.repeated ? 200 : 201)
})

const read = createRoute({
  ...route,
  method: 'get',
  path: '/api/regions/{region}/drills/{id}',
  operationId: 'readDrill',
  summary: 'One drill, and what each of those that are tried did',
  middleware: [needs('drill:see')],
  request: { params: ofOne },
  responses: responses({ 200: one('As it is now.', DrillSchema) }, GONE, WITH_QUERY, COMMON),
})

drills.openapi(read, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:see', at)
  if (foreign) return foreign
  const answer: DrillAnswer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).file(id, c.var.viewer))
  return answer.ok ? c.json(drillOf(answer.drill), 200) : hidden(c, answer.refusal)
})

const end = createRoute({
  ...route,
  method: 'post',
  path: '/api/regions/{region}/drills/{id}/end',
  operationId: 'endDrill',
  summary: 'Call off a drill, or one of those that are tried',
  description: 'What asks is called back. Safe to repeat.',
  middleware: run,
  request: { params: ofOne, ...json(EndSchema, false) },
  responses: responses({ 200: one('As it is now.', DrillSchema) }, GONE, WITH_BODY, COMMON),
})

drills.openapi(end, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:run', at)
  if (foreign) return foreign
  const how = given(c.req.valid('json') ?? {})
  const answer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).end(id, how, c.var.viewer))
  return answer.ok ? c.json(drillOf(answer.drill), 200) : hidden(c, answer.refusal)
})

const putSchedule = createRoute({
  ...route,
  method: 'put',
  path: '/api/regions/{region}/drill-schedules/{id}',
  operationId: 'saveDrillSchedule',
  summary: 'A drill that begins by itself each week',
  description: 'It does not begin in a storm, nor long after its time: the log says why. Safe to repeat.',
  middleware: run,
  request: { params: ofSchedule, ...json(ScheduleBody) },
  responses: responses({ 200: one('As it is now.', ScheduleSchema) }, GONE, NOT_NOW, WITH_BODY, COMMON),
})

drills.openapi(putSchedule, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:run', at)
  if (foreign) return foreign
  const { windowMinutes, ...written } = c.req.valid('json')
  const schedule = { ...written, id, windowMs: windowMinutes * MINUTE_MS }
  const answer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).schedule(schedule, c.var.viewer))
  return answer.ok ? c.json(scheduleOf(answer.schedule), 200) : refusing(c, answer.refusal)
})

const deleteSchedule = createRoute({
  ...route,
  method: 'delete',
  path: '/api/regions/{region}/drill-schedules/{id}',
  operationId: 'deleteDrillSchedule',
  summary: 'A drill that begins by itself no more',
  middleware: [needs('drill:run')],
  request: { params: ofSchedule },
  responses: responses({ 204: { description: 'It does not begin any more.' } }, GONE, WITH_QUERY, COMMON),
})

drills.openapi(deleteSchedule, async (c) => {
  const { region: at, id } = c.req.valid('param')
  const foreign = elsewhere(c, 'drill:run', at)
  if (foreign) return foreign
  const answer = await within(ROOM_DEADLINE_MS, roomFor(c.env, at).unschedule(id, c.var.viewer))
  return answer.ok ? c.body(null, 204) : hidden(c, answer.refusal)
})

const wishOf = ({ windowMinutes, ...wish }: z.infer<typeof WishSchema>): DrillWish => ({
  ...given(wish),
  windowMs: windowMinutes * MINUTE_MS,
})
