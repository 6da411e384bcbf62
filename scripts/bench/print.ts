// A report for people: aligned columns and bars drawn in text.

import { type Bar, type Figure, type Ratio, type Report, rounded } from './report'

const DRAWN = 40
/** Load average above which something else was running. */
const BUSY = 0.7

export function print(report: Report): string {
  const { machine } = report
  const { workerd, bun, node, postgres } = machine.versions
  return [
    `bench ${report.name}${report.quick ? ' (quick)' : ''}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; workerd ${workerd}, Bun ${bun}, Node ${node}, PostgreSQL ${postgres}`,
    ...(machine.loadBefore > BUSY
      ? [`This machine was busy with other work (load ${rounded(machine.loadBefore)}): do not quote these.`]
      : []),
    '',
    ...report.method.map((line) => `  ${line}`),
    '',
    ...figureLines([...report.figures, ...report.rivals]),
    '',
    ...report.ratios.map((ratio) => drawRatio(ratio, longest(report.ratios.map(label)))),
    '',
    ...barLines(report.bars),
  ].join('\n')
}

/** One line per measurement, its systems beside each other in the order in which they first appear. */
function figureLines(figures: readonly Figure[]): string[] {
  const systems = [...new Set(figures.map(({ system }) => system))]
  const rows = [...new Set(figures.map(({ what, unit }) => `${what} [${unit}]`))]
  const cell = (row: string, system: string) => {
    const figure = figures.find((each) => `${each.what} [${each.unit}]` === row && each.system === system)
    return figure ? rounded(figure.value).toLocaleString('en-US') : '–'
  }
  return table([['', ...systems], ...rows.map((row) => [row, ...systems.map((system) => cell(row, system))])])
}

function barLines(bars: readonly Bar[]): string[] {
  const sign = ({ better }: Bar) => (better === 'higher' ? '≥' : '<')
  const amount = (value: number, { unit }: Bar) => `${value.toLocaleString('en-US')} ${unit}`
  return table([
    ['bar', 'got', 'bar', 'goal', ''],
    ...bars.map((bar) => [
      bar.what,
      amount(bar.got, bar),
      `${sign(bar)} ${amount(bar.bar, bar)}`,
      `${sign(bar)} ${amount(bar.goal, bar)}`,
      bar.holds ? 'holds' : 'FAILS',
    ]),
  ])
}

/** `|` stands at 1 ×, the rival. */
export function drawRatio(ratio: Ratio, width: number): string {
  const one = DRAWN / 4
  const length = Math.max(0, Math.min(DRAWN, Math.round((ratio.ratio || 0) * one)))
  const drawn = '█'.repeat(length).padEnd(DRAWN)
  const marked = length > one ? drawn : `${drawn.slice(0, one)}|${drawn.slice(one + 1)}`
  return `  ${label(ratio).padEnd(width)}  ${marked} ${rounded(ratio.ratio)} ×`
}

const label = ({ what, against }: Ratio): string => `${what} ÷ ${against}`
const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))

/** First column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => longest(rows.map((row) => row[column] ?? '')))
  return rows.map((row) => {
    const cells = row.map((text, n) => (n === 0 ? text.padEnd(widths[n] ?? 0) : text.padStart(widths[n] ?? 0)))
    return `  ${cells.join('   ').trimEnd()}`
  })
}
