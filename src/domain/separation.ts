// "Phone and vehicle have separated": two sources of one incident are in two places, beyond all doubt and for a while.

import { haversine } from './distance'
import type { ShownPosition } from './incident'
import type { PositionSource } from './position-source'
import { uncertaintyM } from './uncertainty'

export const SEPARATION = {
  /** Nearer than this is a large car park. */
  beyondM: 150,
  /** One wrong fix is no separation. */
  forMs: 30_000,
  /** An older fix says where something was, not that it is elsewhere. */
  freshMs: 60_000,
} as const

/** One device of an incident as screens have it. `own`: the one that pressed. */
export type IncidentSource = { deviceId: string; source: PositionSource; own: boolean; position: ShownPosition }
/** `id`: of its incident. */
export type SourceMoved = IncidentSource & { id: string }

/** `at`: when it was fixed, epoch ms. */
type Fix = { lat: number; lng: number; accuracyM: number | null; speedMps: number | null; at: number }

/** Metres between the two where they are apart beyond both uncertainties; null where that cannot be said. */
export function apartM(a: Fix, b: Fix, now: number): number | null {
  const doubt = [a, b].map((fix) => {
    const ageMs = Math.max(0, now - fix.at)
    return ageMs > SEPARATION.freshMs ? null : uncertaintyM(fix, ageMs)
  })
  const [ofA, ofB] = doubt
  if (ofA == null || ofB == null) return null
  const metres = haversine(a, b)
  return metres > Math.max(SEPARATION.beyondM, ofA + ofB) ? metres : null
}

/** `since`: when the two were first seen apart, without being together in between; null while they are not. */
export type Separation = { since: number | null; apartM: number | null; separated: boolean }

/** To be asked at every fix of either. One look at which they may be together begins it anew. */
export function separation(a: Fix, b: Fix, now: number, since: number | null): Separation {
  const metres = apartM(a, b, now)
  if (metres === null) return { since: null, apartM: null, separated: false }
  const from = since ?? now
  return { since: from, apartM: metres, separated: now - from > SEPARATION.forMs }
}
