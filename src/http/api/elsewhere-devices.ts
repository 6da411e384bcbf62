// Phones and the apps on them: paths of src/http/doors, as the document tells them.

import { elsewhere, error, ok } from './elsewhere'
import { INCIDENT, SOS_ID } from './examples'
import {
  AnswerSchema,
  CancelSchema,
  MessagesSchema,
  PositionReportSchema,
  ReceiptSchema,
  SosSchema,
  StatusSchema,
} from './schemas/device'
import { z } from './schemas/zod'

const { openAPIRegistry: registry } = elsewhere

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

const Heard = z.object({ received: z.literal(true) })
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
  method: 'post',
  path: '/api/sos/{sosId}/answer',
  operationId: 'answerInLine',
  tags: ['Devices'],
  summary: 'What I say: in line, to the desk, to a broadcast',
  description: [
    'In a storm a phone that may talk is told "you are in line", and asked. `trapped` and `hurt` raise; `stuck` and `ok` may lower, once, where nobody has set a priority. Repeats are safe.',
    '`text` is shown to whoever has the incident. `id` names the message that is answered: one of the desk, a broadcast, to which `safe` and `need_help` are the answers, or the one that asks into a drill, which `cannot` skips: its `id` may also stand in the address. `need_help` is durable before it is answered, as any press, and gives a receipt of its own.',
  ].join('\n\n'),
  security: byDeviceOrAddress,
  request: {
    params: sosId,
    query: capability,
    body: { required: true, content: { 'application/json': { schema: AnswerSchema } } },
  },
  responses: {
    200: ok('Heard; of a cry for help that is known already, its receipt.', z.union([Heard, ReceiptSchema])),
    201: ok('A cry for help: taken as a press.', ReceiptSchema, RECEIPT),
    401: error('Neither token nor address is one of ours.'),
    404: error('No such press of this device, and no such message to it.'),
    409: error('It is over and nobody listens to it any more: in danger, press again.'),
    422: error('Neither an answer nor a text.'),
    503: error('The room does not answer now, or a cry could not be made durable. Send it again.'),
  },
})
registry.registerPath({
  method: 'get',
  path: '/api/sos/{sosId}/messages',
  operationId: 'readMessages',
  tags: ['Devices'],
  summary: 'What was said to and fro',
  description:
    'Oldest first. While the incident is quiet, and after a PIN, always empty: nothing may light up the phone.',
  security: byDeviceOrAddress,
  request: { params: sosId, query: capability },
  responses: {
    200: ok('Messages of the desk and of this phone.', MessagesSchema, {
      messages: [{ id: SOS_ID, at: INCIDENT.takenAt, from: 'tower', text: 'Are you near the gate?' }],
    }),
    401: error('Neither token nor address is one of ours.'),
    404: error('No such press of this device.'),
    503: error('The room does not answer now.'),
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
    'From the phone: the body of `POST /api/sos` is a press, with an optional `ref` of its own; so is any message that is nothing else. `{status: sosId}` asks, `{cancel: sosId, pin}` cancels, `{t: "answer", id, answer}` says what it is while one waits in line, or that one is `safe` where a broadcast asks; `need_help` is a press; `cannot` skips the drill that the message asked into, and whatever else is said to that is a press; `{t: "answer", id, text}` writes to the desk, `id` being that of a press or a message; `{t: "ping"}` keeps the way open.',
    'To the phone, by `t`: `received` {sosId, receivedAt, statusUrl, fixEveryS, ref} after the durable write, where `fixEveryS` is how often to report from now on; `status` {sosId, …} as `SosStatus`, also unasked when there is news; `cancel` {sosId, ok, code}; `message` {id, reason, text, answers, until} unasked, to be answered by its `id`; `answer` {id, ok, code}; `pong`; `error` {code, ref}, where `try_again` says that nothing was stored.',
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

const POSITION = { lat: 14.5869, lng: 121.0569, speedMps: 8.2, headingDeg: 90, fixedAt: '2026-11-22T18:10:01.000Z' }
const TAKEN = { taken: 1, malformed: [{ index: 1, field: 'lat', why: 'is not -90 to 90' }] }
const PositionsSchema = z
  .object({
    positions: z.array(PositionReportSchema).max(1_000),
  })
  .or(PositionReportSchema)
  .or(z.array(PositionReportSchema).max(1_000))
const TakenSchema = z.object({
  taken: z.number().int(),
  malformed: z.array(z.object({ index: z.number().int(), field: z.string(), why: z.string() })),
  fixEveryS: z.number().int().optional().openapi({
    description:
      'Report so often, in seconds, until an answer comes without it. For half an hour after a press of this device it is there whatever has become of that; beyond, while an SOS is open that lets us ask.',
  }),
  shed: z.boolean().optional().openapi({
    description: 'True where nothing of it was read, for more comes than can be taken. Do not send it again.',
  }),
})

registry.registerPath({
  method: 'post',
  path: '/api/positions',
  operationId: 'reportPositions',
  tags: ['Devices'],
  summary: 'Where I am',
  description:
    'One position, a list, or `{positions: [...]}`, at most 1,000 and 1 MB. What is odd is flagged, never dropped; a record that cannot be read costs no other. Answered before it is kept: no SOS comes this way. Where more comes than can be taken it is dropped and counted, with `shed` in the answer.',
  security: device,
  request: {
    body: { required: true, content: { 'application/json': { schema: PositionsSchema, example: POSITION } } },
  },
  responses: {
    200: ok('Taken, but for those that are named.', TakenSchema, TAKEN),
    401: error('The token is not genuine.'),
    413: error('More than 1 MB.'),
    422: error('Not JSON, or nothing in it could be read.'),
  },
})
registry.registerPath({
  method: 'get',
  path: '/api/drivers/positions',
  operationId: 'openPositions',
  tags: ['Devices'],
  summary: 'Positions (WebSocket)',
  description:
    'Every message is the body of `POST /api/positions` and is answered with its `{taken, malformed, fixEveryS?}`; the text `ping` is answered `pong`. An SOS goes by the lifeline or by `POST /api/sos`, never here.',
  security: device,
  responses: {
    101: { description: 'Switching to WebSocket.' },
    401: error('The token is not genuine.'),
    426: error('Not a WebSocket request.'),
    503: error('It cannot be opened now. Report over HTTP.'),
  },
})
