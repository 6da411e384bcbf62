// POST /api/incidents/{id}/{act}: everything a person can do to an incident, as one table.

import { createRoute, type z } from '@hono/zod-openapi'
import type { Act, ActType } from '../../domain/command'
import { RIGHT_FOR } from '../../room/rights'
import { actOn } from '../desk'
import { LEG_ID, OTHER_ID } from './examples'
import { ANSWERS, answered, body, json, needs, newApi, session } from './route'
import {
  CloseBody,
  ContactAttemptBody,
  FalseAlarmBody,
  LegBody,
  LiftDuressBody,
  LinkBody,
  MergeBody,
  NoBody,
  NoteBody,
  PassBody,
  PolicyBody,
  PriorityBody,
  ReopenBody,
  SafeBody,
  UnmergeBody,
} from './schemas/act'
import { given, IncidentId } from './schemas/common'
import { z as schema } from './schemas/zod'

export const acts = newApi()

const Params = schema.object({ id: IncidentId })

type Told<S extends z.ZodType> = {
  /** Last part of the path. */
  path: string
  type: ActType
  summary: string
  description: string
  body: S
  /** A body that does the usual; absent where the body may be empty. */
  example?: Record<string, unknown>
  toAct: (body: z.output<S>) => Act
}

function act<S extends z.ZodType>({ path, type, summary, description, body: schema, example, toAct }: Told<S>): void {
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
    const told = c.req.valid('json' as never) as z.output<S>
    return answered(c, await actOn(c.env, c.var.viewer, id, toAct(told)))
  })
}

act({
  path: 'take',
  type: 'take',
  summary: 'Take it: it is mine now',
  description:
    'Of two at once the second gets 409 `already_taken` with the incident, which names who has it. It goes back to the queue, with sound, when the owner’s screen is gone for 20 s, or when nothing is done on a P1 for 60 s.',
  body: NoBody,
  toAct: () => ({ type: 'take' }),
})
act({
  path: 'pass',
  type: 'pass',
  summary: 'Pass it on',
  description:
    'To the operator in `to`, else to the next free one. It is back in the queue with sound until somebody takes it.',
  body: PassBody,
  toAct: ({ to }) => given({ type: 'pass' as const, to }),
})
act({
  path: 'help',
  type: 'help',
  summary: 'Everyone, help me',
  description: 'Sounds on every screen of the desk. The owner stays.',
  body: NoBody,
  toAct: () => ({ type: 'help' }),
})
act({
  path: 'note',
  type: 'note',
  summary: 'Write a note',
  description: 'Possible in every state. Counts as an act of the owner.',
  body: NoteBody,
  example: { text: 'Vehicle seen turning into Ortigas Avenue, two people inside.' },
  toAct: ({ text }) => ({ type: 'note', text }),
})
act({
  path: 'priority',
  type: 'priority',
  summary: 'Raise or lower the priority',
  description: 'The system only raises; people may lower. Raising an incident that nobody has taken sounds again.',
  body: PriorityBody,
  example: { priority: 'P2', reason: 'Driver says that nobody is hurt' },
  toAct: ({ priority, reason }) => given({ type: 'priority' as const, priority, reason }),
})
act({
  path: 'contact-policy',
  type: 'contact-policy',
  summary: 'Quiet, or free to call',
  description:
    'Decides whether anything may reach the presser. `voice_ok` is refused with 409 `duress` while a duress PIN stands; a supervisor lifts it first.',
  body: PolicyBody,
  example: { policy: 'voice_ok', reason: 'Driver called us from the police station' },
  toAct: ({ policy, reason }) => ({ type: 'contact-policy', policy, reason }),
})
act({
  path: 'contact-attempts',
  type: 'contact-attempt',
  summary: 'Log a call, text or radio message',
  description:
    'Towards the driver or their contacts it is refused with 409 `quiet` while the incident is quiet. To an agency it makes the state `help_asked`.',
  body: ContactAttemptBody,
  example: { to: 'agency', channel: 'call', outcome: 'answered', ref: '911-20261122-0815' },
  toAct: ({ to, channel, outcome, ref, note }) =>
    given({ type: 'contact-attempt' as const, to, channel, outcome, ref, note }),
})
act({
  path: 'legs',
  type: 'leg',
  summary: 'Ask a responder, or move one on',
  description:
    'Without `legId` a responder is asked (`kind` and `name`). With it that leg moves on: asked, accepted or declined, on_the_way, there, done. Only an accepted leg lets the phone read that help is on the way. Several at once; the incident shows the furthest.',
  body: LegBody,
  example: { legId: LEG_ID, state: 'on_the_way', etaMinutes: 6 },
  toAct: (leg) => given({ type: 'leg' as const, ...leg }),
})
act({
  path: 'safe',
  type: 'safe',
  summary: 'The person is safe',
  description: 'Says who confirmed it.',
  body: SafeBody,
  example: { confirmedBy: 'own_voice' },
  toAct: ({ confirmedBy, note }) => given({ type: 'safe' as const, confirmedBy, note }),
})
act({
  path: 'false-alarm',
  type: 'false-alarm',
  summary: 'It was no emergency',
  description:
    'A quiet incident, or one under duress, needs two people: the first answer has `pending` set, and a second person sends the same.',
  body: FalseAlarmBody,
  example: { reason: 'accidental', note: 'Button pressed while loading' },
  toAct: ({ reason, note }) => given({ type: 'false-alarm' as const, reason, note }),
})
act({
  path: 'close',
  type: 'close',
  summary: 'Close it',
  description:
    'After `safe` or `cancelled`. A quiet incident, or one under duress, needs two people: the first answer has `pending` set, and a second person sends the same.',
  body: CloseBody,
  toAct: ({ note }) => given({ type: 'close' as const, note }),
})
act({
  path: 'reopen',
  type: 'reopen',
  summary: 'Open it again',
  description: 'Back to the queue, untaken, with sound.',
  body: ReopenBody,
  toAct: ({ reason }) => given({ type: 'reopen' as const, reason }),
})
act({
  path: 'link',
  type: 'link',
  summary: 'Link with another incident',
  description: 'For people in one emergency. Both show the other; each keeps its own life.',
  body: LinkBody,
  example: { otherId: OTHER_ID },
  toAct: ({ otherId }) => ({ type: 'link', otherId }),
})
act({
  path: 'unlink',
  type: 'unlink',
  summary: 'Undo a link',
  description: 'Both stop showing the other.',
  body: LinkBody,
  example: { otherId: OTHER_ID },
  toAct: ({ otherId }) => ({ type: 'unlink', otherId }),
})
act({
  path: 'merge',
  type: 'merge',
  summary: 'Merge into another incident of the same person',
  description:
    'This one becomes a `duplicate` of `intoId`, which takes over what is graver and sounds. Another person’s incident is refused with 409 `another_person`: link it.',
  body: MergeBody,
  example: { intoId: OTHER_ID },
  toAct: ({ intoId }) => ({ type: 'merge', intoId }),
})
act({
  path: 'unmerge',
  type: 'unmerge',
  summary: 'Undo a merge',
  description: 'Of a duplicate: it lives again as it was. With `sosId`: that press becomes an incident of its own.',
  body: UnmergeBody,
  toAct: ({ sosId }) => given({ type: 'unmerge' as const, sosId }),
})
act({
  path: 'lift-duress',
  type: 'lift-duress',
  summary: 'Lift the duress',
  description: 'Supervisors only. What the phone can read stops saying `cancelled`; the contact policy stays quiet.',
  body: LiftDuressBody,
  example: { reason: 'Driver met in person by Rover 12' },
  toAct: ({ reason }) => ({ type: 'lift-duress', reason }),
})

function camel(path: string): string {
  return path.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
