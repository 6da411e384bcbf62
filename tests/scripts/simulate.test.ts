import { describe, expect, test } from 'bun:test'
import { CORRIDORS } from '../../scripts/simulate/corridors'
import { cries, readRate } from '../../scripts/simulate/cries'
import { ENROLLED } from '../../scripts/simulate/enrol'
import { makeFleet, slotOf } from '../../scripts/simulate/fleet'
import { PROFILES } from '../../scripts/simulate/kinds'
import { papersOf } from '../../scripts/simulate/papers'
import { distanceTo, pathOf } from '../../scripts/simulate/path'
import { REGION_IDS, REGIONS, regionAt } from '../../src/domain/region'

/** A Monday, 18:00 in Manila: the worst of it. */
const RUSH = Date.UTC(2026, 10, 23, 10)
/** The night after, 03:00. */
const NIGHT = RUSH + 9 * 3_600_000
const MINUTE = 60_000

type Place = { lat: number; lng: number }
const metres = (a: Place, b: Place): number =>
  111_320 * Math.hypot(b.lat - a.lat, (b.lng - a.lng) * Math.cos((a.lat * Math.PI) / 180))

describe('corridors', () => {
  test('there are eight of Metro Manila and five of each other region, each with a name of its own', () => {
    const counts = Object.fromEntries(
      REGION_IDS.map((id) => [id, CORRIDORS.filter(({ region }) => region === id).length]),
    )
    expect(counts.NCR).toBeGreaterThanOrEqual(8)
    for (const id of ['CEB', 'DVO', 'ILO'] as const) expect(counts[id]).toBeGreaterThanOrEqual(5)
    expect(new Set(CORRIDORS.map(({ id }) => id)).size).toBe(CORRIDORS.length)
  })

  test('each lies in its region, is as long as a road of a city, and has no waypoint that jumps away', () => {
    for (const corridor of CORRIDORS) {
      const { id, region, way } = corridor
      for (const [lat, lng] of way) expect([id, regionAt(lat, lng)]).toEqual([id, region])
      const { lengthM, marksM } = pathOf(corridor)
      expect(lengthM).toBeGreaterThan(2_000)
      expect(lengthM).toBeLessThan(40_000)
      const centre = REGIONS.find((each) => each.id === region)?.centre
      const [lat, lng] = way[0] as readonly [number, number, string]
      expect(Math.hypot(lat - (centre?.lat ?? 0), lng - (centre?.lng ?? 0))).toBeLessThan(0.3)
      marksM.slice(1).forEach((m, nth) => {
        expect(m - (marksM[nth] ?? 0)).toBeLessThan(6_000)
      })
    }
  })
})

describe('a simulated fleet', () => {
  test('is the same for the same seed, whenever and in however many pieces it is asked', () => {
    const steadily = makeFleet(0, 40, 7)
    for (let at = RUSH; at < RUSH + 30 * MINUTE; at += 5 * MINUTE) for (const { vehicle } of steadily) vehicle.at(at)
    const at = RUSH + 31 * MINUTE
    const fixes = steadily.map(({ vehicle }) => vehicle.at(at))
    expect(makeFleet(0, 40, 7).map(({ vehicle }) => vehicle.at(at))).toEqual(fixes)
    expect(makeFleet(20, 20, 7).map(({ vehicle }) => vehicle.at(at))).toEqual(fixes.slice(20))
    expect(makeFleet(0, 40, 8).map(({ vehicle }) => vehicle.at(at))).not.toEqual(fixes)
  })

  test('keeps within 60 m of its corridors, and is never faster than its kind drives', () => {
    for (const from of [RUSH, NIGHT]) {
      for (const { corridor, kind, vehicle } of makeFleet(0, 80, 1)) {
        const top = PROFILES[kind].topKmh / 3.6
        let before = vehicle.at(from - 1_000)
        const worst = { offM: 0, mps: 0, stepM: 0 }
        for (let at = from; at < from + 20 * MINUTE; at += 1_000) {
          const fix = vehicle.at(at)
          worst.offM = Math.max(worst.offM, distanceTo(corridor, fix.lat, fix.lng))
          worst.mps = Math.max(worst.mps, fix.speedMps)
          worst.stepM = Math.max(worst.stepM, metres(before, fix))
          before = fix
        }
        expect(worst.offM).toBeLessThan(60)
        expect(worst.mps).toBeLessThanOrEqual(top)
        // Its fixes, too, but for what a receiver errs and a lane is wide.
        expect(worst.stepM).toBeLessThan(top + 30)
      }
    }
  })

  test('gets on: it crosses its corridor, stops on its way, and is slower in the rush than at night', () => {
    const seen = (from: number) =>
      makeFleet(0, 120, 1).map(({ id, vehicle }) => {
        const fixes = Array.from({ length: 240 }, (_, k) => vehicle.at(from + k * 15_000))
        const moving = fixes.filter(({ speedMps }) => speedMps > 1)
        const lats = fixes.map(({ lat }) => lat)
        const lngs = fixes.map(({ lng }) => lng)
        const spanKm = 111 * Math.hypot(Math.max(...lats) - Math.min(...lats), Math.max(...lngs) - Math.min(...lngs))
        const mean = moving.reduce((sum, { speedMps }) => sum + speedMps, 0) / Math.max(1, moving.length)
        return { id, spanKm, movingShare: moving.length / fixes.length, mean }
      })
    const [rush, night] = [seen(RUSH), seen(NIGHT)]
    const average = (all: typeof rush, of: 'mean' | 'movingShare') =>
      all.reduce((sum, each) => sum + each[of], 0) / all.length
    expect(average(rush, 'mean')).toBeLessThan(average(night, 'mean') * 0.75)
    // Lights, stops and terminals: neither all at once nor hardly any.
    for (const all of [rush, night]) {
      expect(average(all, 'movingShare')).toBeGreaterThan(0.45)
      expect(average(all, 'movingShare')).toBeLessThan(0.95)
    }
    // Some rest for a part of any hour; nearly all are seen to go somewhere in it.
    expect(rush.filter(({ spanKm }) => spanKm > 1).length).toBeGreaterThan(100)
  })

  test('does not jump where one shift ends and the next begins', () => {
    for (const { kind, vehicle } of makeFleet(0, 30, 1)) {
      const top = PROFILES[kind].topKmh / 3.6
      let before = vehicle.at(RUSH)
      let worstM = 0
      for (let at = RUSH + 5_000; at < RUSH + 5 * 60 * MINUTE; at += 5_000) {
        const fix = vehicle.at(at)
        worstM = Math.max(worstM, metres(before, fix))
        before = fix
      }
      expect(worstM).toBeLessThan(top * 5 + 60)
    }
  })

  test('has all kinds, all regions and all protocols in it, and ids that never change', () => {
    const slots = Array.from({ length: 200 }, (_, nth) => slotOf(nth))
    expect(new Set(slots.map(({ kind }) => kind)).size).toBe(Object.keys(PROFILES).length)
    expect(new Set(slots.map(({ region }) => region)).size).toBe(REGION_IDS.length)
    expect(new Set(slots.map(({ speaker }) => speaker.name)).size).toBe(7)
    expect(new Set(slots.map(({ id }) => id)).size).toBe(200)
    expect(slots.slice(0, 4).map(({ id }) => id)).toEqual(['sim-ncr-1', 'sim-ceb-1', 'sim-ncr-2', 'sim-dvo-1'])
  })

  test('has crews whose names say what they are, no two alike', () => {
    const papers = Array.from({ length: ENROLLED }, (_, nth) => {
      const { id, kind } = slotOf(nth)
      return papersOf(nth, id, kind)
    })
    for (const { driver } of papers) expect(driver).toEndWith('(simulated)')
    for (const of of ['driver', 'phone', 'plate'] as const)
      expect(new Set(papers.map((each) => each[of])).size).toBe(ENROLLED)
  })
})

describe('simulated presses', () => {
  const first = (count: number, seed: number, perMinute: number) => {
    const found = []
    for (const cry of cries(seed, perMinute, 50)) if (found.push(cry) === count) break
    return found
  }

  test('come as often as asked, from everybody, the same for the same seed', () => {
    const all = first(900, 1, 3)
    expect(all).toEqual(first(900, 1, 3))
    expect(all).not.toEqual(first(900, 2, 3))
    const minutes = (all.at(-1)?.atS ?? 0) / 60
    expect(minutes).toBeGreaterThan(270)
    expect(minutes).toBeLessThan(330)
    expect(new Set(all.map(({ who }) => who)).size).toBe(50)
  })

  test('are taken back in part, and only where there is a way to', () => {
    const all = first(900, 1, 3)
    const back = all.filter(({ cancelledAfterS }) => cancelledAfterS !== null)
    expect(back.length / all.length).toBeGreaterThan(0.15)
    expect(back.length / all.length).toBeLessThan(0.35)
    expect(back.every(({ way }) => way === 'app')).toBe(true)
  })

  test('do not come where none are asked, and a rate is read as it is written', () => {
    expect([...cries(1, 0, 50)]).toEqual([])
    expect(['3/min', '2', '1/h', '0.5/s', '0'].map(readRate)).toEqual([3, 2, 1 / 60, 30, 0])
    expect(['', 'often', '3/day', '-1/min'].map(readRate)).toEqual([null, null, null, null])
  })
})
