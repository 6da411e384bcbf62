// Whether a callback comes from whom it says: each provider's own way of signing, compared in constant time. Pure.

import { createHash, createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sameText } from '../../ingest/device-token'

/** A signed message older or newer than this is a replay. */
export const TOLERANCE_S = 300

/**
 * Twilio: base64 of HMAC-SHA1 over the address as it was configured and all parameters of the form, sorted. `url` is made from our own
 * configured origin: what a Host header says proves nothing.
 */
export function twilioHolds(authToken: string, url: string, form: URLSearchParams, signature: string): boolean {
  return [url, withPort(url)].some((each) => sameText(signature, twilioSignature(authToken, each, form)))
}

export function twilioSignature(authToken: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort()
  // A name that comes several times counts with each of its different values.
  const said = names.map((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
  return createHmac('sha1', authToken)
    .update(url + said.flat().join(''))
    .digest('base64')
}

/** Twilio signs some addresses with the port that they have by default. */
function withPort(url: string): string {
  const { protocol, port } = new URL(url)
  if (port !== '') return url.replace(`:${port}/`, '/')
  return url.replace(/^(https?:\/\/[^/]+)/, `$1:${protocol === 'https:' ? 443 : 80}`)
}

let known: { text: string; key: KeyObject | null } | null = null

/** The key that SendGrid shows: base64 of a P-256 public key. Null where the text is none. */
export function sendgridKey(text: string): KeyObject | null {
  if (known?.text !== text) known = { text, key: readKey(text) }
  return known.key
}

function readKey(text: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

/** SendGrid: ECDSA (DER) over timestamp and raw body. */
export function sendgridHolds(key: KeyObject, timestamp: string, body: string, signature: string): boolean {
  try {
    return verify('sha256', Buffer.from(timestamp + body), key, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/** The SIM gateway: hex of HMAC-SHA256 over raw body and timestamp. */
export const simHolds = (secret: string, timestamp: string, body: string, signature: string): boolean =>
  sameText(signature.toLowerCase(), simSignature(secret, timestamp, body))

export const simSignature = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret)
    .update(body + timestamp)
    .digest('hex')

/** `timestamp` in epoch seconds, `now` in ms. */
export const isFresh = (timestamp: string, now: number): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= TOLERANCE_S

export const digestOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
