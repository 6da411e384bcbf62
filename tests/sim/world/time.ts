// The one clock of a simulated world: what is to happen, in order. Nothing takes time but what is asked to.

import { drainMicrotasks } from 'bun:jsc'

/** True time at which every world begins: noon in Manila, epoch ms. */
export const START = Date.UTC(2026, 10, 22, 4, 0, 0)

type Entry = { at: number; order: number; run: (() => void) | null }

export class Time {
  /** Epoch ms. Actors have clocks of their own, which may be wrong. */
  now = START
  /** How much has happened: a world that never rests is found by it. */
  happened = 0
  private order = 0
  private readonly heap: Entry[] = []

  /** Gives what cancels it. */
  at(at: number, run: () => void): () => void {
    const entry: Entry = { at: Math.max(at, this.now), order: this.order++, run }
    this.push(entry)
    return () => {
      entry.run = null
    }
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.now + Math.max(0, ms), run)
  }

  /** Lets time pass. After each thing that happens all promises settle before the next. */
  pass(until: number, afterEach: () => void): void {
    for (let next = this.heap[0]; next && next.at <= until; next = this.heap[0]) {
      this.pop()
      if (next.run === null) continue
      this.now = Math.max(this.now, next.at)
      this.happened++
      next.run()
      drainMicrotasks()
      afterEach()
    }
    this.now = Math.max(this.now, until)
  }

  /** What is still to come, cancelled or not. */
  get waiting(): number {
    return this.heap.length
  }

  private push(entry: Entry): void {
    const { heap } = this
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(entry, heap[parent] as Entry)) break
      heap[at] = heap[parent] as Entry
      at = parent
    }
    heap[at] = entry
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop() as Entry
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++
      if (!isBefore(heap[child] as Entry, last)) break
      heap[at] = heap[child] as Entry
      at = child
    }
    heap[at] = last
  }
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)
