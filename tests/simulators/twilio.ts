// Twilio's texts and calls, as a server that behaves as it is told. It checks every request against Twilio's own description, keeps
// it, and signs its callbacks as Twilio does.

import { randomBytes } from 'node:crypto'
import { judgeBy } from './openapi'
import { ACCEPT, type Callback, Later, Plans, type Reply } from './plans'
import { type Answered, type Asked, asJson, serve } from './serve'
import { bodyOf, fault, type Resource, signatureOf } from './twilio-wire'

export type MessageStatus = 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'canceled' | 'read'
export type MessageEvent = Callback & { status: MessageStatus; errorCode?: number }
export type MessagePlan = Reply & { follows?: MessageEvent[] }

export type CallStatus =
  | 'initiated'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled'
export type CallEvent = Callback & { status: CallStatus }
/** `pickedUp`: the call asks what to say, then presses each key so long after the last answer. A mailbox presses none. */
export type CallPlan = Reply & {
  follows?: CallEvent[]
  pickedUp?: { afterMs: number; keys: { key: string; afterMs: number }[]; hangsUpAfterMs?: number }
}

export const delivered = (afterMs = 20): MessagePlan => ({
  ...ACCEPT,
  follows: [
    { status: 'sent', afterMs: afterMs / 2 },
    { status: 'delivered', afterMs },
  ],
})
export const undelivered = (afterMs = 20, errorCode = 30008): MessagePlan => ({
  ...ACCEPT,
  follows: [
    { status: 'sent', afterMs: afterMs / 2 },
    { status: 'undelivered', afterMs, errorCode },
  ],
})
/** Takes it, and is never heard of again. */
export const silent = (): { does: 'accept' } => ({ does: 'accept' })
export const pressing = (key: string, afterMs = 20): CallPlan => ({
  ...ACCEPT,
  follows: [{ status: 'ringing', afterMs: 5 }],
  pickedUp: { afterMs: afterMs / 2, keys: [{ key, afterMs: afterMs / 2 }] },
})
/** A person or a mailbox that presses nothing. */
export const voicemail = (afterMs = 20): CallPlan => ({
  ...ACCEPT,
  follows: [{ status: 'ringing', afterMs: 5 }],
  pickedUp: { afterMs, keys: [], hangsUpAfterMs: afterMs },
})
export const busyLine = (afterMs = 20): CallPlan => ({ ...ACCEPT, follows: [{ status: 'busy', afterMs }] })
export const noAnswer = (afterMs = 20): CallPlan => ({ ...ACCEPT, follows: [{ status: 'no-answer', afterMs }] })

const OVER = ['delivered', 'undelivered', 'failed', 'canceled', 'completed', 'busy', 'no-answer']

export type TwilioRequest = {
  at: number
  kind: 'message' | 'call' | 'poll'
  fields: URLSearchParams
  to: string
  /** Null where it was not taken. */
  sid: string | null
}
export type CallbackMade = {
  at: number
  url: string
  params: URLSearchParams
  forged: boolean
  status: number
  answer: string
}

export type TwilioAccount = { accountSid: string; authToken: string }
export type TwilioSimulator = Awaited<ReturnType<typeof startTwilio>>

export const ACCOUNT: TwilioAccount = { accountSid: `AC${'0123456789abcdef'.repeat(2)}`, authToken: 'f'.repeat(32) }

/** A request whose credentials are wrong is 401, one for another account 404. Messages are delivered, calls picked up, unless told. */
export async function startTwilio(account: TwilioAccount = ACCOUNT, port = 0) {
  const judge = judgeBy('twilio-messages-calls.json')
  const messages = new Plans<MessagePlan>(delivered())
  const calls = new Plans<CallPlan>(noAnswer())
  const requests: TwilioRequest[] = []
  const callbacks: CallbackMade[] = []
  /** What is wrong with our requests, and with the answers of this simulator. */
  const violations: string[] = []
  const resources = new Map<string, Resource>()
  const later = new Later()
  const root = `/2010-04-01/Accounts/${account.accountSid}`
  const basic = `Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')}`

  const complain = (what: string, found: string[]) => violations.push(...found.map((each) => `${what}: ${each}`))

  async function callback(url: string, params: Record<string, string>, forged = false): Promise<CallbackMade> {
    const form = new URLSearchParams(params)
    const token = forged ? 'e'.repeat(32) : account.authToken
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signatureOf(token, url, params),
      'user-agent': 'TwilioProxy/1.1',
    }
    const made: CallbackMade = { at: Date.now(), url, params: form, forged, status: 0, answer: '' }
    callbacks.push(made)
    const response = await fetch(url, { method: 'POST', headers, body: form.toString() })
    made.status = response.status
    made.answer = await response.text()
    return made
  }

  function begin(kind: 'message' | 'call', fields: URLSearchParams): Resource {
    const sid = `${kind === 'message' ? 'SM' : 'CA'}${randomBytes(16).toString('hex')}`
    const resource: Resource = { kind, sid, status: 'queued', errorCode: null, fields, fetched: 0 }
    resources.set(sid, resource)
    return resource
  }

  const basicsOf = (resource: Resource, sid: string): Record<string, string> => ({
    AccountSid: account.accountSid,
    ApiVersion: '2010-04-01',
    From: resource.fields.get('From') ?? '',
    To: resource.fields.get('To') ?? '',
    ...(resource.kind === 'message' ? { MessageSid: sid, SmsSid: sid } : { CallSid: sid, Direction: 'outbound-api' }),
  })

  async function tell(resource: Resource, event: MessageEvent | CallEvent): Promise<void> {
    const url = resource.fields.get('StatusCallback')
    const isCall = resource.kind === 'call'
    // What is over stays over for a poll, in whichever order the callbacks are made.
    if (!event.forged && !event.unknown && !OVER.includes(resource.status)) {
      resource.status = event.status === 'initiated' ? 'queued' : event.status
      resource.errorCode = 'errorCode' in event ? (event.errorCode ?? null) : null
    }
    if (!url) return
    const sid = event.unknown ? `${resource.sid.slice(0, 2)}${randomBytes(16).toString('hex')}` : resource.sid
    const address = event.unknown ? url.replace(/[0-9a-f-]{36}$/, crypto.randomUUID()) : url
    const code = 'errorCode' in event && event.errorCode ? { ErrorCode: String(event.errorCode) } : {}
    const said: Record<string, string> = isCall
      ? { CallStatus: event.status, Timestamp: new Date().toUTCString(), CallbackSource: 'call-progress-events' }
      : { MessageStatus: event.status, SmsStatus: event.status, ...code }
    for (let n = 0; n < (event.times ?? 1); n++)
      await callback(address, { ...basicsOf(resource, sid), ...said }, event.forged)
  }

  /** What the phone hears, and what its person presses. */
  async function converse(resource: Resource, plan: NonNullable<CallPlan['pickedUp']>): Promise<void> {
    resource.status = 'in-progress'
    const said = { ...basicsOf(resource, resource.sid), CallStatus: 'in-progress' }
    // Both at once, as Twilio does; a tower that is gone fails both, and the call ends there.
    let [, heard] = await Promise.all([
      tell(resource, { status: 'in-progress', afterMs: 0 }),
      callback(resource.fields.get('Url') ?? '', said),
    ])
    for (const { key, afterMs } of plan.keys) {
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      const action = /<Gather[^>]*\saction="([^"]+)"/.exec(heard.answer)?.[1]?.replaceAll('&amp;', '&')
      if (!action) break
      heard = await callback(action, { ...said, Digits: key, msg: 'Gather End', FinishedOnKey: '' })
    }
    await new Promise((resolve) => setTimeout(resolve, plan.hangsUpAfterMs ?? 5))
    await tell(resource, { status: 'completed', afterMs: 0 })
  }

  function follow(resource: Resource, plan: MessagePlan | CallPlan): void {
    for (const event of plan.follows ?? []) later.after(event.afterMs, () => tell(resource, event))
    const pickedUp = 'pickedUp' in plan ? plan.pickedUp : undefined
    if (pickedUp) later.after(pickedUp.afterMs, () => converse(resource, pickedUp))
  }

  async function create(kind: 'message' | 'call', { body, at }: Asked): Promise<Answered> {
    const fields = new URLSearchParams(body)
    const path = `/2010-04-01/Accounts/{AccountSid}/${kind === 'message' ? 'Messages' : 'Calls'}.json`
    complain(kind, judge.form(path, fields))
    const to = fields.get('To') ?? ''
    const request: TwilioRequest = { at, kind, fields, to, sid: null }
    requests.push(request)
    const plan = kind === 'message' ? messages.take(to) : calls.take(to)
    const taken = (): Answered => {
      const resource = begin(kind, fields)
      request.sid = resource.sid
      follow(resource, plan)
      const answer = bodyOf(resource, account.accountSid)
      complain(`answer to ${kind}`, judge.answer(`api.v2010.account.${kind}`, answer))
      return asJson(201, answer)
    }
    switch (plan.does) {
      case 'accept':
        if (plan.afterMs) await new Promise((resolve) => setTimeout(resolve, plan.afterMs))
        return taken()
      case 'accept_and_hang':
        taken()
        return 'hang'
      case 'refuse':
        return fault(plan.status ?? 400, plan.code)
      case 'fail':
        return fault(plan.status ?? 500, 20500)
      case 'busy': {
        const headers = { 'retry-after': String(plan.retryAfterS) }
        return asJson(429, { code: 20429, message: 'Too Many Requests', status: 429 }, headers)
      }
      case 'hang':
        if (plan.ms === undefined) return 'hang'
        await new Promise((resolve) => setTimeout(resolve, plan.ms))
        return fault(504, 20504)
      case 'garble':
        return { status: 201, body: '<html>', headers: { 'content-type': 'text/html' } }
      case 'reset':
        return 'reset'
    }
  }

  const served = await serve(async (asked) => {
    const { method, path, headers } = asked
    if (!path.startsWith('/2010-04-01/')) return { status: 404 }
    if (headers.get('authorization') !== basic) return fault(401, 20003)
    if (!path.startsWith(`${root}/`)) return fault(404, 20404)
    if (method === 'POST' && path === `${root}/Messages.json`) return create('message', asked)
    if (method === 'POST' && path === `${root}/Calls.json`) return create('call', asked)
    const sid = /^\/(?:Messages|Calls)\/(\w{34})\.json$/.exec(path.slice(root.length))?.[1]
    const resource = sid ? resources.get(sid) : undefined
    if (method !== 'GET' || !resource) return fault(404, 20404)
    resource.fetched++
    requests.push({
      at: asked.at,
      kind: 'poll',
      fields: resource.fields,
      to: resource.fields.get('To') ?? '',
      sid: resource.sid,
    })
    return asJson(200, bodyOf(resource, account.accountSid))
  }, port)

  return {
    ...account,
    origin: served.origin,
    /** For the tower's environment. */
    settings: {
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_SMS_FROM: 'XpressOps',
      TWILIO_VOICE_FROM: '+15005550006',
      TWILIO_BASE_URL: served.origin,
    },
    judges: judge.judges,
    messages,
    calls,
    requests,
    callbacks,
    violations,
    /** Signed as Twilio signs, to any address of ours. */
    callback,
    /** What a poll would find from now on. */
    become(sid: string, status: MessageStatus | CallStatus, errorCode: number | null = null): void {
      const resource = resources.get(sid)
      if (resource) Object.assign(resource, { status, errorCode })
    },
    async stop(): Promise<void> {
      await served.close()
      await later.stop()
    },
  }
}
