// How often a device under an incident is asked to say where it is. What reaches its side passes the one gate.

import { type Incident, OPEN_STATES } from './incident'
import { mayReachPresser } from './phone-view'

/** `faster`: an incident is open. `normal`: it was asked before, and is to go back to what it was enrolled with. */
export type Pace = 'faster' | 'normal'

/** Seconds between two fixes while an incident is open. */
export const FASTER_EVERY_S = 5

/**
 * True where every incident that this device belongs to lets an answer to it be other than usual. One that is quiet, or
 * under duress, lets nothing: its answers are the same bytes whatever has happened.
 */
export const mayHasten = (incidents: readonly Pick<Incident, 'state' | 'contactPolicy' | 'duress'>[]): boolean =>
  incidents.some(({ state }) => OPEN_STATES.includes(state)) &&
  incidents.every((incident) => mayReachPresser(incident, 'app_reply') === 'open')
