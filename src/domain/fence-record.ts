// A geofence as it is kept and handed on: with who drew it, with what a shard needs to watch it, and what came of that.

import type { FenceKind, Geofence } from './fence'
import type { RegionId } from './region'

/** One region's fleet is watched against at most so many at once. */
export const MAX_ACTIVE_FENCES = 200

/** Times are epoch ms; `madeBy` and `changedBy` are uids. */
export type KeptFence = Geofence & {
  active: boolean
  /** Grows with every change of any fence. */
  version: number
  madeBy: string
  madeAt: number
  changedBy: string
  changedAt: number
}

/** What is watched for. `drawnVersion`: when its border came to be what it is; sides known before say nothing of it. */
export type WatchedFence = Pick<Geofence, 'id' | 'name' | 'kind' | 'polygon'> & { drawnVersion: number }

/** All active ones of a region. `version` grows with every change, also where one was taken away; 0 before the first. */
export type FenceList = { version: number; fences: WatchedFence[] }

export const CROSSINGS = ['enter', 'exit'] as const
export type Crossing = (typeof CROSSINGS)[number]

/** One border crossed, as it goes into Postgres. Epoch ms: `at` by the fix that told, `receivedAt` by our clock. */
export type FenceEventRow = {
  /** The device's home, whose fence it is. */
  region: RegionId
  deviceId: string
  fenceId: string
  event: Crossing
  at: number
  receivedAt: number
  lat: number
  lng: number
}

/** The same, read back with its fence's name. */
export type FenceEventRead = Omit<FenceEventRow, 'region'> & { name: string; kind: FenceKind }
