// The hash chain of a room's log: what a link is made of, and how anybody can check it.
// The body lies beside the chain: erasing it (and its salt) breaks nothing, changing it does.

import { createHash } from 'node:crypto'
import type { LogEvent } from '../domain/event'

/** What an epoch's first event has before it. */
export const GENESIS = '0'.repeat(64)

/** JSON with sorted keys: the same bytes after a journey through jsonb. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** `body` as `canonical` writes it. */
export const bodyHashOf = (salt: string, body: string): string => sha256(`${salt}\n${body}`)

type Link = Omit<LogEvent, 'hash' | 'body' | 'salt'>

export const linkHashOf = ({ prevHash, room, epoch, seq, at, type, incident, actor, bodyHash }: Link): string =>
  sha256([prevHash, room, epoch, seq, at, type, incident ?? '', actor.uid, actor.kind, bodyHash].join('\n'))

export type ChainVerdict =
  | { ok: true; count: number; erased: number }
  | { ok: false; at: { room: string; epoch: string; seq: number }; why: string }

/**
 * Checks events of one room in the order given, oldest first, and names the first broken link. `from` is the hash before
 * the first of them where they do not begin an epoch; without it the first link's own word is taken.
 */
export function verifyChain(events: readonly LogEvent[], from?: string): ChainVerdict {
  let before: LogEvent | null = null
  let erased = 0
  for (const event of events) {
    const broken = brokenLink(event, before, before ? undefined : from)
    if (broken) return { ok: false, at: { room: event.room, epoch: event.epoch, seq: event.seq }, why: broken }
    if (event.body === null) erased++
    before = event
  }
  return { ok: true, count: events.length, erased }
}

function brokenLink(event: LogEvent, before: LogEvent | null, from: string | undefined): string | null {
  const sameEpoch = before?.epoch === event.epoch
  const wantedSeq = before ? (sameEpoch ? before.seq + 1 : 1) : event.seq
  if (event.seq !== wantedSeq)
    return `seq ${event.seq} where ${wantedSeq} belongs: a row is missing, doubled or out of place`
  const wantedPrev = sameEpoch ? before?.hash : event.seq === 1 ? GENESIS : from
  if (wantedPrev !== undefined && event.prevHash !== wantedPrev) return 'it does not follow from the one before'
  if (event.seq === 1 && before && !namesItsPast(event, before))
    return 'a new epoch does not name the last known event of the old one'
  if (event.body !== null && (event.salt === null || bodyHashOf(event.salt, canonical(event.body)) !== event.bodyHash))
    return 'its body was changed'
  if (linkHashOf(event) !== event.hash) return 'its own hash does not fit'
  return null
}

// A restored storage may not know the newest events of the one it replaces; what it names must then be older, never unknown.
function namesItsPast(first: LogEvent, last: LogEvent): boolean {
  const known = first.body?.after as { epoch?: string; seq?: number } | null | undefined
  if (first.type !== 'epoch') return false
  return !known || (known.epoch === last.epoch && (known.seq ?? 0) <= last.seq)
}
