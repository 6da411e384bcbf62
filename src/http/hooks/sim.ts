// What the phone with our SIM hears: receipts of its texts, answers of people on duty, and cries for help of drivers without data.
// An SOS is taken whatever else is odd about its message; all other things only while they are fresh.

import { type Context, Hono } from 'hono'
import { attemptIdOfGateway, GATEWAY_STATES, reasonOf } from '../../courier/channels/sim-gateway'
import { e164 } from '../../domain/phone-number'
import { isObject, type Json, parsed } from '../../ingest/json'
import { outlive } from '../doors/take'
import type { AppEnv } from '../env'
import { away, done, forged, notConfigured, rawBody } from './answers'
import { tell } from './courier'
import { isFresh, simHolds } from './signatures'
import { readText } from './sim-words'
import { takeTextAnswer } from './text-answer'
import { takeTextPress } from './text-press'

const MAX_BYTES = 32 * 1024

export const simHooks = new Hono<AppEnv>().post('/hooks/sim', async (c) => {
  const { SIM_GATEWAY_SECRET: secret } = c.env
  if (!secret) return notConfigured(c.env)
  const body = await rawBody(c, MAX_BYTES)
  if (typeof body !== 'string') return body
  const timestamp = c.req.header('x-timestamp') ?? ''
  if (!simHolds(secret, timestamp, body, c.req.header('x-signature') ?? '')) return forged(c, 'sim')
  const event = parsed(body)
  if (!isObject(event) || !isObject(event.payload)) return done(c.env)
  const { payload } = event
  const fresh = isFresh(timestamp, Date.now())
  if (event.event === 'sms:received') return received(c, payload, fresh)
  // By the gateway's clock, which may be wrong: then it is polled for what became of its texts.
  return fresh ? reported(c, String(event.event), payload) : done(c.env)
})

const EVENTS = { 'sms:sent': 'Sent', 'sms:delivered': 'Delivered', 'sms:failed': 'Failed' } as const

async function reported(c: Context<AppEnv>, name: string, payload: Json): Promise<Response> {
  const state = Object.hasOwn(EVENTS, name) ? GATEWAY_STATES[EVENTS[name as keyof typeof EVENTS]] : null
  const id = typeof payload.messageId === 'string' ? payload.messageId : ''
  const attemptId = attemptIdOfGateway(id)
  if (state === null || attemptId === null) return done(c.env)
  const said = payload.sentAt ?? payload.deliveredAt ?? payload.failedAt
  const reason = typeof payload.reason === 'string' ? payload.reason : null
  const receipt = {
    attemptId,
    provider: 'sim',
    providerId: id,
    state,
    error: state === 'failed' ? reasonOf(reason) : null,
    network: null,
    at: timeOf(said) ?? Date.now(),
  }
  return (await outlive(c, tell(c.env, receipt))) ? done(c.env) : away(c.env)
}

async function received(c: Context<AppEnv>, payload: Json, fresh: boolean): Promise<Response> {
  const from = e164(payload.sender) ?? e164(payload.phoneNumber)
  const words = typeof payload.message === 'string' ? payload.message : ''
  const read = readText(words)
  if (read.is === 'sos') {
    const sender = from ?? String(payload.sender ?? payload.phoneNumber ?? '').slice(0, 20)
    const { messageId, receivedAt } = payload
    const text = { from: sender, note: read.note, messageId: String(messageId), receivedAt: String(receivedAt) }
    return outlive(c, takeTextPress(c, text, timeOf(receivedAt)))
  }
  // A "1" that is repeated a day later takes nothing.
  if (read.is !== 'answer' || from === null || !fresh) return done(c.env)
  const answer = { from, key: read.key, at: Date.now() }
  return (await outlive(c, takeTextAnswer(c.env, answer))) ? done(c.env) : away(c.env)
}

function timeOf(said: unknown): number | null {
  const at = typeof said === 'string' ? Date.parse(said) : Number.NaN
  return Number.isNaN(at) ? null : at
}
