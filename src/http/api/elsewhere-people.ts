// Screens' sockets, sessions and health, as the document tells them.

import { elsewhere, error, ok } from './elsewhere'
import { EPOCH } from './examples'
import { COMMON, session } from './route'
import { RegionName } from './schemas/common'
import { CanariesSchema, HealthSchema, LiveTickSchema, UnplacedSchema } from './schemas/device'
import { CredentialsSchema, MeSchema, SessionSchema } from './schemas/session'
import { z } from './schemas/zod'

const { openAPIRegistry: registry } = elsewhere

const region = z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) })

registry.registerPath({
  method: 'get',
  path: '/api/regions/{region}/live',
  operationId: 'openLive',
  tags: ['Live'],
  summary: "A region's queue, live (WebSocket)",
  description: [
    'For screens: the session cookie from a page of ours, or a Bearer. Every message is JSON with its type in `t`; unknown ones are to be ignored.',
    'From the room: `hello` {epoch, seq, at, region, you}; `snapshot` {epoch, seq, incidents} replaces all you had; `incidents` {epoch, seq, incidents} are changed ones, ascending by seq; `live` {epoch, seq} ends a catch-up; `tick` every 5 s, whose absence is the alarm.',
    'To the room: `since` {epoch, seq} after each hello; `shown` {seqs} for what was painted on a visible page, at most every 250 ms; `here` {seq, visible, paintedMs, sound, inputMs, onCall} with every tick.',
    'Close codes: 1013 reads too slowly, connect again; 4401 the session ended; 4403 not allowed.',
  ].join('\n\n'),
  security: session,
  request: { params: region },
  responses: {
    101: {
      description: 'Switching to WebSocket. The schema is that of a tick.',
      content: {
        'application/json': {
          schema: LiveTickSchema,
          example: {
            t: 'tick',
            epoch: EPOCH,
            seq: 1042,
            at: '2026-11-22T18:13:00.000Z',
            watching: 4,
            free: 2,
            open: 1,
            untaken: 0,
            canaryAt: '2026-11-22T18:12:48.000Z',
            unverified: 0,
          },
        },
      },
    },
    401: COMMON[401],
    403: COMMON[403],
    404: error('There is no such region.'),
    422: error('Not a WebSocket request.'),
  },
})
registry.registerPath({
  method: 'get',
  path: '/api/regions/{region}/unplaced',
  operationId: 'listUnplaced',
  tags: ['Live'],
  summary: 'Presses that wait for their room',
  description:
    'Answered by the region’s intakes while its room is away: screens ask every 2 s once a tick is 3 s late. Reconcile by `sosId`, which is the id of the incident.',
  security: session,
  request: { params: region },
  responses: {
    200: ok('What has waited for 5 s or longer.', UnplacedSchema),
    ...{ 401: COMMON[401], 403: COMMON[403] },
    404: error('There is no such region.'),
  },
})

registry.registerPath({
  method: 'post',
  path: '/api/auth/login',
  operationId: 'logIn',
  tags: ['Sessions'],
  summary: 'Log in',
  description: 'Also sets the session cookie. Works while the database is away.',
  security: [],
  request: { body: { required: true, content: { 'application/json': { schema: CredentialsSchema } } } },
  responses: {
    200: ok('Logged in.', SessionSchema),
    400: error('The body is not a JSON object.'),
    401: error('E-mail or password is wrong.'),
    422: error('A field is missing.'),
    429: error('Too many tries; `Retry-After` says when.'),
    503: error('Nobody who knows the accounts answers now.'),
  },
})
registry.registerPath({
  method: 'post',
  path: '/api/auth/logout',
  operationId: 'logOut',
  tags: ['Sessions'],
  summary: 'Log out',
  security: [],
  responses: { 204: { description: 'The cookie is gone.' } },
})
registry.registerPath({
  method: 'get',
  path: '/api/auth/me',
  operationId: 'whoAmI',
  tags: ['Sessions'],
  summary: 'Who is logged in',
  security: session,
  responses: { 200: ok('You.', MeSchema), 401: COMMON[401] },
})
registry.registerPath({
  method: 'post',
  path: '/api/auth/renew',
  operationId: 'renew',
  tags: ['Sessions'],
  summary: 'A fresh token',
  description: 'For programs, whose sessions no cookie renews.',
  security: session,
  responses: { 200: ok('The same session, for longer.', SessionSchema), 401: COMMON[401] },
})

registry.registerPath({
  method: 'get',
  path: '/api/health',
  operationId: 'health',
  tags: ['Health'],
  summary: 'The tower and its parts',
  security: [],
  responses: {
    200: ok('Presses are taken.', HealthSchema),
    503: ok('A region’s intake does not answer.', HealthSchema),
  },
})
registry.registerPath({
  method: 'get',
  path: '/api/emergency/health',
  operationId: 'emergencyHealth',
  tags: ['Health'],
  summary: 'The last canary',
  description:
    'A made-up press through a real intake and room of each region; never shown, never stored. Run anew at most once per 5 s.',
  security: [],
  responses: { 200: ok('Every region passed.', CanariesSchema), 503: ok('One did not.', CanariesSchema) },
})

registry.registerPath({
  method: 'get',
  path: '/api/regions/{region}/map',
  operationId: 'openMap',
  tags: ['Live'],
  summary: "A region's vehicles, live (WebSocket)",
  description: [
    'Dots without identity, once a second, of one shard of the region: `?shard=0` and so on. The session cookie from a page of ours, or a Bearer.',
    'To the shard, JSON: `{t: "view", box: [south, west, north, east]}` is answered by a snapshot; `{t: "select", index}` by `vehicle` or `unknown`.',
    'From the shard: JSON `hello` {epoch, shard, devices}, `vehicle`, `unknown`; and binary frames, little-endian: u8 type (0 snapshot, 1 moved, 2 gone), u8 version 1, u16 zero, u32 epoch, u32 seq; then per dot u32 index, i32 latitude and i32 longitude in 1/100,000 degree, u8 heading/2 (255 unknown), u8 speed in m/s (255 unknown), u8 status (0 moving, 1 standing, 2 silent, 3 SOS), u16 age in s; or per index gone u32.',
  ].join('\n\n'),
  security: session,
  request: {
    params: region,
    query: z.object({ shard: z.string().optional().openapi({ description: 'From 0; 0 where it is not given.' }) }),
  },
  responses: {
    101: { description: 'Switching to WebSocket.' },
    401: error('No session.'),
    403: error('No rights in this region, or a foreign Origin.'),
    404: error('No such region or shard.'),
    422: error('Not a WebSocket request.'),
  },
})
