// When what a shard knows of its devices is written down: each half minute while they report, and once they no longer do.

import type { DrainClock } from '../durable/drain'
import type { Storage } from '../durable/storage'
import { readCheckpoint, writeCheckpoint } from './checkpoint'
import type { Chores } from './chores'
import type { Devices } from './devices'
import type { FenceWatch } from './fence-watch'
import type { FleetPorts } from './ports'

const CHECKPOINT_EVERY_MS = 30_000
/** Platforms put an object to sleep that has not been called for some ten seconds, and its memory with it. */
const QUIET_MS = 4_000

export type KeepingParts = {
  storage: Storage
  clock: DrainClock
  chores: Pick<Chores, 'within'>
  devices: Pick<Devices, 'all'>
  fences: Pick<FenceWatch, 'checkpoint'>
  onFailure: FleetPorts['onFailure']
}

export class Keeping {
  /** When it was written last, epoch ms. */
  at: number | null = null
  private failures = 0
  private heardAt = Number.NEGATIVE_INFINITY
  private listening = false

  constructor(private readonly parts: KeepingParts) {}

  /** Something has changed. */
  soon(): void {
    this.parts.chores.within('checkpoint', CHECKPOINT_EVERY_MS)
  }

  /** Devices have reported. */
  heard(now: number): void {
    this.soon()
    this.heardAt = now
    this.whenQuiet(QUIET_MS)
  }

  /** Never throws: one that is not written is written half a minute later. */
  checkpoint(): void {
    const { storage, clock, devices, fences } = this.parts
    try {
      writeCheckpoint(storage, devices.all(), clock.now())
      fences.checkpoint()
      this.at = clock.now()
      this.failures = 0
    } catch (error) {
      this.parts.onFailure?.(`checkpoint: ${messageOf(error)}`, ++this.failures)
      this.soon()
    }
  }

  /** The devices of the last one. What cannot be read of it is told, and left out. */
  read(): ReturnType<typeof readCheckpoint>['devices'] {
    const { at, devices, unread } = readCheckpoint(this.parts.storage)
    this.at = at
    if (unread.length > 0) this.parts.onFailure?.(`checkpoint: ${unread.join('; ')}`, unread.length)
    return devices
  }

  // In a stream of reports the half minute of the alarm is enough; after the last of them nothing must be lost to sleep.
  private whenQuiet(ms: number): void {
    if (this.listening) return
    this.listening = true
    this.parts.clock.after(ms, () => {
      this.listening = false
      const left = Math.min(QUIET_MS, this.heardAt + QUIET_MS - this.parts.clock.now())
      if (left > 0) this.whenQuiet(left)
      else this.checkpoint()
    })
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
