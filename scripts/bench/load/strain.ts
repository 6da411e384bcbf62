// Whether the load itself was the bottleneck: how late it was with what it had to send, and how much of its one thread it used.

import { Histogram, type RawHistogram } from '../histogram'

/** `busy`: share of a core, 0…1, from the first to the last that was sent. */
export type Strain = { late: RawHistogram; busy: number }

/** Latencies near this one are the generator's own. */
const LATE_MS = 50
/** A thread that has less left over answers late. */
const BUSY = 0.9

export class StrainGauge {
  readonly #late = new Histogram()
  readonly #cpu = process.cpuUsage()
  readonly #from = performance.now()

  /** Something went out so long after it was meant to. */
  sent(lateMs: number): void {
    this.#late.addMs(lateMs)
  }

  read(): Strain {
    const { user, system } = process.cpuUsage(this.#cpu)
    return { late: this.#late.raw(), busy: (user + system) / 1000 / Math.max(1, performance.now() - this.#from) }
  }
}

/** A sentence where figures say more of the load than of what it was put on; null where it kept up. */
export function strained({ late, busy }: Strain): string | null {
  const p99 = Histogram.of(late).percentile(0.99)
  if (p99 <= LATE_MS && busy <= BUSY) return null
  return `the generator itself was the bottleneck: ${p99.toFixed(0)} ms late (p99), ${(busy * 100).toFixed(0)} % of its core`
}
