// An area as text: lines, GeoJSON in its forms, and what is said of what is neither.

import { describe, expect, test } from 'bun:test'
import { readCorners, writeCorners } from '../../src/domain/drawn-text'
import type { Corner } from '../../src/domain/fence'

const RING: Corner[] = [
  [14.5, 121],
  [14.6, 121],
  [14.6, 121.1],
]
const flipped = RING.map(([lat, lng]) => [lng, lat])
const polygon = { type: 'Polygon', coordinates: [flipped] }
const read = (value: unknown) => readCorners(typeof value === 'string' ? value : JSON.stringify(value))

describe('corners as text', () => {
  test.each([
    ['as they are written', writeCorners(RING)],
    ['with spaces, tabs, brackets and empty lines', '(14.5, 121.0)\r\n\n14.6\t121.0\n 14.6 121.1 ,'],
    ['with semicolons', '14.5,121;14.6,121;14.6,121.1'],
    ['longitude first', '121.0, 14.5\n121.0, 14.6\n121.1, 14.6'],
    ['a bare list in GeoJSON order', flipped],
    ['a bare list in our order', RING],
    ['a Polygon', polygon],
    ['a Feature', { type: 'Feature', properties: {}, geometry: polygon }],
    ['a collection of one', { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: polygon }] }],
    ['a MultiPolygon of one', { type: 'MultiPolygon', coordinates: [[flipped]] }],
  ])('%s are read', (_, value) => {
    expect(read(value)).toEqual({ ok: true, corners: RING })
  })

  test.each([
    ['', { ok: false, why: 'empty' }],
    ['  \n ', { ok: false, why: 'empty' }],
    ['14.5, 121\nhere', { ok: false, why: 'line', line: 2 }],
    ['14.5', { ok: false, why: 'line', line: 1 }],
    ['{"type":', { ok: false, why: 'geojson' }],
    ['{"type":"Point","coordinates":[121,14.5]}', { ok: false, why: 'geojson' }],
    ['[1, 2]', { ok: false, why: 'geojson' }],
    ['[[["a", 2]]]', { ok: false, why: 'geojson' }],
    [JSON.stringify({ type: 'Polygon', coordinates: [flipped, flipped] }), { ok: false, why: 'holes' }],
    [JSON.stringify({ type: 'MultiPolygon', coordinates: [[flipped], [flipped]] }), { ok: false, why: 'several' }],
  ] as const)('%p are none, and it is said why', (text, wanted) => {
    expect(readCorners(text)).toEqual(wanted)
  })
})
