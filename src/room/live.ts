// The messages of WS /api/regions/{region}/live, both ways. Unknown messages are ignored, never an error.

import type { IncidentSummary, ShownPosition } from '../domain/incident'
import type { PositionSource } from '../domain/position-source'
import type { RegionId } from '../domain/region'
import type { SourceMoved } from '../domain/separation'
import type { Notices } from './contract'

export type ToScreen =
  /** First, after every connect. A client whose epoch differs, or who is too far behind, gets `snapshot` next; else its missed `incidents`. */
  | { t: 'hello'; epoch: string; seq: number; at: string; region: RegionId; you: { uid: string; screen: string } }
  /** Everything queued, and nothing else: forget what you had. `more` counts queued rows beyond those sent: ask `since` with epoch null when the list runs short. */
  | { t: 'snapshot'; epoch: string; seq: number; incidents: IncidentSummary[]; more: number }
  /**
   * Changed incidents in their present state, ascending by their own `seq`; the frame's `seq` is the last of them. A repeat
   * changes nothing. What changed within a few milliseconds comes as one frame: in a burst a frame per press would be 50,000 a second.
   */
  | { t: 'incidents'; epoch: string; seq: number; incidents: IncidentSummary[] }
  /** Where vehicles of queued incidents are now. No seq and no repeat: what a screen missed, the next report says. */
  | {
      t: 'moved'
      epoch: string
      moved: { id: string; position: ShownPosition; source?: PositionSource }[]
      /** Where an incident has several devices: all of them, when one has moved. `own`: the one that pressed. */
      sources?: SourceMoved[]
    }
  /** All that stands beside the queue: after each catch-up, and whenever it changes. The latest is the whole truth. */
  | ({ t: 'notices'; epoch: string } & Notices)
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
  /** Where the screen is; answered by `snapshot` or the missed `incidents`, then `live`. */
  | { t: 'since'; epoch: string | null; seq: number }
  /** Painted on a visible page: seqs of the summaries drawn, at most every 250 ms. */
  | { t: 'shown'; seqs: number[] }
  /** Sent with every tick and on change. `paintedMs`, `inputMs`: ms since the last painted frame and the last human input. */
  | { t: 'here'; seq: number; visible: boolean; paintedMs: number; sound: boolean; inputMs: number; onCall: boolean }

/** Close codes. */
export const CLOSE = { slow: 1013, notAllowed: 4403, sessionEnded: 4401 } as const
