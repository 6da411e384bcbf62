// Signing keys as settings write them, "kid:base64url,kid:base64url", newest first. Old ones stay until what they signed is over.

import { createHmac, timingSafeEqual } from 'node:crypto'

export type Key = { kid: string; secret: Uint8Array }

const MIN_BYTES = 32

/** Throws where a key is unreadable or shorter than 32 bytes; the message never holds the key. */
export function parseKeys(text: string): Key[] {
  const keys = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): Key => {
      const [kid, secret, ...rest] = part.split(':')
      if (!kid || !/^[\w-]{1,32}$/.test(kid) || rest.length > 0) throw new Error('is not "kid:base64url,kid:base64url"')
      const bytes = decode(secret ?? '')
      if (bytes.length < MIN_BYTES) throw new Error(`holds a key of less than ${MIN_BYTES} bytes`)
      return { kid, secret: bytes }
    })
  if (keys.length === 0) throw new Error('names no key')
  if (new Set(keys.map((key) => key.kid)).size < keys.length) throw new Error('names one kid twice')
  return keys
}

/** Bytes of base64url text; throws where it is something else. */
export function decode(text: string): Uint8Array {
  if (!/^[\w-]+=*$/.test(text)) throw new Error('is not base64url')
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

export const mac = (key: Key, text: string): Buffer => createHmac('sha256', key.secret).update(text).digest()

/** Constant in time for what it is given. */
export function macHolds(key: Key, text: string, given: string): boolean {
  const want = mac(key, text)
  const got = Buffer.from(given, 'base64url')
  return got.length === want.length && timingSafeEqual(got, want)
}
