// What others may ask of a room about telling people outside its screens. It only grows. Times are epoch ms.

import type { CourierReport } from '../courier/contract'
import type { Viewer } from '../domain/access'
import type { Refusal } from '../domain/command'
import type { PageAnswer, PageReason } from '../domain/page'
import type { RegionId } from '../domain/region'
import type { People } from './attention'

/** A step that came due: who is told, or why nobody is. */
export type DecidedStep = {
  at: number
  step: string
  round: number
  n: number
  why: string
  to: { id: string; name: string; page: string }[]
  /** They are being told already. */
  telling: { id: string; name: string }[]
  /** Whom it means and who is not told: the hour's budget, one page tells of the whole storm, or no address may be used. */
  kept: { id: string; name: string; why: 'budget' | 'storm' | 'refused' }[]
  nobody: string[]
  consoles: boolean
  neighbour: RegionId | null
}

/** What became of one page. Its attempts are the courier's. */
export type ToldPage = {
  id: string
  reason: PageReason
  step: string
  contact: { id: string; name: string }
  state: 'waiting' | 'with' | 'stopping' | 'stopped' | 'answered' | 'exhausted' | 'parked' | 'expired'
  why: string | null
  answer: PageAnswer | null
  decidedAt: number
}

export type LadderView = {
  incidentId: string
  /** `climbing`: nobody has it. `held`: somebody said by phone that they take it. `over`: a person has it, or it has ended. */
  state: 'climbing' | 'held' | 'over'
  round: number
  since: number
  held: { contactId: string; name: string; until: number } | null
  /** Oldest first. */
  decided: DecidedStep[]
  pages: ToldPage[]
  /** As things stand, soonest first. */
  next: { step: string; at: number }[]
}

/** A region that is looked after from another. `by` took it over; it ends at `until`, or when it is given back. */
export type TakenOver = {
  region: RegionId
  from: RegionId
  by: { uid: string; alias: string }
  reason: string
  at: number
  until: number
}

/**
 * Who watches in the room that looks after this one. `at`: by its clock, so that an older word changes nothing. `people`: who
 * they are, for some may watch here as well; absent from an older version.
 */
export type AttentionThere = { from: RegionId; watching: number; free: number; at: number; people?: People }

export type TakeOverAnswer = { ok: true; takenOver: TakenOver | null } | { ok: false; refusal: Refusal }

export interface PagingRpc {
  /** What became of pages. Gives the `n` of those that are written here: a shard repeats the others. Repeats change nothing. */
  reports(reports: CourierReport[]): Promise<number[]>
  /** What was told and will be; null where this room knows no such incident, or the person may not see it. */
  ladder(incidentId: string, viewer: Viewer): Promise<LadderView | null>
  /** A supervisor of `from` looks after this room's region from there, for twelve hours at most. Repeating it renews it. */
  takeOver(from: RegionId, reason: string, viewer: Viewer): Promise<TakeOverAnswer>
  giveBack(viewer: Viewer): Promise<TakeOverAnswer>
  /** Another room says whether it is looked after from here. */
  lookAfter(region: RegionId, takenOver: TakenOver | null): Promise<void>
  /** The room that looks after this one says who watches there, with its ticks. It holds for 15 s. */
  attentionThere(there: AttentionThere): Promise<void>
  /** This person logs out: the screens that close now are not lost. */
  saysGoodbye(uid: string): Promise<void>
}
