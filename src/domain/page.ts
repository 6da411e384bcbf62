// One person (or device, or address) who is to be told one thing, and by which ways one after the other. What becomes of each try
// of one way is an attempt. The room decides pages; the Courier makes them happen.

import type { ContactPolicy, Priority } from './incident'
import type { Kind } from './press'
import type { RegionId } from './region'

export const CHANNELS = ['voice', 'sms', 'email', 'webhook', 'lifeline'] as const
export type Channel = (typeof CHANNELS)[number]

/** `to`: E.164 for voice and sms, a mail address, an https address, a device id for lifeline. */
export type Address = { channel: Channel; to: string }

export type PageLang = 'en' | 'fil'

/** Why somebody is told; each has its own words (src/courier/words). */
export const PAGE_REASONS = [
  'escalation', // nobody has taken an incident
  'storm', // one page for many incidents
  'tower_down', // all screens of a site are lost
  'room_away', // an intake pages because its room is dead
  'kin', // the driver's own contact, released by an operator
  'driver', // a message to the driver, or help is on the way
  'queue_question', // "received, you are in line": what is it?
  'area', // a broadcast to phones in an area
  'agency', // hand-off to an agency's machine
  'share', // the spoken code of a live-location link
  'drill',
] as const
export type PageReason = (typeof PAGE_REASONS)[number]

/** What the words of a page are made of. Times are epoch ms. Only what the reason needs is there. */
export type PageFacts = {
  code: string | null
  region: RegionId
  priority: Priority | null
  kind: Kind | null
  contactPolicy: ContactPolicy | null
  plate: string | null
  /** Colour, make and model as one speaks of it: "white Vios". */
  vehicle: string | null
  /** As short as possible: "EDSA NB nr Ortigas, Mandaluyong". */
  place: string | null
  moving: boolean
  /** The phone has said nothing for so many seconds. */
  silentS: number | null
  /** First name and initial: "Juan D.". */
  driver: string | null
  pressedAt: number | null
  /** The tower's own number, for calling back. */
  towerPhone: string | null
  /** Storm and tower down: so many, the oldest in ms, how many at desks. */
  counts: { waiting: number; p1: number; oldestMs: number; operators: number } | null
  /** Of what an operator or supervisor wrote, or the fixed text of an area broadcast. */
  text: string | null
  /** Of an area broadcast to somebody whose language nobody knows: its own words in both; null where the kind's words say it. */
  texts?: Record<PageLang, string> | null
  /** Reference of an area broadcast or a drill: A-12, D03. */
  ref: string | null
  until: number | null
  /** `kin`: what they are told. */
  stage: 'pressed' | 'safe' | null
}

/**
 * `id` is made from what was decided (incident, step, round, contact), so that the same decision made twice is one page.
 * `ladder`: ways in order; those of one group are tried at once. `until`: when telling is of no use any more, epoch ms.
 */
export type Page = {
  id: string
  region: RegionId
  incidentId: string | null
  reason: PageReason
  /** The step of the policy, the broadcast or the drill it belongs to. */
  step: string
  contact: { id: string; name: string; lang: PageLang }
  ladder: Address[][]
  priority: Priority
  facts: PageFacts
  decidedAt: number
  until: number | null
  drill: boolean
  /** This provider alone, where a drill tries it: no other takes over. */
  via?: string
  /** What a machine reads instead of words (a hand-off to an agency): the body of its webhook, as it is sent. */
  document?: unknown
}

/**
 * The states of an attempt. `accepted`: the provider took it. `delivered`: the network says so, which nobody has read yet.
 * `answered`: a person pressed a key or wrote back. `parked`: it cannot be sent as it is; a person looks at it.
 */
export const ATTEMPT_STATES = [
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'answered',
  'parked',
  'stopped',
] as const
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/** Keys of a call, or words of a text: taken, cannot, call everyone; and what a presser in a queue says. */
export const PAGE_ANSWERS = [
  'take',
  'cannot',
  'everyone',
  'trapped',
  'hurt',
  'stuck',
  'ok',
  'safe',
  'need_help',
] as const
export type PageAnswer = (typeof PAGE_ANSWERS)[number]

/** One try of one way, as screens and reports have it. `to` is shortened: +63917•••4567. */
export type Attempt = {
  id: string
  pageId: string
  incidentId: string | null
  region: RegionId
  reason: PageReason
  step: string
  contact: { id: string; name: string }
  channel: Channel
  /** `twilio`, `sim`, `sendgrid`, …; null before one was chosen. */
  provider: string | null
  /** Globe, Smart, DITO, by the number or as the provider says; null where unknown. */
  network: string | null
  to: string
  /** Counts the attempts of its page, from 1. */
  n: number
  state: AttemptState
  /** Why it failed, in a provider's code or a word of ours: `30008`, `busy`, `no_answer`, `timeout`, `circuit_open`. */
  error: string | null
  answer: PageAnswer | null
  drill: boolean
  /** When each state was reached, epoch ms. */
  at: Partial<Record<AttemptState, number>>
}
