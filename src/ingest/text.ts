// Text from outside, cleaned once at the door: PostgreSQL can store neither NUL nor half a surrogate pair.

const NUL = /\0/g
const LENIENT = new TextDecoder('utf-8')

/** NUL and lone surrogates become U+FFFD; at most `max` UTF-16 units, never half a character. */
export function cleanText(text: string, max: number): string {
  const cut = text.length > max ? text.slice(0, endsInsidePair(text, max) ? max - 1 : max) : text
  return cut.toWellFormed().replace(NUL, '\ufffd')
}

/** The cleaned text without surrounding space; null for anything that is no text, or says nothing. */
export function textOrNull(value: unknown, max: number): string | null {
  if (typeof value !== 'string') return null
  return cleanText(value.trim(), max) || null
}

/** Bytes as text: invalid UTF-8 becomes U+FFFD, a byte order mark goes away. */
export const decodeUtf8 = (bytes: Uint8Array): string => LENIENT.decode(bytes)

function endsInsidePair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  return before >= 0xd800 && before <= 0xdbff
}
