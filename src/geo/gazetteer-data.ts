// The gazetteer: places and roads of the four regions that are known without internet. A table of our own, made by hand.
// As of 2026-11. Places are right to about 200 m, road lines to about 150 m: for words, never for navigation.

import type { PlaceKind } from '../domain/whereabouts'
import type { PlacesOf, RoadLine } from './gazetteer-rows'
import { CEB_PLACES } from './places/ceb'
import { DVO_PLACES } from './places/dvo'
import { ILO_PLACES } from './places/ilo'
import { NCR_CENTRE_PLACES } from './places/ncr-centre'
import { NCR_NORTH_PLACES } from './places/ncr-north'
import { NCR_SOUTH_PLACES } from './places/ncr-south'
import { NCR_ROADS } from './roads/ncr'
import { SOUTHERN_ROADS } from './roads/southern'

export const GAZETTEER_AS_OF = '2026-11'

export type GazetteerPlace = { name: string; kind: PlaceKind; lat: number; lng: number; municipality: string }

const rows: readonly PlacesOf[] = [
  NCR_NORTH_PLACES,
  NCR_CENTRE_PLACES,
  NCR_SOUTH_PLACES,
  CEB_PLACES,
  DVO_PLACES,
  ILO_PLACES,
]

export const GAZETTEER: readonly GazetteerPlace[] = rows.flatMap((of) =>
  Object.entries(of).flatMap(([municipality, places]) =>
    places.map(([name, kind, lat, lng]) => ({ name, kind, lat, lng, municipality })),
  ),
)

export const ROADS: readonly RoadLine[] = [...NCR_ROADS, ...SOUTHERN_ROADS]
