// How often a device that pressed is asked to say where it is. For half an hour its own press and the clock decide, and nothing
// that became of it; what reaches beyond that passes the one gate.

import { type Incident, OPEN_STATES } from './incident'
import { mayReachPresser } from './phone-view'

/** `faster`: it pressed, or an incident is open. `normal`: it was asked before, and is to go back to what it was enrolled with. */
export type Pace = 'faster' | 'normal'

/** Seconds between two fixes of a device that is asked for more of them. */
export const FASTER_EVERY_S = 5

/**
 * So long after a press its device is asked for faster fixes: whether it is quiet, under duress, cancelled by either PIN, closed
 * or a false alarm. Constant, so that neither its begin nor its end tells anything: `neutral`, as the gate calls it.
 */
export const AFTER_PRESS_MS = 30 * 60_000

/** Epoch ms, of a press received then. */
export const fasterUntil = (receivedAt: number): number => receivedAt + AFTER_PRESS_MS

/** A field of an answer of ours: to report so often, or none. */
export type FixEvery = { fixEveryS: number } | Record<never, never>

export const fixEvery = (pace: Pace | null): FixEvery => (pace === 'faster' ? { fixEveryS: FASTER_EVERY_S } : {})

/** Of the answer to a press received then. It needs to know nothing but the time, so it never waits for any room. */
export const fixEveryAfterPress = (receivedAt: number, now: number): FixEvery =>
  fixEvery(now < fasterUntil(receivedAt) ? 'faster' : null)

/**
 * Beyond that half hour, and for devices that did not press themselves: true where every incident that this device belongs to
 * lets an answer to it be other than usual. One that is quiet, or under duress, lets nothing.
 */
export const mayHasten = (incidents: readonly Pick<Incident, 'state' | 'contactPolicy' | 'duress'>[]): boolean =>
  incidents.some(({ state }) => OPEN_STATES.includes(state)) &&
  incidents.every((incident) => mayReachPresser(incident, 'app_reply') === 'open')
