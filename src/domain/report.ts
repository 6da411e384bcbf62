// One thing that a phone or tracker said of itself that is no cry for help: a place, a heartbeat without one, an event.

import type { Position } from './position'
import type { RegionId } from './region'

/**
 * What a device said beside its place. `moving`/`stopped`, `ignition_*`, `enter`/`exit` (a fence of its own) and
 * `heartbeat` are news; `low_battery`, `power_cut`, `crash`, `tow` are hints that a person is asked about, never an SOS;
 * `encrypted` is a report that we cannot read; `push_token` brought the app's address for messages.
 */
export const REPORT_EVENTS = [
  'heartbeat',
  'moving',
  'stopped',
  'ignition_on',
  'ignition_off',
  'enter',
  'exit',
  'low_battery',
  'power_cut',
  'crash',
  'tow',
  'online',
  'offline',
  'encrypted',
  'push_token',
] as const
export type ReportEvent = (typeof REPORT_EVENTS)[number]

export type Report = {
  deviceId: string
  home: RegionId
  /** Of the token it came with: below what the directory says, the token is revoked. Absent: not known. */
  generation?: number
  /** The protocol's name, as ingest/sniff.ts has it; `own` for POST /api/positions, `own-socket` for the socket. */
  protocol: string
  /** By our clock, epoch ms. */
  receivedAt: number
  position: Position | null
  event: ReportEvent | null
  charging: boolean | null
  ignition: boolean | null
  /** What its app calls itself, where it said: "TraccarClient 10.0". */
  app?: string
}

/** When it was so, epoch ms: the time of the fix where there is one that may be believed, else when it came. */
export const timeOf = ({ position, receivedAt }: Pick<Report, 'position' | 'receivedAt'>): number =>
  position?.fixedAt != null && !position.doubts.includes('future') ? Math.min(position.fixedAt, receivedAt) : receivedAt
