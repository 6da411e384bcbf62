// Who could come from where: stations of the table, and hospitals of the gazetteer, for an ambulance starts there.

import type { ResponderKind } from '../../domain/incident'
import { haversine, isPlace, type Point } from '../distance'
import { GAZETTEER } from '../gazetteer-data'
import { STATIONS } from './stations'

export type Station = {
  /** Stays the same from build to build. */
  id: string
  kind: ResponderKind
  name: string
  /** Right to about 500 m. */
  at: Point
}

export type StationNear = Station & { distanceM: number }

/** Of one kind there is a near one and one that stands in for it; more are no choice. */
const PER_KIND = 2
/** Farther than this somebody else is nearer, who is not in the table. */
const FARTHEST_M = 60_000
/** A coast guard far inland helps nobody. */
const COAST_M = 15_000

/** Hospitals by which people find their way, and that take no emergency from the street. */
const NO_EMERGENCIES = ['National Center for Mental Health', 'National Kidney Institute']

const slug = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

export const ALL_STATIONS: readonly Station[] = [
  ...Object.entries(STATIONS).flatMap(([region, rows]) =>
    rows.map(([kind, name, lat, lng]) => ({
      id: `${region.toLowerCase()}-${slug(name)}`,
      kind,
      name,
      at: { lat, lng },
    })),
  ),
  ...GAZETTEER.filter(({ kind, name }) => kind === 'hospital' && !NO_EMERGENCIES.includes(name)).map(
    ({ name, lat, lng }) => ({
      id: `hospital-${slug(name)}`,
      kind: 'ambulance' as const,
      name,
      at: { lat, lng },
    }),
  ),
]

/** The nearest of each kind by straight line, nearest first, at most `limit`. Every kind comes once before any comes twice. */
export function stationsNear(at: Point, limit: number): StationNear[] {
  if (!isPlace(at)) return []
  const byKind = new Map<ResponderKind, StationNear[]>()
  for (const station of ALL_STATIONS) {
    const distanceM = haversine(station.at, at)
    if (distanceM > (station.kind === 'coast_guard' ? COAST_M : FARTHEST_M)) continue
    byKind.set(station.kind, [...(byKind.get(station.kind) ?? []), { ...station, distanceM }])
  }
  const ranked = [...byKind.values()].flatMap((of) =>
    of
      .sort(nearestFirst)
      .slice(0, PER_KIND)
      .map((station, rank) => ({ station, rank })),
  )
  return ranked
    .sort((a, b) => a.rank - b.rank || nearestFirst(a.station, b.station))
    .slice(0, Math.max(0, limit))
    .map(({ station }) => station)
    .sort(nearestFirst)
}

/** How a leg names a station. */
export const stationRef = (id: string): string => `station:${id}`

const nearestFirst = (a: { distanceM: number }, b: { distanceM: number }): number => a.distanceM - b.distanceM
