// Twilio's REST API as far as texts and calls need it: one form that is posted, one resource that is read.

import type { Sent } from '../channel'
import { ask, fieldOf, type Heard, isOk, retryAfterMs, textField, unanswered } from './ask'
import { type ChannelPorts, type CourierEnv, type Fetch, platformFetch, withoutSlash } from './env'
import { codeOf } from './twilio-status'

export const TWILIO_URL = 'https://api.twilio.com'

export type TwilioAccount = {
  resource: string
  authorization: string
  publicUrl: string
  fetch: Fetch
  now(): number
}

/** Null where Twilio is not configured. */
export function twilioAccount(env: CourierEnv, ports: ChannelPorts): TwilioAccount | null {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = env
  if (!sid || !token) return null
  return {
    resource: `${withoutSlash(env.TWILIO_BASE_URL || TWILIO_URL)}/2010-04-01/Accounts/${encodeURIComponent(sid)}`,
    authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`,
    publicUrl: withoutSlash(env.PUBLIC_URL),
    fetch: ports.fetch ?? platformFetch,
    now: () => ports.now(),
  }
}

/** Fields may repeat: that is how Twilio takes lists. */
export async function createAtTwilio(
  account: TwilioAccount,
  what: 'Messages' | 'Calls',
  fields: readonly (readonly [name: string, value: string])[],
  signal: AbortSignal,
): Promise<Sent> {
  const { authorization } = account
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString()
  const heard = await ask(account.fetch, `${account.resource}/${what}.json`, { method: 'POST', headers, body }, signal)
  return sentBy(heard, account.now())
}

/** Null where it is not there or cannot be read now. */
export async function readAtTwilio(
  account: TwilioAccount,
  what: 'Messages' | 'Calls',
  sid: string,
  signal: AbortSignal,
): Promise<{ status: string; body: unknown } | null> {
  const { authorization } = account
  const url = `${account.resource}/${what}/${encodeURIComponent(sid)}.json`
  const heard = await ask(account.fetch, url, { headers: { authorization, accept: 'application/json' } }, signal)
  if (heard.is !== 'answer' || !isOk(heard.status)) return null
  const status = textField(heard.body, 'status')
  return status === null ? null : { status, body: heard.body }
}

/**
 * Codes that speak of our account or our sender and not of this one person: another provider reaches them all the same, and every
 * further try here would end alike.
 */
const OF_OUR_ACCOUNT: ReadonlySet<string> = new Set([
  '20003', // authentication
  '20005', // account not active
  '20404', // no such account
  '21210', // the caller's number is not verified
  '21212', // the sender is no number
  '21213', // no caller
  '21215', // no permission for the country, voice
  '21408', // no permission for the country, texts
  '21606', // the sender cannot send
  '21609', // our callback address is not taken
  '21611', // the sender's queue is full
  '21659', // the sender is not ours
  '30001', // queue overflow
  '30002', // account suspended
  '63038', // daily limit
])

function sentBy(heard: Heard, now: number): Sent {
  if (heard.is !== 'answer') return unanswered(heard)
  const { status, headers, body } = heard
  const code = codeOf(fieldOf(body, 'code'))
  const error = code ?? `http_${status}`
  if (isOk(status)) {
    const sid = textField(body, 'sid')
    // It has taken something, and we cannot say what: silence will be followed by the next way.
    return sid === null ? { is: 'unknown', error: 'garbled' } : { is: 'accepted', providerId: sid }
  }
  if (status === 429 || code === '20429') return { is: 'busy', error, retryAfterMs: retryAfterMs(headers, now) }
  const isOurs = code !== null && OF_OUR_ACCOUNT.has(code)
  if (status >= 400 && status < 500 && status !== 401 && status !== 403 && code !== null && !isOurs)
    return { is: 'refused', error }
  return { is: 'failed', error }
}
