// What the screens of a room are told of it, and what it is told of them.

import type { Viewer } from '../domain/access'
import type { IncidentSummary } from '../domain/incident'
import type { RegionId } from '../domain/region'
import type { Notices } from './contract'

export type ScreensPorts = {
  region: RegionId
  epoch(): string
  now(): number
  after(ms: number, run: () => void): void
  newId(): string
  queue(limit: number): IncidentSummary[]
  /** Incidents and mirrored cards that changed after `seq`, in order. */
  since(seq: number, limit: number): IncidentSummary[]
  counts(): { open: number; untaken: number; queued: number }
  holdsP1(uid: string): boolean
  canaryAt(): number | null
  unverified(): number
  /** What stands beside the queue. */
  notices?(): Notices
  /** Painted on somebody's visible screen for the first time, as far as this object knows. */
  shown(incidentIds: string[], viewer: Viewer): void
  /** This person's first screen here has come, or the last has gone. */
  /** `lastHeardAt`: gone since then, where it is noticed later. */
  present(viewer: Viewer, present: boolean, lastHeardAt?: number): void
  /** Who watches may have changed. */
  attended?(): void
  /** A screen was opened at this site. */
  came?(site: string, uid: string): void
  /** One has gone. `goodbye`: its person's session was ended, so nothing was lost. */
  gone?(site: string, uid: string, goodbye: boolean): void
}
