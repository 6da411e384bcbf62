// `bun run bench NAME [--quick] [--json] [--record]`: runs one bench, prints what it found, exits 1 below a bar.
// --only PART runs the parts of `capacity` whose name contains it, --minutes N holds what it holds for so long.
// --json puts the report alone on standard output; --record writes docs/measured/NAME.json and its histograms.
// `bun run bench NAME --profile` measures nothing, and shows where the tower's time goes.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchApi } from './api'
import { benchCapacity } from './capacity'
import { benchCluster } from './cluster'
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
  capacity: { run: benchCapacity },
  api: { run: benchApi },
  cluster: { run: benchCluster },
}
const MEASURED = join(import.meta.dir, '../../docs/measured')

const { name, values } = asked()
const bench = BENCHES[name ?? '']
const minutes = values.minutes === undefined ? undefined : Number(values.minutes)

if (!bench || (minutes !== undefined && !(minutes > 0))) {
  console.error(
    `bun run bench NAME [--quick] [--json] [--record | --profile] [--only PART] [--minutes N]\nNAME: ${Object.keys(BENCHES).join(', ')}`,
  )
  process.exit(2)
}

const options: Options = {
  quick: values.quick,
  ...(values.only === undefined ? {} : { only: values.only }),
  ...(minutes === undefined ? {} : { minutes }),
  log: (line) => console.error(line),
}

if (values.profile) {
  if (!bench.profile) {
    console.error(`bench ${name} has no profile`)
    process.exit(2)
  }
  for (const line of await bench.profile(options)) console.log(line)
  process.exit(0)
}

const { report, histograms } = await bench.run(options)
if (values.record) {
  await mkdir(MEASURED, { recursive: true })
  await Bun.write(join(MEASURED, `${report.name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  await Bun.write(join(MEASURED, `${report.name}.histograms.json`), `${JSON.stringify(histograms)}\n`)
}
console.log(values.json ? JSON.stringify(report) : print(report))
process.exit(allHold(report) ? 0 : 1)

/** Nothing where it was asked in words that it does not know. */
function asked() {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const options = { quick: flag, json: flag, record: flag, profile: flag, only: text, minutes: text } as const
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options })
    return { name: positionals[0], values }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return { name: undefined, values: parseArgs({ args: [], options }).values }
  }
}
