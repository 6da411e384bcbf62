// SendGrid's mail/send and its signed event webhook, as a server that behaves as it is told.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { judgeBy } from './openapi'
import { ACCEPT, type Callback, Later, Plans, type Reply } from './plans'
import { type Answered, asJson, serve } from './serve'

export type MailEventName =
  | 'processed'
  | 'deferred'
  | 'delivered'
  | 'bounce'
  | 'dropped'
  | 'open'
  | 'click'
  | 'spamreport'
/** `late`: so many ms in the past by its signed timestamp. `sameId`: with the sg_event_id of the event before. */
export type MailEvent = Callback & {
  event: MailEventName
  reason?: string
  status?: string
  type?: string
  lateMs?: number
  sameId?: boolean
}
export type MailPlan = Reply & { follows?: MailEvent[] }

export const mailDelivered = (afterMs = 20): MailPlan => ({
  ...ACCEPT,
  follows: [
    { event: 'processed', afterMs: afterMs / 2 },
    { event: 'delivered', afterMs },
  ],
})
export const bounced = (afterMs = 20): MailPlan => ({
  ...ACCEPT,
  follows: [{ event: 'bounce', afterMs, status: '5.1.1', reason: '550 5.1.1 <a@b.example> unknown', type: 'bounce' }],
})
export const droppedMail = (afterMs = 20): MailPlan => ({
  ...ACCEPT,
  follows: [{ event: 'dropped', afterMs, reason: 'Bounced Address' }],
})

export type Mail = {
  at: number
  to: string
  attemptId: string
  subject: string
  text: string
  html: string | null
  body: Record<string, unknown>
}
export type SendgridSimulator = Awaited<ReturnType<typeof startSendgrid>>

export const API_KEY = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`

/** Events go to `hookUrl`, which may be set later. */
export async function startSendgrid(options: { hookUrl?: string; port?: number } = {}) {
  const judge = judgeBy('sendgrid-mail-send.json')
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const plans = new Plans<MailPlan>(mailDelivered())
  const mails: Mail[] = []
  const violations: string[] = []
  const answers: { status: number; forged: boolean; events: Record<string, unknown>[] }[] = []
  const later = new Later()
  const state = { hookUrl: options.hookUrl ?? '' }

  async function post(events: Record<string, unknown>[], { forged = false, lateMs = 0 } = {}): Promise<number> {
    const body = JSON.stringify(events)
    const timestamp = String(Math.floor((Date.now() - lateMs) / 1000))
    const signature = sign('sha256', Buffer.from(timestamp + body), forged ? other.privateKey : privateKey)
    const response = await fetch(state.hookUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-twilio-email-event-webhook-signature': signature.toString('base64'),
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
      body,
    })
    await response.text()
    answers.push({ status: response.status, forged, events })
    return response.status
  }

  function follow(mail: Mail, messageId: string, plan: MailPlan): void {
    let eventId = ''
    for (const each of plan.follows ?? []) {
      const { event, reason, status, type, afterMs, times = 1, forged = false, unknown, lateMs = 0, sameId } = each
      if (!sameId) eventId = randomBytes(16).toString('base64url')
      const said = {
        email: mail.to,
        timestamp: Math.floor(Date.now() / 1000),
        event,
        sg_event_id: eventId,
        sg_message_id: `${messageId}.recvd-0-0`,
        attemptId: unknown ? mail.attemptId.replace(/[0-9a-f-]{36}$/, crypto.randomUUID()) : mail.attemptId,
        ...(reason ? { reason } : {}),
        ...(status ? { status } : {}),
        ...(type ? { type } : {}),
      }
      later.after(afterMs, async () => {
        for (let n = 0; n < times; n++) await post([said], { forged, lateMs })
      })
    }
  }

  const served = await serve(async ({ method, path, headers, body, at }): Promise<Answered> => {
    if (method !== 'POST' || path !== '/v3/mail/send') return asJson(404, { errors: [{ message: 'not found' }] })
    if (headers.get('authorization') !== `Bearer ${API_KEY}`)
      return asJson(401, {
        errors: [{ message: 'The provided authorization grant is invalid', field: null, help: null }],
      })
    violations.push(...judge.json(path, body))
    const mail = mailOf(JSON.parse(body) as Record<string, unknown>, at)
    mails.push(mail)
    const plan = plans.take(mail.to)
    const taken = (): Answered => {
      const messageId = randomBytes(11).toString('base64url')
      follow(mail, messageId, plan)
      return { status: 202, headers: { 'x-message-id': messageId } }
    }
    switch (plan.does) {
      case 'accept':
        if (plan.afterMs) await new Promise((resolve) => setTimeout(resolve, plan.afterMs))
        return taken()
      case 'accept_and_hang':
        taken()
        return 'hang'
      case 'refuse':
        return asJson(plan.status ?? 400, { errors: [{ message: 'as it was told', field: 'from', help: null }] })
      case 'fail':
        return asJson(plan.status ?? 500, { errors: [{ message: 'as it was told' }] })
      case 'busy':
        return asJson(429, { errors: [{ message: 'too many requests' }] }, { 'retry-after': String(plan.retryAfterS) })
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
    settings: {
      SENDGRID_API_KEY: API_KEY,
      SENDGRID_FROM: 'Xpress Ops Tower <tower@xpress.example>',
      SENDGRID_WEBHOOK_KEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      SENDGRID_BASE_URL: served.origin,
    },
    judges: judge.judges,
    plans,
    mails,
    violations,
    answers,
    post,
    callTo(hookUrl: string): void {
      state.hookUrl = hookUrl
    },
    async stop(): Promise<void> {
      await served.close()
      await later.stop()
    },
  }
}

function mailOf(body: Record<string, unknown>, at: number): Mail {
  type Personal = { to: { email: string }[]; custom_args?: { attemptId?: string } }
  const [personal] = body.personalizations as Personal[]
  const content = body.content as { type: string; value: string }[]
  return {
    at,
    to: personal?.to[0]?.email ?? '',
    attemptId: personal?.custom_args?.attemptId ?? '',
    subject: String(body.subject),
    text: content.find(({ type }) => type === 'text/plain')?.value ?? '',
    html: content.find(({ type }) => type === 'text/html')?.value ?? null,
    body,
  }
}
