// Stations and hospitals around a place: ours to keep right, and never for a place that is none.

import { describe, expect, test } from 'bun:test'
import { RESPONDER_KINDS } from '../../src/domain/incident'
import { REGIONS, regionById } from '../../src/domain/region'
import { haversine } from '../../src/geo/distance'
import { ALL_STATIONS, stationRef, stationsNear } from '../../src/geo/responders/responders'
import { STATIONS } from '../../src/geo/responders/stations'

const EDSA = { lat: 14.5869, lng: 121.0569 }

describe('the table of stations', () => {
  test('names each once, so that a leg never means two', () => {
    expect(new Set(ALL_STATIONS.map(({ id }) => id)).size).toBe(ALL_STATIONS.length)
    for (const { id } of ALL_STATIONS) expect(stationRef(id)).toMatch(/^station:[a-z0-9-]+$/)
  })

  test('has each station in its region, and of a kind that a leg can have', () => {
    for (const { id } of REGIONS) {
      const [south, west, north, east] = regionById(id).box
      for (const [kind, name, lat, lng] of STATIONS[id]) {
        expect([name, lat >= south && lat <= north && lng >= west && lng <= east]).toEqual([name, true])
        expect(RESPONDER_KINDS).toContain(kind)
      }
    }
  })

  test('sends nobody to a hospital that takes no emergencies', () => {
    const names = ALL_STATIONS.map(({ name }) => name)
    expect(names).not.toContain('National Center for Mental Health')
    expect(names).toContain('Philippine General Hospital')
  })

  test.each(REGIONS.map(({ id }) => id))('knows police, fire and an ambulance near the middle of %s', (id) => {
    const kinds = stationsNear(regionById(id).centre, 5).map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['police', 'fire', 'ambulance']))
  })
})

describe('the stations near a place', () => {
  test('come nearest first, every kind before any comes twice, at most as many as are wanted', () => {
    const found = stationsNear(EDSA, 4)
    expect(found).toHaveLength(4)
    expect(found.map(({ distanceM }) => distanceM)).toEqual(
      found.map(({ distanceM }) => distanceM).toSorted((a, b) => a - b),
    )
    expect(
      stationsNear(EDSA, 3)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['ambulance', 'fire', 'police'])
    for (const station of found) expect(station.distanceM).toBeCloseTo(haversine(station.at, EDSA), 6)
    expect(found.find(({ kind }) => kind === 'police')?.name).toBe('PNP Camp Crame')
  })

  test('leave out a coast guard that is far from the sea, and all that are farther than anybody comes from', () => {
    expect(stationsNear({ lat: 14.65, lng: 121.11 }, 20).map(({ kind }) => kind)).not.toContain('coast_guard')
    expect(stationsNear({ lat: 14.587, lng: 120.965 }, 20).map(({ kind }) => kind)).toContain('coast_guard')
    expect(stationsNear({ lat: 18.2, lng: 121.9 }, 20)).toEqual([])
  })

  test('are none where the place is none', () => {
    expect(stationsNear({ lat: Number.NaN, lng: 121 }, 5)).toEqual([])
    expect(stationsNear({ lat: 0, lng: 0 }, 5)).toEqual([])
    expect(stationsNear(EDSA, 0)).toEqual([])
  })
})
