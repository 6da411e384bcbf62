// `bun run bench NAME [--quick] [--json] [--record]`: runs one bench, prints what it found, exits 1 below a bar.
// --json puts the report alone on standard output; --record writes docs/measured/NAME.json and its histograms.
// `bun run bench NAME --profile` measures nothing, and shows where the tower's time goes.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { benchMap } from './map'
import { benchPage } from './page'
import { profilePage } from './page/profile'
import { benchPositions } from './positions'
import { print } from './print'
import { benchQueries } from './queries'
import { allHold, type Measured } from './report'
import { benchSos, type Options } from './sos'
import { profileSos } from './sos/profile'

type Bench = { run(options: Options): Promise<Measured>; profile?(options: Options): Promise<string[]> }

const BENCHES: Record<string, Bench> = {
  sos: { run: benchSos, profile: profileSos },
  positions: { run: benchPositions },
  map: { run: benchMap },
  page: { run: benchPage, profile: profilePage },
  queries: { run: benchQueries },
}
const MEASURED = join(import.meta.dir, '../../docs/measured')

const args = process.argv.slice(2)
const flags = new Set(args.filter((arg) => arg.startsWith('--')))
const [name] = args.filter((arg) => !arg.startsWith('--'))
const bench = BENCHES[name ?? '']
const unknown = [...flags].filter((flag) => !['--quick', '--json', '--record', '--profile'].includes(flag))

if (!bench || unknown.length > 0) {
  console.error(
    `bun run bench NAME [--quick] [--json] [--record | --profile]\nNAME: ${Object.keys(BENCHES).join(', ')}`,
  )
  process.exit(2)
}

const options: Options = { quick: flags.has('--quick'), log: (line) => console.error(line) }

if (flags.has('--profile')) {
  if (!bench.profile) {
    console.error(`bench ${name} has no profile`)
    process.exit(2)
  }
  for (const line of await bench.profile(options)) console.log(line)
  process.exit(0)
}

const { report, histograms } = await bench.run(options)
if (flags.has('--record')) {
  await mkdir(MEASURED, { recursive: true })
  await Bun.write(join(MEASURED, `${report.name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  await Bun.write(join(MEASURED, `${report.name}.histograms.json`), `${JSON.stringify(histograms)}\n`)
}
console.log(flags.has('--json') ? JSON.stringify(report) : print(report))
process.exit(allHold(report) ? 0 : 1)
