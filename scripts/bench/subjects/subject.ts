// What is measured, so that the same load meets each of them.

import type { RegionId } from '../../../src/domain/region'
import type { System, Target } from '../load/target'

export type Subject = {
  system: System
  name: string
  /** Regions that screens may watch here; each is a room of its own, empty at the start. */
  regions: readonly RegionId[]
  /** Who presses there: devices of a name of their own, signed as this subject wants it. */
  target(region: RegionId, devices: string): Target
  /** An account that may read everything. */
  databaseUrl: string
  /** What a screen shows at its upgrade. */
  cookie(): Promise<string>
  /** Resolves when nothing of an earlier scenario is still being worked off. */
  settled(): Promise<void>
  stop(): Promise<void>
}
