// What a shard does by the clock: look for the silent, and write a checkpoint. Set with every report, so that must be cheap:
// the table of timers is touched only where something changes.

import type { Storage } from '../durable/storage'
import { Timers } from '../durable/timers'

export type Chore = 'sweep' | 'checkpoint'

export class Chores {
  private readonly timers: Timers
  /** As in the table. */
  private readonly dues = new Map<Chore, number>()

  /** What an earlier life had set is gone: it is set anew by what is restored. */
  constructor(
    storage: Storage,
    private readonly now: () => number,
    private readonly wakeAt: (at: number) => void,
  ) {
    this.timers = new Timers(storage, now)
    for (const chore of ['sweep', 'checkpoint'] satisfies Chore[]) this.timers.cancel(chore, '')
  }

  /** Sets a chore, or brings it forward. */
  within(chore: Chore, ms: number): void {
    const due = this.now() + ms
    const set = this.dues.get(chore)
    if (set !== undefined && set <= due) return
    this.dues.set(chore, due)
    this.timers.set(chore, '', due)
  }

  /** Takes out what is due: to be done now. */
  take(): Chore[] {
    return this.timers.due().map((timer) => {
      const chore = timer.kind as Chore
      this.dues.delete(chore)
      this.timers.remove(timer)
      return chore
    })
  }

  /** Sets the alarm to the earliest, where something has changed or where it may have been lost. */
  arm(lost = false): void {
    if (!this.timers.touched && !lost) return
    this.timers.touched = false
    const due = this.timers.earliest()
    if (due !== null) this.wakeAt(Math.max(due, this.now() + 1))
  }
}
