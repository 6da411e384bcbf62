// The messages of WS /api/regions/{region}/live, both ways. Unknown messages are ignored, never an error.

import type { IncidentSummary } from '../domain/incident'
import type { RegionId } from '../domain/region'

export type ToScreen =
  /** First, after every connect. A client whose epoch differs, or who is too far behind, gets `snapshot` next; else its missed `incident`s. */
  | { t: 'hello'; epoch: string; seq: number; at: string; region: RegionId; you: { uid: string; screen: string } }
  /** Everything queued, and nothing else: forget what you had. `more` counts rows beyond those sent. */
  | { t: 'snapshot'; epoch: string; seq: number; incidents: IncidentSummary[] }
  /** One changed incident in its present state. Ordered by seq; a repeat changes nothing. */
  | { t: 'incident'; epoch: string; seq: number; incident: IncidentSummary }
  /** Catch-up is complete up to this seq. */
  | { t: 'live'; epoch: string; seq: number }
  /** Every 5 s, and when somebody begins or stops watching. Its absence is the alarm. */
  | {
      t: 'tick'
      epoch: string
      seq: number
      at: string
      watching: number
      free: number
      open: number
      untaken: number
      canaryAt: string | null
      unverified: number
    }

export type FromScreen =
  /** Where the screen is; answered by `snapshot` or the missed `incident`s, then `live`. */
  | { t: 'since'; epoch: string | null; seq: number }
  /** Painted on a visible page: seqs of incident frames, at most every 250 ms. */
  | { t: 'shown'; seqs: number[] }
  /** Sent with every tick and on change. `paintedMs`, `inputMs`: ms since the last painted frame and the last human input. */
  | { t: 'here'; seq: number; visible: boolean; paintedMs: number; sound: boolean; inputMs: number; onCall: boolean }

/** Close codes. */
export const CLOSE = { slow: 1013, notAllowed: 4403, sessionEnded: 4401 } as const
