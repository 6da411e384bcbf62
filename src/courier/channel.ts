// One way out, behind one interface. A channel sends one attempt and says at once what the provider said; what comes later
// comes as a receipt. It never throws for what a provider does.

import type { Channel, Page } from '../domain/page'

export type Outgoing = {
  attemptId: string
  page: Page
  channel: Channel
  /** E.164, mail address, https address or device id. */
  to: string
  /** Further pages to the same person that this text also tells of (bundled). */
  with: Page[]
}

/**
 * `accepted`: receipts follow. `delivered`: the other side said so at once (webhook 2xx, an open lifeline). `refused`: the provider
 * looked at it and will never take it like this. `busy`: later, not before `retryAfterMs`. `failed`: the provider itself is in trouble.
 * `unknown`: the call may have gone through (a timeout after the request was sent).
 */
export type Sent =
  | { is: 'accepted'; providerId: string; network?: string | null }
  | { is: 'delivered'; providerId: string | null }
  | { is: 'refused'; error: string }
  | { is: 'busy'; error: string; retryAfterMs: number }
  | { is: 'failed'; error: string }
  | { is: 'unknown'; error: string }

/** What a poll finds of an attempt that has been silent. `null`: the provider cannot say. */
export type Polled = {
  state: 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'answered'
  error: string | null
} | null

export interface ChannelPort {
  /** `twilio`, `sim`, `sendgrid`, `webhook`, `lifeline`: the name of its circuit and in reports. */
  readonly provider: string
  readonly channel: Channel
  /** Silence after `accepted` for so long starts the next way, ms. */
  readonly silenceMs: number
  send(outgoing: Outgoing, signal: AbortSignal): Promise<Sent>
  poll?(providerId: string, signal: AbortSignal): Promise<Polled>
}
