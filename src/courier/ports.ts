// What the core of a courier shard needs of the outside, and the limits that may be set from there.

import type { Attempt } from '../domain/page'
import type { RegionId } from '../domain/region'
import type { ChannelPort } from './channel'
import type { CourierReport } from './contract'

export type CourierPorts = {
  region: RegionId
  shard: number
  /** Epoch ms. */
  now(): number
  /** A UUID. */
  newId(): string
  /** The ways out, the providers of one channel in the order in which they are asked. */
  channels: readonly ChannelPort[]
  /** Runs something later in this life of the object; gives what cancels it. What must survive is a timer. */
  after(ms: number, run: () => void): () => void
  /** The object's alarm is to be set to this, epoch ms. */
  wakeAt(at: number): void
  /** The room takes these; gives the `n` of those that it has. Rejects where it took none. */
  report(reports: CourierReport[], signal: AbortSignal): Promise<readonly number[]>
  /** Postgres keeps them, all or none; safe to repeat. Null without Postgres. */
  archive: ((attempts: Attempt[], signal: AbortSignal) => Promise<void>) | null
  /** True for an error that is the fault of a row, and not of Postgres or the way to it. */
  isRowFault(error: unknown): boolean
  /** For a line in the log. Must not throw. */
  onFailure(what: string, failure: string, failures: number): void
  /** Under way at once for each way of each provider: 20. */
  atOnce?: number
  /** Calls and texts to one address in an hour: 10. P1 is told whatever was told before. */
  hourlyBudget?: number
}
