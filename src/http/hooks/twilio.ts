// What Twilio says of texts and calls, and what it asks while a call is up. The address of each names its attempt.

import { type Context, Hono } from 'hono'
import { callTold, codeOf, messageTold } from '../../courier/channels/twilio-status'
import type { Receipt } from '../../courier/contract'
import { reply } from '../doors/answers'
import { outlive } from '../doors/take'
import type { AppEnv, Env } from '../env'
import { settingsOf } from '../settings'
import { away, done, forged, notConfigured, rawBody } from './answers'
import { asked, courierOfAttempt, logAway, tell } from './courier'
import { twilioHolds } from './signatures'
import { hangUp, tryAgain, twiml } from './twiml'

const MAX_BYTES = 16 * 1024
const KEY = /^[0-9*#]$/

export const twilioHooks = new Hono<AppEnv>()
  .post('/hooks/twilio/sms/:attemptId', (c) =>
    genuine(c, async (form, attemptId) => {
      const told = messageTold(form.get('MessageStatus') ?? form.get('SmsStatus') ?? '', form.get('ErrorCode'))
      const sid = form.get('MessageSid') ?? form.get('SmsSid') ?? ''
      return told ? kept(c, { ...receipt(attemptId, sid), ...told }) : done(c.env)
    }),
  )
  .post('/hooks/twilio/call/:attemptId', (c) =>
    genuine(c, async (form, attemptId) => {
      const status = form.get('CallStatus') ?? ''
      // Where a call failed, the network's own SIP answer says more than that it did.
      const told = callTold(status, codeOf(form.get('SipResponseCode')))
      return told ? kept(c, { ...receipt(attemptId, form.get('CallSid') ?? ''), ...told }) : done(c.env)
    }),
  )
  .post('/hooks/twilio/voice/:attemptId', (c) =>
    genuine(c, async (form, attemptId) => {
      const digits = form.get('Digits') ?? ''
      return outlive(c, spoken(c.env, attemptId, KEY.test(digits) ? digits : null))
    }),
  )

async function genuine(
  c: Context<AppEnv>,
  answer: (form: URLSearchParams, attemptId: string) => Promise<Response>,
): Promise<Response> {
  const { TWILIO_AUTH_TOKEN: token } = c.env
  if (!token) return notConfigured(c.env)
  const body = await rawBody(c, MAX_BYTES)
  if (typeof body !== 'string') return body
  const form = new URLSearchParams(body)
  if (!twilioHolds(token, addressOf(c), form, c.req.header('x-twilio-signature') ?? '')) return forged(c, 'twilio')
  return answer(form, c.req.param('attemptId') ?? '')
}

/** As Twilio was given it: our configured origin, never the one that the request claims. */
function addressOf(c: Context<AppEnv>): string {
  const { pathname, search } = new URL(c.req.url)
  return `${settingsOf(c.env).publicUrl.origin}${pathname}${search}`
}

const receipt = (attemptId: string, providerId: string): Omit<Receipt, 'state' | 'error'> => ({
  attemptId,
  provider: 'twilio',
  providerId,
  network: null,
  at: Date.now(),
})

const kept = async (c: Context<AppEnv>, said: Receipt): Promise<Response> =>
  (await outlive(c, tell(c.env, said))) ? done(c.env) : away(c.env)

/** The courier keeps what a key answers before it says what comes next. */
async function spoken(env: Env, attemptId: string, key: string | null): Promise<Response> {
  const courier = courierOfAttempt(env, attemptId)
  if (!courier) return xml(env, hangUp())
  const url = `${settingsOf(env).publicUrl.origin}/hooks/twilio/voice/${attemptId}`
  try {
    return xml(env, twiml(await asked(() => courier.voice(attemptId, key)), url))
  } catch (error) {
    logAway('twilio', error)
    return xml(env, tryAgain(url))
  }
}

const xml = (env: Env, body: string): Response => reply(env, 200, body, 'text/xml; charset=utf-8')
