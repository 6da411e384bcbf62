// Which act is possible in which state. The table of the whole life of an incident, apart from its presses.

import type { ActType } from './command'
import type { State } from './incident'

const LIVE: readonly State[] = ['new', 'taken', 'help_asked']
const ENDED: readonly State[] = ['safe', 'closed', 'cancelled', 'false_alarm']
const ANY: readonly State[] = [...LIVE, ...ENDED, 'duplicate']

/** `from`: where the act is possible. `to`: the state it leads to; absent where it stays or the act decides. */
export const MOVES: Record<ActType, { from: readonly State[]; to?: State }> = {
  take: { from: [...LIVE, 'cancelled'] },
  pass: { from: [...LIVE, 'cancelled'] },
  help: { from: LIVE },
  note: { from: ANY },
  priority: { from: LIVE },
  'contact-policy': { from: [...LIVE, 'safe', 'cancelled'] },
  'contact-attempt': { from: [...LIVE, 'safe', 'cancelled'] },
  leg: { from: [...LIVE, 'safe', 'cancelled'] },
  // Skipping ahead is allowed: people confirm first and click later.
  safe: { from: [...LIVE, 'cancelled'], to: 'safe' },
  'false-alarm': { from: [...LIVE, 'cancelled'], to: 'false_alarm' },
  link: { from: ANY },
  unlink: { from: ANY },
  merge: { from: [...LIVE, 'safe', 'cancelled'], to: 'duplicate' },
  unmerge: { from: ANY },
  reopen: { from: ENDED, to: 'new' },
  close: { from: ['safe', 'cancelled'], to: 'closed' },
  'lift-duress': { from: ANY },
}

/** Acts that prove that the owner is at work on it: a call logged, a note, a priority, a leg, an end. Opening the page is not. */
export const COUNTS_AS_ACT: ReadonlySet<ActType> = new Set([
  'note',
  'priority',
  'contact-policy',
  'contact-attempt',
  'leg',
  'safe',
  'false-alarm',
  'link',
  'help',
  'lift-duress',
])
