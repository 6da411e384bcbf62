// GET /api/incidents/{id}/nearest: vehicles and stations around an incident, soonest first.

import { createRoute } from '@hono/zod-openapi'
import { LEG_STATES, RESPONDER_KINDS } from '../../domain/incident'
import { nearestTo, VEHICLES_MAX, VEHICLES_USUAL } from '../nearest'
import { COMMON, forbidden, needs, newApi, responses, session, UNKNOWN, unknown, WITH_QUERY } from './route'
import { IncidentId, orNull, RegionIdSchema, Time } from './schemas/common'
import { VehicleSchema } from './schemas/incident'
import { z } from './schemas/zod'

export const nearest = newApi()

const WAY = {
  lat: z.number(),
  lng: z.number(),
  distanceM: z.number().openapi({ description: 'By road, metres.' }),
  etaS: z.number().openapi({ description: 'Seconds until it could be there.' }),
  by: z.enum(['road_factor', 'google']).openapi({
    description: 'road_factor: the straight line times a factor, at usual speeds of the hour. google: Google Maps.',
  }),
  ref: z.string().openapi({ description: 'Give it as `ref` of the leg that asks it.' }),
  asked: z.enum(LEG_STATES).nullable().openapi({ description: 'Its leg of this incident, where it has one.' }),
}

const Schema = z
  .object({
    from: z
      .object({ lat: z.number(), lng: z.number() })
      .nullable()
      .openapi({ description: 'The freshest place of the incident, from which all is measured. Null: not known.' }),
    vehicles: z.array(
      z
        .object({
          deviceId: z.string(),
          label: z.string().openapi({ description: 'Plate or conduction sticker, and what it looks like.' }),
          vehicle: orNull(VehicleSchema),
          lastContactAt: Time,
          busy: z.boolean().openapi({ description: 'Asked for another open incident.' }),
          ...WAY,
        })
        .openapi('NearVehicle'),
    ),
    responders: z.array(
      z
        .object({ id: z.string(), kind: z.enum(RESPONDER_KINDS), name: z.string(), ...WAY })
        .openapi('NearResponder', { description: 'A station or hospital, its place right to about 500 m.' }),
    ),
    away: z
      .array(RegionIdSchema)
      .openapi({ description: 'Regions of whose fleet a part did not answer: there may be nearer vehicles.' }),
    at: Time,
  })
  .openapi('Nearest', { description: 'Soonest first.' })

const read = createRoute({
  method: 'get',
  path: '/api/incidents/{id}/nearest',
  operationId: 'nearestTo',
  tags: ['Incidents'],
  summary: 'Who could be there soonest',
  description:
    'Vehicles that were heard within two minutes, without those under an incident of their own, and stations from a table. Which vehicles were shown to whom, and for which incident, is written into the log of accesses first.',
  security: session,
  middleware: [needs('identity:read')],
  request: {
    params: z.object({ id: IncidentId }),
    query: z.object({
      limit: z.coerce.number().int().min(1).max(VEHICLES_MAX).default(VEHICLES_USUAL).openapi({
        description: 'Vehicles at most.',
      }),
    }),
  },
  responses: responses(
    { 200: { description: 'Who is near.', content: { 'application/json': { schema: Schema } } } } as const,
    UNKNOWN,
    WITH_QUERY,
    COMMON,
  ),
})

nearest.openapi(read, async (c) => {
  const told = await nearestTo(c.env, c.var.viewer, c.req.valid('param').id, c.req.valid('query').limit)
  if (!told.ok && told.refusal.code === 'forbidden') return forbidden(c, told.refusal)
  if (!told.ok) return unknown(c, told.refusal)
  const { from, vehicles, responders, away, at } = told.nearest
  const found = vehicles.map(({ lastContactAt, ...vehicle }) => ({
    ...vehicle,
    label: labelOf(vehicle),
    lastContactAt: new Date(lastContactAt).toISOString(),
  }))
  return c.json({ from, vehicles: found, responders, away, at: new Date(at).toISOString() }, 200)
})

/** As a radio would say it: NAB 1234 White Toyota Vios. */
const labelOf = ({
  vehicle,
  deviceId,
}: {
  vehicle: z.output<typeof VehicleSchema> | null
  deviceId: string
}): string =>
  vehicle
    ? [vehicle.plate ?? vehicle.conduction, vehicle.colour, vehicle.make, vehicle.model].filter(Boolean).join(' ')
    : deviceId
