// A drawn area as text, for those who draw without a map or bring one from another program: GeoJSON, or a corner per line.

import type { Corner } from './fence'

/** `line`: the 1-based line that is not two numbers. `holes`, `several`: more than one outline, which a fence cannot have. */
export type CornersRead =
  | { ok: true; corners: Corner[] }
  | { ok: false; why: 'empty' | 'line' | 'geojson' | 'holes' | 'several'; line?: number }

/** Longitudes of the country are beyond any latitude, so that the order of a pair can be seen from it. */
const LATITUDE_MAX = 90

/**
 * `14.5955, 121.0554` per line, as maps copy it, or the other way round; or GeoJSON: a Polygon, a Feature or a collection
 * with one, or the bare list of its positions. A ring that is closed comes back as it is.
 */
export function readCorners(text: string): CornersRead {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: false, why: 'empty' }
  return /^[[{]/.test(trimmed) ? readGeoJson(trimmed) : readLines(trimmed)
}

/** A line per corner, latitude first, to a tenth of a metre. */
export const writeCorners = (corners: readonly Corner[]): string =>
  corners.map(([lat, lng]) => `${lat.toFixed(6)}, ${lng.toFixed(6)}`).join('\n')

function readLines(text: string): CornersRead {
  const corners: Corner[] = []
  for (const [at, line] of text.split(/\r?\n|;/).entries()) {
    if (line.trim() === '') continue
    const [, a, b] = /^\s*\(?(-?\d+(?:\.\d+)?)(?:\s*[,\t]\s*|\s+)(-?\d+(?:\.\d+)?)\)?\s*,?\s*$/.exec(line) ?? []
    if (a === undefined || b === undefined) return { ok: false, why: 'line', line: at + 1 }
    corners.push(pair(Number(a), Number(b)))
  }
  return { ok: true, corners }
}

function readGeoJson(text: string): CornersRead {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, why: 'geojson' }
  }
  const polygons = polygonsIn(value)
  if (polygons === null || polygons.length === 0) return { ok: false, why: 'geojson' }
  const [rings, ...others] = polygons
  if (others.length > 0) return { ok: false, why: 'several' }
  if (!Array.isArray(rings) || !Array.isArray(rings[0])) return { ok: false, why: 'geojson' }
  if (rings.length > 1) return { ok: false, why: 'holes' }
  const corners: Corner[] = []
  for (const position of rings[0] as unknown[]) {
    const [a, b] = Array.isArray(position) ? (position as unknown[]) : []
    if (typeof a !== 'number' || typeof b !== 'number') return { ok: false, why: 'geojson' }
    corners.push(pair(a, b))
  }
  return { ok: true, corners }
}

/** The coordinates of each polygon in it; null for what is no GeoJSON of areas. */
function polygonsIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) {
    const [first] = value as unknown[]
    if (!Array.isArray(first)) return null
    return [typeof first[0] === 'number' ? [value] : value]
  }
  if (typeof value !== 'object' || value === null) return null
  const { type, coordinates, geometry, features, geometries } = value as Record<string, unknown>
  if (type === 'Polygon') return [coordinates]
  if (type === 'MultiPolygon') return Array.isArray(coordinates) ? coordinates : null
  if (type === 'Feature') return polygonsIn(geometry)
  const parts = type === 'FeatureCollection' ? features : type === 'GeometryCollection' ? geometries : null
  return Array.isArray(parts) ? parts.flatMap((part) => polygonsIn(part) ?? []) : null
}

const pair = (a: number, b: number): Corner => (Math.abs(a) > LATITUDE_MAX ? [b, a] : [a, b])
