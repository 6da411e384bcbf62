// What time itself does in an intake: its alarm, what may be forgotten, and what a clock that was set back must not hold up.

import type { DrainClock } from '../durable/drain'
import type { Storage } from '../durable/storage'
import type { Timers } from '../durable/timers'
import { AWAY_PAGES_KEPT_MS, type AwayPages } from './away-pages'
import type { Cancels } from './cancels'
import { AWAY_TIMER, type Overdue } from './overdue'
import type { IntakePorts } from './ports'
import type { Presses } from './presses'
import type { Unverified } from './unverified'

const PRUNE_TIMER = 'prune'
const KEPT_MS = 8 * 86_400_000
const PRUNE_MS = 3_600_000
const PRUNE_ON_MS = 1000

export type HoursParts = {
  storage: Pick<Storage, 'transactionSync'>
  clock: DrainClock
  timers: Timers
  presses: Presses
  cancels: Pick<Cancels, 'forgetHeld'>
  unverified: Pick<Unverified, 'forgetBefore'>
  away: Pick<AwayPages, 'forgetBefore'>
  overdue: Overdue
  wakeAt: IntakePorts['wakeAt']
  onFailure: IntakePorts['onFailure']
}

export class Hours {
  private armedFor: number | null = null

  constructor(private readonly parts: HoursParts) {}

  /** Fires what is due and sets the next alarm. Never throws. */
  alarm(): void {
    this.armedFor = null
    const { timers, overdue, onFailure } = this.parts
    try {
      this.heedClock()
      for (const timer of timers.due()) {
        timers.remove(timer)
        if (timer.kind === AWAY_TIMER) overdue.rang()
        if (timer.kind === PRUNE_TIMER) this.prune()
      }
    } catch (error) {
      onFailure?.(error instanceof Error ? error.message : String(error), 1)
    } finally {
      this.ensure()
    }
  }

  /** Sets what has no timer, and the alarm anew, in case the runtime lost it. */
  rearm(): void {
    this.armedFor = null
    this.heedClock()
    this.ensure()
  }

  arm(): void {
    const { timers, clock, wakeAt } = this.parts
    // Nothing was set since the alarm was: there is nothing to ask the disk.
    if (!timers.touched && this.armedFor !== null && this.armedFor > clock.now()) return
    timers.touched = false
    const at = timers.nextAlarm(this.armedFor)
    if (at === null) return
    this.armedFor = at
    wakeAt(at)
  }

  /** A clock that was set back keeps nobody from being told of a press whose room is silent. */
  heedClock(): void {
    if (this.parts.timers.setBackBy() > 0) this.parts.storage.transactionSync(() => this.turnIfSetBack())
  }

  /** The same, inside a transaction. */
  turnIfSetBack(): void {
    const { timers, presses, clock } = this.parts
    const byMs = timers.setBackBy()
    if (byMs === 0) return
    timers.turnBack(byMs)
    presses.turnBack(byMs, clock.now())
  }

  private ensure(): void {
    const { timers, clock, overdue } = this.parts
    if (timers.get(PRUNE_TIMER, '') === null) timers.set(PRUNE_TIMER, '', clock.now() + PRUNE_MS)
    overdue.ensure()
    this.arm()
  }

  private prune(): void {
    const { presses, unverified, away, cancels, timers, clock } = this.parts
    const now = clock.now()
    const more = presses.forgetBefore(now - KEPT_MS)
    unverified.forgetBefore(now - KEPT_MS)
    away.forgetBefore(now - AWAY_PAGES_KEPT_MS)
    cancels.forgetHeld(now)
    timers.set(PRUNE_TIMER, '', now + (more ? PRUNE_ON_MS : PRUNE_MS))
  }
}
