// A position in terms of what people know: a landmark, a road, a municipality. Data only; the words are the dictionary's.

/** The eight winds, clockwise from north: keys of the dictionary (`dir.n` …). */
export const WINDS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
export type Wind = (typeof WINDS)[number]

export const PLACE_KINDS = [
  'landmark',
  'mall',
  'hospital',
  'terminal',
  'bridge',
  'university',
  'barangay',
  'centre',
] as const
export type PlaceKind = (typeof PLACE_KINDS)[number]

export type LandmarkNear = {
  name: string
  kind: PlaceKind
  distanceM: number
  /** From the landmark to the position, degrees clockwise from north: 180 means "south of it". */
  bearing: number
  wind: Wind
}

export type RoadNear = {
  name: string
  distanceM: number
  /** False where it is only near: too far off the line, or moving across it. */
  on: boolean
  /** As drivers call the carriageway (EDSA is north- and southbound all along); null standing, or where only near. */
  direction: Wind | null
}

/** The municipality whose police, fire brigade and rescue come there. */
export type AgencyArea = {
  municipality: string
  /** The neighbour whose border is too near to tell: ask for both. */
  orElse: string | null
}

/** The next one on a vehicle's way: in metres, and in seconds at its present speed. */
export type AgencyAhead = AgencyArea & { inM: number; inS: number }

export type Whereabouts = {
  landmark: LandmarkNear | null
  road: RoadNear | null
  municipality: string | null
  /** The neighbour whose border is nearer than we can tell apart; an agency should be asked about both. */
  orElse: string | null
}
