// A shard's fences: the same answers as the plain rule, for a fraction of its cost; and what is remembered across changes.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Corner, fenceEvents, type Geofence, type Sides, sideOf } from '../../src/domain/fence'
import type { WatchedFence } from '../../src/domain/fence-record'
import { borderOf, sideOfBorder } from '../../src/fleet/border'
import { Fences } from '../../src/fleet/fences'
import { aWatchedFence } from '../support/fences'

const CENTRE = { lat: 14.6, lng: 121 }
const IN = { ...CENTRE, accuracyM: 8 }
const OUT = { lat: 14.62, lng: 121, accuracyM: 8 }
const FAR = { lat: 14.9, lng: 121.3, accuracyM: 8 }

const watching = (...fences: WatchedFence[]) => {
  const watch = new Fences()
  watch.replace({ version: Math.max(...fences.map((fence) => fence.drawnVersion)), fences })
  return watch
}
const said = (crossings: ReturnType<Fences['fix']>) => crossings.map(({ event, fence }) => `${event} ${fence.id}`)

const star = fc
  .tuple(
    fc.double({ min: 14.5, max: 14.7, noNaN: true }),
    fc.double({ min: 120.9, max: 121.1, noNaN: true }),
    fc.array(fc.double({ min: 0.002, max: 0.05, noNaN: true }), { minLength: 3, maxLength: 24 }),
  )
  .map(([lat, lng, radii]): Corner[] =>
    radii.map((radius, at) => {
      const angle = (2 * Math.PI * at) / radii.length
      return [lat + radius * Math.cos(angle), lng + radius * Math.sin(angle)]
    }),
  )
const aFix = fc.record({
  lat: fc.double({ min: 14.4, max: 14.8, noNaN: true }),
  lng: fc.double({ min: 120.8, max: 121.2, noNaN: true }),
  accuracyM: fc.oneof(
    fc.constant(null),
    fc.double({ min: 0, max: 400, noNaN: true }),
    fc.constantFrom(499, 501, 6_000),
  ),
  doubts: fc.constantFrom([], [], [], ['stale' as const], ['mocked' as const]),
})

test('says the same of every drive as the plain rule', () => {
  fc.assert(
    fc.property(
      fc.array(star, { minLength: 1, maxLength: 6 }),
      fc.array(aFix, { maxLength: 30 }),
      (polygons, fixes) => {
        const plain = polygons.map(
          (polygon, n): Geofence => ({
            id: `f${n}`,
            region: 'NCR',
            name: `F${n}`,
            kind: 'notice',
            polygon,
          }),
        )
        const watch = watching(...plain.map((fence) => ({ ...fence, drawnVersion: 1 })))
        let sides: Sides = {}
        for (const fix of fixes) {
          const step = fenceEvents(plain, sides, fix)
          sides = step.sides
          expect(said(watch.fix('d', fix)).toSorted()).toEqual(
            step.events.map(({ event, fenceId }) => `${event} ${fenceId}`).toSorted(),
          )
        }
        const inside = Object.keys(sides).filter((id) => sides[id] === 'inside')
        expect(Object.keys(watch.inside(() => true)).toSorted()).toEqual(inside.toSorted())
      },
    ),
    { numRuns: 300 },
  )
})

test('a border in numbers decides as the polygon does', () => {
  fc.assert(
    fc.property(star, aFix, (polygon, { lat, lng, accuracyM }) => {
      const exact = accuracyM ?? 30
      expect(sideOfBorder(borderOf(polygon), lat, lng, exact)).toBe(sideOf({ polygon }, { lat, lng, accuracyM: exact }))
    }),
    { numRuns: 2_000 },
  )
})

describe('a fence that was drawn', () => {
  test('while vehicles stood in it makes no event, counts them, and tells when they leave', () => {
    const watch = watching(aWatchedFence({ id: 'first', polygon: aWatchedFence({}, FAR).polygon }))
    watch.fix('d', IN)
    watch.replace({ version: 2, fences: [aWatchedFence({ id: 'new', drawnVersion: 2 })] })
    expect(watch.inside(() => true)).toEqual({})
    expect(said(watch.fix('d', IN))).toEqual([])
    expect(watch.inside(() => true)).toEqual({ new: 1 })
    expect(said(watch.fix('d', FAR))).toEqual(['exit new'])
  })

  test('anew around nobody makes no exit of those who stood in the old one; with another name it does', () => {
    const fence = aWatchedFence({ id: 'a' })
    const watch = watching(fence)
    watch.fix('d', IN)
    watch.replace({ version: 2, fences: [{ ...fence, name: 'Other' }] })
    watch.replace({ version: 3, fences: [{ ...fence, drawnVersion: 3, polygon: aWatchedFence({}, FAR).polygon }] })
    expect(said(watch.fix('d', IN))).toEqual([])
    expect(watch.inside(() => true)).toEqual({})

    const named = watching(fence)
    named.fix('d', IN)
    named.replace({ version: 2, fences: [{ ...fence, name: 'Other' }] })
    expect(said(named.fix('d', OUT))).toEqual(['exit a'])
  })

  test('and taken away says nothing more', () => {
    const watch = watching(aWatchedFence({ id: 'a' }))
    watch.fix('d', IN)
    watch.replace({ version: 2, fences: [] })
    expect(said(watch.fix('d', OUT))).toEqual([])
    expect(watch.inside(() => true)).toEqual({})
  })
})

test('who leaves in one leap, through a tunnel or a gap, has left; who comes from far has come', () => {
  const watch = watching(aWatchedFence({ id: 'a' }), aWatchedFence({ id: 'b' }, FAR))
  watch.fix('d', IN)
  expect(said(watch.fix('d', FAR)).toSorted()).toEqual(['enter b', 'exit a'])
})

test('whoever is off the map is not counted, and who is forgotten begins anew', () => {
  const watch = watching(aWatchedFence({ id: 'a' }))
  watch.fix('here', IN)
  watch.fix('away', IN)
  expect(watch.inside((id) => id === 'here')).toEqual({ a: 1 })
  watch.forget('here')
  expect(said(watch.fix('here', OUT))).toEqual([])
})

test('1,500 devices among 200 fences are counted as the plain rule counts them', () => {
  const fences = Array.from({ length: 200 }, (_, n) =>
    aWatchedFence({}, { lat: 14.4 + (n % 14) * 0.03, lng: 120.9 + Math.floor(n / 14) * 0.03 }),
  )
  const watch = watching(...fences)
  for (let n = 0; n < 1_500; n++) watch.fix(`d${n}`, { lat: 14.4 + (n % 140) * 0.003, lng: 120.9 + (n % 151) * 0.003 })
  const counted = Object.values(watch.inside(() => true)).reduce((sum, each) => sum + each, 0)
  const plain = Array.from({ length: 1_500 }, (_, n) => ({
    lat: 14.4 + (n % 140) * 0.003,
    lng: 120.9 + (n % 151) * 0.003,
  }))
  const wanted = plain.reduce((sum, at) => sum + fences.filter((fence) => sideOf(fence, at) === 'inside').length, 0)
  expect(counted).toBe(wanted)
})
