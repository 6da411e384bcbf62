// A clock that was set back: what the room's timers wait for goes back with it, and so does whatever is compared with it. Each
// part turns its own times, for a wait that is asked twice is as long as the longer answer.

import { turnedBack } from '../domain/clocks'
import { SYSTEM } from '../domain/command'
import type { Ledger } from './ledger'

/** Looks at the clock. To be called at every wake and while screens are there; costs nothing where it goes on. Not inside a transaction. */
export function heedClock(ledger: Ledger): void {
  const byMs = ledger.timers.setBackBy()
  if (byMs === 0) return
  ledger.transact(() => {
    // Cards that are turned get the seq of this line: without one a screen that was away would never hear of them.
    ledger.log.append([{ type: 'clock_set_back', incident: null, body: { byMs } }], SYSTEM)
    ledger.timers.turnBack(byMs)
    turnIncidents(ledger, byMs)
    for (const turn of ledger.turnings) turn(byMs)
  })
}

// Who has an incident has it since a time that has not come, and acts before it: without this an owner at work would count as idle.
function turnIncidents(ledger: Ledger, byMs: number): void {
  const now = ledger.ports.now()
  for (const before of ledger.incidents.ofTheFuture(now)) {
    const after = turnedBack(before, byMs, now)
    if (after !== before) ledger.save({ before, after, lines: [], actor: SYSTEM })
  }
}

/** A time of the past, as of a clock that was set back by so much. */
export const notAhead = (at: number, byMs: number, now: number): number => (at > now ? Math.min(at - byMs, now) : at)
