// The README's figures are those of the last reports, and nobody's typing.

import { expect, test } from 'bun:test'
import { join } from 'node:path'
import type { Report } from '../../scripts/bench/report'
import { BEGIN, END, figuresTable, machinesOf, withFigures } from '../../scripts/lib/figures'
import { reportsIn } from '../../scripts/lib/measured'

const ROOT = join(import.meta.dir, '../..')
const machine = {
  cpu: 'A CPU',
  cores: 2,
  memoryGb: 24,
  system: 'linux x64',
  versions: { workerd: '1', bun: '2', node: '3', postgres: '4' },
  pinned: true,
  loadBefore: 0,
  date: '2026-11-01T00:00:00.000Z',
}
const report = (name: string, bars: Report['bars'], cores = 2): Report => ({
  name,
  quick: name === 'map',
  machine: { ...machine, cores },
  method: [],
  figures: [],
  rivals: [],
  ratios: [],
  bars,
})

test('each bar is a row with what was got, and says whether it holds', () => {
  const table = figuresTable([
    report('sos', [
      { what: 'p99', unit: 'ms', better: 'lower', goal: 50, bar: 100, got: 249.9, holds: false },
      { what: 'lost | doubled', unit: 'count', better: 'lower', goal: 1, bar: 1, got: 0, holds: true },
    ]),
    report('map', [{ what: 'a', unit: '×', better: 'higher', goal: 3, bar: 2, got: 2.7, holds: true }]),
  ])
  expect(table.split('\n').slice(2)).toEqual([
    '| **`bench sos`** 2026-11-01 | | | | |',
    '| p99 | 250 ms | < 100 ms | < 50 ms | **fails** |',
    '| lost \\| doubled | 0 | < 1 | < 1 | holds |',
    '| **`bench map`** 2026-11-01, quick | | | | |',
    '| a | 2.7 × | ≥ 2 × | ≥ 3 × | holds |',
  ])
})

test('of very many bars those that fail are rows, and the nearest to it, and the others are counted', () => {
  const bars = Array.from({ length: 30 }, (_, n) => ({
    what: `query ${n}`,
    unit: 'ms' as const,
    better: 'lower' as const,
    goal: 20,
    bar: 50,
    got: n + 1,
    holds: n !== 3,
  }))
  expect(
    figuresTable([report('queries', bars)])
      .split('\n')
      .slice(3),
  ).toEqual([
    '| query 3 | 4 ms | < 50 ms | < 20 ms | **fails** |',
    ...[29, 28, 27, 26, 25].map((n) => `| query ${n} | ${n + 1} ms | < 50 ms | < 20 ms | holds |`),
    '| 24 others, each farther from its bar | | | | hold |',
  ])
})

test('the machine is named once, or beside the benches where there were several', () => {
  const one = 'A CPU, 2 cores, 24 GB; workerd 1, Bun 2, PostgreSQL 4'
  expect(machinesOf([report('sos', []), report('map', [])])).toBe(one)
  expect(machinesOf([report('sos', []), report('map', [], 8), report('page', [])])).toBe(
    `sos, page: ${one}. map: ${one.replace('2 cores', '8 cores')}`,
  )
})

test('only what stands between the marks is changed, and a text without marks is refused', () => {
  expect(withFigures(`before ${BEGIN} old ${END} after`, 'new')).toBe(`before ${BEGIN}\nnew\n${END} after`)
  expect(() => withFigures('nothing', 'new')).toThrow('there is no')
})

test('the README says what the reports say', async () => {
  const reports = await reportsIn(join(ROOT, 'docs/measured'))
  expect(reports.length).toBeGreaterThan(0)
  const readme = await Bun.file(join(ROOT, 'README.md')).text()
  expect(readme).toBe(withFigures(readme, `\n${machinesOf(reports)}.\n\n${figuresTable(reports)}\n`))
})
