// Geofences and their events as the API tells them, and what a person draws.

import { FENCE_KINDS } from '../../../domain/fence'
import { CROSSINGS, type KeptFence } from '../../../domain/fence-record'
import type { ShownFenceEvent } from '../../fences'
import { Id, RegionIdSchema, Time, words } from './common'
import { z } from './zod'

const CornerSchema = z.object({ lat: z.number(), lng: z.number() }).openapi('Corner')
const CORNERS = 'In order around it, not closed: the last is joined to the first. 3 to 200, in degrees.'
const KINDS = '`keep_in`: leaving matters. `keep_out`: entering does. `notice`: both are only noted.'

const NAMES =
  'With the word depot, terminal, garage or yard in it, and unless it is `keep_out`, it is a place of the fleet’s own: no long stop there is asked about.'

export const GeofenceSchema = z
  .object({
    id: z.guid(),
    region: RegionIdSchema,
    name: z.string(),
    kind: z.enum(FENCE_KINDS).openapi({ description: KINDS }),
    corners: z.array(CornerSchema).openapi({ description: CORNERS }),
    active: z.boolean().openapi({ description: 'Vehicles are watched against it.' }),
    version: z.number().int().openapi({ description: 'Grows with every change. Send it back with a change of yours.' }),
    inside: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'Vehicles in it now; null where not every fleet shard answers.' }),
    madeBy: z.string(),
    madeAt: Time,
    changedBy: z.string(),
    changedAt: Time,
  })
  .openapi('Geofence')

export const GeofenceBody = z
  .object({
    id: Id.optional().openapi({
      description: 'Of your own making, so that a repeat makes no second. For a new one only.',
    }),
    name: words(80).openapi({ description: NAMES }),
    kind: z.enum(FENCE_KINDS).openapi({ description: KINDS }),
    corners: z.array(CornerSchema).openapi({ description: CORNERS }),
    active: z.boolean().default(true),
    version: z
      .number()
      .int()
      .optional()
      .openapi({ description: 'Of a change: the version that you saw. Absent: it is changed whatever it is now.' }),
  })
  .openapi('GeofenceDrawn')

/** A body that draws one. */
export const DRAWN = {
  name: 'Depot Pasig',
  kind: 'keep_in',
  corners: [
    { lat: 14.5955, lng: 121.0554 },
    { lat: 14.5955, lng: 121.0646 },
    { lat: 14.6045, lng: 121.0646 },
    { lat: 14.6045, lng: 121.0554 },
  ],
} as const

export const GeofenceEventSchema = z
  .object({
    fenceId: z.guid(),
    name: z.string(),
    kind: z.enum(FENCE_KINDS),
    event: z.enum(CROSSINGS),
    at: Time.openapi({ description: 'By the fix that told.' }),
    receivedAt: Time,
    lat: z.number(),
    lng: z.number(),
    deviceId: z.string().nullable().openapi({ description: 'Null without `purpose`.' }),
  })
  .openapi('GeofenceEvent')

/** `inside`: vehicles by geofence; null where not every fleet shard answers. */
export const geofenceOf = (
  { polygon, madeAt, changedAt, ...fence }: KeptFence,
  inside: Record<string, number> | null,
) => ({
  ...fence,
  corners: polygon.map(([lat, lng]) => ({ lat, lng })),
  inside: inside && (inside[fence.id] ?? 0),
  madeAt: iso(madeAt),
  changedAt: iso(changedAt),
})

/** Whose it was is null where the reader may not know. */
export const geofenceEventOf = (event: ShownFenceEvent) => ({
  ...event,
  at: iso(event.at),
  receivedAt: iso(event.receivedAt),
})

/** A border as the tower keeps it. */
export const polygonOf = (corners: readonly { lat: number; lng: number }[]) =>
  corners.map(({ lat, lng }) => [lat, lng] as const)

const iso = (at: number): string => new Date(at).toISOString()
