// Who is told when nobody takes an incident: rules as data, per region and priority. The clocks are those of a desk
// (operators.md section 3). What follows from them at a moment is decided in escalation.ts.

import type { Duty } from './duty'
import type { Priority } from './incident'
import type { Channel } from './page'
import type { RegionId } from './region'

/** `unwatched`: nobody watches. `none_free`: people watch, none of them is free. `untaken`: nobody has taken it, whoever watches. */
export type StepWhen = 'unwatched' | 'none_free' | 'untaken'

export type Target =
  | { kind: 'duty'; duty: Duty }
  | { kind: 'person'; contactId: string }
  | { kind: 'team'; team: string }
  /** All active contacts of the region. */
  | { kind: 'everyone' }
  /** All consoles of this region, louder; and the supervisor's wall. */
  | { kind: 'consoles' }
  /** The operators of the neighbouring region get the card, with sound. */
  | { kind: 'neighbour' }

export type EscalationStep = {
  id: string
  when: StepWhen
  /** Since the alarm, seconds. */
  afterS: number
  who: Target[]
  /** Groups in order; those of a group at once. A channel that a person has no address for is left out. */
  by: Channel[][]
  /** Repeated so often until it is taken; null: once in a round. */
  everyS: number | null
}

/** Directory kind `policy`; `id` is the region's. */
export type EscalationPolicy = {
  id: RegionId
  neighbour: RegionId
  steps: Record<Priority, EscalationStep[]>
  /** A phone's acknowledgement stops paging others for so long, until a desk takes it. */
  ackHoldsS: number
  /** Storm: offered above so many untaken per free operator; by itself at `ownAt` times as many. */
  storm: { offeredAt: number; ownAt: number; withinS: number; repeatS: number }
  /** Pages to one contact join the text of the next while one is under way or younger than this. */
  bundleS: number
  /** Texts and calls to one contact in an hour at most, P1 singles not counted. */
  hourlyBudget: number
  /** All screens of a site lost within so many seconds are one "tower down". */
  towerDownS: number
}

const LOUD = { id: 'louder', when: 'untaken', who: [{ kind: 'consoles' }], by: [], everyS: null } as const

export function defaultPolicy(id: RegionId): EscalationPolicy {
  const calls: Channel[][] = [
    ['voice', 'sms'],
    ['email', 'webhook'],
  ]
  const lead: Target[] = [{ kind: 'duty', duty: 'lead' }]
  const allLeads: Target[] = [
    { kind: 'duty', duty: 'lead' },
    { kind: 'duty', duty: 'second_lead' },
    { kind: 'team', team: 'leads' },
    { kind: 'neighbour' },
  ]
  const management: Target[] = [{ kind: 'duty', duty: 'management' }]
  const steps = (s: {
    unwatched: number | null
    noneFree: number | null
    louder: number | null
    lead: number | null
    allLeads: number | null
    management: number | null
    repeat: number
  }): EscalationStep[] =>
    [
      s.unwatched !== null && {
        id: 'unwatched',
        when: 'unwatched' as const,
        afterS: s.unwatched,
        who: lead,
        by: calls,
        everyS: s.repeat,
      },
      s.noneFree !== null && {
        id: 'none_free',
        when: 'none_free' as const,
        afterS: s.noneFree,
        who: lead,
        by: calls,
        everyS: null,
      },
      s.louder !== null && { ...LOUD, afterS: s.louder, who: [...LOUD.who], by: [] },
      s.lead !== null && {
        id: 'lead',
        when: 'untaken' as const,
        afterS: s.lead,
        who: lead,
        by: calls,
        everyS: s.repeat,
      },
      s.allLeads !== null && {
        id: 'all_leads',
        when: 'untaken' as const,
        afterS: s.allLeads,
        who: allLeads,
        by: calls,
        everyS: s.repeat,
      },
      s.management !== null && {
        id: 'management',
        when: 'untaken' as const,
        afterS: s.management,
        who: management,
        by: calls,
        everyS: s.repeat,
      },
    ].filter((step) => step !== false)
  return {
    id,
    neighbour: NEIGHBOUR[id],
    steps: {
      P1: steps({ unwatched: 0, noneFree: 5, louder: 10, lead: 20, allLeads: 45, management: 120, repeat: 120 }),
      P2: steps({ unwatched: 0, noneFree: 30, louder: 30, lead: 90, allLeads: 180, management: 600, repeat: 600 }),
      P3: steps({
        unwatched: 60,
        noneFree: null,
        louder: 300,
        lead: 900,
        allLeads: null,
        management: null,
        repeat: 900,
      }),
      P4: [],
    },
    ackHoldsS: 120,
    storm: { offeredAt: 10, ownAt: 3, withinS: 600, repeatS: 300 },
    bundleS: 60,
    hourlyBudget: 10,
    towerDownS: 30,
  }
}

/** Whose operators hear it when nobody of a region answers. */
export const NEIGHBOUR: Record<RegionId, RegionId> = { NCR: 'CEB', CEB: 'NCR', DVO: 'CEB', ILO: 'CEB' }
