// What others may ask of a courier shard over RPC, and what it tells the room. It only grows.

import type { Attempt, Page, PageAnswer } from '../domain/page'
import type { RegionId } from '../domain/region'

/** What became of a page. `n` counts a shard's reports: the room confirms them, the shard repeats what was not confirmed. */
export type CourierReport = {
  n: number
  pageId: string
  incidentId: string | null
  at: number
  /** The attempt that changed, as it is now. */
  attempt: Attempt | null
  /** `exhausted`: every way of its ladder has failed. `answered`: a person answered, with `answer`. */
  what: 'attempt' | 'answered' | 'exhausted' | 'parked' | 'expired'
  answer: PageAnswer | null
}

/** What a provider says about an attempt, its signature already verified. Late, repeated and unknown ones change nothing. */
export type Receipt = {
  attemptId: string
  provider: string
  /** The provider's own id of the message or call. */
  providerId: string
  state: 'accepted' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'answered'
  error: string | null
  network: string | null
  /** Epoch ms when it happened, as the provider says, else when it came. */
  at: number
}

export type ReceiptOutcome = 'applied' | 'late' | 'repeated' | 'unknown'

/** A text that came in to our number or SIM, or a key of a call. */
export type Heard = { attemptId: string; key: string; at: number }

/** An answer by text, from a number and to nothing in particular. `from` is E.164; `key` a digit as in a call, or words. */
export type TextHeard = { from: string; key: string; at: number }

/** What a call says next; `gather`: digits are waited for. Before a key no plate and no place. */
export type VoiceTurn = { lang: 'en' | 'fil'; say: string[]; gather: boolean; hangUp: boolean }

export type CourierHealth = {
  name: string
  queued: number
  /** With a provider, without a last word. */
  underWay: number
  parked: number
  unreported: number
  oldestQueuedAt: number | null
  /** `since` (where this life of the shard has seen it open) and `until` it is not asked, of one that is open; epoch ms. */
  circuits: { provider: string; open: boolean; failures: number; since?: number | null; until?: number | null }[]
  /** Receipts that changed nothing, by why. */
  ignored: { late: number; repeated: number; unknown: number; forged: number }
  now: number
}

export interface CourierRpc {
  /** Durable before the answer; a page that is known is taken as it was. Gives the ids that are here now. */
  send(pages: Page[]): Promise<string[]>
  /** Nothing new is begun for these: taken, acknowledged, ended. What is with a provider already stays counted. */
  stop(what: { incidentId?: string; pageIds?: string[]; why: string }): Promise<void>
  receipt(receipt: Receipt): Promise<ReceiptOutcome>
  /** A receipt whose signature did not hold: counted, nothing else. */
  forged(provider: string): Promise<void>
  /** What the call of this attempt says when it is picked up (`key` null) and after a key, which is heard by that. */
  voice(attemptId: string, key: string | null): Promise<VoiceTurn>
  /** A key or a word that answers. False where no such attempt is known. */
  heard(heard: Heard): Promise<boolean>
  /**
   * The newest text attempt of the last hour to this number that nobody has answered and that `key` can answer, with when it was
   * sent; null where there is none here. Changes nothing: of all shards the newest is then `heard`.
   */
  awaits(text: TextHeard): Promise<{ attemptId: string; sentAt: number } | null>
  /** By incident (all of its ladder, oldest first), or the newest of the shard. */
  attempts(query: { incidentId?: string; pageIds?: string[]; limit: number }): Promise<Attempt[]>
  /** What a person must look at; and sends it again, gives false where it is not parked. */
  parked(): Promise<Attempt[]>
  resend(attemptId: string, by: { uid: string; alias: string }): Promise<boolean>
  tick(): Promise<CourierHealth>
}

/** Attempt ids say where they live: `<region>.<shard>.<uuid>`. */
export function placeOfAttempt(attemptId: string): { region: string; shard: number } | null {
  const found = /^([A-Z]{3})\.(\d{1,3})\.[0-9a-f-]{36}$/.exec(attemptId)
  return found?.[1] && found[2] ? { region: found[1], shard: Number(found[2]) } : null
}

export const attemptIdOf = (region: RegionId, shard: number, uuid: string): string => `${region}.${shard}.${uuid}`
