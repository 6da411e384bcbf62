// Attempts that are with a provider's door at this moment: in the background, each with its own deadline, and how many there
// are of each way. Memory alone: what a death leaves behind is found by its row and its timer.

import type { ChannelPort, Outgoing, Sent } from './channel'
import { nameOf } from './circuits'

/** What became of a call. `threw`: it could not be made at all. */
export type Landed = Sent | { is: 'threw'; error: string }

/** A provider that does not answer within this is not waited for. */
export const SEND_DEADLINE_MS = 4_000
/** A channel whose deadline has passed has so long to say what it knows. */
const LAST_WORD_MS = 300

export class Flights {
  private readonly ids = new Map<string, string>()
  private readonly counts = new Map<string, number>()

  constructor(private readonly after: (ms: number, run: () => void) => () => void) {}

  has(id: string): boolean {
    return this.ids.has(id)
  }

  underWay(way: ChannelPort): number {
    return this.counts.get(nameOf(way)) ?? 0
  }

  /**
   * `landed` is called once, at the latest a moment after the deadline; `late` where the provider's answer comes after
   * that. Never throws.
   */
  start(way: ChannelPort, outgoing: Outgoing, landed: (how: Landed) => void, late: (how: Landed) => void): void {
    const name = nameOf(way)
    this.ids.set(outgoing.attemptId, name)
    this.counts.set(name, this.underWay(way) + 1)
    const abort = new AbortController()
    let over = false
    let cancel = this.after(SEND_DEADLINE_MS, () => {
      abort.abort()
      cancel = this.after(LAST_WORD_MS, () => land({ is: 'unknown', error: 'timeout' }))
    })
    const land = (how: Landed): void => {
      if (over) {
        late(how)
        return
      }
      over = true
      cancel()
      this.ids.delete(outgoing.attemptId)
      this.counts.set(name, this.underWay(way) - 1)
      landed(how)
    }
    // A throw before the first await is a rejection like any other.
    void (async () => way.send(outgoing, abort.signal))().then(land, (cause: unknown) =>
      land(abort.signal.aborted ? { is: 'unknown', error: 'timeout' } : { is: 'threw', error: reasonOf(cause) }),
    )
  }
}

export const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).slice(0, 200)
