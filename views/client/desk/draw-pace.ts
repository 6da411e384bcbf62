// How often a screen draws itself: at once, unless drawing is so dear just now that hands would wait for it. What comes meanwhile
// is drawn together.

export type PaceClock = { now(): number; after(ms: number, run: () => void): void }

/** A drawing that takes no longer than a frame of 60 Hz rests nobody. */
const CHEAP_MS = 16
/** After a dear one it rests twice as long as that took, so that two thirds of the time belong to hands. */
const REST = 2
const REST_MAX_MS = 800

export class DrawPace {
  private pending = false
  private freeAt = 0

  constructor(
    private readonly draw: () => void,
    private readonly clock: PaceClock = {
      now: () => performance.now(),
      after: (ms, run) => void setTimeout(run, ms),
    },
  ) {}

  ask(): void {
    if (this.pending) return
    const wait = this.freeAt - this.clock.now()
    if (wait <= 0) {
      this.run()
      return
    }
    this.pending = true
    this.clock.after(wait, () => {
      this.pending = false
      this.run()
    })
  }

  private run(): void {
    const began = this.clock.now()
    this.draw()
    const ended = this.clock.now()
    const took = ended - began
    this.freeAt = took <= CHEAP_MS ? ended : ended + Math.min(REST_MAX_MS, took * REST)
  }
}
