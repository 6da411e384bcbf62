// What others may ask of the Sentinel, which watches the tower itself.

import type { CourierHealth } from '../courier/contract'
import type { RegionId } from '../domain/region'
import type { FleetHealth } from '../fleet/contract'
import type { IntakeHealth } from '../intake/contract'
import type { RoomHealth } from '../room/contract'

export type CanaryResult = { region: RegionId; ok: boolean; ms: number; at: number; failed: string | null }

export type TickReport = {
  at: number
  rooms: (RoomHealth | { region: RegionId; failed: string })[]
  intakes: (IntakeHealth | { name: string; failed: string })[]
  fleets: (FleetHealth | { name: string; failed: string })[]
  couriers: (CourierHealth | { name: string; failed: string })[]
  canaries: CanaryResult[]
  /** Partitions of the history made ahead and dropped, and rows that found none. `off` without Postgres. */
  history: { made: number; dropped: number; inDefault: number } | { failed: string } | 'not yet' | 'off'
  /** Rows that were older than their retention and are gone, by table. `off` without Postgres. */
  forgotten?: Record<string, number> | { failed: string } | 'not yet' | 'off'
  deadman: 'pinged' | 'held back' | 'off' | 'failed'
}

export interface SentinelRpc {
  /** Wakes and re-arms every object, runs the canaries, pings the dead-man. Once a minute; safe to repeat. */
  tick(): Promise<TickReport>
  /** The last canary of each region, if the youngest is < 30 s old, else a new one; at most one run per 5 s. */
  canary(): Promise<CanaryResult[]>
  lastReport(): Promise<TickReport | null>
}
