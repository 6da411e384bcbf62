// When a message of positions is acknowledged: at once, and later while more wait for Postgres than is well. Whoever sends
// the next when the last was acknowledged is slowed to what Postgres takes, before anything has to be dropped.

import type { DrainClock } from '../durable/drain'

const QUEUED_AT_EASE = 40_000
const SLOWED_MS = 50
const LONGEST_SILENCE_MS = 10_000

type Waiting = { say: () => void; heardAt: number }

export class Acknowledgements {
  private waiting: Waiting[] = []

  /** `queued`: how many positions wait for Postgres. */
  constructor(
    private readonly clock: DrainClock,
    private readonly queued: () => number,
  ) {}

  /** `say` must not throw. `heardAt`: when the message came, epoch ms. */
  add(say: () => void, heardAt: number): void {
    if (this.queued() < QUEUED_AT_EASE) {
      say()
      return
    }
    // One timer for all: a hundred sockets with a timer each cost more than their positions.
    if (this.waiting.length === 0) this.clock.after(SLOWED_MS, () => this.look())
    this.waiting.push({ say, heardAt })
  }

  private look(): void {
    const { waiting } = this
    const isAtEase = this.queued() < QUEUED_AT_EASE
    const latest = this.clock.now() - LONGEST_SILENCE_MS
    this.waiting = isAtEase ? [] : waiting.filter(({ heardAt }) => heardAt > latest)
    if (this.waiting.length > 0) this.clock.after(SLOWED_MS, () => this.look())
    for (const each of waiting) if (isAtEase || each.heardAt <= latest) each.say()
  }
}
