// Presses for one shard that come at the same time go to it in one call: an RPC of its own costs a press as much as all
// else that is done for it. One alone does not wait; while a call is under way the next ones gather, a few milliseconds
// at most. A call belongs to the request that makes it, its results to all: each waiting request has its own timers.
// Pure: clock and timers come in.

import { PLATFORM, type Timers } from './step-around'

/** Null for an item that could not be taken, while others were. */
export type SendAll<Item, Result> = (items: Item[]) => Promise<(Result | null)[]>

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }
type Gathering<Item, Result> = { calls: number; since: number; waiting: Waiting<Item, Result>[] }

export const GATHER_MS = 2
/** As many as an intake commits at once. */
const MOST = 256
/** Gathering for so long: the platform ended the request that was to call. Whoever comes next calls for it. */
const ORPHANED_MS = 100

export class NotTaken extends Error {
  override name = 'NotTaken'
}

export class Together<Item, Result> {
  readonly #shards = new Map<string, Gathering<Item, Result>>()

  constructor(private readonly timers: Timers = PLATFORM) {}

  /** Rejects as the call did that carried it, or with `NotTaken`. `send` is the way of the request that submits. */
  submit(shard: string, item: Item, send: SendAll<Item, Result>): Promise<Result> {
    const now = this.timers.now()
    const at = this.#shards.get(shard) ?? { calls: 0, since: now, waiting: [] }
    this.#shards.set(shard, at)
    return new Promise((resolve, reject) => {
      at.waiting.push({ item, resolve, reject })
      const first = at.waiting.length === 1
      if (first) at.since = now
      if (at.calls === 0 || at.waiting.length >= MOST || now - at.since > ORPHANED_MS) void this.#go(at, send)
      else if (first) this.timers.after(GATHER_MS, () => void this.#go(at, send))
    })
  }

  async #go(at: Gathering<Item, Result>, send: SendAll<Item, Result>): Promise<void> {
    const group = at.waiting
    at.waiting = []
    if (group.length === 0) return
    at.calls++
    try {
      const results = await send(group.map(({ item }) => item))
      for (const [n, { resolve, reject }] of group.entries()) {
        const result = results[n] ?? null
        if (result === null) reject(new NotTaken('the shard could not write this press'))
        else resolve(result)
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    } finally {
      at.calls--
    }
  }
}
