// Who can be told: people on duty, when, and by which ways. Kept in Postgres, copied into every room.

import type { Address, PageLang } from './page'
import type { RegionId } from './region'

/** Duties of a region. More than one person may have the same duty at once. */
export const DUTIES = ['lead', 'second_lead', 'management', 'responder'] as const
export type Duty = (typeof DUTIES)[number]

/** Directory kind `contact`. `uid`: the tower's user that this person is; `addresses` in order of preference. */
export type DutyContact = {
  id: string
  region: RegionId
  name: string
  lang: PageLang
  addresses: Address[]
  /** Free words: `leads`, `management`, `moto-responders`. */
  teams: string[]
  uid: string | null
  active: boolean
}

/**
 * Directory kind `shift`. Epoch ms. `weekly`: repeats every seven days up to `weeklyUntil` (null: for ever), by Manila's clock,
 * which knows no summer time. `override`: while it lasts it stands in the place of all other shifts of this duty.
 */
export type Shift = {
  id: string
  region: RegionId
  duty: Duty
  contactId: string
  from: number
  until: number
  weekly: boolean
  weeklyUntil: number | null
  override: boolean
  note: string | null
}

/** Directory kind `kin`: whom a driver wants told. `id` is the driver's. Never told by the tower itself. */
export type Kin = {
  id: string
  region: RegionId
  contacts: { id: string; name: string; relation: string; phone: string; lang: PageLang }[]
}

/** The id of somebody who is known by their phone alone: those of the duty card. */
export const contactIdOfPhone = (phone: string): string => `phone:${phone}`
