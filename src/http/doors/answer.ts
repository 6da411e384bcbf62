// POST /api/sos/{sosId}/answer: what a phone says to us. What a presser who waits in line says of themself, what a driver writes
// to the desk, the roll-call of a broadcast, and "not now" to a drill. It is no press, but for "need help": that is durable as one.

import { cryId, isAnswerWord, isCryForHelp, type PhoneSaid, SAID_MAX } from '../../domain/phone-said'
import { readAnswer } from '../../domain/queue-answer'
import { within } from '../../durable/deadline'
import { isObject, parsed } from '../../ingest/json'
import { type GenuineDevice, toPress } from '../../ingest/press'
import { clientIdOf } from '../../ingest/press-id'
import { readPressText } from '../../ingest/press-json'
import { textOrNull } from '../../ingest/text'
import type { Env } from '../env'
import { roomOf } from '../objects'
import { json, notReadable, notReceived, refusal } from './answers'
import { deviceOf } from './bearer'
import { readBody } from './body'
import { type PressPlace, receiptBody } from './status-url'
import { takePress } from './take'

const BODY_BYTES = 4 * 1024
const ROOM_DEADLINE_MS = 5_000
const WORDS =
  'answer: trapped, hurt, stuck or ok, or its number from 1 to 4; to a broadcast safe or need_help; to a drill cannot. Or text: your own words.'

export async function hearAnswer(request: Request, env: Env, sosId: string, place: PressPlace): Promise<Response> {
  const { text: body } = await readBody(request, BODY_BYTES)
  const value = parsed(body)
  const fields = isObject(value) ? value : {}
  const id = typeof fields.id === 'string' ? fields.id.slice(0, 64) : sosId
  if (isCryForHelp(fields.answer)) return cried(request, env, place, id, body)
  const text = textOrNull(fields.text, SAID_MAX)
  const isAnswer = isAnswerWord(fields.answer)
  if (!isAnswer && text === null) return refusal(env, 422, 'invalid', WORDS, 'answer')
  try {
    const said = { answer: isAnswer ? String(fields.answer) : null, text }
    const heard = await within(ROOM_DEADLINE_MS, told(env, sosId, place, id, said))
    return heard === 'press' ? cried(request, env, place, id, body) : answerOf(env, heard)
  } catch {
    const away = refusal(env, 503, 'away', 'Your SOS is kept, but your answer was not heard. Send it again.')
    away.headers.set('retry-after', '2')
    return away
  }
}

/** GET /api/sos/{sosId}/messages: what was said to and fro. Nothing where silence is kept. */
export async function messagesOf(env: Env, sosId: string, { region, deviceId }: PressPlace): Promise<Response> {
  try {
    const said = await within(ROOM_DEADLINE_MS, roomOf(env, region).areas.messages(sosId, deviceId))
    if (said === null) return answerOf(env, 'unknown')
    return json(env, 200, { messages: said.map((each) => ({ ...each, at: new Date(each.at).toISOString() })) })
  } catch {
    return notReadable(env)
  }
}

async function told(env: Env, sosId: string, { region, deviceId }: PressPlace, id: string, said: PhoneSaid) {
  const room = roomOf(env, region)
  const inLine = id === sosId && said.text === null ? readAnswer(said.answer) : null
  const heard = inLine ? await room.storm.answered(sosId, deviceId, inLine, 'http') : 'unknown'
  // No press of theirs has this name: it may be a message of ours.
  return heard === 'unknown' ? room.areas.said(id, deviceId, said, 'http') : heard
}

/** Durable in an intake before it is answered, whatever has become of the room. */
async function cried(request: Request, env: Env, place: PressPlace, id: string, body: string): Promise<Response> {
  const receivedAt = Date.now()
  const { fields } = readPressText(body, receivedAt)
  const clientId = clientIdOf(cryId(id, receivedAt)) ?? fields.clientId
  const press = toPress(
    deviceAt(env, request, place),
    { ...fields, clientId },
    {
      ...{ door: 'api', reporter: 'driver', receivedAt, body },
    },
  )
  const taken = await takePress(env, { ...press, answers: id })
  if (!taken) return notReceived(env)
  return json(env, taken.known ? 200 : 201, receiptBody(env, taken, place))
}

/** Whoever came by the address alone pressed with a token that was good then. */
function deviceAt(env: Env, request: Request, { deviceId, region }: PressPlace): GenuineDevice {
  const device = deviceOf(env, request, Date.now())
  if (device.genuine && device.deviceId === deviceId) return device
  return { genuine: true, deviceId, home: region, generation: Number.MAX_SAFE_INTEGER, expired: false }
}

function answerOf(env: Env, heard: 'heard' | 'unknown' | 'over'): Response {
  switch (heard) {
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
