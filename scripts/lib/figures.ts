// The table of what was measured, made from the reports under docs/measured: nobody types a figure into the README.

import type { Bar, Report } from '../bench/report'
import { rounded } from '../bench/report'

export const BEGIN = '<!-- measured: made by `bun run figures` -->'
export const END = '<!-- /measured -->'

/** More bars than these, and a reader wants those that fail and those that come nearest to it. */
const MANY = 20
const NEAREST = 5

/** Reports in the order in which they are given, every bar a row; of many the failing ones, the nearest, and how many more. Markdown. */
export function figuresTable(reports: readonly Report[]): string {
  const rows = reports.flatMap((report) => [
    `| **\`bench ${report.name}\`** ${report.machine.date.slice(0, 10)}${report.quick ? ', quick' : ''} | | | | |`,
    ...rowsOf(report.bars),
  ])
  return ['| what | measured | bar | goal | |', '|---|---:|---:|---:|---|', ...rows].join('\n')
}

/** Every report on the machine on which it was made. */
export function machinesOf(reports: readonly Report[]): string {
  const told = new Map<string, string[]>()
  for (const { name, machine } of reports) {
    const { workerd, bun, postgres } = machine.versions
    const line = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB; workerd ${workerd}, Bun ${bun}, PostgreSQL ${postgres}`
    told.set(line, [...(told.get(line) ?? []), name])
  }
  if (told.size === 1) return [...told.keys()].join('')
  return [...told].map(([line, names]) => `${names.join(', ')}: ${line}`).join('. ')
}

/** Throws where the text has no place for the table. */
export function withFigures(text: string, table: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`there is no ${BEGIN} … ${END}`)
  return `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`
}

function rowsOf(bars: readonly Bar[]): string[] {
  if (bars.length <= MANY) return bars.map(rowOf)
  const failing = bars.filter(({ holds }) => !holds)
  const holding = bars.filter(({ holds }) => holds).sort((a, b) => shareOf(b) - shareOf(a))
  const shown = [...failing, ...holding.slice(0, NEAREST)]
  return [...shown.map(rowOf), `| ${bars.length - shown.length} others, each farther from its bar | | | | hold |`]
}

/** How much of what its bar allows it takes: 1 is the bar itself. */
const shareOf = ({ better, got, bar }: Bar): number => (better === 'lower' ? got / bar : bar / got)

function rowOf(bar: Bar): string {
  const sign = bar.better === 'higher' ? '≥' : '<'
  const amount = (value: number) =>
    `${rounded(value).toLocaleString('en-US')}${bar.unit === 'count' ? '' : ` ${bar.unit}`}`
  const cells = [bar.what, amount(bar.got), `${sign} ${amount(bar.bar)}`, `${sign} ${amount(bar.goal)}`]
  return `| ${[...cells, bar.holds ? 'holds' : '**fails**'].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
