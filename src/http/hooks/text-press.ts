// A text that cries for help becomes a press of its driver's device. A number that nobody knows is kept among the unverified.

import type { Context } from 'hono'
import { REGION_IDS } from '../../domain/region'
import { within } from '../../durable/deadline'
import { type PressFields, toPress } from '../../ingest/press'
import type { PhoneDevice } from '../../room/contract'
import { lifeOf, takePress, takeUnverified, unverifiedPress } from '../doors/take'
import type { AppEnv, Env } from '../env'
import { roomOf } from '../objects'
import { away, done } from './answers'
import { digestOf } from './signatures'

/** `messageId`, `receivedAt`: as the gateway says them; together they name a text, for its ids alone repeat. */
export type CryingText = { from: string; note: string | null; messageId: string; receivedAt: string }

const ROOM_DEADLINE_MS = 1_500

/** 200 once it is durable. 503: the gateway says it again, ten seconds later, then twenty. */
export async function takeTextPress(c: Context<AppEnv>, text: CryingText, pressedAt: number | null): Promise<Response> {
  const { env } = c
  const receivedAt = Date.now()
  const found = await deviceBehind(env, text.from)
  const fields: PressFields = {
    clientId: digestOf(text.from, text.messageId, text.receivedAt),
    // Quiet by the table: a text is what one sends who cannot speak.
    kind: 'panic',
    position: null,
    safeToTalk: null,
    note: text.note,
    tripId: null,
    pressedAt,
    labels: [],
  }
  if (found.device) {
    const { deviceId, home, generation } = found.device
    const device = { genuine: true, deviceId, home, generation, expired: false } as const
    const press = toPress(device, fields, { door: 'text', reporter: 'driver', receivedAt, body: text.messageId })
    return (await takePress(env, press)) ? done(env) : away(env)
  }
  const source = `phone:${text.from}`
  const kept = await takeUnverified(env, unverifiedPress(fields, { source, door: 'text', receivedAt }), lifeOf(c))
  // A room that is away may know the number: what is kept meanwhile as unverified comes again as a press.
  return kept && !found.away ? done(env) : away(env)
}

/** Every room is asked: a number says nothing of its region. */
async function deviceBehind(env: Env, phone: string): Promise<{ device: PhoneDevice | null; away: boolean }> {
  const asked = REGION_IDS.map((region) => within(ROOM_DEADLINE_MS, roomOf(env, region).deviceOfPhone(phone)))
  const answers = await Promise.allSettled(asked)
  const device = answers.map((each) => (each.status === 'fulfilled' ? each.value : null)).find((each) => each !== null)
  return { device: device ?? null, away: answers.some(({ status }) => status === 'rejected') }
}
