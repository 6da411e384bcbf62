import { expect, test } from 'bun:test'
import { Strain } from '../../src/http/doors/strain'
import { NOON } from '../support/made-up'

test('a timer that is a little late is no strain', () => {
  const strain = new Strain()
  strain.late(150, NOON)
  expect(strain.isOn(NOON)).toBe(false)
})

test('one that is late is a strain for a quarter of a second, and each later one anew', () => {
  const strain = new Strain()
  strain.late(151, NOON)
  expect([strain.isOn(NOON), strain.isOn(NOON + 249), strain.isOn(NOON + 250)]).toEqual([true, true, false])
  strain.late(400, NOON + 300)
  expect(strain.isOn(NOON + 549)).toBe(true)
})

test('a clock that is set back does not hold it', () => {
  const strain = new Strain()
  strain.late(500, NOON)
  expect(strain.isOn(NOON - 60_000)).toBe(false)
})
