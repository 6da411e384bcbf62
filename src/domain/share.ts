// Live-location links: who may see what of one incident until when. The token is 128 bits and kept nowhere; what is said
// aloud, or travels by text, is a code of six letters and digits, which a person types in.

import type { Refusal } from './command'
import { REGIONS, type RegionId } from './region'

export const GRANTS = ['position', 'vehicle', 'state'] as const
export type Grant = (typeof GRANTS)[number]

/** `agency`: police and the like, who are not the presser's side. */
export const SHARE_KINDS = ['agency', 'kin', 'other'] as const
export type ShareKind = (typeof SHARE_KINDS)[number]

export const SHARE_MINUTES = { least: 15, usual: 60, most: 12 * 60 } as const

/** `phone`: E.164, where the code is to be sent by text. */
export type ShareWish = {
  kind: ShareKind
  recipient: string
  granted: Grant[]
  minutes: number
  phone: string | null
}

/** As lists show it. Times are epoch ms. */
export type ShareShown = {
  id: string
  kind: ShareKind
  recipient: string
  granted: Grant[]
  madeBy: string
  madeAt: number
  expiresAt: number
  revokedAt: number | null
  /** True while it opens. */
  open: boolean
  seen: { count: number; lastAt: number | null }
}

/** The one answer in which token and code stand. */
export type ShareMade = ShareShown & { token: string; code: string }

/** Who looks: the first part of the address, and what the browser calls itself. */
export type Seen = { prefix: string; agent: string | null }

/** How an incident stands, for somebody outside. */
export type SharedState = 'received' | 'taken' | 'help_asked' | 'help_on_the_way' | 'safe'

/** What the page shows, and nothing else. Null: not granted, or not known. */
export type SharedView = {
  recipient: string
  expiresAt: number
  now: number
  granted: Grant[]
  position: {
    lat: number
    lng: number
    accuracyM: number | null
    headingDeg: number | null
    speedMps: number | null
    fixedAt: number | null
  } | null
  vehicle: { plate: string | null; colour: string; make: string; model: string } | null
  state: SharedState | null
  /** The driver must not be called or texted. */
  doNotCall: boolean
}

/** Nothing that sounds or looks like something else: no I, O, 0, 1. */
export const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
export const CODE_LENGTH = 6

/** As it is typed on a phone: any case, with spaces or hyphens. Null where it can be no code. */
export function readCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  return code.length === CODE_LENGTH && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : null
}

/** In two halves, as people say it: K7P-3QD. */
export const spokenCode = (code: string): string => `${code.slice(0, 3)}-${code.slice(3)}`

/** A text has one segment, and the code and the tower's number are in it, too. */
export const MESSAGE_MAX = 100

/** The first character of a token names its room; the rest is 128 random bits. */
export const TOKEN = /^([1-9])[A-Za-z0-9_-]{22}$/

export function roomOfToken(token: string): RegionId | null {
  const number = TOKEN.exec(token)?.[1]
  return REGIONS.find((region) => String(region.number) === number)?.id ?? null
}

/** Null where this may be granted to them. */
export function refusesShare({ granted, minutes, recipient }: ShareWish): Refusal | null {
  const invalid = (reason: string, message: string): Refusal => ({ code: 'invalid', reason, message })
  if (granted.length === 0 || granted.some((each) => !GRANTS.includes(each)))
    return invalid('nothing_granted', 'Name what may be seen: position, vehicle, state.')
  if (!(minutes >= SHARE_MINUTES.least && minutes <= SHARE_MINUTES.most))
    return invalid('share_minutes', `A link lasts ${SHARE_MINUTES.least} minutes to ${SHARE_MINUTES.most / 60} hours.`)
  if (recipient.trim() === '') return invalid('no_recipient', 'Name whom it is for.')
  return null
}
