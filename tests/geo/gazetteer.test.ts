// The gazetteer: the table is sound, and positions are described as people of the place would.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { REGIONS, regionAt } from '../../src/domain/region'
import { haversine } from '../../src/geo/distance'
import { describe, municipalityAt, roadNear } from '../../src/geo/gazetteer'
import { GAZETTEER, ROADS } from '../../src/geo/gazetteer-data'
import { nearestOnLine } from '../../src/geo/line'
import { whereaboutsInWords } from '../../views/whereabouts'
import { t } from '../../views/words'

const say = (lang: 'en' | 'fil', at: Parameters<typeof describe>[0]) => whereaboutsInWords(describe(at), t(lang))

test('all four regions have places and roads, and none lies outside of them', () => {
  for (const { id } of REGIONS) {
    expect(GAZETTEER.filter(({ lat, lng }) => regionAt(lat, lng) === id).length).toBeGreaterThan(30)
    expect(
      ROADS.filter(({ line: [first] }) => regionAt(...(first as [number, number])) === id).length,
    ).toBeGreaterThanOrEqual(10)
  }
  expect(GAZETTEER.filter(({ lat, lng }) => regionAt(lat, lng) === null)).toEqual([])
  expect(GAZETTEER.length).toBeGreaterThan(250)
  expect(ROADS.length).toBeGreaterThan(60)
})

test('within a municipality no name stands twice, and every municipality has a place with which it can be found', () => {
  const names = GAZETTEER.map(({ name, municipality }) => `${municipality}: ${name}`)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  const anchors = new Set(GAZETTEER.filter(({ kind }) => kind !== 'bridge').map(({ municipality }) => municipality))
  expect(GAZETTEER.filter(({ municipality }) => !anchors.has(municipality))).toEqual([])
})

test('no place lies far from the others of its municipality, as a slip of a digit would put it', () => {
  const lost = GAZETTEER.filter((place) => {
    const others = GAZETTEER.filter((other) => other !== place && other.municipality === place.municipality)
    return others.length > 0 && Math.min(...others.map((other) => haversine(place, other))) > 10_000
  })
  expect(lost).toEqual([])
})

test('roads run from the south or the west, without a leap', () => {
  for (const { name, axis, line } of ROADS) {
    const [first, last] = [line[0], line.at(-1)] as [readonly [number, number], readonly [number, number]]
    const rises = axis === 'ns' ? last[0] > first[0] : last[1] > first[1]
    expect({ name, rises }).toEqual({ name, rises: true })
    line.slice(1).forEach(([lat, lng], n) => {
      const [fromLat, fromLng] = line[n] as readonly [number, number]
      expect(haversine({ lat: fromLat, lng: fromLng }, { lat, lng })).toBeLessThan(22_000)
    })
  }
})

test('a vehicle on EDSA is told as a dispatcher would', () => {
  const at = { lat: 14.5841, lng: 121.0548, headingDeg: 25, speedMps: 9, accuracyM: 8 }
  expect(say('en', at)).toBe('on EDSA, heading north, 200 m west of SM Megamall, Mandaluyong')
  expect(say('fil', at)).toBe('sa EDSA, patungong hilaga, 200 m kanluran ng SM Megamall, Mandaluyong')
})

test('EDSA is northbound also where it bends to the west, and southbound the other way', () => {
  const northAvenue = { lat: 14.6573, lng: 121.011, speedMps: 8 }
  expect(roadNear({ ...northAvenue, headingDeg: 270 })).toMatchObject({ name: 'EDSA', on: true, direction: 'n' })
  expect(roadNear({ ...northAvenue, headingDeg: 92 })).toMatchObject({ name: 'EDSA', on: true, direction: 's' })
})

test('of two crossing roads it is on the one that it moves along', () => {
  const shawCrossing = { lat: 14.5817, lng: 121.0535, speedMps: 8 }
  expect(roadNear({ ...shawCrossing, headingDeg: 30 })).toMatchObject({ name: 'EDSA', direction: 'n' })
  expect(roadNear({ ...shawCrossing, headingDeg: 300 })).toMatchObject({ name: 'Shaw Boulevard', direction: 'w' })
})

test('standing still has no direction, whatever the compass of the phone says', () => {
  expect(roadNear({ lat: 14.5817, lng: 121.0535, headingDeg: 30, speedMps: 0.3 })?.direction).toBeNull()
})

test('a fix that is not exact enough names no road, one beside the line only nears it', () => {
  expect(roadNear({ lat: 14.5817, lng: 121.0535, accuracyM: 500 })).toBeNull()
  expect(roadNear({ lat: 10.3063, lng: 123.8965 })).toMatchObject({ name: 'Osmeña Boulevard', on: false })
})

test('known corners of the regions lie in their municipality', () => {
  const corners: [string, number, number][] = [
    ['Pasay', 14.5362, 120.9835],
    ['Makati', 14.5535, 121.0235],
    ['Taguig', 14.5505, 121.0515],
    ['Quezon City', 14.651, 121.049],
    ['Caloocan', 14.657, 120.9835],
    ['Marikina', 14.634, 121.099],
    ['Muntinlupa', 14.417, 121.041],
    ['Cebu City', 10.317, 123.891],
    ['Mandaue', 10.3235, 123.943],
    ['Davao City', 7.0645, 125.608],
    ['Iloilo City', 10.724, 122.558],
  ]
  expect(corners.map(([, lat, lng]) => municipalityAt({ lat, lng }).municipality)).toEqual(
    corners.map(([name]) => name),
  )
})

test('near a border both sides are named, and far from it only one', () => {
  // Between Robinsons Galleria (Quezon City) and the Asian Development Bank (Mandaluyong).
  const border = municipalityAt({ lat: 14.5895, lng: 121.059 })
  expect([border.municipality, border.orElse].sort()).toEqual(['Mandaluyong', 'Quezon City'])
  expect(municipalityAt({ lat: 14.651, lng: 121.049 }).orElse).toBeNull()
  expect(say('en', { lat: 14.5895, lng: 121.059, accuracyM: 900 })).toMatch(/(Quezon City or|or Quezon City)/)
})

test('far from every place nothing is claimed', () => {
  for (const nowhere of [
    { lat: 0, lng: 0 },
    { lat: 16.41, lng: 120.59 },
    { lat: Number.NaN, lng: 121 },
    { lat: 91, lng: 181 },
  ]) {
    expect(describe(nowhere)).toEqual({ landmark: null, road: null, municipality: null, orElse: null })
    expect(say('en', nowhere)).toBeNull()
  }
})

test('any position of any accuracy is described, without an error and with whole figures', () => {
  const some = fc.record({
    lat: fc.double({ noNaN: false }),
    lng: fc.double({ noNaN: false }),
    headingDeg: fc.option(fc.double()),
    speedMps: fc.option(fc.double()),
    accuracyM: fc.option(fc.double()),
  })
  const near = some.map((at) => ({
    ...at,
    lat: 14.3 + (Math.abs(at.lat || 0) % 0.5),
    lng: 120.9 + (Math.abs(at.lng || 0) % 0.25),
  }))
  fc.assert(
    fc.property(fc.oneof(some, near), (at) => {
      const { landmark, road } = describe(at)
      if (landmark)
        expect(Number.isInteger(landmark.distanceM) && landmark.bearing >= 0 && landmark.bearing < 360).toBe(true)
      if (road) expect(Number.isInteger(road.distanceM)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('the nearest point of a line lies on a leg, at its ends, or is the only point', () => {
  const line = [
    [14, 121],
    [14, 121.01],
    [14.01, 121.01],
  ] as const
  expect(nearestOnLine({ lat: 14.001, lng: 121.005 }, line)).toMatchObject({ alongDeg: 90 })
  expect(nearestOnLine({ lat: 14.001, lng: 121.005 }, line).distanceM).toBeCloseTo(111.2, 0)
  expect(nearestOnLine({ lat: 14.02, lng: 121.01 }, line).distanceM).toBeCloseTo(1_112, 0)
  expect(nearestOnLine({ lat: 14, lng: 121 }, [[14, 121]])).toEqual({ distanceM: 0, alongDeg: 0 })
  expect(nearestOnLine({ lat: 14, lng: 121 }, []).distanceM).toBe(Number.POSITIVE_INFINITY)
})
