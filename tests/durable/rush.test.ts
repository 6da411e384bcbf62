import { expect, test } from 'bun:test'
import { Rush } from '../../src/durable/rush'
import { NOON } from '../support/made-up'

test('presses by the hundred are a rush, until half a second has passed without', () => {
  const rush = new Rush()
  rush.took(120, NOON)
  expect(rush.isOn(NOON)).toBe(false)
  rush.took(120, NOON + 100)
  expect(rush.isOn(NOON + 100)).toBe(true)
  expect(rush.isOn(NOON + 700)).toBe(true)
  expect(rush.isOn(NOON + 1_000)).toBe(false)
})

test('a steady few are none, however long they go on', () => {
  const rush = new Rush()
  for (let ms = 0; ms < 10_000; ms += 10) {
    rush.took(1, NOON + ms)
    expect(rush.isOn(NOON + ms)).toBe(false)
  }
})

test('fifty a second and more are a stream, long before they are a rush', () => {
  const rush = new Rush()
  for (let n = 0; n < 26; n++) rush.took(1, NOON + n * 15)
  expect([rush.isStream(NOON + 400), rush.isOn(NOON + 400)]).toEqual([true, false])
  expect(rush.isStream(NOON + 900)).toBe(true)
  expect(rush.isStream(NOON + 1_000)).toBe(false)
})
