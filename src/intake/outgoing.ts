// Which presses go to the room next. A dead room and a press that the room cannot take look alike from here, so a
// failed batch is followed by an empty one: if that fails too, the room is away and everything waits; if not, the batch
// is narrowed until a press that fails alone, and again and again, stands apart and holds up nobody.

import type { Pending, PendingPress } from './pending'

export const BATCH_PRESSES = 200
const NARROW = 8
/** Stands apart so long at first, then twice as long each time: it may have been the line all along. */
const APART_FIRST_MS = 4_000
const APART_MS = 30_000
/** So often alone, with a room that answers in between: it is the press. Once may be a room that just restarted. */
const STRIKES = 3

export class Outgoing {
  private limit = BATCH_PRESSES
  /** By number of the press: when it is tried again, alone. Memory only: after a restart all get a new chance. */
  private readonly apart = new Map<number, number>()
  private readonly strikes = new Map<number, number>()
  private failedBatch: readonly number[] | null = null
  private roomAway = false

  constructor(private readonly pending: Pending) {}

  /** The next batch must be empty: it asks whether the room lives. */
  get probing(): boolean {
    return this.failedBatch !== null
  }

  /** While batches are narrow, only presses go in them: what else rides along may be what the room cannot take. */
  get narrowed(): boolean {
    return this.limit < BATCH_PRESSES
  }

  /** The next batch, oldest first; a press that stands apart goes alone, when its time has come. */
  next(now: number): PendingPress[] {
    if (this.probing) return []
    const presses = this.pending.next(this.limit + this.apart.size)
    if (this.apart.size === 0) return presses
    for (const [n, again] of this.apart) {
      // Farther off than it can be: the clock was set back since.
      if (again > now && again <= now + APART_MS) continue
      const press = this.pending.byNumber(n)
      if (press) return [press]
      // A late answer had it after all.
      this.apart.delete(n)
    }
    return presses.filter(({ n }) => !this.apart.has(n)).slice(0, this.limit)
  }

  succeeded(sent: readonly PendingPress[], now: number): void {
    if (this.failedBatch !== null) {
      if (!this.roomAway) this.narrow(this.failedBatch, now)
      this.failedBatch = null
      this.roomAway = false
      return
    }
    for (const { n } of sent) {
      this.apart.delete(n)
      this.strikes.delete(n)
    }
    this.limit = Math.min(BATCH_PRESSES, this.limit * NARROW)
  }

  failed(sent: readonly PendingPress[]): void {
    if (this.failedBatch === null) this.failedBatch = sent.map(({ n }) => n)
    else this.roomAway = true
  }

  private narrow(batch: readonly number[], now: number): void {
    const [only] = batch
    if (only === undefined) return
    if (batch.length === 1) {
      const strikes = (this.strikes.get(only) ?? 0) + 1
      this.strikes.set(only, strikes)
      if (strikes >= STRIKES) this.apart.set(only, now + Math.min(APART_MS, APART_FIRST_MS * 2 ** (strikes - STRIKES)))
    }
    this.limit = Math.max(1, Math.floor(batch.length / NARROW))
  }
}
