// When a press goes to a second shard: only past one that failed, or that is silent to everybody. A slow shard is not
// dead: stepping at a bare 800 ms doubled the rows of a burst and refused what waiting would have saved.
// Pure: clock and timers come in, and what it remembers of the shards is plain data of this isolate.

export type Timers = {
  /** Epoch ms. */
  now(): number
  /** Runs once after `ms`; what it returns cancels it. */
  after(ms: number, run: () => void): () => void
}

/** One way to make the same press durable. `call` takes a fresh stub each time: one that failed stays broken. */
export type Shard<T> = { name: string; call(): Promise<T> }

export type Outcome<T> = { ok: true; value: T; shard: string } | { ok: false; error: unknown }

/** Nothing heard from a shard for so long, with calls in flight: it is dead. */
export const SILENCE_MS = 800
/** A timer that fires later than this says that this isolate was held up, and heard nobody. */
export const STALL_MS = 200
/** How long a press waits for whoever still may answer. */
export const LIMIT_MS = 25_000
/** Of the presses of a second, how many may go to a second shard while the first still may answer. */
export const STEP_SHARE = 0.1
/** Until a step is asked for again that the share did not allow. */
const AGAIN_MS = 200

export class NobodyAnswered extends Error {
  override name = 'NobodyAnswered'
}

export const PLATFORM: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** What this isolate heard of a shard: how many calls wait, and since when none was answered. */
type Pulse = { inFlight: number; quietSince: number; lastBegan: number }

export class StepAround {
  readonly #pulses = new Map<string, Pulse>()
  #stalledAt = 0
  #second = { at: 0, presses: 0, steps: 0, pressesBefore: 0 }

  constructor(private readonly timers: Timers = PLATFORM) {}

  /**
   * Calls `first`; answers with the first success of it and at most one more call. Never rejects.
   * After a failure the second call goes to `next`, or to `first` once more where there is no next, unless that said it
   * is overloaded. `aroundSlow`: also past a silent shard, where there is a next.
   */
  call<T>(first: Shard<T>, next: Shard<T> | null, aroundSlow: boolean): Promise<Outcome<T>> {
    const { timers } = this
    this.#tick(timers.now()).presses++
    return new Promise((resolve) => {
      let pending = 0
      let stepped = false
      let settled = false
      let unwatch = () => {}
      const hangUps: (() => void)[] = []

      const settle = (outcome: Outcome<T>) => {
        settled = true
        unwatch()
        unlimit()
        resolve(outcome)
      }
      const ask = (shard: Shard<T>) => {
        pending++
        const heard = this.#begin(shard.name)
        hangUps.push(() => heard(false))
        begin(shard).then(
          (value) => {
            heard(true)
            settle({ ok: true, value, shard: shard.name })
          },
          (error: unknown) => {
            heard(false)
            pending--
            failed(error)
          },
        )
      }
      const failed = (error: unknown) => {
        if (settled) return
        if (!stepped) {
          const second = next ?? (isOverloaded(error) ? null : first)
          if (second) return step(second)
        }
        // While the other call may still answer, nothing is refused.
        if (pending === 0) settle({ ok: false, error })
      }
      const step = (shard: Shard<T>) => {
        stepped = true
        unwatch()
        ask(shard)
      }
      const watch = (ms: number) => {
        const due = timers.now() + ms
        unwatch = timers.after(ms, () => {
          const wait = this.#untilStep(first.name, due)
          if (wait > 0) watch(wait)
          else if (next && !stepped) step(next)
        })
      }

      const unlimit = timers.after(LIMIT_MS, () => {
        for (const hangUp of hangUps) hangUp()
        settle({ ok: false, error: new NobodyAnswered(`no shard answered within ${LIMIT_MS} ms`) })
      })
      ask(first)
      if (aroundSlow && next) watch(Math.max(0, this.#silenceEnds(first.name) - timers.now()))
    })
  }

  /** Called when a watch fires: 0 where the press may step now, else the ms until it should ask again. */
  #untilStep(shard: string, due: number): number {
    const now = this.timers.now()
    if (now - due > STALL_MS) {
      // What was answered meanwhile has not been heard yet: all silences begin anew.
      this.#stalledAt = now
      return SILENCE_MS
    }
    const left = this.#silenceEnds(shard) - now
    if (left > 0) return left
    const second = this.#tick(now)
    const allowed = Math.max(1, Math.floor(STEP_SHARE * Math.max(second.presses, second.pressesBefore)))
    if (second.steps >= allowed) return AGAIN_MS
    second.steps++
    return 0
  }

  #silenceEnds(shard: string): number {
    return Math.max(this.#pulses.get(shard)?.quietSince ?? 0, this.#stalledAt) + SILENCE_MS
  }

  /** Notes a call; what it returns notes its end, once. A failure is no answer. */
  #begin(shard: string): (answered: boolean) => void {
    const now = this.timers.now()
    const pulse = this.#pulses.get(shard) ?? { inFlight: 0, quietSince: now, lastBegan: now }
    this.#pulses.set(shard, pulse)
    // Calls of requests that the platform ended never come back; none is older than the limit.
    if (now - pulse.lastBegan > LIMIT_MS) pulse.inFlight = 0
    if (pulse.inFlight === 0) pulse.quietSince = now
    pulse.inFlight++
    pulse.lastBegan = now
    let open = true
    return (answered) => {
      if (answered) pulse.quietSince = this.timers.now()
      if (open) pulse.inFlight = Math.max(0, pulse.inFlight - 1)
      open = false
    }
  }

  #tick(now: number) {
    const at = Math.floor(now / 1000)
    if (at !== this.#second.at) {
      const pressesBefore = at === this.#second.at + 1 ? this.#second.presses : 0
      this.#second = { at, presses: 0, steps: 0, pressesBefore }
    }
    return this.#second
  }
}

/** A call that throws at once fails like any other. */
const begin = async <T>(shard: Shard<T>): Promise<T> => shard.call()

const isOverloaded = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'overloaded' in error && error.overloaded === true
