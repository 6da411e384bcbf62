// A set of whole numbers above 0 that lies in one block of memory: a Set keeps each of hundreds of thousands as an object of its
// own, which the collector of garbage visits again and again. The numbers must be well mixed in their lowest bits.

const FIRST_SLOTS = 1024

export class NumberSet {
  size = 0
  /** Open addressing: a number lies in the first free slot from its own on. 0 is a free one. */
  private slots = new Float64Array(FIRST_SLOTS)

  has(number: number): boolean {
    return this.slots[this.slotOf(number)] === number
  }

  add(number: number): void {
    const slot = this.slotOf(number)
    if (this.slots[slot] === number) return
    this.slots[slot] = number
    this.size++
    if (this.size * 2 > this.slots.length) this.grow()
  }

  /** Keeps its memory for those that come. */
  clear(): void {
    this.slots.fill(0)
    this.size = 0
  }

  /** Where it is, or would be. */
  private slotOf(number: number): number {
    const { slots } = this
    const last = slots.length - 1
    let slot = number & last
    while (slots[slot] !== 0 && slots[slot] !== number) slot = (slot + 1) & last
    return slot
  }

  private grow(): void {
    const { slots } = this
    this.slots = new Float64Array(slots.length * 2)
    for (let n = 0; n < slots.length; n++) {
      const number = slots[n] as number
      if (number !== 0) this.slots[this.slotOf(number)] = number
    }
  }
}
