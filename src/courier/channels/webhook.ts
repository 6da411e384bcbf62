// Our own webhooks, by the Standard Webhooks specification: id, timestamp and body under HMAC-SHA256. Retries are the courier's; all of
// them have the page's id, so that a receiver can tell a repetition.

import { createHmac } from 'node:crypto'
import type { ChannelPort, Sent } from '../channel'
import { ask, type Heard, isOk, retryAfterMs, unanswered } from './ask'
import { type ChannelPorts, type CourierEnv, platformFetch } from './env'
import { isLoopback, refusedAddress } from './webhook-address'
import type { Words } from './words-port'

/** It answers at once or not at all. */
const SILENCE_MS = 10_000

/** Null where it is not configured. */
export function webhook(env: CourierEnv, words: Words, ports: ChannelPorts): ChannelPort | null {
  const key = webhookKey(env.WEBHOOK_SECRET ?? '')
  if (!key) return null
  const home = URL.parse(env.PUBLIC_URL)
  const loopback = home?.protocol === 'http:' && isLoopback(home.hostname.replace(/^\[|\]$/g, ''))
  const fetch = ports.fetch ?? platformFetch
  return {
    provider: 'webhook',
    channel: 'webhook',
    silenceMs: SILENCE_MS,
    send: async ({ page, to, with: joined }, signal) => {
      const wrong = refusedAddress(to, loopback)
      if (wrong) return { is: 'refused', error: wrong }
      const { text, data } = words.render(page, 'webhook', joined)
      const body = JSON.stringify(data ?? { type: 'page', id: page.id, text })
      const timestamp = Math.floor(ports.now() / 1000)
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'xpress-ops-tower',
        'webhook-id': page.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignature(key, page.id, timestamp, body),
      }
      return sentBy(await ask(fetch, to, { method: 'POST', headers, body }, signal), page.id, ports.now())
    },
  }
}

/** The bytes of `whsec_…`; null for a text that is no such secret (24 to 64 bytes). */
export function webhookKey(secret: string): Buffer | null {
  const [, text] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  const key = text ? Buffer.from(text, 'base64') : null
  return key && key.length >= 24 && key.length <= 64 ? key : null
}

/** `timestamp` in epoch seconds. */
export const webhookSignature = (key: Buffer, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`

function sentBy(heard: Heard, id: string, now: number): Sent {
  if (heard.is !== 'answer') return unanswered(heard)
  const { status, headers } = heard
  if (isOk(status)) return { is: 'delivered', providerId: id }
  // Gone: the receiver wants no more of them.
  if (status === 410) return { is: 'refused', error: 'http_410' }
  if (status === 429) return { is: 'busy', error: 'http_429', retryAfterMs: retryAfterMs(headers, now) }
  return { is: 'failed', error: `http_${status}` }
}
