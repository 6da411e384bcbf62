// Every status that Twilio has for a message or a call (message_enum_status, call_enum_status of its OpenAPI), and what it
// means for an attempt. One table each for polls and for callbacks.

import type { Receipt } from '../contract'

export type ReceiptState = Receipt['state']

/** `null`: says nothing of a text that we sent. */
export const MESSAGE_STATES = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  // Only of channels that tell: a text that was opened was delivered. It is no answer.
  read: 'delivered',
  // A part of it is missing: as good as not delivered.
  partially_delivered: 'undelivered',
  // The network refused it: taken for sent, nobody would be told by another way.
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
  receiving: null,
  received: null,
} as const satisfies Record<string, ReceiptState | null>

export type MessageStatus = keyof typeof MESSAGE_STATES

/**
 * A call that is over without a key told nobody for certain: a voice mailbox picks up, too. Whoever pressed a key has
 * answered before, which stands above all of these. So no status of a call is `delivered`.
 */
export const CALL_STATES = {
  queued: { state: 'accepted', error: null },
  ringing: { state: 'accepted', error: null },
  'in-progress': { state: 'sent', error: null },
  completed: { state: 'undelivered', error: 'no_key' },
  busy: { state: 'failed', error: 'busy' },
  'no-answer': { state: 'failed', error: 'no_answer' },
  failed: { state: 'failed', error: 'failed' },
  canceled: { state: 'failed', error: 'canceled' },
} as const satisfies Record<string, { state: ReceiptState; error: string | null }>

export type CallStatus = keyof typeof CALL_STATES

type Told = { state: ReceiptState; error: string | null }

/** Null for a status that Twilio has not (yet) told us of, or that says nothing. `code` is Twilio's error code. */
export function messageTold(status: string, code: unknown): Told | null {
  const state = Object.hasOwn(MESSAGE_STATES, status) ? MESSAGE_STATES[status as MessageStatus] : null
  if (state === null) return null
  return { state, error: state === 'undelivered' || state === 'failed' ? (codeOf(code) ?? status) : null }
}

/** `code`: the SIP response where Twilio gives one for a call that failed. */
export function callTold(status: string, code?: unknown): Told | null {
  if (!Object.hasOwn(CALL_STATES, status)) return null
  const told = CALL_STATES[status as CallStatus]
  const said = told.error === 'failed' ? codeOf(code) : null
  return said === null ? told : { state: told.state, error: `failed ${said}` }
}

/** Error codes come as numbers in JSON, as text in forms, and "0" or "" is none. */
export function codeOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return /^[1-9]\d{2,6}$/.test(text) ? text : null
}
