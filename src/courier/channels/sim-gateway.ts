// Texts by a phone of our own with a local SIM: the HTTP API of "SMS Gateway for Android" (sms-gate.app), on the phone itself, on
// its cloud, or on one's own server. Second provider of texts, and the only one that can be answered. Its events come to /hooks/sim.

import type { ChannelPort, Polled, Sent } from '../channel'
import { placeOfAttempt } from '../contract'
import { ask, fieldOf, type Heard, isOk, retryAfterMs, textField, unanswered } from './ask'
import { type ChannelPorts, type CourierEnv, platformFetch, withoutSlash } from './env'
import { validSeconds } from './twilio-sms'
import type { ReceiptState } from './twilio-status'
import type { Words } from './words-port'

/** The gateway asks its network for a report of each text. */
const SILENCE_MS = 20_000
/** From 100 on the gateway neither spaces texts out nor counts them against its limits. */
const URGENT = 100

/** Every state that the gateway has. */
export const GATEWAY_STATES = {
  Pending: 'accepted',
  Processed: 'accepted',
  Sent: 'sent',
  Delivered: 'delivered',
  Failed: 'failed',
} as const satisfies Record<string, ReceiptState>

/** Null where it is not configured. */
export function simGateway(env: CourierEnv, words: Words, ports: ChannelPorts): ChannelPort | null {
  const { SIM_GATEWAY_URL: url, SIM_GATEWAY_TOKEN: token } = env
  if (!url || !token) return null
  const messages = `${withoutSlash(url)}/messages`
  const headers = { authorization: authorizationOf(token), accept: 'application/json' }
  const fetch = ports.fetch ?? platformFetch
  return {
    provider: 'sim',
    channel: 'sms',
    silenceMs: SILENCE_MS,
    send: async ({ attemptId, page, to, with: joined }, signal) => {
      const id = gatewayIdOf(attemptId)
      const body = JSON.stringify({
        id,
        textMessage: { text: words.render(page, 'sms', joined).text },
        phoneNumbers: [to],
        withDeliveryReport: true,
        ttl: validSeconds(page.until, ports.now()),
        priority: page.priority === 'P1' ? URGENT : 0,
      })
      const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }
      return sentBy(await ask(fetch, messages, init, signal), id, ports.now())
    },
    poll: async (providerId, signal) =>
      polledBy(await ask(fetch, `${messages}/${encodeURIComponent(providerId)}`, { headers }, signal)),
  }
}

/** Its log-in is `user:password`; newer ones also make tokens. */
const authorizationOf = (token: string): string =>
  token.includes(':') ? `Basic ${Buffer.from(token).toString('base64')}` : `Bearer ${token}`

function sentBy(heard: Heard, id: string, now: number): Sent {
  if (heard.is !== 'answer') return unanswered(heard)
  const { status, headers, body } = heard
  const error = `http_${status}`
  if (isOk(status)) return { is: 'accepted', providerId: textField(body, 'id') ?? id }
  // It has this id already: what we sent before did arrive.
  if (status === 409) return { is: 'accepted', providerId: id }
  if (status === 429) return { is: 'busy', error, retryAfterMs: retryAfterMs(headers, now) }
  return { is: status === 400 || status === 422 ? 'refused' : 'failed', error }
}

function polledBy(heard: Heard): Polled {
  if (heard.is !== 'answer' || !isOk(heard.status)) return null
  const said = textField(heard.body, 'state') ?? ''
  if (!Object.hasOwn(GATEWAY_STATES, said)) return null
  const state = GATEWAY_STATES[said as keyof typeof GATEWAY_STATES]
  const [recipient] = recipientsOf(heard.body)
  return { state, error: state === 'failed' ? reasonOf(textField(recipient, 'error')) : null }
}

const recipientsOf = (body: unknown): unknown[] => {
  const recipients = fieldOf(body, 'recipients')
  return Array.isArray(recipients) ? recipients : []
}

/** The gateway's own word for a failure, as `RESULT_ERROR_GENERIC_FAILURE`: words and no sentences, which may quote a number. */
export function reasonOf(said: string | null): string {
  const word = /\b[A-Z][A-Z_]{4,60}\b/.exec(said ?? '')?.[0]
  return word ? word.toLowerCase() : 'failed'
}

/** Attempt ids are too long for the gateway's server (36): region, shard, and the UUID in 22 letters. */
export function gatewayIdOf(attemptId: string): string {
  const place = placeOfAttempt(attemptId)
  const uuid = attemptId.split('.')[2]?.replaceAll('-', '') ?? ''
  if (!place || uuid.length !== 32) return attemptId
  return `${place.region}.${place.shard}.${Buffer.from(uuid, 'hex').toString('base64url')}`
}

/** Null for an id that is none of ours: the phone sends other people's texts, too. */
export function attemptIdOfGateway(id: string): string | null {
  const [, region, shard, packed] = /^([A-Z]{3})\.(\d{1,3})\.([A-Za-z0-9_-]{22})$/.exec(id) ?? []
  if (!region || !shard || !packed) return null
  const hex = Buffer.from(packed, 'base64url').toString('hex')
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return `${region}.${shard}.${uuid}`
}
