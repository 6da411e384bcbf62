// Housekeeping beside the watch: done now and then, and no tick waits for it.

/** What the last run did; `off` where there is nothing to be done. */
export type ChoreReport<Done> = Done | { failed: string } | 'not yet' | 'off'

export class Chore<Done> {
  #running = false
  #doneAt = Number.NEGATIVE_INFINITY
  #last: ChoreReport<Done> = 'not yet'

  constructor(
    private readonly run: (() => Promise<Done>) | null,
    private readonly everyMs: number,
    private readonly now: () => number,
    private readonly reasonOf: (cause: unknown) => string,
  ) {}

  /** Begins it where it is due, and again with the next tick where it failed. Gives what the run before did. */
  begin(): ChoreReport<Done> {
    if (!this.run) return 'off'
    if (!this.#running && this.now() - this.#doneAt >= this.everyMs) {
      this.#running = true
      void this.run()
        .then(
          (done) => {
            this.#last = done
            this.#doneAt = this.now()
          },
          (cause) => {
            this.#last = { failed: this.reasonOf(cause) }
          },
        )
        .finally(() => {
          this.#running = false
        })
    }
    return this.#last
  }
}
