// Cuts the coast of the Philippines and its neighbours out of world-atlas (public domain, Natural Earth) into the small
// file that the map draws without internet: views/assets/coast.json. Run again when world-atlas changes.

import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

/** [west, south, east, north]: what a map of the fleet ever shows. */
const FRAME = [113, 3, 129.5, 22.5] as const
/** Degrees per unit of the file: about 100 m, finer than the 1:10 million source. */
const UNIT = 0.001
const PHILIPPINES = '608'

/** `home` and `abroad` are rings of [x0, y0, dx1, dy1, …] in units, each point but the first relative to the one before. */
export type Coast = { unit: number; home: number[][]; abroad: number[][] }

type Point = [number, number]

export function cutCoast(atlas: Topology): Coast {
  const countries = feature(atlas, atlas.objects.countries as GeometryCollection<{ name: string }>)
  const coast: Coast = { unit: UNIT, home: [], abroad: [] }
  for (const { id, geometry } of countries.features) {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
    for (const [outer] of polygons) {
      const ring = clip((outer ?? []) as Point[])
      if (ring.length > 3) (id === PHILIPPINES ? coast.home : coast.abroad).push(pack(ring))
    }
  }
  return coast
}

/** Sutherland-Hodgman against the frame's four sides. */
function clip(ring: Point[]): Point[] {
  const [west, south, east, north] = FRAME
  const sides: [(p: Point) => boolean, (a: Point, b: Point) => Point][] = [
    [(p) => p[0] >= west, (a, b) => atX(a, b, west)],
    [(p) => p[0] <= east, (a, b) => atX(a, b, east)],
    [(p) => p[1] >= south, (a, b) => atY(a, b, south)],
    [(p) => p[1] <= north, (a, b) => atY(a, b, north)],
  ]
  let points = ring
  for (const [inside, cross] of sides) {
    const kept: Point[] = []
    points.forEach((point, at) => {
      const before = points[(at + points.length - 1) % points.length] as Point
      if (inside(point) !== inside(before)) kept.push(cross(before, point))
      if (inside(point)) kept.push(point)
    })
    points = kept
  }
  return points
}

const atX = (a: Point, b: Point, x: number): Point => [x, a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0])]
const atY = (a: Point, b: Point, y: number): Point => [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]), y]

function pack(ring: Point[]): number[] {
  const packed: number[] = []
  let [x, y] = [0, 0]
  for (const [lng, lat] of ring) {
    const [nextX, nextY] = [Math.round(lng / UNIT), Math.round(lat / UNIT)]
    if (packed.length > 0 && nextX === x && nextY === y) continue
    packed.push(nextX - x, nextY - y)
    ;[x, y] = [nextX, nextY]
  }
  return packed
}

if (import.meta.main) {
  const atlas = (await Bun.file(Bun.resolveSync('world-atlas/countries-10m.json', import.meta.dir)).json()) as Topology
  const file = new URL('../assets/coast.json', import.meta.url).pathname
  await Bun.write(file, JSON.stringify(cutCoast(atlas)))
  console.log(`${file}: ${Math.round(Bun.file(file).size / 1024)} kB`)
}
