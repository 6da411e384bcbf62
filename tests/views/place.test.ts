// Places in words without internet, times in Manila, and the coast file.

import { expect, test } from 'bun:test'
import { REGIONS } from '../../src/domain/region'
import { clusters } from '../../views/client/map/clusters'
import { unpack } from '../../views/client/map/coast'
import { age, clock, elapsed } from '../../views/format'
import { PLACES } from '../../views/map/places'
import { directionInWords, placeInWords } from '../../views/place'
import { t } from '../../views/words'

const en = t('en')

test('a fix in a city is in it, one beside it says how far and which way', () => {
  expect(placeInWords(14.556, 121.03, en)).toBe('in Makati')
  expect(placeInWords(10.294, 124.2, en)).toBe('28 km east of Lapu-Lapu')
  expect(placeInWords(14.556, 121.03, t('fil'))).toBe('sa Makati')
})

test('far from all that we know, no name is given', () => {
  expect(placeInWords(0, 0, en)).toBeNull()
})

test('directions wrap around north', () => {
  expect([0, 22, 44, 180, 337, 338, 359, -90].map((degrees) => directionInWords(degrees, en))).toEqual([
    'north',
    'north',
    'north-east',
    'south',
    'north-west',
    'north',
    'north',
    'west',
  ])
})

test('every city lies in the Philippines, and every region has one near its centre', () => {
  expect(PLACES.filter(({ lat, lng }) => lat < 4.5 || lat > 21.2 || lng < 116.5 || lng > 127)).toEqual([])
  for (const { centre } of REGIONS) {
    expect(PLACES.some(({ lat, lng }) => Math.hypot(lat - centre.lat, lng - centre.lng) < 0.5)).toBe(true)
  }
})

test('times are Manila’s, ages have one unit, and no clock runs backwards', () => {
  expect(clock(Date.parse('2026-11-22T18:10:03Z'))).toBe('02:10:03')
  expect([elapsed(0), elapsed(134_000), elapsed(3_760_000), elapsed(-5_000)]).toEqual([
    '00:00',
    '02:14',
    '1:02:40',
    '00:00',
  ])
  expect([age(12_400), age(240_000), age(10_800_000), age(-1)]).toEqual(['12 s', '4 min', '3 h', '0 s'])
})

test('the coast file unpacks to rings around the country', async () => {
  const coast = (await Bun.file(new URL('../../views/assets/coast.json', import.meta.url)).json()) as {
    unit: number
    home: number[][]
  }
  const points = coast.home.flatMap((ring) => unpack(ring, coast.unit))
  expect(coast.home.length).toBeGreaterThan(50)
  expect(points.every(([lat, lng]) => lat > 4 && lat < 22 && lng > 116 && lng < 127.5)).toBe(true)
})

test('a cluster shows the worst that is in it, and the framed incident is never hidden in one', () => {
  const spot = (id: string, x: number, priority: string, drill = false) => {
    return { id, x, y: 0, priority, untaken: false, drill }
  }
  const [cluster, ...rest] = clusters([spot('a', 0, 'P4'), spot('b', 10, 'P1'), spot('c', 20, 'P3')], null)
  expect(cluster).toMatchObject({ ids: ['b', 'c', 'a'], priority: 'P1' })
  expect(rest).toEqual([])
  const framed = clusters([spot('a', 0, 'P4'), spot('b', 10, 'P1')], 'a')
  expect(framed.map(({ ids }) => ids)).toEqual([['b'], ['a']])
  // What is real stands for what is only practised, however grave that is.
  const [mixed] = clusters([spot('d', 0, 'P1', true), spot('e', 10, 'P3')], null)
  expect(mixed).toMatchObject({ ids: ['e', 'd'], priority: 'P3', drill: false })
  expect(clusters([spot('d', 0, 'P1', true)], null)[0]).toMatchObject({ drill: true })
})
