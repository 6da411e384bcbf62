// A drawn area and what a vehicle's fixes say about it. Whether a drawing may be one is drawn-fence.ts.

import type { Position } from './position'
import type { RegionId } from './region'

/** `keep_in`: leaving matters. `keep_out`: entering does. `notice`: both are only noted. None of them makes a sound. */
export const FENCE_KINDS = ['keep_in', 'keep_out', 'notice'] as const
export type FenceKind = (typeof FENCE_KINDS)[number]

/** Degrees. */
export type Corner = readonly [lat: number, lng: number]

export type Geofence = {
  id: string
  region: RegionId
  name: string
  kind: FenceKind
  /** Not closed: the last corner is joined to the first. It does not cross itself. */
  polygon: readonly Corner[]
}

export type Spot = { lat: number; lng: number }
export type Side = 'inside' | 'outside'

/** A fix, of which only the place, its accuracy and its doubts matter here. */
export type FenceFix = Spot & Partial<Pick<Position, 'accuracyM' | 'doubts'>>

/** What a phone that does not say it is taken to be exact to. */
export const ASSUMED_ACCURACY_M = 30

/** Doubts about the place itself. A late or wrongly clocked fix is still where it was. */
export const UNTRUSTED_PLACE: readonly string[] = ['null_island', 'mocked', 'out_of_country']

/** True within the polygon. Exactly on the border either may be said: `sideOf` says neither. */
export function contains(fence: Pick<Geofence, 'polygon'>, { lat, lng }: Spot): boolean {
  let inside = false
  eachEdge(fence.polygon, ([aLat, aLng], [bLat, bLng]) => {
    // Half open, so that a ray through a corner counts one of its two edges.
    if (aLat > lat === bLat > lat) return
    if (lng < aLng + ((lat - aLat) / (bLat - aLat)) * (bLng - aLng)) inside = !inside
  })
  return inside
}

/** Metres to the nearest point of the border, from either side. */
export function toBorderM(fence: Pick<Geofence, 'polygon'>, at: Spot): number {
  const flat = flatAround(at)
  let nearest = Number.POSITIVE_INFINITY
  eachEdge(fence.polygon, (a, b) => {
    const [ax, ay] = flat(a)
    const [bx, by] = flat(b)
    const [dx, dy] = [bx - ax, by - ay]
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length))
    nearest = Math.min(nearest, Math.hypot(ax + along * dx, ay + along * dy))
  })
  return nearest
}

/** Null where the circle that probably holds the device lies on both sides, or the fix is not to be trusted. */
export function sideOf(fence: Pick<Geofence, 'polygon'>, fix: FenceFix): Side | null {
  if (!Number.isFinite(fix.lat) || !Number.isFinite(fix.lng)) return null
  if (fix.doubts?.some((doubt) => UNTRUSTED_PLACE.includes(doubt))) return null
  const accuracyM = Math.max(0, fix.accuracyM ?? ASSUMED_ACCURACY_M)
  // `!(x > y)` also for an accuracy that is no number.
  if (!(toBorderM(fence, fix) > accuracyM)) return null
  return contains(fence, fix) ? 'inside' : 'outside'
}

export type FenceEvent = { fenceId: string; kind: FenceKind; event: 'enter' | 'exit' }

/** The side on which each fence last knew a device, by fence id. */
export type Sides = Readonly<Record<string, Side>>

/**
 * What one more fix changes: events of the borders that were certainly crossed, and the sides to remember. A fix that
 * decides nothing keeps what was known, so that standing on a border makes no events. The first side known makes none.
 */
export function fenceEvents(
  fences: readonly Geofence[],
  before: Sides,
  after: FenceFix,
): { sides: Sides; events: FenceEvent[] } {
  const sides: Record<string, Side> = {}
  const events: FenceEvent[] = []
  for (const fence of fences) {
    const known = Object.hasOwn(before, fence.id) ? before[fence.id] : undefined
    const side = sideOf(fence, after) ?? known
    if (side) sides[fence.id] = side
    if (!side || !known || side === known) continue
    events.push({ fenceId: fence.id, kind: fence.kind, event: side === 'inside' ? 'enter' : 'exit' })
  }
  return { sides, events }
}

const M_PER_DEGREE = 111_195

/** Metres east and north of a place: flat, which is right to a thousandth over a city. */
export function flatAround(origin: Spot): (corner: Corner) => readonly [east: number, north: number] {
  const east = M_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180)
  return ([lat, lng]) => [(lng - origin.lng) * east, (lat - origin.lat) * M_PER_DEGREE]
}

function eachEdge(polygon: readonly Corner[], tell: (a: Corner, b: Corner) => void): void {
  polygon.forEach((corner, at) => {
    tell(corner, polygon[(at + 1) % polygon.length] as Corner)
  })
}
