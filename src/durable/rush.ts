// Whether presses are coming by the hundred: what can wait then does, for all of it shares one thread with them.

const SLOT_MS = 500
const RUSH_PER_SLOT = 200
const STREAM_PER_SLOT = 25

export class Rush {
  private slot = 0
  private count = 0
  private before = 0

  took(presses: number, now: number): void {
    this.turn(now)
    this.count += presses
  }

  /** True while this half second or the one before it brought more than 200 presses. */
  isOn(now: number): boolean {
    this.turn(now)
    return this.count > RUSH_PER_SLOT || this.before > RUSH_PER_SLOT
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
