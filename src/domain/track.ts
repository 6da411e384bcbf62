// Where a device has been: what Postgres keeps of each position, and a trail of them as other programs read it.

import type { RegionId } from './region'
import type { ReportEvent } from './report'

/** One position as it goes into Postgres. Times are epoch ms; the same (region, device, at, lat, lng) is the same position. */
export type PositionRow = {
  /** The device's home. */
  region: RegionId
  deviceId: string
  /** When it was there: `timeOf` of its report. */
  at: number
  receivedAt: number
  lat: number
  lng: number
  accuracyM: number | null
  headingDeg: number | null
  speedMps: number | null
  batteryPct: number | null
  event: ReportEvent | null
  protocol: string
  /** Of the position, and `jump` where the shard found it impossible. */
  doubts: string[]
}
