// What a fleet shard does for others, by RPC. Nothing that an SOS waits for.

import type { Corner } from '../domain/fence'
import type { FenceList } from '../domain/fence-record'
import type { Pace } from '../domain/pace'
import type { Position } from '../domain/position'
import type { RegionId } from '../domain/region'
import type { Report, ReportEvent } from '../domain/report'

/**
 * Why a report is not the device's present place, or is in doubt beside what its position says of itself. `no_fix`: there is
 * none, or its own doubts (`null_island`, `future`) keep it from the map.
 */
export type ReportVerdict = 'taken' | 'older' | 'duplicate' | 'jump' | 'no_fix'

/** One report of a device, as it was understood: for the page on which a phone is enrolled. */
export type UnderstoodReport = {
  receivedAt: number
  protocol: string
  verdict: ReportVerdict
  position: Position | null
  event: ReportEvent | null
  charging: boolean | null
  ignition: boolean | null
  /** What its app calls itself, where it said. */
  app?: string
}

export type LastKnown = {
  deviceId: string
  /** The newest by time of fix; null where it never had one. */
  position: Position | null
  /** Impossible from the fix before it: farther than anything drives. */
  jumped: boolean
  charging: boolean | null
  ignition: boolean | null
  /** When anything came, epoch ms. */
  lastContactAt: number
  silent: boolean
  /** Records of its messages that nobody could read. */
  malformed?: number
}

/** In an area now. `fixedAt`: when it was there, epoch ms. */
export type InsideDevice = { deviceId: string; lat: number; lng: number; accuracyM: number | null; fixedAt: number }

export type NearDevice = { deviceId: string; position: Position; distanceM: number; lastContactAt: number }

/** What a shard says of its geofences. `askedAt`: when Postgres last answered; `events` since it woke. */
export type FenceHealth = {
  version: number
  watched: number
  askedAt: number | null
  events: number
  /** Waiting for Postgres, and how many were dropped because it was away too long. */
  queued: number
  dropped: number
}

export type FleetHealth = {
  region: RegionId
  shard: number
  devices: number
  silent: number
  /** Waiting for Postgres, and how many were dropped because it was away too long. */
  queued: number
  dropped: number
  oldestQueuedAt: number | null
  /** Since the object woke; `taken` are all but duplicates. */
  taken: number
  duplicates: number
  older: number
  jumps: number
  malformed: number
  /** Reports of revoked tokens: dropped. */
  revoked: number
  checkpointAt: number | null
  fences?: FenceHealth
  now: number
}

/**
 * A message of many positions of our own form as it came, of which the first `most` reports count. The malformed ones among
 * its records are told apart from it.
 */
export type ReportText = Required<Pick<Report, 'deviceId' | 'home' | 'generation' | 'protocol' | 'receivedAt'>> & {
  text: string
  most: number
}

/** What doors have told devices in their answers. */
export type PaceSaid = Record<string, Pace>
/** `queued`: how many wait for Postgres. `pace`: what the devices of this call are to be told with their next answer. */
export type ReportReply = { queued: number; pace?: Record<string, Pace> }

/** When watched devices were last heard, newest first, epoch ms, a few each; of those that are known here. */
export type WatchReply = { contacts: Record<string, number[]> }

export interface FleetRpc {
  /** Takes them all: what is odd is flagged, nothing is refused. `queued`: how many wait for Postgres now. `malformed`: records of the same messages that nobody could read, by device. */
  report(reports: (Report | ReportText)[], malformed?: Record<string, number>, said?: PaceSaid): Promise<ReportReply>
  lastOf(deviceIds: string[]): Promise<LastKnown[]>
  /** The last 20 of this device, newest first. */
  recent(deviceId: string): Promise<UnderstoodReport[]>
  /** Whose dot that is, by the epoch in which it was seen: its number means another vehicle in the next. Null where it is on the map no more. */
  deviceAt(epoch: number, index: number): Promise<string | null>
  /** Nearest first, with a fresh fix. */
  near(at: { lat: number; lng: number }, limit: number, maxM: number): Promise<NearDevice[]>
  /**
   * Devices under an open incident, all of them: drawn as such, and sooner silent. Those that are missing no longer are.
   * `hasten`: those of them whose incident lets them be asked for faster fixes. `fasterUntil`: by device, epoch ms: pressed
   * lately, and asked until then whatever has become of it; they need not be among those that are followed.
   */
  watch(
    deviceIds: string[],
    minGenerations?: Record<string, number>,
    hasten?: string[],
    fasterUntil?: Record<string, number>,
  ): Promise<WatchReply>
  /** The region's active geofences, all of them, after one was drawn, changed or taken away. An older list changes nothing. */
  fences(list: FenceList): Promise<void>
  /** All devices of this shard that may be in this area now, as drawn on the map. Corners in degrees, not closed. */
  inside(polygon: Corner[]): Promise<InsideDevice[]>
  /** How many devices of this shard are inside of each geofence now; those with none, and devices off the map, are left out. */
  insideFences(): Promise<Record<string, number>>
  tick(): Promise<FleetHealth>
}
