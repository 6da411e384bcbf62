// Work in the background that leaves the object: RPC to a room, pushes to intakes, delivery to Postgres.
// One run at a time; each has a deadline; a failed one is tried again, later and later, for ever.

/** Does one portion of the work. Should stop when the signal aborts. */
export type DrainRun = (signal: AbortSignal) => Promise<'idle' | 'more'>

export type DrainClock = {
  now(): number
  /** Returns what cancels it. */
  after(ms: number, run: () => void): () => void
}

/** The runtime's own. In an object a pending timer keeps it awake, which is right while there is work to do. */
export const wallClock: DrainClock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

export type DrainOptions = {
  name: string
  run: DrainRun
  /** A run that takes longer has failed, whatever it does later. */
  deadlineMs: number
  /** The wait after a failure begins at 500 ms and doubles up to this. */
  capMs: number
  clock?: DrainClock
  /** Told of each failure, for a log line or a lamp. Must not throw. */
  onFailure?: (failure: string, failures: number) => void
}

export type DrainState = {
  name: string
  state: 'idle' | 'running' | 'waiting'
  /** In a row; 0 after a success. */
  failures: number
  lastFailure: string | null
  lastSuccessAt: number | null
}

export const FIRST_BACKOFF_MS = 500

export class Drain {
  private readonly clock: DrainClock
  private running: Promise<void> | null = null
  private wokenAgain = false
  private cancelWait: (() => void) | null = null
  private failures = 0
  private lastFailure: string | null = null
  private lastSuccessAt: number | null = null

  constructor(private readonly options: DrainOptions) {
    this.clock = options.clock ?? wallClock
  }

  /**
   * There is work, or may be. Returns at once and never throws. During a run it makes another one follow; during the
   * wait after a failure it changes nothing, so that a flood of wakes cannot hammer a dead neighbour.
   */
  wake(): void {
    if (this.running !== null) this.wokenAgain = true
    else if (this.cancelWait === null) this.start()
  }

  /** As `wake`, without the wait after a failure: for a neighbour that has just shown it is alive. */
  retryNow(): void {
    this.cancelWait?.()
    this.cancelWait = null
    this.wake()
  }

  /** Resolves when a run that began after this call is over, well or not. Never rejects. */
  async run(): Promise<void> {
    const busy = this.running !== null
    this.retryNow()
    await this.running
    if (busy) await this.running
  }

  get state(): DrainState {
    return {
      name: this.options.name,
      state: this.running !== null ? 'running' : this.cancelWait !== null ? 'waiting' : 'idle',
      failures: this.failures,
      lastFailure: this.lastFailure,
      lastSuccessAt: this.lastSuccessAt,
    }
  }

  private start(): void {
    this.wokenAgain = false
    this.running = this.once().then((outcome) => {
      this.running = null
      if (outcome === 'failed') this.wait()
      else if (outcome === 'more' || this.wokenAgain) this.start()
    })
  }

  private wait(): void {
    const ms = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(this.failures - 1, 20), this.options.capMs)
    this.cancelWait = this.clock.after(ms, () => {
      this.cancelWait = null
      this.start()
    })
  }

  private async once(): Promise<'idle' | 'more' | 'failed'> {
    const abort = new AbortController()
    const { deadlineMs } = this.options
    let stopClock: () => void = () => {}
    try {
      const deadline = new Promise<never>((_, reject) => {
        stopClock = this.clock.after(deadlineMs, () => reject(new Error(`nothing within ${deadlineMs} ms`)))
      })
      // `run` may throw before its first await; the async wrapper makes that a rejection like any other.
      const work = (async () => this.options.run(abort.signal))()
      const outcome = await Promise.race([work, deadline])
      this.failures = 0
      this.lastFailure = null
      this.lastSuccessAt = this.clock.now()
      return outcome
    } catch (error) {
      this.failures++
      this.lastFailure = error instanceof Error ? error.message : String(error)
      abort.abort()
      this.options.onFailure?.(this.lastFailure, this.failures)
      return 'failed'
    } finally {
      stopClock()
    }
  }
}
