// What drives in the simulated fleet, and how: a jeepney stops where somebody waves, a motorcycle slips through.

export type VehicleKind = 'jeepney' | 'taxi' | 'motorcycle' | 'bus'

export type Profile = {
  /** Never faster, km/h. */
  topKmh: number
  /** Of the free-flow speed that others keep. */
  eager: number
  /** m/s². */
  speedUp: number
  brake: number
  /** How little a jam holds it: 0 stands in it with everybody, 1 passes by. */
  slips: number
  /** Metres between stops for passengers, on average; null stops at the corridor's own places. */
  stopEveryM: number | null
  stopS: readonly [shortest: number, longest: number]
  /** At the ends of its way. */
  turnS: readonly [shortest: number, longest: number]
  /** Metres right of the middle of the road. */
  laneM: readonly [nearest: number, farthest: number]
}

export const PROFILES: Record<VehicleKind, Profile> = {
  jeepney: {
    topKmh: 55,
    eager: 0.85,
    speedUp: 0.9,
    brake: 1.4,
    slips: 0,
    stopEveryM: 450,
    stopS: [5, 25],
    turnS: [60, 300],
    laneM: [7, 10],
  },
  taxi: {
    topKmh: 95,
    eager: 1,
    speedUp: 1.4,
    brake: 2,
    slips: 0.1,
    stopEveryM: 4_500,
    stopS: [30, 110],
    turnS: [20, 240],
    laneM: [4, 8],
  },
  motorcycle: {
    topKmh: 85,
    eager: 1.1,
    speedUp: 2.2,
    brake: 2.6,
    slips: 0.6,
    stopEveryM: 5_500,
    stopS: [40, 150],
    turnS: [20, 180],
    laneM: [3, 9],
  },
  bus: {
    topKmh: 80,
    eager: 0.9,
    speedUp: 0.8,
    brake: 1.2,
    slips: 0,
    stopEveryM: null,
    stopS: [12, 40],
    turnS: [120, 420],
    laneM: [8, 10],
  },
}

/** Who is seen on which sort of road, and how often. */
export const CITY: Partial<Record<VehicleKind, number>> = { jeepney: 5, taxi: 4, motorcycle: 4, bus: 1 }
export const HIGHWAY: Partial<Record<VehicleKind, number>> = { bus: 4, taxi: 5, motorcycle: 3, jeepney: 2 }
export const EXPRESSWAY: Partial<Record<VehicleKind, number>> = { bus: 5, taxi: 5 }
