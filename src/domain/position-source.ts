// Whose word a position is: the press's own, a phone's that drives along, or a tracker's that is built into the vehicle.

import type { ShownPosition } from './incident'
import type { Report } from './report'

export const POSITION_SOURCES = ['press', 'phone', 'vehicle'] as const
export type PositionSource = (typeof POSITION_SOURCES)[number]

/** Where an incident is now, for all that anybody said. */
export type FreshPosition = { position: ShownPosition; source: PositionSource }

/** What only wired trackers speak, or servers that forward for them. Everything else is an app on a phone. */
const OF_VEHICLES: readonly string[] = ['traccar-server', 'ltfrb', 'opengts']

export const sourceOf = ({ protocol }: Pick<Report, 'protocol'>): PositionSource =>
  OF_VEHICLES.includes(protocol) ? 'vehicle' : 'phone'

/** The later of the two by time of fix. Null where nobody ever said one. */
export function freshest(own: ShownPosition | null, heard: FreshPosition | null | undefined): FreshPosition | null {
  if (heard && timeOf(heard.position) > timeOf(own)) return heard
  return own ? { position: own, source: 'press' } : (heard ?? null)
}

const timeOf = (position: ShownPosition | null): number => Date.parse(position?.fixedAt ?? '') || 0
