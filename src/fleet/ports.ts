// What a shard of the fleet needs of the world: a Postgres, an alarm, a room.

import type { PositionBatch } from '../domain/position-batch'
import type { Report } from '../domain/report'
import type { FencePorts } from './fence-watch'
import type { ForRoomOptions } from './for-room'

export type FleetPorts = Pick<FencePorts, 'loadFences' | 'saveFenceEvents'> & {
  /** One batched insert into Postgres; rejects where nothing of it is stored. May be repeated with the same rows. */
  save(rows: PositionBatch, signal: AbortSignal): Promise<unknown>
  /** True for an error that is the fault of a row: the others are then sent without it, and it is dropped and counted. */
  isRowFault?(error: unknown): boolean
  /**
   * A watched device was heard, at most once per 2 s and device. The report has its position where that is the device's
   * present place, or would be but for its clock (`future`); else null, and it is a sign of life.
   */
  watchSeen?(deviceId: string, report: Report): void
  /** Postgres did not take a batch, or a checkpoint was not written or read. Must not throw. */
  onFailure?(failure: string, failures: number): void
  /** The object's alarm is to be set to this, epoch ms. */
  wakeAt?(at: number): void
  /** Of 32 bits; tells one life of this shard from another. */
  newEpoch?(): number
  /** How many positions wait for Postgres at most. */
  maxQueued?: number
  /** After how long without a word a device is silent; five minutes unless told. */
  silentAfterMs?: number
  /** Whom a person may have to ask after, and areas that fell silent: told to the room in the background. */
  forRoom?: Pick<ForRoomOptions, 'room' | 'isKnownPlace'>
}
