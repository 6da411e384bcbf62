// One responder's way to an incident. What may become of it is in leg-moves.ts.

export const LEG_STATES = ['asked', 'accepted', 'declined', 'on_the_way', 'there', 'done'] as const
export type LegState = (typeof LEG_STATES)[number]
export const RESPONDER_KINDS = ['rover', 'police', 'ambulance', 'fire', 'coast_guard', 'agency', 'other'] as const
export type ResponderKind = (typeof RESPONDER_KINDS)[number]

/** One responder's way. Several at once; the incident shows the furthest. */
export type Leg = {
  id: string
  kind: ResponderKind
  name: string
  state: LegState
  etaMinutes: number | null
  /** When each state was reached, epoch ms. */
  at: Partial<Record<LegState, number>>
  /** Whom it is about, where that is somebody we know: `device:<id>` of one of our vehicles, `station:<id>`. */
  ref?: string
}

const LEG_RANK: Record<LegState, number> = { declined: -1, asked: 0, accepted: 1, on_the_way: 2, there: 3, done: 4 }

/** The furthest leg that still goes there or went; declined ones count only where there is no other. */
export function furthestLeg(legs: readonly Pick<Leg, 'state'>[]): LegState | null {
  let best: LegState | null = null
  for (const { state } of legs) if (best === null || LEG_RANK[state] > LEG_RANK[best]) best = state
  return best
}
