// Which view of its queue a desk shows: the room says whether there is a storm or could be one, a person which view they want.

import type { ShownStorm } from '../../../src/domain/storm'

export type StormState = 'off' | 'offered' | 'on'

const PER_FREE = 10

/** `chosen`: what a person here has said, null if nothing yet. `room`: null while it has not said anything. */
export function stormOf(
  untaken: number,
  free: number,
  chosen: 'on' | 'off' | null,
  room: Pick<ShownStorm, 'on' | 'offered'> | null = null,
): StormState {
  const said = room ? (room.on ? 'on' : room.offered ? 'offered' : 'off') : byItself(untaken, free)
  if (chosen === 'on') return 'on'
  return chosen === 'off' && said === 'on' ? 'offered' : said
}

// Without its room a desk counts by itself.
function byItself(untaken: number, free: number): StormState {
  const many = PER_FREE * Math.max(1, free)
  return untaken > 3 * many ? 'on' : untaken > many ? 'offered' : 'off'
}
