// One cry that reached us: what a door understood of it, before any room has seen it.
// The first press of an incident gives the incident its id.

import type { Position } from './position'
import type { RegionId } from './region'

export const KINDS = ['panic', 'medical', 'crash', 'fire', 'flood', 'security', 'harassment', 'other'] as const
export type Kind = (typeof KINDS)[number]

export const REPORTERS = ['driver', 'passenger', 'contact', 'operator', 'device', 'unenrolled'] as const
export type Reporter = (typeof REPORTERS)[number]

/**
 * The way a press came in. `wired` is a vehicle's hard button, `text` an SMS, `phone` a call that an operator wrote down.
 * `check`: nobody pressed; a question after somebody's welfare was not answered.
 */
export const DOORS = ['api', 'lifeline', 'traccar', 'wired', 'text', 'phone', 'check'] as const
export type Door = (typeof DOORS)[number]

/** What is odd about a press. It is shown, and refuses nothing. */
export type PressLabel =
  | 'garbled'
  | 'no_fix'
  | 'null_island'
  | 'mocked'
  | 'stale_fix'
  | 'wrong_clock'
  | 'out_of_country'
  | 'expired_token'
  | 'revoked_token'
  | 'delayed'
  | 'wrong_door'

/** A press of a device whose token is genuine. Times are epoch ms, lengths metres. */
export type Press = {
  sosId: string
  deviceId: string
  /** The token's home region: the room, always. */
  home: RegionId
  /** Counts up when a device gets a new token; revoking names (deviceId, generation). */
  tokenGeneration: number
  door: Door
  reporter: Reporter
  kind: Kind
  position: Position | null
  safeToTalk: boolean | null
  note: string | null
  tripId: string | null
  /** By the phone's clock. */
  pressedAt: number | null
  /** By ours. */
  receivedAt: number
  labels: readonly PressLabel[]
  /** What its app calls itself, where it said: "TraccarClient 10.0". */
  app?: string
  /** The message of ours that it answers with a cry for help; the room knows what that was about. */
  answers?: string
}

/** A press whose token is forged, garbled or missing: kept, never paged, never merged with a verified incident. */
export type UnverifiedPress = {
  /** Address or claimed device it came from; one row per source and 10 s. */
  source: string
  door: Door
  kind: Kind
  position: Position | null
  note: string | null
  receivedAt: number
  /** How many presses of this source it stands for, itself among them; 1 where absent. */
  count?: number
}
