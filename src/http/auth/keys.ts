// What is signed with a key of ours, and the check of it. How keys are written is in ingest/device-token.ts.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SigningKey } from '../../ingest/device-token'

export const mac = ({ key }: SigningKey, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url')

/** Compares the text, not its bytes: base64url has several spellings of the same bytes. Constant in time. */
export function macHolds(key: SigningKey, text: string, given: string): boolean {
  const want = Buffer.from(mac(key, text))
  const got = Buffer.from(given)
  return got.length === want.length && timingSafeEqual(got, want)
}

/** Bytes of base64url text; throws where it is something else. */
export function decode(text: string): Uint8Array {
  if (!/^[\w-]+=*$/.test(text)) throw new Error('is not base64url')
  return new Uint8Array(Buffer.from(text, 'base64url'))
}
