// The table of guards in docs/simulator.md: written by the command that measured it, between its two marks.

import type { Guard } from '../../tests/sim/guards/guard'
import type { BrokenSeed } from '../../tests/sim/run'

export type Row = { guard: Guard; found: BrokenSeed | null }

const BEGIN = '<!-- guards: written by `bun run sim --guards` -->'
const END = '<!-- guards end -->'

export function markdownOf(rows: readonly Row[], most: number): string {
  const lines = rows.map(({ guard, found }) => {
    const first = found?.found[0]
    const by = found ? `${found.seed} | ${first?.invariant}: ${plain(first?.what ?? '')}` : `not in ${most} | `
    return `| ${guard.name} | ${guard.without} | ${by} |`
  })
  return ['| guard | without it | seeds until found | by |', '|---|---|--:|---|', ...lines].join('\n')
}

/** Throws where the page has no place for it. */
export async function writeTable(path: string, table: string): Promise<void> {
  const page = await Bun.file(path).text()
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for the table`)
  await Bun.write(path, `${page.slice(0, begin + BEGIN.length)}\n${table}\n${page.slice(end)}`)
}

/** Ids differ from seed to seed, and say nothing. */
const plain = (what: string): string =>
  what
    .split('\n')[0]
    ?.replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]+/g, '…')
    .replaceAll('|', '/')
    .slice(0, 140) ?? ''
