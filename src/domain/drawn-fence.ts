// Whether what somebody drew may be a geofence, and what is wrong with it where not.

import type { Refusal } from './command'
import { type Corner, FENCE_KINDS, flatAround, type Geofence } from './fence'
import { regionAt } from './region'

export const MIN_CORNERS = 3
export const MAX_CORNERS = 200
/** Smaller than a parking lot, no phone's fix would ever decide a side. */
export const MIN_AREA_M2 = 2_500
/** Larger than a province it is a region, which has its own border. */
export const MAX_AREA_M2 = 20_000e6
export const MAX_NAME = 80

export type DrawnFence = Omit<Geofence, 'polygon' | 'kind'> & { kind: string; polygon: readonly Corner[] }
export type Drawn = { ok: true; fence: Geofence } | { ok: false; refusal: Refusal }

/** Takes rings that are closed (as GeoJSON's) or not; the fence's is not. Corners said twice in a row are taken once. */
export function checkFence(drawn: DrawnFence): Drawn {
  const name = drawn.name.trim()
  if (name === '' || name.length > MAX_NAME) return no('fence_name', `The name must have 1 to ${MAX_NAME} characters.`)
  const kind = FENCE_KINDS.find((each) => each === drawn.kind)
  if (!kind) return no('fence_kind', `The kind must be one of ${FENCE_KINDS.join(', ')}.`)
  // Before anything that takes time by the square of it.
  if (drawn.polygon.length > MAX_CORNERS + 1) return tooMany()
  for (const [at, corner] of drawn.polygon.entries()) {
    if (!corner.every(Number.isFinite)) return no('fence_corner', `Corner ${at + 1} is not a place.`)
    if (regionAt(...corner) === null) return no('fence_outside', `Corner ${at + 1} lies outside of the regions.`)
  }
  const polygon = drawn.polygon.filter((corner, at, all) => !same(corner, all[(at + 1) % all.length] as Corner))
  if (polygon.length < MIN_CORNERS)
    return no('fence_few_corners', `It needs at least ${MIN_CORNERS} different corners.`)
  if (polygon.length > MAX_CORNERS) return tooMany()
  const crossing = firstCrossing(polygon)
  if (crossing) return no('fence_crosses_itself', `Side ${crossing[0] + 1} crosses or touches side ${crossing[1] + 1}.`)
  const area = areaM2(polygon)
  if (area < MIN_AREA_M2)
    return no('fence_too_small', `It has ${Math.round(area)} m²; at least ${MIN_AREA_M2} are needed.`)
  if (area > MAX_AREA_M2)
    return no('fence_too_large', `It has ${Math.round(area / 1e6)} km²; at most 20000 are allowed.`)
  return { ok: true, fence: { id: drawn.id, region: drawn.region, name, kind, polygon } }
}

/** Square metres, whichever way round the corners stand. */
export function areaM2(polygon: readonly Corner[]): number {
  const [lat, lng] = polygon[0] ?? [0, 0]
  const flat = polygon.map(flatAround({ lat, lng }))
  const twice = flat.reduce((sum, [ax, ay], at) => {
    const [bx, by] = flat[(at + 1) % flat.length] as readonly [number, number]
    return sum + ax * by - bx * ay
  }, 0)
  return Math.abs(twice) / 2
}

/** Two sides that cross, touch or lie upon each other, other than neighbours at their corner; null where none do. */
export function firstCrossing(polygon: readonly Corner[]): readonly [number, number] | null {
  const count = polygon.length
  const corner = (at: number) => polygon[at % count] as Corner
  for (let one = 0; one < count; one++) {
    // Two neighbours meet at a corner, and must not fold back upon each other.
    if (foldsBack(corner(one), corner(one + 1), corner(one + 2))) return [one, (one + 1) % count]
    for (let other = one + 2; other < count; other++) {
      if (one === 0 && other === count - 1) continue
      if (meet(corner(one), corner(one + 1), corner(other), corner(other + 1))) return [one, other]
    }
  }
  return null
}

const same = (a: Corner, b: Corner): boolean => a[0] === b[0] && a[1] === b[1]

/** Which side of the line a–b `c` lies on: 1, -1, or 0 on it. */
const turn = (a: Corner, b: Corner, c: Corner): number =>
  Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

/** For a `c` on the line a–b: whether it lies between them. */
const between = (a: Corner, b: Corner, c: Corner): boolean =>
  c[0] >= Math.min(a[0], b[0]) &&
  c[0] <= Math.max(a[0], b[0]) &&
  c[1] >= Math.min(a[1], b[1]) &&
  c[1] <= Math.max(a[1], b[1])

function meet(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
  if (abc !== abd && cda !== cdb && abc * abd <= 0 && cda * cdb <= 0) return true
  return (
    (abc === 0 && between(a, b, c)) ||
    (abd === 0 && between(a, b, d)) ||
    (cda === 0 && between(c, d, a)) ||
    (cdb === 0 && between(c, d, b))
  )
}

const foldsBack = (a: Corner, b: Corner, c: Corner): boolean =>
  turn(a, b, c) === 0 && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0

const tooMany = () => no('fence_many_corners', `It may have at most ${MAX_CORNERS} corners.`)
const no = (reason: string, message: string): Drawn => ({ ok: false, refusal: { code: 'invalid', reason, message } })
