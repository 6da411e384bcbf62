// How far it is from several places to one, and how long it takes: one promise, and the answer that needs nobody.

import { type RegionId, regionAt } from '../domain/region'
import { haversine, isPlace, type Point } from './distance'

/** `offline`: straight line and a table of speeds. Said on the screen, for the two differ in how much they are worth. */
export type RouteSource = 'offline' | 'google'

/** Both are Infinity where a place is none. */
export type RouteTime = { distanceM: number; seconds: number; source: RouteSource }

export type RouteProvider = {
  /** One per `from`, in its order. Never rejects; what a provider does not answer in time comes from offline. */
  matrix(from: readonly Point[], to: Point, signal?: AbortSignal): Promise<RouteTime[]>
}

/** Streets against the straight line: 1.3 to 1.5 in cities with rivers and few bridges. */
export const ROAD_FACTOR = 1.4

/** Kilometres an hour of a car in city traffic, for each stretch of the day in Manila time. Estimates of our own. */
const SPEEDS: Record<RegionId, readonly (readonly [fromHour: number, kmh: number])[]> = {
  NCR: [
    [0, 38],
    [5, 30],
    [6, 17],
    [10, 20],
    [16, 14],
    [21, 26],
    [23, 34],
  ],
  CEB: [
    [0, 38],
    [5, 30],
    [6, 19],
    [10, 22],
    [16, 16],
    [20, 28],
    [23, 36],
  ],
  DVO: [
    [0, 42],
    [5, 34],
    [6, 25],
    [9, 30],
    [16, 22],
    [20, 34],
    [23, 40],
  ],
  ILO: [
    [0, 42],
    [5, 34],
    [6, 26],
    [9, 30],
    [16, 24],
    [20, 34],
    [23, 40],
  ],
}
const COUNTRY_KMH = 40
/** Beyond this much of a way, the rest goes by highway: faster than the city, never faster than HIGHWAY_KMH. */
const CITY_M = 10_000
const HIGHWAY_FACTOR = 1.8
const HIGHWAY_KMH = 55

/** Answers at once, from nothing but the two places and the hour. */
export const offlineRoutes = (now: () => number): RouteProvider => ({
  matrix: async (from, to) => from.map((each) => offlineRoute(each, to, now())),
})

export function offlineRoute(from: Point, to: Point, at: number): RouteTime {
  if (!isPlace(from) || !isPlace(to)) {
    return { distanceM: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY, source: 'offline' }
  }
  const distanceM = haversine(from, to) * ROAD_FACTOR
  const kmh = speedAt(regionAt(to.lat, to.lng), at)
  const city = Math.min(distanceM, CITY_M)
  const seconds = city / (kmh / 3.6) + (distanceM - city) / (Math.min(kmh * HIGHWAY_FACTOR, HIGHWAY_KMH) / 3.6)
  return { distanceM: Math.round(distanceM), seconds: Math.round(seconds), source: 'offline' }
}

/** Kilometres an hour in a region at a time (epoch ms); the open country's where it is none. */
export function speedAt(region: RegionId | null, at: number): number {
  if (!region) return COUNTRY_KMH
  // The Philippines are eight hours ahead all year round.
  const hour = new Date(at + 8 * 3_600_000).getUTCHours()
  return SPEEDS[region].findLast(([from]) => from <= hour)?.[1] ?? COUNTRY_KMH
}
