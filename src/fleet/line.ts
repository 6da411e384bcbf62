// Rows that wait, first in, first out, and leave in batches.

/** `Batch`: what some of them are once they were taken. */
export type Line<Row, Batch extends { readonly length: number }> = {
  readonly length: number
  /** When the first of them was received, epoch ms; null where none waits. */
  readonly oldestAt: number | null
  push(row: Row): void
  /** At most `count` of them, from the front. */
  take(count: number): Batch
  /** What was taken last, before all others again. */
  putBack(batch: Batch): void
  dropOldest(): void
}

/** Rows as they are, in an array. */
export class ArrayLine<Row extends { receivedAt: number }> implements Line<Row, Row[]> {
  private rows: Row[] = []
  /** Where it begins: taking from an array's front would move all that is behind. */
  private first = 0

  get length(): number {
    return this.rows.length - this.first
  }

  get oldestAt(): number | null {
    return this.rows[this.first]?.receivedAt ?? null
  }

  push(row: Row): void {
    this.rows.push(row)
  }

  take(count: number): Row[] {
    const taken = this.rows.slice(this.first, this.first + count)
    this.first += taken.length
    this.compact()
    return taken
  }

  putBack(batch: Row[]): void {
    this.rows = [...batch, ...this.rows.slice(this.first)]
    this.first = 0
  }

  dropOldest(): void {
    if (this.length === 0) return
    this.first++
    this.compact()
  }

  private compact(): void {
    if (this.first < 5_000 || this.first * 4 < this.rows.length) return
    this.rows = this.rows.slice(this.first)
    this.first = 0
  }
}
