import { describe, expect, test } from 'bun:test'
import type { Report } from '../../src/domain/report'
import { Collect, MOST_WAITING } from '../../src/http/doors/collect'
import { NOON } from '../support/made-up'

const report = (deviceId: string): Report => ({
  deviceId,
  home: 'NCR',
  protocol: 'own',
  receivedAt: NOON,
  position: null,
  event: 'heartbeat',
  charging: null,
  ignition: null,
})
const load = (...ids: string[]) => ({ reports: ids.map(report), malformed: {} })

describe('reports on their way to a shard', () => {
  test('are carried by the first that finds nobody under way, with all that came meanwhile', () => {
    const collect = new Collect()
    expect(collect.add('NCR:0', load('a'), NOON)).toBe(true)
    expect(collect.add('NCR:0', load('b', 'c'), NOON + 5)).toBe(false)
    expect(collect.add('CEB:0', load('d'), NOON + 5)).toBe(true)
    expect(collect.take('NCR:0').reports.map(({ deviceId }) => deviceId)).toEqual(['a', 'b', 'c'])
    expect(collect.take('NCR:0').reports).toEqual([])
    expect(collect.add('NCR:0', load('e'), NOON + 30)).toBe(true)
  })

  test('whose carrier never came are carried by somebody else two seconds later', () => {
    const collect = new Collect()
    collect.add('NCR:0', load('a'), NOON)
    expect(collect.add('NCR:0', load('b'), NOON + 1_999)).toBe(false)
    expect(collect.add('NCR:0', load('c'), NOON + 2_000)).toBe(true)
    expect(collect.take('NCR:0').reports).toHaveLength(3)
  })

  test('fill no more than their share of memory, and what is dropped is counted', () => {
    const collect = new Collect()
    const many = Array.from({ length: MOST_WAITING + 7 }, (_, n) => `d${n}`)
    collect.add('NCR:0', load(...many), NOON)
    expect(collect.dropped).toBe(7)
    expect(collect.take('NCR:0').reports).toHaveLength(MOST_WAITING)
  })

  test('bring the count of what nobody could read, summed by device', () => {
    const collect = new Collect()
    collect.add('NCR:0', { reports: [], malformed: { a: 1 } }, NOON)
    collect.add('NCR:0', { reports: [], malformed: { a: 2, b: 1 } }, NOON)
    expect(collect.take('NCR:0').malformed).toEqual({ a: 3, b: 1 })
  })
})
