import { expect, test } from 'bun:test'
import { NumberSet } from '../../src/fleet/number-set'

/** Whole, above 0, of 53 bits, the same in every run. */
function* numbers(count: number): Generator<number> {
  let [a, b] = [0x9e3779b9, 0x243f6a88]
  for (let n = 0; n < count; n++) {
    a = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) + n
    b = Math.imul(b ^ (b >>> 13), 0x297a2d39) + n
    yield (a >>> 0) * 0x20_0000 + (b >>> 11) || 1
  }
}

test('numbers that were added are there, others are not, as in a Set', () => {
  const ours = new NumberSet()
  const theirs = new Set<number>()
  const all = [...numbers(50_000)]
  for (const [n, number] of all.entries()) {
    if (n % 2 === 1) continue
    ours.add(number)
    ours.add(number)
    theirs.add(number)
  }
  expect(ours.size).toBe(theirs.size)
  expect(all.filter((number) => ours.has(number))).toEqual(all.filter((number) => theirs.has(number)))
})

test('numbers that meet in one slot stand side by side, also over the end', () => {
  const ours = new NumberSet()
  const same = Array.from({ length: 400 }, (_, n) => n * 0x1_0000_0000 + 1023)
  for (const number of same) ours.add(number)
  expect(same.every((number) => ours.has(number))).toBe(true)
  expect(ours.has(401 * 0x1_0000_0000 + 1023)).toBe(false)
  expect(ours.size).toBe(400)
})

test('one that was cleared is empty, and takes new ones', () => {
  const ours = new NumberSet()
  const all = [...numbers(5_000)]
  for (const number of all) ours.add(number)
  ours.clear()
  expect(ours.size).toBe(0)
  expect(all.some((number) => ours.has(number))).toBe(false)
  ours.add(7)
  expect(ours.has(7)).toBe(true)
})
