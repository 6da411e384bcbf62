// The order of the queue, what N frames, and rows that must not move under the pointer.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { arrange } from '../../views/client/queue/hold'
import { compare, inOrder, nextOf } from '../../views/tower/order'
import { ownedBy, summary } from './made-up'

const at = (second: number) => `2026-11-22T13:14:${String(second).padStart(2, '0')}.000Z`

test('the queue is ordered by priority, then what nobody holds, then the oldest', () => {
  const rows = [
    summary({ id: 'p3', priority: 'P3', receivedAt: at(1) }),
    summary({ id: 'p1-held-old', priority: 'P1', receivedAt: at(1), ...ownedBy('ana') }),
    summary({ id: 'p1-loose-young', priority: 'P1', receivedAt: at(9) }),
    summary({ id: 'p1-loose-old', priority: 'P1', receivedAt: at(4) }),
    summary({ id: 'p2-held', priority: 'P2', receivedAt: at(0), ...ownedBy('ben') }),
  ]
  expect(inOrder(rows).map(({ id }) => id)).toEqual(['p1-loose-old', 'p1-loose-young', 'p1-held-old', 'p2-held', 'p3'])
})

test('the order is one order, however the rows come in', () => {
  const row = fc.record({
    priority: fc.constantFrom('P1', 'P2', 'P3', 'P4' as const),
    held: fc.boolean(),
    second: fc.integer({ min: 0, max: 59 }),
    id: fc.uuid(),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (rows, chance) => {
        const incidents = rows.map(({ priority, held, second, id }) =>
          summary({ id, priority, receivedAt: at(second), ...(held ? ownedBy('ana') : {}) }),
        )
        const shuffled = [...incidents].sort(() => ((chance.next().value as number) % 3) - 1)
        expect(inOrder(shuffled)).toEqual(inOrder(incidents))
        for (const one of incidents) expect(compare(one, one)).toBeGreaterThan(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('a cancelled press that is still to be verified counts as held by nobody', () => {
  const rows = [
    summary({ id: 'held', ...ownedBy('ana') }),
    summary({ id: 'verify', state: 'cancelled', flags: ['cancel_verify'] }),
  ]
  expect(inOrder(rows).map(({ id }) => id)).toEqual(['verify', 'held'])
})

test('N frames the gravest that nobody holds, and goes on from the one that is framed', () => {
  const rows = [summary({ id: 'b', priority: 'P2' }), summary({ id: 'a' }), summary({ id: 'mine', ...ownedBy('me') })]
  expect(nextOf(rows, null, 'me')?.id).toBe('a')
  expect(nextOf(rows, 'a', 'me')?.id).toBe('b')
  expect(nextOf(rows, 'b', 'me')?.id).toBe('a')
})

test('with nothing left to take, N goes through what is mine; with nothing at all it frames nothing', () => {
  expect(
    nextOf([summary({ id: 'mine', ...ownedBy('me') }), summary({ id: 'hers', ...ownedBy('ana') })], null, 'me')?.id,
  ).toBe('mine')
  expect(nextOf([summary({ ...ownedBy('ana') })], null, 'me')).toBeNull()
})

test('under the pointer no row moves or goes, and new ones wait', () => {
  expect(arrange(['b', 'c'], ['a', 'c', 'd'], true)).toEqual({ rows: ['b', 'c'], waiting: ['a', 'd'] })
})

test('when the pointer goes, the list takes its true order', () => {
  expect(arrange(['b', 'c'], ['a', 'c', 'd'], false)).toEqual({ rows: ['a', 'c', 'd'], waiting: [] })
})

test('an empty list holds nothing back', () => {
  expect(arrange([], ['a'], true)).toEqual({ rows: ['a'], waiting: [] })
})
