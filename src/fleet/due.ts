// What is due when, in slots of ten seconds: thousands of devices are put off with each report of theirs, and only those
// whose slot has come are looked at.

export const SLOT_MS = 10_000

export class Due<T> {
  private readonly slots = new Map<number, Set<T>>()
  private readonly slotOf = new Map<T, number>()
  /** No slot is earlier; this one may be empty. */
  private first = Number.POSITIVE_INFINITY

  /** Sets or moves the one time at which it is due, epoch ms. */
  set(item: T, at: number): void {
    const slot = Math.floor(at / SLOT_MS)
    if (this.slotOf.get(item) === slot) return
    this.cancel(item)
    this.slotOf.set(item, slot)
    this.first = Math.min(this.first, slot)
    const items = this.slots.get(slot)
    if (items) items.add(item)
    else this.slots.set(slot, new Set([item]))
  }

  has(item: T): boolean {
    return this.slotOf.has(item)
  }

  cancel(item: T): void {
    const slot = this.slotOf.get(item)
    if (slot === undefined) return
    this.slotOf.delete(item)
    const items = this.slots.get(slot)
    items?.delete(item)
    if (items?.size === 0) this.slots.delete(slot)
  }

  /** Takes out what is due, and some that will be within ten seconds: look before you act. */
  take(now: number): T[] {
    const upTo = Math.floor(now / SLOT_MS)
    const taken: T[] = []
    this.first = Number.POSITIVE_INFINITY
    for (const [slot, items] of this.slots) {
      if (slot > upTo) {
        this.first = Math.min(this.first, slot)
        continue
      }
      for (const item of items) {
        this.slotOf.delete(item)
        taken.push(item)
      }
      this.slots.delete(slot)
    }
    return taken
  }

  /** A time by which the next, if there is one, has surely come due; null where nothing is. */
  next(): number | null {
    return this.slotOf.size === 0 ? null : (this.first + 1) * SLOT_MS
  }
}
