// Whether presses are coming by the hundred: what can wait then does, for all of it shares one thread with them.

const SLOT_MS = 500
const RUSH_PER_SLOT = 200
const STREAM_PER_SLOT = 25
/**
 * Thousands of requests are read in waves, more than a second apart, and few of them while the thread is busy with what was held:
 * a rush is over when no half second has brought more than so many for so long.
 */
const LULL_PER_SLOT = 50
const LULL_MS = 2_000

export class Rush {
  private slot = 0
  private count = 0
  private before = 0
  private on = false
  private busyAt = Number.NEGATIVE_INFINITY

  took(presses: number, now: number): void {
    this.turn(now)
    this.count += presses
    if (this.count > RUSH_PER_SLOT) this.on = true
    if (this.count > LULL_PER_SLOT) this.busyAt = now
  }

  /** True from a half second with more than 200 presses until two seconds have gone by without fifty in a half. */
  isOn(now: number): boolean {
    if (Math.abs(now - this.busyAt) >= LULL_MS) this.on = false
    return this.on
  }

  /** True while this half second or the one before it brought more than 25: half a hundred a second, and more. */
  isStream(now: number): boolean {
    this.turn(now)
    return this.count > STREAM_PER_SLOT || this.before > STREAM_PER_SLOT
  }

  private turn(now: number): void {
    const slot = Math.floor(now / SLOT_MS)
    if (slot === this.slot) return
    this.before = slot === this.slot + 1 ? this.count : 0
    this.slot = slot
    this.count = 0
  }
}
