// POST /api/sos/{sosId}/answer: what a presser who waits in line says of themself. It sorts the queue and is no press: whoever
// is told that nobody listens to it any more must press again.

import { type QueueAnswer, readAnswer } from '../../domain/queue-answer'
import { within } from '../../durable/deadline'
import { isObject, parsed } from '../../ingest/json'
import type { Env } from '../env'
import { roomOf } from '../objects'
import { json, refusal } from './answers'
import { readBody } from './body'
import type { PressPlace } from './status-url'

const BODY_BYTES = 1024
const ROOM_DEADLINE_MS = 5_000
const WORDS = 'answer: trapped, hurt, stuck or ok, or its number from 1 to 4.'

export async function hearAnswer(request: Request, env: Env, sosId: string, place: PressPlace): Promise<Response> {
  const { text } = await readBody(request, BODY_BYTES)
  const value = parsed(text)
  const answer = readAnswer(isObject(value) ? value.answer : undefined)
  if (answer === null) return refusal(env, 422, 'invalid', WORDS, 'answer')
  try {
    return await told(env, sosId, place, answer)
  } catch {
    const away = refusal(env, 503, 'away', 'Your SOS is kept, but your answer was not heard. Send it again.')
    away.headers.set('retry-after', '2')
    return away
  }
}

async function told(env: Env, sosId: string, place: PressPlace, answer: QueueAnswer): Promise<Response> {
  const { storm } = roomOf(env, place.region)
  switch (await within(ROOM_DEADLINE_MS, storm.answered(sosId, place.deviceId, answer, 'http'))) {
    case 'heard':
      return json(env, 200, { received: true })
    case 'unknown':
      return refusal(env, 404, 'not_found', 'There is no such SOS of this device.')
    case 'over':
      return refusal(
        env,
        409,
        'over',
        'This SOS is over. In danger, press again. / Tapos na ang SOS na ito. Kung may panganib, pindutin muli.',
      )
  }
}
