// `bench queries`: how long every query of the product takes against ten million positions and a million incidents.

import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { openPostgres } from '../../../src/store/postgres'
import { createTowerDatabase } from '../../lib/database'
import { migrate } from '../../lib/migrate'
import { startPostgres } from '../../lib/postgres'
import { Histogram } from '../histogram'
import { describeMachine } from '../machine'
import { type Notebook, openNotebook } from '../notebook'
import { judge, type Measured } from '../report'
import type { Options } from '../sos/stage'
import { MACHINE, STOLEN, watchStolen } from '../stolen'
import { QUERIES } from './queries'
import { type Seed, seed, WHOLE } from './seed'

const TOWER = 'tower'
const QUICK: Seed = { positions: 400_000, incidents: 40_000, devicesPerRegion: 500, days: 30 }
const CALLS = 300
const QUICK_CALLS = 50
/** The first calls of a connection prepare its statements and read what is not yet in memory. */
const WARM_CALLS = 5
const PASSWORDS = { owner: 'bench', writer: 'bench', reader: 'bench' }

export async function benchQueries({ quick, log }: Options): Promise<Measured> {
  const machine = describeMachine()
  const notebook = openNotebook()
  const wanted = quick ? QUICK : WHOLE
  const folder = mkdtempSync(join(tmpdir(), 'xot-bench-'))
  const server = await startPostgres({
    dir: join(folder, 'postgres'),
    password: 'bench',
    logFile: join(folder, 'postgres.log'),
  })
  try {
    const urls = await createTowerDatabase(server, PASSWORDS)
    await migrate(urls.owner)
    const owner = postgres(urls.owner, { max: 1, onnotice: () => {} })
    const began = Date.now()
    await seed(owner, wanted, log)
    await owner.end()
    notebook.note(MACHINE, 'seconds to seed', (Date.now() - began) / 1_000, 'count')
    const stolen = watchStolen()
    await measure(notebook, urls.writer, wanted, quick ? QUICK_CALLS : CALLS, log)
    notebook.note(MACHINE, STOLEN, stolen(), '%')
    return report(notebook, machine, quick, wanted)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(
  notebook: Notebook,
  url: string,
  wanted: Seed,
  calls: number,
  log: (line: string) => void,
): Promise<void> {
  const store = openPostgres(url)
  try {
    for (const [name, query] of Object.entries(QUERIES)) {
      const histogram = new Histogram()
      for (let n = -WARM_CALLS; n < calls; n++) {
        const began = performance.now()
        await query(store.db, n + WARM_CALLS, wanted)
        if (n >= 0) histogram.addMs(performance.now() - began)
      }
      const { p50, p99 } = histogram.latency()
      notebook.keep(TOWER, name, histogram.raw())
      notebook.note(TOWER, `${name}: p50`, p50, 'ms')
      notebook.note(TOWER, `${name}: p99`, p99, 'ms')
      log(`${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
    }
  } finally {
    await store.close()
  }
}

function report(notebook: Notebook, machine: Measured['report']['machine'], quick: boolean, wanted: Seed): Measured {
  const figures = notebook.figures()
  return {
    report: {
      name: 'queries',
      quick,
      machine,
      method: [
        `A new PostgreSQL with its own settings, ${wanted.positions.toLocaleString('en-US')} positions over ${wanted.days} days and ${wanted.incidents.toLocaleString('en-US')} incidents, made by scripts/bench/queries/seed.ts.`,
        'One connection asks one thing at a time, as the product does, each time for another device, day or row; from the call until its rows are read.',
      ],
      figures,
      rivals: [],
      ratios: [],
      bars: Object.keys(QUERIES).map((name) =>
        judge({
          what: `${name}: p99`,
          unit: 'ms',
          better: 'lower',
          goal: 20,
          bar: 50,
          got: notebook.value(TOWER, `${name}: p99`),
        }),
      ),
    },
    histograms: notebook.histograms(),
  }
}
