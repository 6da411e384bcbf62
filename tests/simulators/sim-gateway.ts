// "SMS Gateway for Android": a phone with a SIM behind an HTTP API, as a server that behaves as it is told, and as a phone to which
// people send texts. Its request has the form of the app's own PostMessageRequest.

import { createHmac, randomBytes } from 'node:crypto'
import Ajv from 'ajv'
import { ACCEPT, type Callback, Later, Plans, type Reply } from './plans'
import { type Answered, asJson, serve } from './serve'

export type SimEvent = Callback & {
  event: 'sms:sent' | 'sms:delivered' | 'sms:failed'
  reason?: string
  clockMs?: number
}
export type SimPlan = Reply & { follows?: SimEvent[] }

export const simDelivered = (afterMs = 20): SimPlan => ({
  ...ACCEPT,
  follows: [
    { event: 'sms:sent', afterMs: afterMs / 2 },
    { event: 'sms:delivered', afterMs },
  ],
})
export const simFailed = (afterMs = 20): SimPlan => ({
  ...ACCEPT,
  follows: [{ event: 'sms:failed', afterMs, reason: 'RESULT_ERROR_GENERIC_FAILURE' }],
})

export type SimText = { at: number; id: string; to: string; text: string; priority: number; ttl: number | null }
export type SimSimulator = Awaited<ReturnType<typeof startSim>>

const REQUEST = {
  type: 'object',
  required: ['phoneNumbers', 'textMessage'],
  additionalProperties: false,
  properties: {
    // The gateway's server takes no longer one.
    id: { type: 'string', minLength: 1, maxLength: 36 },
    textMessage: {
      type: 'object',
      required: ['text'],
      additionalProperties: false,
      properties: { text: { type: 'string', minLength: 1, maxLength: 1600 } },
    },
    phoneNumbers: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^\\+[1-9]\\d{7,14}$' } },
    simNumber: { type: 'integer', minimum: 1, maximum: 3 },
    withDeliveryReport: { type: 'boolean' },
    isEncrypted: { type: 'boolean' },
    ttl: { type: 'integer', minimum: 5 },
    priority: { type: 'integer', minimum: -128, maximum: 127 },
  },
} as const

const LOGIN = 'tower:gateway-password'
export const SECRET = 'sim-signing-key-of-a-test'

/** Events and texts go to `hookUrl`, which may be set later. */
export async function startSim(options: { hookUrl?: string; secret?: string; port?: number } = {}) {
  const secret = options.secret ?? SECRET
  const validate = new Ajv({ strict: false, allErrors: true }).compile(REQUEST)
  const plans = new Plans<SimPlan>(simDelivered())
  const texts: SimText[] = []
  const violations: string[] = []
  const states = new Map<string, { state: string; error: string | null }>()
  const answers: { event: string; status: number; forged: boolean }[] = []
  const later = new Later()
  const state = { hookUrl: options.hookUrl ?? '' }
  const deviceId = 'ffffffffceb0b1db0000018e937c815b'

  /** `clockMs`: how far the phone's clock is off. */
  async function post(
    event: string,
    payload: Record<string, unknown>,
    { forged = false, clockMs = 0 } = {},
  ): Promise<number> {
    const id = randomBytes(12).toString('base64url')
    const body = JSON.stringify({ deviceId, event, id, payload, webhookId: 'tower' })
    const timestamp = String(Math.floor((Date.now() + clockMs) / 1000))
    const signature = createHmac('sha256', forged ? 'another key' : secret)
      .update(`${body}${timestamp}`)
      .digest('hex')
    const headers = { 'content-type': 'application/json', 'x-signature': signature, 'x-timestamp': timestamp }
    const response = await fetch(state.hookUrl, { method: 'POST', headers, body })
    await response.text()
    answers.push({ event, status: response.status, forged })
    return response.status
  }

  function follow(text: SimText, plan: SimPlan): void {
    for (const { event, reason, afterMs, times = 1, forged, unknown, clockMs } of plan.follows ?? []) {
      later.after(afterMs, async () => {
        const known = { 'sms:sent': 'Sent', 'sms:delivered': 'Delivered', 'sms:failed': 'Failed' }[event]
        if (!forged && !unknown) states.set(text.id, { state: known, error: reason ?? null })
        const at = new Date(Date.now() + (clockMs ?? 0)).toISOString()
        const payload = {
          messageId: unknown ? 'someone-elses-text' : text.id,
          phoneNumber: text.to,
          recipient: text.to,
          simNumber: 1,
          ...(event === 'sms:sent' ? { sentAt: at, partsCount: 1 } : {}),
          ...(event === 'sms:delivered' ? { deliveredAt: at } : {}),
          ...(event === 'sms:failed' ? { failedAt: at, reason: reason ?? 'RESULT_ERROR_NO_SERVICE' } : {}),
        }
        for (let n = 0; n < times; n++)
          await post(event, payload, { ...(forged ? { forged } : {}), ...(clockMs ? { clockMs } : {}) })
      })
    }
  }

  const resourceOf = (id: string, to: string[]) => {
    const { state: now, error } = states.get(id) ?? { state: 'Pending', error: null }
    const recipients = to.map((phoneNumber) => ({ phoneNumber, state: now, error }))
    return { id, deviceId, state: now, isHashed: false, isEncrypted: false, recipients, states: {} }
  }

  const served = await serve(async ({ method, path, headers, body, at }): Promise<Answered> => {
    if (headers.get('authorization') !== `Basic ${Buffer.from(LOGIN).toString('base64')}`) return { status: 401 }
    const polled = /^\/messages\/([^/]+)$/.exec(path)?.[1]
    if (method === 'GET' && polled) {
      const known = texts.find(({ id }) => id === decodeURIComponent(polled))
      return known ? asJson(200, resourceOf(known.id, [known.to])) : asJson(404, { message: 'not found' })
    }
    if (method !== 'POST' || path !== '/messages') return { status: 404 }
    const request = JSON.parse(body) as {
      id: string
      textMessage: { text: string }
      phoneNumbers: string[]
      priority?: number
      ttl?: number
    }
    if (!validate(request)) {
      violations.push(...(validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`))
      return asJson(400, { message: 'invalid' })
    }
    if (texts.some(({ id }) => id === request.id)) return asJson(409, { message: 'duplicate id' })
    const [to = ''] = request.phoneNumbers
    const text: SimText = {
      at,
      id: request.id,
      to,
      text: request.textMessage.text,
      priority: request.priority ?? 0,
      ttl: request.ttl ?? null,
    }
    const plan = plans.take(to)
    const taken = (): Answered => {
      texts.push(text)
      follow(text, plan)
      return asJson(202, resourceOf(text.id, [to]))
    }
    switch (plan.does) {
      case 'accept':
        if (plan.afterMs) await new Promise((resolve) => setTimeout(resolve, plan.afterMs))
        return taken()
      case 'accept_and_hang':
        taken()
        return 'hang'
      case 'refuse':
        return asJson(plan.status ?? 400, { message: 'as it was told' })
      case 'fail':
        return asJson(plan.status ?? 500, { message: 'as it was told' })
      case 'busy':
        return asJson(429, { message: 'slower' }, { 'retry-after': String(plan.retryAfterS) })
      case 'hang':
        if (plan.ms === undefined) return 'hang'
        await new Promise((resolve) => setTimeout(resolve, plan.ms))
        return { status: 504 }
      case 'garble':
        return { status: 202, body: '<html>' }
      case 'reset':
        return 'reset'
    }
  }, options.port)

  return {
    origin: served.origin,
    /** For the tower's environment. */
    settings: { SIM_GATEWAY_URL: served.origin, SIM_GATEWAY_TOKEN: LOGIN, SIM_GATEWAY_SECRET: secret },
    plans,
    texts,
    violations,
    answers,
    post,
    /** Somebody texts the SIM. The same `messageId` and `receivedAt` are the same text, told again. */
    receive(
      from: string,
      message: string,
      over: { messageId?: string; receivedAt?: string; forged?: boolean; clockMs?: number } = {},
    ): Promise<number> {
      const { messageId = randomBytes(4).toString('hex'), receivedAt = new Date().toISOString(), ...how } = over
      return post(
        'sms:received',
        { messageId, message, phoneNumber: from, sender: from, simNumber: 1, receivedAt },
        how,
      )
    },
    callTo(hookUrl: string): void {
      state.hookUrl = hookUrl
    },
    async stop(): Promise<void> {
      await served.close()
      await later.stop()
    },
  }
}
