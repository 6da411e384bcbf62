// What a room remembers of one incident's escalation: plain JSON, changed only by escalation.ts.
// Rows outlive versions: what is absent or unknown in one is read as "not yet".

import type { EscalationStep } from '../escalation-policy'
import type { Incident, Priority } from '../incident'

/** What escalation reads of an incident. */
export type Alarmed = Pick<Incident, 'id' | 'state' | 'priority' | 'owner' | 'alarmedAt' | 'ring' | 'lastActAt'>

/** Times are epoch ms by the room's clock; a clock that was set back moves all of them (clock.ts). */
export type Ladder = {
  incidentId: string
  /** Counts from 1. A new one begins at step 1: back in the queue, reopened, no reaction, a graver priority. */
  round: number
  since: number
  /** By step id: how often it came due in this round, and when last. */
  fired: Record<string, { n: number; at: number }>
  /** Somebody took it by phone: until then nobody else is paged. */
  held: { until: number; by: { contactId: string; name: string } } | null
  /** A step that must not wait for its time: `next` somebody cannot, `expired` a hold ran out, `everyone` all leads. */
  rush: 'next' | 'expired' | 'everyone' | null
  /** Contacts who said in this round that they cannot. */
  declined: string[]
  /** A step with people came due in a storm, and told nobody singly. It is told when the storm is over. */
  owed: string | null
  /** A round that follows another in the queue is never later than that: by step, and for anybody at all. */
  floor: { steps: Record<string, number>; anybody: number | null } | null
  /** A taken incident sounded to everyone: its owner has until `due` to react. */
  asked: { due: number; act: number | null; taken: number } | null
  /** The incident and the clock, as last seen. `waits`: nobody has it, or its owner did not react. */
  seen: { at: number; alarmedAt: number; priority: Priority; ring: number; waits: boolean }
}

export type Moment = {
  now: number
  /** People who watch now, and how many of them are free. */
  attention: { watching: number; free: number }
  storm: boolean
}

/**
 * Why a step is told now. `repeat`: again after its `everyS`. `cannot`: somebody said so, or every way to them failed.
 * `ack_expired`: a phone took it and no desk followed. `raised`: a graver round, which may not be later than the one before.
 */
export type Why =
  | 'unwatched'
  | 'none_free'
  | 'untaken'
  | 'repeat'
  | 'cannot'
  | 'everyone'
  | 'ack_expired'
  | 'raised'
  | 'storm_over'

/** (incident, round, step.id, n) is decided once. `step.who` is without people where a storm speaks for them. */
export type Decision = { step: EscalationStep; round: number; n: number; why: Why }
