// Latencies in buckets of equal relative width (HDR-like): at most 0.8 % too high from 1 µs to hours, a few kB, mergeable.

/** Halves of a power of two are cut into this many parts: the precision. */
const PARTS = 128
const PART_BITS = 7

/** `counts` maps bucket → samples; only buckets with samples are written. */
export type RawHistogram = { unit: 'us'; count: number; max: number; sum: number; counts: Record<string, number> }
/** Milliseconds, and the number of samples. */
export type Latency = { count: number; mean: number; p50: number; p95: number; p99: number; p999: number; max: number }

/** Bucket of a whole number of microseconds. Below 2 × PARTS every value has its own. */
export function bucketOf(us: number): number {
  if (us < 2 * PARTS) return us
  const shift = Math.floor(Math.log2(us)) - PART_BITS
  return PARTS * shift + Math.floor(us / 2 ** shift)
}

/** The highest value of a bucket, so that a percentile is never told too low. */
export function highestOf(bucket: number): number {
  if (bucket < 2 * PARTS) return bucket
  const shift = Math.floor(bucket / PARTS) - 1
  return (bucket - PARTS * shift + 1) * 2 ** shift - 1
}

export class Histogram {
  readonly #counts = new Map<number, number>()
  #count = 0
  #sum = 0
  #max = 0

  get count(): number {
    return this.#count
  }

  /** Negative times (two clocks of one machine, read in different processes) count as 0. */
  addMs(ms: number): void {
    const us = Math.max(0, Math.round(ms * 1000))
    const bucket = bucketOf(us)
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1)
    this.#count++
    this.#sum += us
    if (us > this.#max) this.#max = us
  }

  /** Milliseconds at or below which `share` (0…1) of the samples lie; 0 without samples. */
  percentile(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.#count * share))
    let seen = 0
    for (const bucket of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(bucket) ?? 0
      if (seen >= wanted) return Math.min(highestOf(bucket), this.#max) / 1000
    }
    return 0
  }

  merge(other: RawHistogram): this {
    for (const [bucket, n] of Object.entries(other.counts)) {
      this.#counts.set(Number(bucket), (this.#counts.get(Number(bucket)) ?? 0) + n)
    }
    this.#count += other.count
    this.#sum += other.sum
    this.#max = Math.max(this.#max, other.max)
    return this
  }

  latency(): Latency {
    const at = (share: number) => this.percentile(share)
    const mean = this.#count === 0 ? 0 : this.#sum / this.#count / 1000
    return {
      count: this.#count,
      mean,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      p999: at(0.999),
      max: this.#max / 1000,
    }
  }

  raw(): RawHistogram {
    const counts = Object.fromEntries([...this.#counts].sort(([a], [b]) => a - b))
    return { unit: 'us', count: this.#count, max: this.#max, sum: this.#sum, counts }
  }

  static of(raw: RawHistogram): Histogram {
    return new Histogram().merge(raw)
  }
}
