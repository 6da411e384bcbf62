// An area in names: by what people call the place where most of its devices are.

import type { AreaNames } from '../domain/coverage'
import { haversine, type Point } from './distance'
import { landmarkNear, municipalityAt, roadNear } from './gazetteer'

export type Spot = Point & { weight: number }

/** Larger than this, no road and no landmark stands for all of it. */
const LOCAL_M = 3_000
/** Of a street: its devices lie about it, and so does their middle. */
const LANDMARK_MAX_M = 1_500

/** Never throws. Municipalities with the most devices first; road and landmark for a small area only. */
export function areaNames(spots: readonly Spot[]): AreaNames {
  const byMunicipality = new Map<string, number>()
  for (const spot of spots) {
    const { municipality } = municipalityAt(spot)
    if (municipality !== null) byMunicipality.set(municipality, (byMunicipality.get(municipality) ?? 0) + spot.weight)
  }
  const municipalities = [...byMunicipality].sort(([, a], [, b]) => b - a).map(([name]) => name)
  const middle = middleOf(spots)
  if (!middle || spots.some((spot) => haversine(spot, middle) > LOCAL_M)) {
    return { road: null, landmark: null, municipalities }
  }
  const near = landmarkNear(middle)
  return {
    road: roadNear(middle)?.name ?? null,
    landmark: near && near.distanceM <= LANDMARK_MAX_M ? near.name : null,
    municipalities,
  }
}

function middleOf(spots: readonly Spot[]): Point | null {
  const weight = spots.reduce((sum, spot) => sum + spot.weight, 0)
  if (weight === 0) return null
  const mean = (of: (spot: Spot) => number) => spots.reduce((sum, spot) => sum + of(spot) * spot.weight, 0) / weight
  return { lat: mean(({ lat }) => lat), lng: mean(({ lng }) => lng) }
}
