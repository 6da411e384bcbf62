// What SendGrid says became of mails: signed batches of events, each of which names its attempt.

import { Hono } from 'hono'
import { MAIL_EVENTS } from '../../courier/channels/sendgrid'
import type { Receipt } from '../../courier/contract'
import { isObject, type Json, parsed } from '../../ingest/json'
import { outlive } from '../doors/take'
import type { AppEnv, Env } from '../env'
import { away, done, forged, notConfigured, rawBody } from './answers'
import { tell } from './courier'
import { isFresh, sendgridHolds, sendgridKey } from './signatures'

/** A thousand events of the longest kind. */
const MAX_BYTES = 1024 * 1024
const AT_ONCE = 16

export const sendgridHooks = new Hono<AppEnv>().post('/hooks/sendgrid', async (c) => {
  const key = sendgridKey(c.env.SENDGRID_WEBHOOK_KEY ?? '')
  if (!key) return notConfigured(c.env)
  const body = await rawBody(c, MAX_BYTES)
  if (typeof body !== 'string') return body
  const signature = c.req.header('x-twilio-email-event-webhook-signature') ?? ''
  const timestamp = c.req.header('x-twilio-email-event-webhook-timestamp') ?? ''
  if (!isFresh(timestamp, Date.now()) || !sendgridHolds(key, timestamp, body, signature)) return forged(c, 'sendgrid')
  const events = parsed(body)
  const taken = await outlive(c, takeAll(c.env, Array.isArray(events) ? events.filter(isObject) : []))
  return taken ? done(c.env) : away(c.env)
})

async function takeAll(env: Env, events: readonly Json[]): Promise<boolean> {
  const fresh = events.filter((event) => !seen.has(idOf(event)))
  let all = true
  for (let at = 0; at < fresh.length; at += AT_ONCE) {
    const some = fresh.slice(at, at + AT_ONCE)
    const taken = await Promise.all(some.map((event) => take(env, event)))
    all &&= taken.every(Boolean)
  }
  return all
}

async function take(env: Env, event: Json): Promise<boolean> {
  const receipt = receiptOf(event)
  if (!receipt) return true
  const taken = await tell(env, receipt)
  if (taken) remember(idOf(event))
  return taken
}

/** Null for what says nothing of an attempt of ours. */
export function receiptOf(event: Json): Receipt | null {
  const { event: name, attemptId, sg_message_id: messageId, timestamp } = event
  if (typeof name !== 'string' || typeof attemptId !== 'string' || !Object.hasOwn(MAIL_EVENTS, name)) return null
  const state = MAIL_EVENTS[name as keyof typeof MAIL_EVENTS]
  return {
    attemptId,
    provider: 'sendgrid',
    // What came with our own call's answer is its beginning.
    providerId: typeof messageId === 'string' ? (messageId.split('.')[0] ?? '') : '',
    state,
    error: state === 'undelivered' || state === 'failed' || name === 'deferred' ? errorOf(name, event) : null,
    network: null,
    at: typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp * 1000 : Date.now(),
  }
}

/** Without the reason's own words: they quote addresses. */
function errorOf(name: string, { type, status, reason }: Json): string {
  const code = [status, reason].map((said) =>
    typeof said === 'string' ? /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] : null,
  )
  const found = code.find((each) => each)
  const word = name === 'bounce' && type === 'blocked' ? 'blocked' : name === 'dropped' ? dropped(reason) : name
  return found ? `${word} ${found}` : word
}

/** SendGrid's own list of why it drops. */
const DROPS = [
  'bounced address',
  'spam reporting address',
  'unsubscribed address',
  'invalid',
  'spam content',
  'blocked',
]
const dropped = (reason: unknown): string => {
  const found = typeof reason === 'string' ? DROPS.find((each) => reason.toLowerCase().includes(each)) : undefined
  return found ? `dropped: ${found}` : 'dropped'
}

const idOf = ({ sg_event_id: id }: Json): string => (typeof id === 'string' ? id : '')

/** Of this isolate; the courier itself takes a receipt once. */
const seen = new Set<string>()
const MOST_SEEN = 10_000

function remember(id: string): void {
  if (id === '') return
  if (seen.size >= MOST_SEEN) seen.clear()
  seen.add(id)
}
