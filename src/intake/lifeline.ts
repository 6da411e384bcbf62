// What is said on a driver's lifeline, both ways. It is the same press as POST /api/sos: any frame that is nothing else
// is a cry for help. Sockets and their hibernation are the object's business.

import { fixEveryAfterPress } from '../domain/pace'
import { cryId, isAnswerWord, isCryForHelp, type PhoneSaid, SAID_MAX, type SaidHeard } from '../domain/phone-said'
import type { PhoneView } from '../domain/phone-view'
import { type QueueAnswer, readAnswer } from '../domain/queue-answer'
import type { GenuineDevice } from '../ingest/press'
import { toPress } from '../ingest/press'
import { clientIdOf } from '../ingest/press-id'
import { pressFields, readPressText } from '../ingest/press-json'
import { textOrNull } from '../ingest/text'
import type { Question } from './contract'
import type { Intake } from './intake'
import { pinMac } from './pin'
import type { Told } from './statuses'

/** Whose socket it is, as the Worker read it from the token. */
export type LifelineDevice = { deviceId: string; home: GenuineDevice['home']; generation: number; expired: boolean }

export type ToPhone =
  /** Unasked: a message of ours. Answer `{"t": "answer", "id": id, "answer": …}` with one of `answers`, or with a `text`. */
  | { t: 'message'; id: string; text: string; answers?: readonly { answer: string; text: string }[] }
  /** `fixEveryS`: report so often from now on; what answers to positions say later goes on from there. */
  | { t: 'received'; sosId: string; receivedAt: string; statusUrl: string; fixEveryS?: number; ref?: string | number }
  | ({ t: 'status'; sosId: string } & IsoView)
  | ({ t: 'cancel'; sosId: string; ok: true } & IsoView)
  | { t: 'cancel'; sosId: string; ok: false; code: 'wrong_pin' | 'not_yours' }
  | { t: 'pong' }
  /** Unasked. Answer `{"welfare": id, "answer": "ok"}`, or `"help"`, which is a press; both before `answerBy`. */
  | { t: 'welfare'; welfare: string; question: 'are_you_ok'; reason: string; answerBy: string }
  | { t: 'welfare'; welfare: string; ok: true }
  | { t: 'answer'; id: string; ok: true }
  /** Nobody listens to it any more: in danger, press again. */
  | { t: 'answer'; id: string; ok: false; code: 'over' }
  /** `try_again`: nothing was stored, send it again. `ref` is the press's own. */
  | { t: 'error'; code: 'not_found' | 'try_again'; sosId?: string; ref?: string | number }

/** A `PhoneView` with its times as ISO 8601. */
export type IsoView = { [K in keyof PhoneView]: NonNullable<PhoneView[K]> extends number ? string : PhoneView[K] }

export type LifelinePorts = {
  intake: Pick<Intake, 'press' | 'status' | 'cancel'>
  /** The room takes the phone's "I am OK". False where it asked this device nothing of that id. */
  isOk?: (checkId: string, deviceId: string) => Promise<boolean>
  /** The room takes what a presser in line says of themself. `id`: of the press, or of the question. */
  answered?: (id: string, deviceId: string, answer: QueueAnswer) => Promise<'heard' | 'unknown' | 'over'>
  /** The same, of anything that a phone says to a message of ours; stands before `answered`. */
  said?: (id: string, deviceId: string, said: PhoneSaid) => Promise<SaidHeard>
  pepper: Uint8Array
  now: () => number
  statusUrl: (sosId: string, deviceId: string) => string
}

/** Longer frames are read as far as this, labelled, and then the socket is closed. */
export const LONGEST_FRAME = 16_384
const READ_OF_TOO_LONG = 8_192
const NOT_JSON = Symbol('not JSON')

/** Answers one frame. Never throws; a press is answered only after it is stored. */
export async function hearPhone(text: string, device: LifelineDevice, ports: LifelinePorts): Promise<ToPhone> {
  const message = text.length > LONGEST_FRAME ? NOT_JSON : jsonOf(text)
  const fields = typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {}
  const ref = typeof fields.ref === 'number' || typeof fields.ref === 'string' ? { ref: refOf(fields.ref) } : {}
  try {
    if (fields.t === 'ping') return { t: 'pong' }
    if (typeof fields.cancel === 'string') return await cancelled(fields.cancel, fields.pin, device, ports)
    if (typeof fields.status === 'string') return await statusOf(fields.status, device, ports)
    const to = fields.t === 'answer' && typeof fields.id === 'string' ? short(fields.id) : null
    const said = to === null ? null : saidIn(fields)
    if (to !== null && said !== null && ports.said) {
      const heard = await ports.said(to, device.deviceId, said)
      if (heard !== 'press') return answerTo(to, heard)
    }
    const inLine = to !== null && !ports.said ? readAnswer(fields.answer) : null
    if (to !== null && inLine !== null && ports.answered) return await answered(to, inLine, device, ports)
    // Whatever else is answered than that all is well is a cry for help, as any frame of no other kind.
    if (typeof fields.welfare === 'string' && fields.answer === 'ok') return await isOk(fields.welfare, device, ports)
    return { ...(await pressed(message, text, device, ports, to)), ...ref }
  } catch {
    return { t: 'error', code: 'try_again', ...ref }
  }
}

/** What the room made known, as the phone gets it unasked. */
export const statusFrame = ({ sosId, view }: Told): ToPhone => ({ t: 'status', sosId, ...isoView(view) })

/** "Are you OK?", as the phone gets it unasked. */
export const questionFrame = ({ id, reason, answerBy }: Question): ToPhone => ({
  t: 'welfare',
  welfare: id,
  question: 'are_you_ok',
  reason,
  answerBy: iso(answerBy),
})

export function isoView(view: PhoneView): IsoView {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(view)) shown[name] = typeof value === 'number' ? iso(value) : value
  return shown as IsoView
}

/** What it answers to a message; null for what is a cry, or nothing that anybody could read. */
function saidIn({ answer, text }: Record<string, unknown>): PhoneSaid | null {
  if (isCryForHelp(answer)) return null
  const words = textOrNull(text, SAID_MAX)
  const isAnswer = isAnswerWord(answer)
  return isAnswer || words !== null ? { answer: isAnswer ? String(answer) : null, text: words } : null
}

/** `answers`: the message of ours to which this is the cry. */
async function pressed(
  message: unknown,
  text: string,
  device: LifelineDevice,
  ports: LifelinePorts,
  answers: string | null,
): Promise<ToPhone> {
  const receivedAt = ports.now()
  const body = text.length > LONGEST_FRAME ? text.slice(0, READ_OF_TOO_LONG) : text
  const read = message === NOT_JSON ? readPressText(body, receivedAt).fields : pressFields(named(message), receivedAt)
  const fields =
    answers === null ? read : { ...read, clientId: clientIdOf(cryId(answers, receivedAt)) ?? read.clientId }
  const press = toPress({ genuine: true, ...device }, fields, {
    door: 'lifeline',
    reporter: 'driver',
    receivedAt,
    body,
  })
  const receipt = await ports.intake.press(answers === null ? press : { ...press, answers })
  return {
    t: 'received',
    sosId: receipt.sosId,
    receivedAt: iso(receipt.receivedAt),
    statusUrl: ports.statusUrl(receipt.sosId, device.deviceId),
    ...fixEveryAfterPress(receipt.receivedAt, receivedAt),
  }
}

async function isOk(checkId: string, { deviceId }: LifelineDevice, ports: LifelinePorts): Promise<ToPhone> {
  const welfare = short(checkId)
  const known = (await ports.isOk?.(welfare, deviceId)) ?? false
  return known ? { t: 'welfare', welfare, ok: true } : { t: 'error', code: 'not_found' }
}

async function answered(
  id: string,
  answer: QueueAnswer,
  { deviceId }: LifelineDevice,
  { answered }: LifelinePorts,
): Promise<ToPhone> {
  return answerTo(id, (await answered?.(id, deviceId, answer)) ?? 'unknown')
}

function answerTo(id: string, heard: 'heard' | 'unknown' | 'over'): ToPhone {
  if (heard === 'unknown') return { t: 'error', code: 'not_found' }
  return heard === 'heard' ? { t: 'answer', id, ok: true } : { t: 'answer', id, ok: false, code: 'over' }
}

async function statusOf(sosId: string, { deviceId }: LifelineDevice, { intake }: LifelinePorts): Promise<ToPhone> {
  const view = await intake.status(sosId, deviceId)
  return view ? { t: 'status', sosId, ...isoView(view) } : { t: 'error', code: 'not_found', sosId: short(sosId) }
}

async function cancelled(
  sosId: string,
  pin: unknown,
  { deviceId }: LifelineDevice,
  { intake, pepper }: LifelinePorts,
): Promise<ToPhone> {
  const answer = await intake.cancel(short(sosId), deviceId, pinMac(pepper, deviceId, String(pin).slice(0, 64)))
  return answer.ok
    ? { t: 'cancel', sosId: short(sosId), ok: true, ...isoView(answer.view) }
    : { t: 'cancel', sosId: short(sosId), ok: false, code: answer.reason }
}

/** "Help", said twice to the same question, is one press: the question's id names it. */
function named(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message
  const { welfare, id } = message as { welfare?: unknown; id?: unknown }
  return typeof welfare === 'string' && id === undefined ? { ...message, id: welfare } : message
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return NOT_JSON
  }
}

const iso = (at: number): string => new Date(at).toISOString()
const refOf = (ref: string | number): string | number => (typeof ref === 'string' ? ref.slice(0, 64) : ref)
/** Ids of ours have 36 characters; what is longer is somebody's joke and is neither stored nor sent back whole. */
const short = (sosId: string): string => sosId.slice(0, 64)
