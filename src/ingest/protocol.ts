// What all protocols of the address /i/<device token> have in common. One file per protocol; sniff.ts lists them.

import type { Pace } from '../domain/pace'
import type { Kind } from '../domain/press'
import type { ReportEvent } from '../domain/report'
import { type Json, objectOf } from './json'
import type { PressFields } from './press'
import { textOrNull } from './text'

/** What came to a device's own address, whole or cut off. */
export type Message = {
  method: string
  contentType: string
  query: URLSearchParams
  /** Cleaned of byte order mark and invalid UTF-8. */
  body: string
  /** The body as JSON; undefined where it is none. */
  json: unknown
  /** When it came, epoch ms. */
  now: number
  /** Who the headers say it is from: a proxy's log-in, and names that the app was given. Absent where they say nothing. */
  sender?: { user: string | null; device: string | null } | undefined
}

/** One record of a message: a place, a heartbeat without one, or a cry for help. */
export type Item = {
  sos: boolean
  /** Whom the record says it is from. The token in the address knows better; it counts only where that is forged. */
  claimedId: string | null
  /** What its server calls the device, beside that; absent where it does not say. */
  claimedName?: string
  fields: PressFields
  /**
   * What it says beside its place; absent where it says none of it. `moving` and `stopped` come once from some clients,
   * with every record from others.
   */
  said?: { event: ReportEvent | null; charging: boolean | null; ignition: boolean | null }
  /** Somebody pressed "report now": a person's act, and perhaps half a cry. */
  manual?: true
  /** Nobody could read it: it is counted, and costs no other record of its message. */
  malformed?: true
}

/** On /i/ a status says only keep or drop: the reply is the same whatever was in the message, but for `paced`. */
export type Reply = { status: 200; body: string; contentType: string }

export type Protocol = {
  name: string
  /** Its records, oldest first as they were sent; null where the message is not of this protocol. Never throws. */
  read(message: Message): Item[] | null
  reply: Reply
  /** The body of the reply that changes how often the app reports; absent where it has no ear for that. */
  paced?: (pace: Pace) => string
  /** How a body of it begins, where its app keeps what it sent unless the answer is its own: also one that broke off. */
  begins?: RegExp
}

export const EMPTY_REPLY: Reply = { status: 200, body: '', contentType: 'text/plain; charset=UTF-8' }

/** An app's alarm says that, and no more: unknown until a person has spoken, so the gravest. */
export const APP_KIND: Kind = 'panic'

/** True where an alarm of a tracker is, or has among others, a cry for help: "sos", "sos,lowBattery", ["sos"]. */
export const isSos = (alarm: unknown): boolean => (Array.isArray(alarm) ? alarm.some(hasCry) : hasCry(alarm))

const hasCry = (alarm: unknown): boolean =>
  typeof alarm === 'string' && alarm.split(/[,;|\s]+/).some((word) => word.toLowerCase() === 'sos')

/** True for the ways in which clients write a set flag. */
export const isSet = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && /^(true|1|yes)$/i.test(value.trim()))

/** True where a record cries in one of the ways that apps have for it. */
export function criesIn(record: Json): boolean {
  const extras = objectOf(record.extras)
  return isSos(record.alarm) || isSet(record.sos) || isSos(extras.alarm) || isSet(extras.sos)
}

/** A device's name for itself, as text or number. */
export const claimOf = (value: unknown): string | null => textOrNull(typeof value === 'number' ? `${value}` : value, 64)
