// What fleet shards want devices to be told with their next answers, as this isolate has heard it. Plain data: no answer waits
// for it, and one that was forgotten is heard again with the device's next report.

import { type FixEvery, fixEvery, type Pace } from '../../domain/pace'

/** A device that reports less often than this is told at its report after next. */
const HOLDS_MS = 180_000
/** Apps take a command for an order each time, and begin their work anew. */
const COMMAND_AGAIN_MS = 60_000
const MOST = 10_000

type Asked = { pace: Pace; until: number; commandedAt: number }

export class Paces {
  readonly #asked = new Map<string, Asked>()

  /** What a shard answered to reports of these devices. */
  heard(deviceIds: Iterable<string>, pace: Readonly<Record<string, Pace>>, now: number): void {
    for (const id of deviceIds) {
      const asked = pace[id]
      const before = this.#asked.get(id)
      if (!asked) this.#asked.delete(id)
      else {
        if (!before && this.#asked.size >= MOST) this.#asked.clear()
        const commandedAt = before?.pace === asked ? before.commandedAt : Number.NEGATIVE_INFINITY
        this.#asked.set(id, { pace: asked, until: now + HOLDS_MS, commandedAt })
      }
    }
  }

  /** For an app that keeps what it was commanded; null where it need not hear anything now. */
  command(deviceId: string, now: number): Pace | null {
    const asked = this.#of(deviceId, now)
    if (!asked || now - asked.commandedAt < COMMAND_AGAIN_MS) return null
    asked.commandedAt = now
    return asked.pace
  }

  /** A shard wants to hear of this device more often than of others. */
  isAsked(deviceId: string, now: number): boolean {
    return this.#of(deviceId, now) !== null
  }

  /** For our own clients, who do in each pause what the last answer said: a field of it, or none. */
  field(deviceId: string, now: number): FixEvery {
    return fixEvery(this.#of(deviceId, now)?.pace ?? null)
  }

  #of(deviceId: string, now: number): Asked | null {
    const asked = this.#asked.get(deviceId)
    return asked && asked.until > now ? asked : null
  }
}
