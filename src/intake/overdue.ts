// Presses that their room has not confirmed in time: screens that have lost the room may ask for them, the courier tells people
// of them past it, and the room is asked again. Its timer is on disk with the presses: after a crash it is all that knows of them.

import type { Press } from '../domain/press'
import type { DrainClock } from '../durable/drain'
import type { Storage } from '../durable/storage'
import type { Timers } from '../durable/timers'
import type { AwayPages } from './away-pages'
import type { Cancels } from './cancels'
import type { UnplacedCard } from './contract'
import type { Directory } from './directory'
import type { Forward } from './forward'
import type { Presses, PressRow } from './presses'

/** The kind of its timer. */
export const AWAY_TIMER = 'away'
export const ROOM_AWAY_MS = 5000
/** Sooner than anybody is paged: screens that have lost the room ask every 2 s, and 6 s after the press is the promise. */
export const UNPLACED_MS = 2000
const UNPLACED_SHOWN = 200
const SWEEP_MS = 2000

export type OverdueParts = {
  storage: Pick<Storage, 'transactionSync'>
  clock: DrainClock
  timers: Timers
  presses: Presses
  cancels: Pick<Cancels, 'anyNote'>
  directory: Pick<Directory, 'cardsOf' | 'dutyCard' | 'nameOf'>
  away: Pick<AwayPages, 'make' | 'wake'>
  forward: Pick<Forward, 'wake'>
}

export class Overdue {
  /** The timer is on disk. False says nothing. */
  private set = false

  constructor(private readonly parts: OverdueParts) {}

  /** Written with what it is for. Inside the transaction of a press. */
  later(): void {
    if (this.set) return
    this.setIfNone(ROOM_AWAY_MS)
    this.set = true
  }

  /** One that was lost is set anew, while there is something to tell. */
  ensure(): void {
    if (this.parts.timers.get(AWAY_TIMER, '') === null && this.unsent) this.setIfNone(SWEEP_MS)
  }

  /** After a transaction that failed. */
  reload(): void {
    this.set = false
  }

  /** Time is up: the courier hears of them past the room, and the room is asked again. */
  rang(): void {
    this.set = false
    const { presses, storage, away, timers, forward } = this.parts
    const now = this.parts.clock.now()
    const rows = presses.unpaged(now - ROOM_AWAY_MS)
    if (rows.length > 0)
      storage.transactionSync(() => {
        this.pageFor(rows)
        presses.paged(rows, now)
      })
    away.wake()
    const oldest = presses.oldestUnpaged()
    if (oldest !== null) timers.set(AWAY_TIMER, '', Math.max(oldest + ROOM_AWAY_MS, now + 1))
    else if (this.unsent) timers.set(AWAY_TIMER, '', now + SWEEP_MS)
    forward.wake()
  }

  unplaced(): UnplacedCard[] {
    const { presses, directory, clock } = this.parts
    const before = clock.now() - UNPLACED_MS
    return presses.pending
      .next(UNPLACED_SHOWN)
      .filter(({ storedAt }) => storedAt <= before)
      .map(({ press: { sosId, home, deviceId, kind, receivedAt, position } }) => {
        return { sosId, region: home, deviceId, kind, receivedAt, position, ...directory.nameOf(deviceId) }
      })
  }

  private setIfNone(ms: number): void {
    const { timers, clock } = this.parts
    if (timers.get(AWAY_TIMER, '') === null) timers.set(AWAY_TIMER, '', clock.now() + ms)
  }

  /** True where the room has yet to hear something. */
  private get unsent(): boolean {
    const { presses, cancels } = this.parts
    return presses.pending.next(1).length > 0 || presses.folds(1).length > 0 || cancels.anyNote()
  }

  /** Of those that a true PIN has taken back nobody needs to be told. */
  private pageFor(rows: readonly PressRow[]): void {
    const { directory, away, presses } = this.parts
    const told = rows
      .filter(({ cancel_verdict }) => cancel_verdict !== 'true')
      .map(({ body, stored_at }) => {
        const press = JSON.parse(body) as Press
        return { press, ...directory.cardsOf(press.deviceId), storedAt: stored_at }
      })
    const [first] = told
    if (first) away.make(told, directory.dutyCard(first.press.home), presses.backlog())
  }
}
