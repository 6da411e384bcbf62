import { expect, test } from 'bun:test'
import { migrate } from '../../src/durable/storage'
import { Knocks, TWICE_WITHIN_MS } from '../../src/intake/knocks'
import { INTAKE_MIGRATIONS } from '../../src/intake/schema'
import { memoryStorage } from '../support/storage'

function knocks() {
  const storage = memoryStorage()
  migrate(storage, INTAKE_MIGRATIONS)
  const open = () => new Knocks(storage)
  const at = (ms: number, name = `k${ms}`, device = 'ncr-1', now = ms) => open().knock(device, name, ms, now)
  return { storage, at }
}
const T = Date.UTC(2026, 10, 23)

test('the second within ten seconds is a cry, whichever of them comes first', () => {
  expect([knocks()].map(({ at }) => [at(T), at(T + TWICE_WITHIN_MS)])).toEqual([[false, true]])
  expect([knocks()].map(({ at }) => [at(T + 9_000), at(T)])).toEqual([[false, true]])
  expect([knocks()].map(({ at }) => [at(T), at(T + TWICE_WITHIN_MS + 1)])).toEqual([[false, false]])
})

test('a repetition is answered as it was: it makes no cry, and takes none back', () => {
  const { at } = knocks()
  expect([at(T, 'a'), at(T, 'a'), at(T + 500, 'b'), at(T + 500, 'b')]).toEqual([false, false, true, true])
})

test('each device has its own', () => {
  const { at } = knocks()
  expect([at(T, 'a', 'ncr-1'), at(T + 100, 'b', 'ncr-2')]).toEqual([false, false])
})

test('the first outlives the object, and no more than a day', () => {
  const { at, storage } = knocks()
  at(T, 'a')
  expect(at(T + 1_000, 'b')).toBe(true)
  at(T, 'c', 'ncr-2', T + 2 * 86_400_000)
  expect(storage.sql.exec<{ device_id: string }>('SELECT device_id FROM knock').toArray()).toEqual([
    { device_id: 'ncr-2' },
  ])
})
