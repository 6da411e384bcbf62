// When the map asks for its vehicles again. Gentler than the way of an SOS: after a while nobody is helped by haste, and
// a map without vehicles still works.

import { retryDelay } from '../../live/link'

const HASTY_TRIES = 6
const PATIENCE = 4

/** Milliseconds before the next try: at most 5 s at first, at most 20 s later, half of it by chance. */
export const nextTry = (failures: number, random: number): number =>
  retryDelay(failures, random) * (failures > HASTY_TRIES ? PATIENCE : 1)

/** A line that nobody speaks on is asked after this long, and given up when it still says nothing. */
export const ASK_AFTER_MS = 30_000
export const DROP_AFTER_MS = 45_000

export type LineCheck = 'fine' | 'ask' | 'drop'
export const checkLine = (heardAt: number, now: number): LineCheck =>
  now - heardAt > DROP_AFTER_MS ? 'drop' : now - heardAt > ASK_AFTER_MS ? 'ask' : 'fine'
