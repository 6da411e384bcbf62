import { describe, expect, test } from 'bun:test'
import { HeldSockets } from '../../src/http/held-sockets'

const HUNDRED = { SOCKET_LIMIT: '100' }

describe('sockets of a process that can hold a hundred', () => {
  test('lifelines leave a tenth to desks', () => {
    const held = new HeldSockets()
    held.holds('NCR:0', 'lifeline', 89)
    expect(held.hasRoomFor('lifeline', HUNDRED)).toBe(true)
    held.holds('NCR:0', 'lifeline', 90)
    expect(held.hasRoomFor('lifeline', HUNDRED)).toBe(false)
    expect(held.hasRoomFor('screen', HUNDRED)).toBe(true)
  })

  test('screens are refused at a quarter, over all regions, while phones still get their lines', () => {
    const held = new HeldSockets()
    held.holds('NCR', 'screen', 20)
    held.holds('CEB', 'screen', 4)
    expect(held.hasRoomFor('screen', HUNDRED)).toBe(true)
    held.holds('CEB', 'screen', 5)
    expect(held.hasRoomFor('screen', HUNDRED)).toBe(false)
    expect(held.hasRoomFor('lifeline', HUNDRED)).toBe(true)
  })

  test('position sockets are the first to be refused, then maps, when all together become many', () => {
    const held = new HeldSockets()
    held.holds('NCR:0', 'lifeline', 80)
    expect((['position', 'map', 'screen', 'lifeline'] as const).map((use) => held.hasRoomFor(use, HUNDRED))).toEqual([
      false,
      true,
      true,
      true,
    ])
    held.holds('NCR', 'screen', 15)
    expect(held.hasRoomFor('map', HUNDRED)).toBe(false)
    expect(held.hasRoomFor('screen', HUNDRED)).toBe(true)
    expect(held.hasRoomFor('lifeline', HUNDRED)).toBe(true)
  })

  test('are never more than it can hold', () => {
    const held = new HeldSockets()
    held.holds('NCR:0', 'lifeline', 85)
    held.holds('NCR', 'screen', 15)
    for (const use of ['position', 'map', 'screen', 'lifeline'] as const)
      expect(held.hasRoomFor(use, HUNDRED)).toBe(false)
  })

  test('count as an object last said, and what was refused is counted', () => {
    const held = new HeldSockets()
    held.holds('NCR:0', 'map', 3)
    held.holds('NCR:0', 'position', 2)
    held.holds('NCR:0', 'map', 1)
    held.refused('screen')
    expect(held.load(HUNDRED)).toEqual({
      limit: 100,
      held: { lifeline: 0, screen: 0, map: 1, position: 2 },
      refused: { lifeline: 0, screen: 1, map: 0, position: 0 },
    })
  })
})

test('where no limit is set there is always room', () => {
  const held = new HeldSockets()
  held.holds('NCR:0', 'lifeline', 1_000_000)
  expect(held.hasRoomFor('position', {})).toBe(true)
})
