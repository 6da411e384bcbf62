// What phones write where a time belongs. Their clocks order nothing: ours does.

/** Epoch ms. `local` where no zone was given: read as UTC, and doubtful. */
export type Clock = { at: number; local: boolean }

/** Below it a number is seconds, as Traccar's server reads it. */
const FIRST_MILLIS = 2 ** 31
const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)
const NUMERIC = /^\d{1,16}(\.\d{1,9})?$/
// A `+` of a zone that was not escaped in a query arrives as a space.
const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s?(?:([Zz])|([+ -]?)(\d{2}):?(\d{2}))?$/

/** ISO 8601, epoch seconds, epoch ms, or `yyyy-MM-dd HH:mm:ss`; as number or text. Null for anything else. */
export function readClock(value: unknown): Clock | null {
  if (typeof value === 'number') return fromNumber(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return NUMERIC.test(text) ? fromNumber(Number(text)) : fromText(text)
}

function fromNumber(value: number): Clock | null {
  if (!Number.isFinite(value) || value <= 0) return null
  return plausible(value < FIRST_MILLIS ? value * 1000 : value, false)
}

function fromText(text: string): Clock | null {
  const found = WRITTEN.exec(text)
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0)) as Six
  // 60 seconds: a leap second is a time, too.
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null
  const millis = Number(`0.${found[7] ?? 0}`) * 1000
  const utc = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(millis))
  if (found[8]) return plausible(utc, false)
  if (found[10] === undefined) return plausible(utc, true)
  const offset = (Number(found[10]) * 60 + Number(found[11])) * 60_000
  return plausible(found[9] === '-' ? utc + offset : utc - offset, false)
}

type Six = [number, number, number, number, number, number]

const plausible = (at: number, local: boolean): Clock | null =>
  at >= EARLIEST && at < LATEST ? { at: Math.round(at), local } : null
