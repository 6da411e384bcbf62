// The doors that other parts of the app serve, written into the same document: phones, screens, sessions, health.

import type { OpenAPIHono } from '@hono/zod-openapi'
import type { AppEnv } from '../env'
import { EPOCH, INCIDENT, SOS_ID } from './examples'
import { COMMON, newApi, session } from './route'
import { ErrorSchema, RegionName } from './schemas/common'
import {
  CanariesSchema,
  CancelSchema,
  HealthSchema,
  LiveTickSchema,
  ReceiptSchema,
  SosSchema,
  StatusSchema,
  UnplacedSchema,
} from './schemas/device'
import { CredentialsSchema, MeSchema, SessionSchema } from './schemas/session'
import { z } from './schemas/zod'

/** Holds paths only; it answers nothing. */
export const elsewhere: OpenAPIHono<AppEnv> = newApi()
const { openAPIRegistry: registry } = elsewhere

const ok = <S>(description: string, schema: S, example?: unknown) => ({
  description,
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
})
const error = (description: string) => ok(description, ErrorSchema)

const device = [{ deviceToken: [] }]
const sosId = z.object({
  sosId: z
    .string()
    .openapi({ param: { name: 'sosId', in: 'path' }, description: 'As the receipt gave it.', example: SOS_ID }),
})
/** As they stand in `statusUrl`, which is good for this one press and needs no token. */
const capability = z.object({
  s: z.string().optional().openapi({ description: 'From `statusUrl`: where the press lies.' }),
  k: z.string().optional().openapi({ description: 'From `statusUrl`: stands for the token, for this press alone.' }),
})
const byDeviceOrAddress = [{ deviceToken: [] }, {}]
const region = z.object({ region: RegionName.openapi({ param: { name: 'region', in: 'path' } }) })

const SOS = {
  id: '6b1f3c1e-0c0c-4b1e-9d55-3f2a6c1f0001',
  kind: 'panic',
  position: { lat: 14.5869, lng: 121.0569, accuracyM: 8, fixedAt: '2026-11-22T18:10:01.000Z' },
  pressedAt: '2026-11-22T18:10:02.000Z',
}
const RECEIPT = {
  sosId: SOS_ID,
  receivedAt: INCIDENT.receivedAt,
  statusUrl: `https://tower.example/api/sos/${SOS_ID}?s=NCR-7&k=bmNyLTAwNDc.Zk1hZGVVcEtleQ`,
}

registry.registerPath({
  method: 'post',
  path: '/api/sos',
  operationId: 'pressSos',
  tags: ['Devices'],
  summary: 'SOS',
  description:
    'Answered only after it is durably written; what was answered 2xx is never lost. With a genuine token any body is an SOS, also a broken one: it is taken and labelled, never refused. Send it again until it is answered; the same press answers the same `sosId`.',
  security: device,
  request: { body: { required: false, content: { 'application/json': { schema: SosSchema, example: SOS } } } },
  responses: {
    201: ok('Taken.', ReceiptSchema, RECEIPT),
    200: ok('Known already: the same press again.', ReceiptSchema, RECEIPT),
    202: ok(
      'The token is not genuine. Kept as an unverified press, which pages nobody.',
      z.object({ received: z.literal(true) }),
    ),
    400: error('Neither the token nor the body can be read.'),
    503: error('It could not be made durable. Send it again.'),
  },
})
registry.registerPath({
  method: 'get',
  path: '/api/sos/{sosId}',
  operationId: 'readSos',
  tags: ['Devices'],
  summary: 'What became of my press',
  description:
    'For the device that pressed. Each receipt says what happened, no more: shown is not taken, taken is not help.',
  security: byDeviceOrAddress,
  request: { params: sosId, query: capability },
  responses: {
    200: ok('As far as this phone may know.', StatusSchema, {
      state: 'taken',
      receivedAt: INCIDENT.receivedAt,
      shownAt: INCIDENT.shownAt,
      takenAt: INCIDENT.takenAt,
      desk: 'Desk 3',
    }),
    401: error('Neither token nor address is one of ours.'),
    404: error('No such press of this device.'),
    503: error('The intake does not answer now.'),
  },
})
registry.registerPath({
  method: 'post',
  path: '/api/sos/{sosId}/cancel',
  operationId: 'cancelSos',
  tags: ['Devices'],
  summary: 'Cancel my press, with my PIN',
  description: 'May arrive before its SOS. A wrong PIN never cancels. Operators still look after a cancelled incident.',
  security: byDeviceOrAddress,
  request: {
    params: sosId,
    query: capability,
    body: { required: true, content: { 'application/json': { schema: CancelSchema } } },
  },
  responses: {
    200: ok('Cancelled.', StatusSchema, { state: 'cancelled', receivedAt: INCIDENT.receivedAt }),
    401: error('Neither token nor address is one of ours.'),
    403: error('The PIN is wrong.'),
    404: error('No such press of this device.'),
    422: error('`pin` is missing, or not 4 to 12 digits.'),
    503: error('The intake does not answer now.'),
  },
})
registry.registerPath({
  method: 'get',
  path: '/api/drivers/lifeline',
  operationId: 'openLifeline',
  tags: ['Devices'],
  summary: 'Lifeline (WebSocket)',
  description: [
    'The socket that a driver on shift holds open, almost silent. Every message is JSON.',
    'From the phone: the body of `POST /api/sos` is a press, with an optional `ref` of its own; so is any message that is nothing else. `{status: sosId}` asks, `{cancel: sosId, pin}` cancels, `{t: "ping"}` keeps the way open.',
    'To the phone, by `t`: `received` {sosId, receivedAt, statusUrl, ref} after the durable write; `status` {sosId, …} as `SosStatus`, also unasked when there is news; `cancel` {sosId, ok, code}; `pong`; `error` {code, ref}, where `try_again` says that nothing was stored.',
    'After a break connect again and send again: the same press is the same `sosId`.',
  ].join('\n\n'),
  security: device,
  responses: {
    101: { description: 'Switching to WebSocket.' },
    401: error('The token is not genuine.'),
    426: error('Not a WebSocket request.'),
    503: error('It cannot be opened now. Press over HTTP.'),
  },
})
for (const method of ['get', 'post'] as const) {
  registry.registerPath({
    method,
    path: '/i/{token}',
    operationId: method === 'get' ? 'appDoorByQuery' : 'appDoor',
    tags: ['Devices'],
    summary: method === 'get' ? 'For apps on phones: by query' : 'For apps on phones: by form or JSON',
    description:
      'One address per device, for Traccar Client 8 (query), 9 (JSON) and 10 (form); any method is read alike. `alarm=sos` is an SOS. A 2xx means only that the phone may drop the message, and is given to all that is understood or never will be; a 5xx, that an SOS in it could not be made durable.',
    request: {
      params: z.object({
        token: z.string().openapi({ param: { name: 'token', in: 'path' }, description: 'The device token.' }),
      }),
      ...(method === 'get'
        ? {
            query: z.object({
              lat: z.coerce.number().optional(),
              lon: z.coerce.number().optional(),
              timestamp: z.string().optional().openapi({ description: 'Epoch seconds or ms, or ISO 8601.' }),
              speed: z.coerce.number().optional().openapi({ description: 'Knots.' }),
              bearing: z.coerce.number().optional(),
              accuracy: z.coerce.number().optional(),
              batt: z.coerce.number().optional(),
              alarm: z.string().optional().openapi({ example: 'sos' }),
            }),
          }
        : {
            body: {
              content: {
                'application/x-www-form-urlencoded': {
                  schema: z.object({ id: z.string(), lat: z.string(), lon: z.string(), alarm: z.string() }).partial(),
                  example: { id: '48241179', lat: '14.5547', lon: '121.0244', timestamp: '1755930000', alarm: 'sos' },
                },
                'application/json': { schema: z.record(z.string(), z.unknown()) },
              },
            },
          }),
    },
    responses: {
      200: {
        description: 'Taken, or never to be understood: the phone may drop it. Each app gets the reply that it needs.',
      },
      503: { description: 'An SOS in it could not be made durable. The phone keeps it and sends it again.' },
    },
  })
}

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
