// `bun run figures [--check]`: puts what docs/measured holds into the README's table. --check changes nothing, and exits 1
// where the README says something else.

import { join } from 'node:path'
import { figuresTable, machinesOf, withFigures } from './lib/figures'
import { reportsIn } from './lib/measured'

const ROOT = join(import.meta.dir, '..')
const README = join(ROOT, 'README.md')

const reports = await reportsIn(join(ROOT, 'docs/measured'))
const text = await Bun.file(README).text()
const made = withFigures(text, `\n${machinesOf(reports)}.\n\n${figuresTable(reports)}\n`)
if (process.argv.includes('--check')) {
  if (made !== text) console.error('README.md is not what docs/measured says: bun run figures')
  process.exit(made === text ? 0 : 1)
}
await Bun.write(README, made)
console.log(`${reports.map(({ name }) => name).join(', ')}: written into README.md`)
