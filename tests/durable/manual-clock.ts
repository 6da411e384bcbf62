// A clock that moves only when a test says so, and fires what is due in between.

import type { DrainClock } from '../../src/durable/drain'

export class ManualClock implements DrainClock {
  private time = 1_760_000_000_000
  private next = 0
  private readonly waiting = new Map<number, { at: number; run: () => void }>()

  now(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    const id = this.next++
    this.waiting.set(id, { at: this.time + ms, run })
    return () => this.waiting.delete(id)
  }

  get pending(): number {
    return this.waiting.size
  }

  /** Time passes while nobody is there to notice: nothing fires, and what waited is gone with its process. */
  jump(ms: number): void {
    this.waiting.clear()
    this.time += ms
  }

  /** Somebody sets the clock back; what waits in memory waits as long as before. */
  setBack(ms: number): void {
    this.time -= ms
    for (const each of this.waiting.values()) each.at -= ms
  }

  /** Moves on by `ms`, firing timers in their order and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms
    await settle()
    for (;;) {
      const [due] = [...this.waiting].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])
      if (!due) break
      this.waiting.delete(due[0])
      this.time = Math.max(this.time, due[1].at)
      due[1].run()
      await settle()
    }
    this.time = end
  }
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}
