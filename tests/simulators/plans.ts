// How a simulated provider treats a request, chosen by destination, else by a queue, else for all. Providers' own words come in
// the files of each.

/** What becomes of the request itself. */
export type Reply =
  | { does: 'accept'; afterMs?: number }
  /** The provider looked at it and says no, with its own code. */
  | { does: 'refuse'; code: number; status?: number }
  | { does: 'fail'; status?: number }
  | { does: 'busy'; retryAfterS: number | string }
  /** It says nothing for so long (for ever where absent), and has not taken it. */
  | { does: 'hang'; ms?: number }
  /** It has taken it, and its answer never arrives: what follows, follows. */
  | { does: 'accept_and_hang' }
  | { does: 'reset' }
  /** 2xx with a body that is none of the provider's. */
  | { does: 'garble' }

export const ACCEPT: Reply = { does: 'accept' }

export class Plans<P> {
  private readonly byAddress = new Map<string, P>()
  private readonly queue: P[] = []

  constructor(private everything: P) {}

  /** For one number or address, until told otherwise. */
  to(address: string, plan: P): this {
    this.byAddress.set(address, plan)
    return this
  }

  /** For the next request that no address has a plan for. */
  next(...plans: P[]): this {
    this.queue.push(...plans)
    return this
  }

  always(plan: P): this {
    this.everything = plan
    this.byAddress.clear()
    this.queue.length = 0
    return this
  }

  take(address: string): P {
    return this.byAddress.get(address) ?? this.queue.shift() ?? this.everything
  }
}

/** A callback that is made `times` (once), `afterMs` the request. */
export type Callback = {
  afterMs: number
  times?: number
  /** Signed with another key. */
  forged?: boolean
  /** For a message that nobody sent. */
  unknown?: boolean
}

/** Waits until `holds`, looking often; throws after `ms`. */
export async function until(holds: () => boolean, ms = 5_000, what = 'what was waited for'): Promise<void> {
  const end = Date.now() + ms
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Runs what is to happen later, and knows what is still to come. */
export class Later {
  private readonly timers = new Set<ReturnType<typeof setTimeout>>()
  private readonly running = new Set<Promise<unknown>>()

  after(ms: number, run: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      const work = run().catch(() => {})
      this.running.add(work)
      void work.then(() => this.running.delete(work))
    }, ms)
    this.timers.add(timer)
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
    await Promise.all(this.running)
  }
}
