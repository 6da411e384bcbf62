// What the doors say to phones. Made by hand and not by middleware: nothing stands before a press that it does not need.

import type { PhoneView } from '../../domain/phone-view'

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const
const OVER_TLS = { ...HEADERS, 'strict-transport-security': 'max-age=63072000; includeSubDomains; preload' } as const

type Place = { PUBLIC_URL: string }

const isOverTls = (env: Place): boolean => env.PUBLIC_URL.startsWith('https:')

/** Made once: from them a response is made three times as fast as from plain objects. Each response has its own copy. */
const READY = { http: new Headers(HEADERS), https: new Headers(OVER_TLS) } as const

export const json = (env: Place, status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: isOverTls(env) ? READY.https : READY.http })

/** For apps: their own content type, and nothing in it that depends on what they sent. */
export const reply = (env: Place, status: number, body: string, contentType: string): Response =>
  new Response(body, { status, headers: { ...(isOverTls(env) ? OVER_TLS : HEADERS), 'content-type': contentType } })

export const refusal = (env: Place, status: number, code: string, message: string, field?: string): Response =>
  json(env, status, { error: field === undefined ? { code, message } : { code, message, field } })

/** Only where an SOS could not be made durable: whoever is in danger must know that nobody has heard it. */
export function notReceived(env: Place): Response {
  const message =
    'Your SOS could not be received. Call 911 now, or press again. / Hindi natanggap ang iyong SOS. Tumawag sa 911, o pindutin muli.'
  const answer = refusal(env, 503, 'not_received', message)
  answer.headers.set('retry-after', '1')
  return answer
}

/** A status could not be read; the press itself is safe. */
export function notReadable(env: Place): Response {
  const answer = refusal(env, 503, 'away', 'The status cannot be read now. Your SOS is kept. Try again.')
  answer.headers.set('retry-after', '2')
  return answer
}

/** What a phone reads of its press. The same fields in the same order whatever has happened. */
export function statusBody(view: PhoneView) {
  const { state, receivedAt, shownAt, takenAt, desk, helpOnTheWayAt, closedAt, offer911, inLine } = view
  return {
    state,
    receivedAt: iso(receivedAt),
    shownAt: iso(shownAt),
    takenAt: iso(takenAt),
    desk,
    helpOnTheWayAt: iso(helpOnTheWayAt),
    closedAt: iso(closedAt),
    offer911,
    inLine,
  }
}

const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString())
