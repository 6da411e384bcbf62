// What is kept of what left the tower by a person's decision. Times are epoch ms; ids are UUIDs, made by whoever decided, so
// that a row that is delivered twice is one.

import type { PageAnswer } from './page'
import type { RegionId } from './region'

/** What was given to whom, in which way, on whose decision. `sent`: names of fields and their values as they were told. */
export type Disclosure = {
  id: string
  region: RegionId
  incidentId: string
  at: number
  recipient: { kind: 'agency' | 'kin' | 'share' | 'neighbour' | 'other'; id: string | null; name: string }
  /** `call`, `webhook`, `sms`, `link`, … */
  way: string
  sent: Record<string, unknown>
  by: { uid: string; name: string }
}

/** A live-location link. Hashes are SHA-256 in hex; what opens it is kept nowhere. `granted`: `position`, `vehicle`, `state`. */
export type ShareLink = {
  id: string
  region: RegionId
  incidentId: string
  tokenHash: string
  /** Of the code that a text may carry and a person says. */
  codeHash: string | null
  recipient: string
  granted: string[]
  madeBy: string
  madeAt: number
  expiresAt: number
  revokedAt: number | null
  revokedBy: string | null
}

/** Somebody opened a link. `ipHash`: of the address's first part, with a salt. */
export type ShareView = {
  id: string
  region: RegionId
  linkId: string
  at: number
  ipHash: string
  agent: string | null
}

/** `area`: the outer ring, [lat, lng], not closed. `counts`: how many were found, told, left out and why. */
export type Broadcast = {
  id: string
  region: RegionId
  ref: string
  area: (readonly [lat: number, lng: number])[]
  text: string
  counts: Record<string, number>
  by: string
  at: number
  expiresAt: number
  cancelledAt: number | null
  cancelledBy: string | null
}

export type BroadcastAnswer = {
  broadcastId: string
  region: RegionId
  deviceId: string
  answer: PageAnswer
  at: number
}

/** `passed` is null while it goes on. `subject`: a device, a contact, a channel or the region. */
export type DrillRecord = {
  id: string
  region: RegionId
  ref: string
  kind: 'driver' | 'duty' | 'channel' | 'region'
  subject: string
  by: string
  at: number
  until: number
  endedAt: number | null
  passed: boolean | null
  note: string | null
}

/** Of one that was tried: `device:ncr-7`, `contact:…`, `channel:sms`. */
export type DrillResult = {
  drillId: string
  region: RegionId
  subject: string
  name: string
  passed: boolean
  tookMs: number | null
  why: string | null
  /** Of the phone's app, where it said. */
  appVersion: string | null
  at: number
}
