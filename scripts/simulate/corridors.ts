// Where the simulated fleet drives: corridors drawn by hand, one table per region. Good to a block or two, not to a lane.

import type { RegionId } from '../../src/domain/region'
import { CEBU } from './corridors-cebu'
import { DAVAO } from './corridors-davao'
import { ILOILO } from './corridors-iloilo'
import { NCR } from './corridors-ncr'
import type { VehicleKind } from './kinds'

/** Degrees, what people call the place, and the free-flow speed from here to the next (km/h) where it is not the corridor's. */
export type Waypoint = readonly [lat: number, lng: number, name: string, kmh?: number]

export type Corridor = {
  /** Never changes: journeys are drawn from it. */
  id: string
  region: RegionId
  name: string
  /** Free-flow speed, km/h. */
  kmh: number
  /** Whether traffic lights stand at its inner waypoints. */
  lights: boolean
  /** Who is seen on it, and how often. */
  carries: Partial<Record<VehicleKind, number>>
  way: readonly Waypoint[]
}

export const CORRIDORS: readonly Corridor[] = [...NCR, ...CEBU, ...DAVAO, ...ILOILO]
