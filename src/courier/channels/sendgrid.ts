// Mail by SendGrid, as text and HTML, without tracking. Its events come to /hooks/sendgrid and name the attempt by custom_args.

import type { ChannelPort, Sent } from '../channel'
import { ask, type Heard, isOk, retryAfterMs, unanswered } from './ask'
import { type ChannelPorts, type CourierEnv, platformFetch, withoutSlash } from './env'
import type { ReceiptState } from './twilio-status'
import type { Words } from './words-port'

export const SENDGRID_URL = 'https://api.sendgrid.com'
const SILENCE_MS = 60_000

/** Events that say what became of a mail. Opens and clicks are not asked for: a scanner makes them, too. */
export const MAIL_EVENTS = {
  processed: 'accepted',
  // The other server wants it later. That is silence, and silence is followed by the next way.
  deferred: 'accepted',
  delivered: 'delivered',
  bounce: 'undelivered',
  dropped: 'failed',
} as const satisfies Record<string, ReceiptState>

/** Null where it is not configured. */
export function sendgridMail(env: CourierEnv, words: Words, ports: ChannelPorts): ChannelPort | null {
  const { SENDGRID_API_KEY: key, SENDGRID_FROM: from } = env
  if (!key || !from) return null
  const url = `${withoutSlash(env.SENDGRID_BASE_URL || SENDGRID_URL)}/v3/mail/send`
  const sender = senderOf(from)
  const fetch = ports.fetch ?? platformFetch
  return {
    provider: 'sendgrid',
    channel: 'email',
    silenceMs: SILENCE_MS,
    send: async ({ attemptId, page, to, with: joined }, signal) => {
      const { text, subject, html } = words.render(page, 'email', joined)
      const content = [{ type: 'text/plain', value: text }]
      if (html) content.push({ type: 'text/html', value: html })
      const body = JSON.stringify({
        personalizations: [{ to: [{ email: to }], custom_args: { attemptId } }],
        from: sender,
        subject: subject || text.slice(0, 78),
        content,
        // A page to somebody on duty is no newsletter: an old unsubscribing must not swallow it.
        mail_settings: { bypass_list_management: { enable: true } },
        tracking_settings: {
          click_tracking: { enable: false, enable_text: false },
          open_tracking: { enable: false },
          subscription_tracking: { enable: false },
          ganalytics: { enable: false },
        },
      })
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      return sentBy(await ask(fetch, url, { method: 'POST', headers, body }, signal), attemptId, ports.now())
    },
  }
}

/** `tower@example.ph`, or `Xpress Tower <tower@example.ph>`. */
export function senderOf(from: string): { email: string; name?: string } {
  const [, name, email] = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(from) ?? []
  return email ? (name ? { email, name } : { email }) : { email: from.trim() }
}

function sentBy(heard: Heard, attemptId: string, now: number): Sent {
  if (heard.is !== 'answer') return unanswered(heard)
  const { status, headers } = heard
  const error = `http_${status}`
  if (isOk(status)) return { is: 'accepted', providerId: headers.get('x-message-id') ?? attemptId }
  if (status === 429) return { is: 'busy', error, retryAfterMs: retryAfterMs(headers, now) }
  // 401 and 403 speak of our key and our sender, not of this mail.
  return { is: status === 400 || status === 413 ? 'refused' : 'failed', error }
}
