// In a rush presses for one shard go to it together: a call costs this thread as much as the press itself. Plain data: nobody
// waits for another's promise. One request carries, the others look after their own place, and whoever is not served in time
// goes alone, which is the same press again and so costs nothing but its way.
// Pure: the clock comes in, the call too.

import type { Press } from '../../domain/press'
import { Rush } from '../../durable/rush'

/** How long the first waits for others. */
export const GATHER_MS = 8
/** So many do not wait for more. */
export const FULL = 16
/** A carrier that is silent for so long may be gone, with its request: another takes over. */
const ORPHANED_MS = 200
/** A press that nobody carried by then goes alone. */
export const PATIENCE_MS = 800

/** A press on its way with others. `failed`: it has to go alone. */
export type Place<T> = { press: Press; is: 'waits' | 'failed' | T }

type Shard<T> = { waiting: Place<T>[]; carriedSince: number | null }

export class Gather<T> {
  readonly #shards = new Map<string, Shard<T>>()
  readonly #rush = new Rush()
  #took = GATHER_MS

  /** Counts a press. True where presses come by the hundred. */
  inRush(now: number): boolean {
    this.#rush.took(1, now)
    return this.#rush.isOn(now)
  }

  /** `carries`: the caller has to carry what lies here, at once or, as the first, in `GATHER_MS`. */
  add(shard: string, press: Press, now: number): { place: Place<T>; carries: 'now' | 'soon' | 'not' } {
    const place: Place<T> = { press, is: 'waits' }
    const at = this.#shards.get(shard) ?? { waiting: [], carriedSince: null }
    this.#shards.set(shard, at)
    at.waiting.push(place)
    if (at.waiting.length >= FULL) return { place, carries: 'now' }
    if (at.carriedSince !== null && now - at.carriedSince < ORPHANED_MS) return { place, carries: 'not' }
    at.carriedSince = now
    return { place, carries: 'soon' }
  }

  /** What the caller carries now; empty where another was quicker. */
  take(shard: string): Place<T>[] {
    const at = this.#shards.get(shard)
    this.#shards.delete(shard)
    return at?.waiting ?? []
  }

  /** How long it took from a press's coming to its answer. */
  took(ms: number): void {
    this.#took += (Math.min(ms, PATIENCE_MS) - this.#took) / 8
  }

  /** After how long it is worth looking whether a press is served. */
  get expectedMs(): number {
    return Math.max(GATHER_MS, Math.floor(this.#took))
  }
}
