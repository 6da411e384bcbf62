// Whether this isolate's thread is behind: a timer that comes late says so for everybody who waits. Positions then give way, for
// the thread that an SOS needs is the same. Pure: the clock comes in.

/** A press that waits this long for its turn is near what it may wait in all. */
const LATE_MS = 150
/** A late timer says nothing of later: who was shed for so long is taken again, and the next timer is looked at. */
const HOLDS_MS = 250

export class Strain {
  #until = Number.NEGATIVE_INFINITY

  /** A timer of this isolate came so much later than it was set for. */
  late(ms: number, now: number): void {
    if (ms > LATE_MS) this.#until = now + HOLDS_MS
  }

  isOn(now: number): boolean {
    // A clock that was set back must not hold it for ever.
    return now < this.#until && this.#until - now <= HOLDS_MS
  }
}
