import { expect, test } from 'bun:test'
import { Rush } from '../../src/durable/rush'
import { NOON } from '../support/made-up'

test('presses by the hundred are a rush, until two seconds have passed without many', () => {
  const rush = new Rush()
  rush.took(120, NOON)
  expect(rush.isOn(NOON)).toBe(false)
  rush.took(120, NOON + 100)
  expect(rush.isOn(NOON + 100)).toBe(true)
  rush.took(20, NOON + 1_000)
  expect(rush.isOn(NOON + 2_000)).toBe(true)
  expect(rush.isOn(NOON + 2_100)).toBe(false)
})

test('a rush goes on with fewer than began it, and does not begin with as few', () => {
  const rush = new Rush()
  rush.took(201, NOON)
  for (let ms = 500; ms < 10_000; ms += 500) {
    rush.took(60, NOON + ms)
    expect(rush.isOn(NOON + ms)).toBe(true)
  }
  expect(rush.isOn(NOON + 12_000)).toBe(false)
  rush.took(60, NOON + 12_500)
  expect(rush.isOn(NOON + 12_500)).toBe(false)
})

test('a clock that is set back ends a rush', () => {
  const rush = new Rush()
  rush.took(300, NOON)
  expect(rush.isOn(NOON - 3_600_000)).toBe(false)
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
