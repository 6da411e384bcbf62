// Whom an operator calls outside: 911, police, fire, Red Cross, coast guard. Dated data with its source; nothing here dials.

import type { RegionId } from './region'

export const AGENCY_KINDS = [
  'unified_911',
  'police',
  'fire',
  'ambulance',
  'coast_guard',
  'traffic',
  'rescue',
  'local_centre',
] as const
export type AgencyKind = (typeof AGENCY_KINDS)[number]

/** How sure we are of a number: see philippines.md section 7.1. Low ones are marked wherever they are shown. */
export type Confidence = 'high' | 'medium' | 'low'

/** Directory kind `agency`. Times are epoch ms. */
export type Agency = {
  id: string
  region: RegionId
  kind: AgencyKind
  name: string
  /** As one dials it: 911, 143, +63284260219. */
  numbers: { label: string; number: string; confidence: Confidence }[]
  languages: string[]
  /** Which municipalities or what it covers, in words. */
  covers: string
  source: string
  verifiedAt: number | null
  verifiedBy: string | null
  /** After so many days it is to be verified again, by its administrative line; 911 is never called to test. */
  reverifyDays: number
  /** Takes hand-offs by machine: the address of its adapter's door. Null where people call. */
  machine: { url: string; kind: 'handoff_v1' } | null
  note: string | null
  active: boolean
}
