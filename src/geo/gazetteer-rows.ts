// The shape of the gazetteer's rows, as they are written by hand.

import type { PlaceKind } from '../domain/whereabouts'

/** Name, kind, latitude, longitude. */
export type PlaceRow = readonly [name: string, kind: PlaceKind, lat: number, lng: number]

/** Places by the municipality whose police and fire brigade come there. */
export type PlacesOf = Readonly<Record<string, readonly PlaceRow[]>>

/**
 * A road as a coarse line. Points stand in order from the south (`ns`) or the west (`ew`): going along them is north- or
 * eastbound as drivers and police call it, whatever the compass says of one bend.
 */
export type RoadLine = { name: string; axis: 'ns' | 'ew'; line: readonly (readonly [lat: number, lng: number])[] }

/** A road from latitudes and longitudes in turn. */
export function road(name: string, axis: RoadLine['axis'], degrees: readonly number[]): RoadLine {
  const line: [number, number][] = []
  for (let n = 0; n + 1 < degrees.length; n += 2) line.push([degrees[n] as number, degrees[n + 1] as number])
  return { name, axis, line }
}
