import { expect, test } from 'bun:test'
import { openNotebook } from '../../scripts/bench/notebook'
import { drawRatio, print } from '../../scripts/bench/print'
import { byFile, selfTimes } from '../../scripts/bench/profiler'
import { allHold, type Bar, judge, median, type Report, ratioOf } from '../../scripts/bench/report'

const higher = { what: 'rate', unit: '×', better: 'higher', goal: 1.2, bar: 0.6 } as const
const lower = { what: 'p99', unit: 'ms', better: 'lower', goal: 50, bar: 100 } as const

test('a bar of a rate holds from the bar upwards, a bar of a latency below it', () => {
  expect(judge({ ...higher, got: 0.6 }).holds).toBe(true)
  expect(judge({ ...higher, got: 0.599 }).holds).toBe(false)
  expect(judge({ ...lower, got: 99.9 }).holds).toBe(true)
  expect(judge({ ...lower, got: 100 }).holds).toBe(false)
})

test('a bar is judged before its figure is rounded', () => {
  expect(judge({ ...higher, got: 0.59996 })).toMatchObject({ got: 0.6, holds: false })
})

test('what was not measured holds no bar', () => {
  expect(judge({ ...higher, got: Number.NaN }).holds).toBe(false)
  expect(judge({ ...lower, got: Number.NaN }).holds).toBe(false)
  expect(judge({ ...higher, got: ratioOf(2_000, 0) }).holds).toBe(false)
})

test('the median is the middle one, or lies between the middle two', () => {
  expect(median([900, 1, 500])).toBe(500)
  expect(median([1, 4, 2, 3])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('rounds become their median, counts their sum, and histograms one', () => {
  const notebook = openNotebook()
  for (const value of [10, 900, 30]) notebook.note('tower', 'rate', value, 'per second')
  for (const value of [0, 1, 0]) notebook.note('tower', 'lost', value, 'count')
  expect(notebook.value('tower', 'rate')).toBe(30)
  expect(notebook.value('tower', 'lost')).toBe(1)
  expect(notebook.value('tower', 'never measured')).toBeNaN()
  const raw = { unit: 'us', count: 1, max: 5, sum: 5, counts: { 5: 1 } } as const
  notebook.keep('tower', 'rate', raw)
  notebook.keep('tower', 'rate', raw)
  expect(notebook.histograms()).toEqual({ 'tower: rate': { unit: 'us', count: 2, max: 5, sum: 10, counts: { 5: 2 } } })
})

const report = (bars: Bar[]): Report => ({
  name: 'sos',
  quick: true,
  machine: {
    cpu: 'a processor',
    cores: 2,
    memoryGb: 4,
    system: 'linux x64',
    versions: { workerd: '1', bun: '2', node: '3', postgres: '4' },
    pinned: true,
    loadBefore: 0.1,
    date: '2026-11-23T00:00:00.000Z',
  },
  method: ['in a test'],
  figures: [{ what: 'presses', system: 'tower', value: 1234.5, unit: 'per second' }],
  rivals: [{ what: 'presses', system: 'other', value: 987.6, unit: 'per second' }],
  ratios: [{ what: 'presses', against: 'other', ratio: 1.25 }],
  bars,
})

test('a report holds only when all of its bars do', () => {
  const [good, bad] = [judge({ ...higher, got: 2 }), judge({ ...lower, got: 300 })]
  expect(allHold(report([good]))).toBe(true)
  expect(allHold(report([good, bad]))).toBe(false)
})

test('systems stand side by side, and a bar that does not hold says so', () => {
  const text = print(report([judge({ ...lower, got: 300 })]))
  expect(text).toMatch(/presses \[per second\] +1,23\d +988/)
  expect(text).toMatch(/p99 +300 ms +< 100 ms +< 50 ms +FAILS/)
})

test('figures of a machine that was busy come with a warning', () => {
  const calm = report([])
  expect(print(calm)).not.toContain('busy')
  expect(print({ ...calm, machine: { ...calm.machine, loadBefore: 3.2 } })).toContain('busy with other work (load 3.2)')
})

test('the drawn bar of a ratio is as long as the ratio, and marks the rival where it falls short', () => {
  const blocks = (text: string) => text.split('█').length - 1
  const draw = (ratio: number) => drawRatio({ what: 'w', against: 'a', ratio }, 10)
  expect([0.5, 1, 2, 4, 9].map((ratio) => blocks(draw(ratio)))).toEqual([5, 10, 20, 40, 40])
  expect(draw(0.5)).toContain('|')
  expect(draw(2)).not.toContain('|')
  expect(blocks(draw(Number.NaN))).toBe(0)
})

test('what the runtime does for a function of ours is shown with it, by its source file', () => {
  const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber })
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(root)', '', -1), children: [2, 4] },
      { id: 2, callFrame: frame('append', 'file:///worker.js', 3), children: [3] },
      { id: 3, callFrame: frame('exec', '', -1) },
      { id: 4, callFrame: frame('(idle)', '', -1) },
    ],
    samples: [3, 2, 4, 3],
    timeDeltas: [300, 100, 500, 100],
  }
  const bundle = '// src/room/rows.ts\nlet a\n// src/room/log.ts\nfunction append() {}\n'
  expect(selfTimes(profile, bundle, 3)).toEqual([
    { where: '(idle)', share: 0.5 },
    { where: 'exec ← append src/room/log.ts+1', share: 0.4 },
    { where: 'append src/room/log.ts+1', share: 0.1 },
  ])
  expect(byFile(selfTimes(profile, bundle, 3))).toEqual([
    { where: '(idle)', share: 0.5 },
    { where: 'src/room/log.ts', share: 0.5 },
  ])
})
