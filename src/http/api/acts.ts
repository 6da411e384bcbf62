// POST /api/incidents/{id}/{act}: everything a person can do to an incident, as one table.

import { createRoute, type z } from '@hono/zod-openapi'
import type { ActType } from '../../domain/command'
import { RIGHT_FOR } from '../../room/rights'
import { actOn } from '../desk'
import { LEG_ID, OTHER_ID } from './examples'
import { ANSWERS, answered, body, json, needs, newApi, session } from './route'
import { ACT_BODIES, actOf } from './schemas/act'
import { IncidentId } from './schemas/common'
import { z as schema } from './schemas/zod'

export const acts = newApi()

const Params = schema.object({ id: IncidentId })

type Told<T extends ActType> = {
  type: T
  /** Last part of the path, where it is not the type. */
  path?: string
  summary: string
  description: string
  /** A body that does the usual; absent where the body may be empty. */
  example?: Record<string, unknown>
}

function act<T extends ActType>({ type, path = type, summary, description, example }: Told<T>): void {
  const schema = ACT_BODIES[type]
  const request = json(schema, example !== undefined)
  const route = createRoute({
    method: 'post',
    path: `/api/incidents/{id}/${path}`,
    operationId: camel(path),
    tags: ['Acts'],
    summary,
    description,
    security: session,
    middleware: [needs(RIGHT_FOR[type]), body],
    request: {
      params: Params,
      body: {
        ...request.body,
        content: { 'application/json': { schema, ...(example && { example }) } },
      },
    },
    responses: ANSWERS,
  })
  acts.openapi(route, async (c) => {
    // The path of the route is computed, so its parameters and body cannot be inferred.
    const { id } = c.req.valid('param' as never) as z.output<typeof Params>
    const told = c.req.valid('json' as never) as z.output<typeof schema>
    return answered(c, await actOn(c.env, c.var.viewer, id, actOf(type, told)))
  })
}

act({
  type: 'take',
  summary: 'Take it: it is mine now',
  description:
    'Of two at once the second gets 409 `already_taken` with the incident, which names who has it. It goes back to the queue, with sound, when the owner’s screen is gone for 20 s, or when nothing is done on a P1 for 60 s.',
})
act({
  type: 'pass',
  summary: 'Pass it on',
  description:
    'To the operator in `to`, else to the next free one. It is back in the queue with sound until somebody takes it.',
})
act({
  type: 'help',
  summary: 'Everyone, help me',
  description: 'Sounds on every screen of the desk. The owner stays.',
})
act({
  type: 'note',
  summary: 'Write a note',
  description: 'Possible in every state. Counts as an act of the owner.',
  example: { text: 'Vehicle seen turning into Ortigas Avenue, two people inside.' },
})
act({
  type: 'priority',
  summary: 'Raise or lower the priority',
  description: 'The system only raises; people may lower. Raising an incident that nobody has taken sounds again.',
  example: { priority: 'P2', reason: 'Driver says that nobody is hurt' },
})
act({
  type: 'contact-policy',
  summary: 'Quiet, or free to call',
  description:
    'Decides whether anything may reach the presser. `voice_ok` is refused with 409 `duress` while a duress PIN stands; a supervisor lifts it first.',
  example: { policy: 'voice_ok', reason: 'Driver called us from the police station' },
})
act({
  type: 'contact-attempt',
  path: 'contact-attempts',
  summary: 'Log a call, text or radio message',
  description:
    'Towards the driver or their contacts it is refused with 409 `quiet` while the incident is quiet. To an agency it makes the state `help_asked`.',
  example: { to: 'agency', channel: 'call', outcome: 'answered', ref: '911-20261122-0815' },
})
act({
  type: 'leg',
  path: 'legs',
  summary: 'Ask a responder, or move one on',
  description:
    'Without `legId` a responder is asked (`kind` and `name`). With it that leg moves on: asked, accepted or declined, on_the_way, there, done. Only an accepted leg lets the phone read that help is on the way. Several at once; the incident shows the furthest.',
  example: { legId: LEG_ID, state: 'on_the_way', etaMinutes: 6 },
})
act({
  type: 'safe',
  summary: 'The person is safe',
  description: 'Says who confirmed it.',
  example: { confirmedBy: 'own_voice' },
})
act({
  type: 'false-alarm',
  summary: 'It was no emergency',
  description:
    'A quiet incident, or one under duress, needs two people: the first answer has `pending` set, and a second person sends the same.',
  example: { reason: 'accidental', note: 'Button pressed while loading' },
})
act({
  type: 'close',
  summary: 'Close it',
  description:
    'After `safe` or `cancelled`. A quiet incident, or one under duress, needs two people: the first answer has `pending` set, and a second person sends the same.',
})
act({
  type: 'reopen',
  summary: 'Open it again',
  description: 'Back to the queue, untaken, with sound.',
})
act({
  type: 'link',
  summary: 'Link with another incident',
  description: 'For people in one emergency. Both show the other; each keeps its own life.',
  example: { otherId: OTHER_ID },
})
act({
  type: 'unlink',
  summary: 'Undo a link',
  description: 'Both stop showing the other.',
  example: { otherId: OTHER_ID },
})
act({
  type: 'merge',
  summary: 'Merge into another incident of the same person',
  description:
    'This one becomes a `duplicate` of `intoId`, which takes over what is graver and sounds. Another person’s incident is refused with 409 `another_person`: link it.',
  example: { intoId: OTHER_ID },
})
act({
  type: 'unmerge',
  summary: 'Undo a merge',
  description: 'Of a duplicate: it lives again as it was. With `sosId`: that press becomes an incident of its own.',
})
act({
  type: 'lift-duress',
  summary: 'Lift the duress',
  description: 'Supervisors only. What the phone can read stops saying `cancelled`; the contact policy stays quiet.',
  example: { reason: 'Driver met in person by Rover 12' },
})

function camel(path: string): string {
  return path.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
