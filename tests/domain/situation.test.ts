import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { haversine } from '../../src/domain/distance'
import type { Kind } from '../../src/domain/press'
import {
  countPeople,
  type Member,
  NEAR_M,
  NEAR_MS,
  type Spot,
  SUGGESTIONS_MAX,
  suggest,
} from '../../src/domain/situation'
import { NOON } from '../support/made-up'

const owner = { uid: 'ana', name: 'Ana', initials: 'A', alias: 'Desk 1', at: NOON }
const member = (changes: Partial<Member>): Member => ({ state: 'new', owner: null, priority: 'P2', ...changes })
const says = (answer: 'trapped' | 'hurt' | 'stuck' | 'ok'): Partial<Member> => ({
  inLine: { askedAt: NOON, answer, answeredAt: NOON },
})

describe('people of a situation', () => {
  test('are counted one by one, by what they say, and what was confirmed stands above that', () => {
    const counts = countPeople([
      member(says('trapped')),
      member({ ...says('trapped'), priority: 'P1', owner }),
      member(says('hurt')),
      member(says('stuck')),
      member(says('ok')),
      member({ ...says('trapped'), state: 'safe' }),
      member({}),
    ])
    expect(counts).toEqual({ trapped: 2, hurt: 1, stuck: 1, safe: 2, none: 1, people: 7, untaken: 5, worst: 'P1' })
  })

  test('are not counted twice for a duplicate, nor at all where there was nobody', () => {
    expect(countPeople([member({ state: 'duplicate' }), member({ state: 'false_alarm' })])).toMatchObject({ people: 0 })
  })
})

let ids = 0
const spot = (north: number, east: number, changes: Partial<Spot> = {}): Spot => ({
  id: `i${String(++ids).padStart(4, '0')}`,
  kind: 'flood',
  // A thousandth of a degree is 111 m.
  lat: 14.6 + north / 1_000,
  lng: 121 + east / 1_000,
  at: NOON,
  situationId: null,
  ...changes,
})

describe('what seems to be of one cause', () => {
  test('are three of one kind within a kilometre and half an hour, each of another of them', () => {
    const chain = [spot(0, 0), spot(8, 0), spot(16, 0)]
    expect(suggest(chain)).toMatchObject([{ kind: 'flood', situationId: null, incidentIds: chain.map(({ id }) => id) }])
    expect(suggest(chain.slice(1))).toEqual([])
    expect(suggest([spot(0, 0), spot(8, 0), spot(18, 0)])).toEqual([])
    expect(suggest([spot(0, 0), spot(1, 0), spot(2, 0, { kind: 'fire' })])).toEqual([])
    expect(suggest([spot(0, 0), spot(1, 0), spot(2, 0, { at: NOON + NEAR_MS + 1 })])).toEqual([])
  })

  test('joins a situation that is there, even a single one', () => {
    const known = spot(0, 0, { situationId: 's1' })
    const fresh = spot(3, 3)
    expect(suggest([known, fresh])).toMatchObject([{ key: 's1', situationId: 's1', incidentIds: [fresh.id] }])
  })

  test('is found wherever the border of two cells runs', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), (n, e) => {
        const near = [spot(n, e), spot(n + 4, e + 4), spot(n - 4, e - 4)]
        for (const each of near.slice(1)) expect(haversine(near[0] as Spot, each)).toBeLessThan(NEAR_M)
        expect(suggest(near)).toHaveLength(1)
      }),
    )
  })

  test('names no incident twice, and never one that belongs to a situation', () => {
    const spots = fc.array(
      fc.record({
        north: fc.integer({ min: 0, max: 60 }),
        east: fc.integer({ min: 0, max: 60 }),
        kind: fc.constantFrom<Kind>('flood', 'fire'),
        at: fc.integer({ min: 0, max: 2 * NEAR_MS }),
        situationId: fc.constantFrom(null, null, null, 's1', 's2'),
      }),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(spots, (made) => {
        const all = made.map(({ north, east, at, ...more }) => spot(north, east, { at: NOON + at, ...more }))
        const loose = new Set(all.filter(({ situationId }) => situationId === null).map(({ id }) => id))
        const found = suggest(all)
        const named = found.flatMap(({ incidentIds }) => incidentIds)
        expect(found.length).toBeLessThanOrEqual(SUGGESTIONS_MAX)
        expect(new Set(named).size).toBe(named.length)
        for (const id of named) expect(loose.has(id)).toBe(true)
      }),
    )
  })
})
