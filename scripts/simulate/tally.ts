// What came of the simulated traffic so far, and the calm line that says so.

import { Histogram } from '../bench/histogram'

export class Tally {
  sent = 0
  answered = 0
  /** By status; `none` for those that nobody answered in time. */
  readonly failed: Record<string, number> = {}
  pressed = 0
  cancelled = 0
  /** Turns left out because the sender itself was late by more than a whole round. */
  skipped = 0
  #latency = new Histogram()

  add(status: number | 'none', ms: number): void {
    if (status !== 'none' && status >= 200 && status < 300) this.answered++
    else this.failed[status] = (this.failed[status] ?? 0) + 1
    this.#latency.addMs(ms)
  }

  /** Of what was answered since the last line. */
  line(seconds: number): string {
    const p95 = this.#latency.count > 0 ? `${Math.round(this.#latency.percentile(0.95))} ms` : '–'
    this.#latency = new Histogram()
    const failures = Object.entries(this.failed).map(([status, count]) => `${status}: ${count}`)
    const parts = [
      `${String(Math.round(seconds)).padStart(5)} s`,
      `sent ${this.sent}`,
      `answered ${this.answered}`,
      `failed ${failures.length > 0 ? failures.join(', ') : '0'}`,
      `p95 ${p95}`,
    ]
    if (this.pressed > 0) parts.push(`SOS ${this.pressed}, taken back ${this.cancelled}`)
    if (this.skipped > 0) parts.push(`skipped ${this.skipped}`)
    return parts.join('   ')
  }
}
