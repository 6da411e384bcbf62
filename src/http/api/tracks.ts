// Where a device was: as data, or as a file for other programs. For a purpose that is asked and written down first.

import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { may, type Viewer } from '../../domain/access'
import type { IncidentSummary } from '../../domain/incident'
import type { RegionId } from '../../domain/region'
import { REPORT_EVENTS } from '../../domain/report'
import { type HeldIncident, TRACK_EVENTS, type Track, toGeoJson, toGpx, withHeld } from '../../domain/track'
import { TooLate, within } from '../../durable/deadline'
import { noteAccess } from '../../store/access-log'
import { sqlState } from '../../store/fault'
import { withPostgres } from '../../store/postgres'
import { isDeviceOf, isIncidentOf, trackOf } from '../../store/tracks'
import { FOREIGN, openFile } from '../desk'
import type { AppEnv, Env } from '../env'
import { failed } from '../errors'
import { postgresUrl } from '../settings'
import {
  body,
  COMMON,
  forbidden,
  json,
  needs,
  newApi,
  responses,
  session,
  UNKNOWN,
  WITH_BODY,
  WITH_QUERY,
} from './route'
import { Id, RegionIdSchema, RegionName, Time, words } from './schemas/common'
import { z } from './schemas/zod'

const DAY_MS = 86_400_000
/** Longer than retention: a whole month at once. */
const SPAN_MAX_MS = 32 * DAY_MS
/** A day of one fix every five seconds fits. */
const LIMIT_MAX = 20_000
const POSTGRES_DEADLINE_MS = 10_000
/** What the archive has is not kept waiting for a room that is away. */
const ROOM_SAYS_MS = 2_000

export const tracks = newApi()

const PointSchema = z
  .object({
    at: Time,
    receivedAt: Time,
    lat: z.number(),
    lng: z.number(),
    accuracyM: z.number().nullable(),
    headingDeg: z.number().nullable(),
    speedMps: z.number().nullable(),
    batteryPct: z.number().nullable(),
    event: z
      .enum(REPORT_EVENTS)
      .nullable()
      .openapi({ description: 'What the device said of itself beside its place.' }),
    protocol: z.string(),
    doubts: z.array(z.string()).openapi({ description: '`null_island` and `jump`: it cannot have been there.' }),
  })
  .openapi('TrackPoint')

const TrackSosSchema = z
  .object({
    incidentId: z.string(),
    code: z.string(),
    kind: z.string(),
    state: z.string(),
    at: Time,
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .openapi('TrackSos')

const TrackEventSchema = z
  .object({
    incidentId: z.string(),
    code: z.string(),
    type: z.enum(TRACK_EVENTS),
    at: Time,
    by: z.string().nullable().openapi({ description: 'The alias of whoever did it.' }),
  })
  .openapi('TrackEvent')

const TrackSchema = z
  .object({
    region: RegionIdSchema,
    deviceId: z.string(),
    from: Time,
    to: Time,
    points: z.array(PointSchema),
    sos: z.array(TrackSosSchema).openapi({ description: 'Presses of this device in that time.' }),
    events: z
      .array(TrackEventSchema)
      .openapi({ description: 'What was done in its incidents of the last week in that time, without any note.' }),
    next: Time.nullable().openapi({ description: 'There is more: give it as `from`. Null at the end.' }),
    incomplete: z.literal(true).optional().openapi({
      description:
        'The history does not answer now. No positions, and of the incident that was named what its room holds: ask again later.',
    }),
  })
  .openapi('Track', { description: 'Oldest first.' })

const Moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-22T18:10:00+08:00' })

const Asked = z
  .object({
    from: Moment.optional().openapi({ description: 'Absent: a day before `to`.' }),
    to: Moment.optional().openapi({ description: 'Absent: now. At most 32 days after `from`.' }),
    purpose: words(200)
      .min(3)
      .optional()
      .openapi({ description: 'What it is opened for; written into the log of accesses. Needed without `incident`.' }),
    incident: Id.optional().openapi({
      description: 'The incident that it is opened for, which must be about this device.',
    }),
    format: z.enum(['json', 'gpx', 'geojson']).default('json'),
    limit: z.coerce.number().int().min(10).max(LIMIT_MAX).default(LIMIT_MAX),
  })
  .check(({ value: { from, to, purpose, incident }, issues }) => {
    const wrong = (field: string, message: string) =>
      issues.push({ code: 'custom', input: undefined, path: [field], message })
    if (purpose === undefined && incident === undefined)
      wrong('purpose', 'is missing: say what the track is opened for')
    const end = to ?? Date.now()
    if (from !== undefined && from >= end) wrong('from', 'must be before to')
    if (from !== undefined && end - from > SPAN_MAX_MS) wrong('from', 'must be at most 32 days before to')
  })

const ADDRESS = z.object({
  region: RegionName.openapi({ param: { name: 'region', in: 'path' } }),
  deviceId: words(200).openapi({ param: { name: 'deviceId', in: 'path' }, example: 'ncr-0047' }),
})

const DESCRIPTION =
  'For an incident or a stated purpose, which is written into the log of accesses before anything is shown. Positions are kept 30 days, those of an incident with it. As GPX 1.1 or GeoJSON with `format`, from which a page that does not hold all says so in the header `X-Next`.'

const ANSWERS = responses(
  {
    200: {
      description: 'The track.',
      content: {
        'application/json': { schema: TrackSchema },
        'application/gpx+xml': { schema: z.string() },
        'application/geo+json': { schema: z.record(z.string(), z.unknown()) },
      },
    },
  } as const,
  { 404: { ...UNKNOWN[404], description: 'There is no such region, or no such device in it.' } },
  { ...COMMON, 503: { ...COMMON[503], description: 'The history does not answer now. Nothing was shown.' } },
)

const PATH = '/api/regions/{region}/devices/{deviceId}/track'

const read = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'readTrack',
  tags: ['Tracks'],
  summary: 'Where a device was',
  description: DESCRIPTION,
  security: session,
  middleware: [needs('track:read')],
  request: { params: ADDRESS, query: Asked },
  responses: responses(ANSWERS, WITH_QUERY),
})

tracks.openapi(read, (c) => {
  const { region, deviceId } = c.req.valid('param')
  return answerWith(c, region, deviceId, c.req.valid('query'))
})

const readQuietly = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'openTrack',
  tags: ['Tracks'],
  summary: 'Where a device was, its purpose kept out of addresses',
  description: `The same with the fields in the body: proxies and browsers remember addresses, and a purpose may name people. ${DESCRIPTION}`,
  security: session,
  middleware: [needs('track:read'), body],
  request: { params: ADDRESS, ...json(Asked) },
  responses: responses(ANSWERS, WITH_BODY),
})

tracks.openapi(readQuietly, (c) => {
  const { region, deviceId } = c.req.valid('param')
  return answerWith(c, region, deviceId, c.req.valid('json'))
})

async function answerWith(c: Context<AppEnv>, region: RegionId, deviceId: string, asked: z.infer<typeof Asked>) {
  const { viewer } = c.var
  const { purpose, incident, format, limit, ...span } = asked
  // Its room knows it at once, and what was done a moment ago; whoever looks is in its log.
  const held = incident === undefined ? null : await heldBy(c.env, viewer, incident)
  const opens = held !== null && isAbout(held, region, deviceId)
  // An incident's desk may look wherever the vehicle is from.
  if (!may(viewer, 'track:read', [region]) && !(opens && maySee(viewer, held))) return forbidden(c, FOREIGN)
  const to = span.to ?? Date.now()
  const from = span.from ?? to - DAY_MS
  const url = postgresUrl(c.env)
  const alone = opens && format === 'json' ? unplacedTrack(held, { region, deviceId, from, to }) : null
  if (!url && alone) return c.json(inTimes(alone), 200)
  if (!url) return failed(c, 503, 'away', 'This tower has no Postgres, and so no history.')
  const found = await withPostgres(url, POSTGRES_DEADLINE_MS, async (db): Promise<Track | 'unknown' | 'unrelated'> => {
    const related = incident === undefined || opens || (await isIncidentOf(db, region, deviceId, incident))
    if (!related) return 'unrelated'
    const file = format === 'json' ? undefined : `as ${format}`
    const why = [purpose, incident && `incident ${incident}`, file].filter(Boolean).join('; ')
    await noteAccess(db, {
      region,
      actorUid: viewer.uid,
      action: 'track:read',
      subject: `device:${deviceId}`,
      purpose: why,
    })
    const track = await trackOf(db, region, deviceId, from, to, limit)
    const isEmpty = track.points.length + track.sos.length === 0
    if (isEmpty && !opens && !(await isDeviceOf(db, region, deviceId))) return 'unknown'
    return opens ? withHeld(track, held) : track
  }).catch((cause: unknown): Track => {
    if (!isAway(cause)) throw cause
    if (alone) return alone
    throw new TooLate('the history does not answer', { cause })
  })
  if (found === 'unrelated') return failed(c, 422, 'invalid_query', 'incident is not about this device.', 'incident')
  if (found === 'unknown') return failed(c, 404, 'unknown_device', 'There is no such device in this region.')
  if (format === 'json') return c.json(inTimes(found), 200)
  if (found.next !== null) c.header('X-Next', new Date(found.next).toISOString())
  c.header('Content-Disposition', `attachment; filename="${fileName(found, format)}"`)
  if (format === 'gpx') return c.body(toGpx(found), 200, { 'Content-Type': 'application/gpx+xml; charset=utf-8' })
  return c.body(JSON.stringify(toGeoJson(found)), 200, { 'Content-Type': 'application/geo+json' })
}

type Held = HeldIncident & { incident: Pick<IncidentSummary, 'desk'> }

/** Null where this person may not see that incident, or its room cannot be asked. */
async function heldBy(env: Env, viewer: Viewer, incidentId: string): Promise<Held | null> {
  const opened = await within(ROOM_SAYS_MS, openFile(env, viewer, incidentId)).catch(() => null)
  return opened?.ok ? opened.file : null
}

const isAbout = ({ incident }: Held, region: RegionId, deviceId: string): boolean =>
  incident.deviceId === deviceId && incident.region === region

const maySee = (viewer: Viewer, { incident }: Held): boolean =>
  may(viewer, 'track:read', [incident.desk, incident.region])

/** What its room alone knows of it: no positions. */
const unplacedTrack = (held: Held, of: Pick<Track, 'region' | 'deviceId' | 'from' | 'to'>): Track => ({
  ...withHeld({ ...of, points: [], sos: [], events: [], next: null }, held),
  incomplete: true,
})

/** Postgres said nothing, or that it cannot now (connection, resources, shutting down). Anything else is a bug of ours. */
const isAway = (cause: unknown): boolean => /^(08|53|57)/.test(sqlState(cause) ?? '08')

const iso = (at: number): string => new Date(at).toISOString()

const inTimes = ({ from, to, next, points, sos, events, ...track }: Track) => ({
  ...track,
  from: iso(from),
  to: iso(to),
  points: points.map(({ at, receivedAt, ...point }) => ({ at: iso(at), receivedAt: iso(receivedAt), ...point })),
  sos: sos.map(({ at, ...press }) => ({ ...press, at: iso(at) })),
  events: events.map(({ at, ...event }) => ({ ...event, at: iso(at) })),
  next: next === null ? null : iso(next),
})

const fileName = ({ deviceId, from }: Track, format: string): string =>
  `track-${deviceId.replaceAll(/[^\w.-]+/g, '_')}-${iso(from).slice(0, 10)}.${format}`
