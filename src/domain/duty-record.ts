// What is kept of the rota and its people beyond what rooms need: who changed it, when, and what one shift left to the next.

import type { Agency } from './agency'
import type { Duty, DutyContact, Kin, Shift } from './duty'
import type { EscalationPolicy } from './escalation-policy'
import type { RegionId } from './region'

/** `version` is what a change is made from; times are epoch ms. */
export type Kept = { version: number; changedBy: string; changedAt: number }

export type KeptContact = DutyContact & Kept
export type KeptShift = Shift & Kept
export type KeptPolicy = { policy: EscalationPolicy } & Kept
export type KeptAgency = Agency & Kept
export type KeptKin = Kin & Kept

/** The outgoing writes it, the incoming accepts it. Contacts by id. */
export type Handover = {
  id: string
  region: RegionId
  duty: Duty
  from: string
  to: string
  note: string
  writtenBy: string
  at: number
  acceptedBy: string | null
  acceptedAt: number | null
}
