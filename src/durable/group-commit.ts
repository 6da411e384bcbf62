// One transaction for all that arrives within a millisecond or two: an RPC with its own insert does 950 to 1,500 a
// second in one object, with this 2,000 and more. Nobody is answered before the transaction that holds their item.

import type { Storage } from './storage'

export type GroupCommitOptions<Item, Result> = {
  storage: Pick<Storage, 'transactionSync'>
  /** Writes one item and says what to answer. Synchronous; a throw undoes this item alone. */
  apply: (item: Item) => Result
  /** Runs at the end of each transaction, inside it: for what is written once per group. */
  sealing?: () => void
  /** How long the first of a group waits for company. */
  windowMs?: number
  /**
   * The same while groups follow each other closely: each waits for the disk once, for as long as a dozen presses take
   * altogether, so in a stream a longer wait for company answers everybody sooner.
   */
  busyWindowMs?: number
  now?: () => number
  /** A group this large does not wait any longer. */
  maxItems?: number
  /** Runs once after each commit, before the answers go out: for what must happen once per group. Must not throw. */
  committed?: () => void
  after?: (ms: number, run: () => void) => unknown
}

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }

export class GroupCommit<Item, Result> {
  private readonly options: Required<GroupCommitOptions<Item, Result>>
  private waiting: Waiting<Item, Result>[] = []
  /** Counts groups, so that a timer of a group that was full early finds nothing to do. */
  private group = 0
  private flushedAt = Number.NEGATIVE_INFINITY

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.options = {
      windowMs: 1,
      busyWindowMs: 6,
      now: Date.now,
      maxItems: 256,
      sealing: () => {},
      committed: () => {},
      after: (ms, run) => setTimeout(run, ms),
      ...options,
    }
  }

  /** Resolves after the commit with what `apply` returned; rejects where this very item could not be written. */
  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject })
      if (this.waiting.length >= this.options.maxItems) this.flush()
      else if (this.waiting.length === 1) {
        const group = this.group
        this.options.after(this.window(), () => {
          if (group === this.group) this.flush()
        })
      }
    })
  }

  /** Commits what waits, now. */
  flush(): void {
    const group = this.waiting
    this.waiting = []
    this.group++
    if (group.length === 0) return
    this.flushedAt = this.options.now()
    let results: Result[]
    try {
      results = this.commit(group.map(({ item }) => item))
    } catch {
      this.oneByOne(group)
      return
    }
    this.options.committed()
    group.forEach(({ resolve }, at) => {
      resolve(results[at] as Result)
    })
  }

  private window(): number {
    const { windowMs, busyWindowMs, now } = this.options
    return now() - this.flushedAt < 2 * busyWindowMs ? Math.max(windowMs, busyWindowMs) : windowMs
  }

  private commit(items: Item[]): Result[] {
    const { storage, apply, sealing } = this.options
    return storage.transactionSync(() => {
      const results = items.map((item) => apply(item))
      sealing()
      return results
    })
  }

  /** The group failed as a whole: the guilty item is refused alone, the others are not its hostages. */
  private oneByOne(group: Waiting<Item, Result>[]): void {
    const settle: (() => void)[] = []
    for (const { item, resolve, reject } of group) {
      try {
        const [result] = this.commit([item])
        settle.push(() => resolve(result as Result))
      } catch (error) {
        settle.push(() => reject(error))
      }
    }
    this.options.committed()
    for (const each of settle) each()
  }
}
