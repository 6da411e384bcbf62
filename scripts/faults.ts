// `bun run faults`: does to the tower what may happen to it, on the real runtime, and says of each fault what came of it.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from './bench/machine'
import { FAULTS, type Fault } from './faults/list'
import { type Outcome, rowOf } from './faults/outcome'
import type { Pace } from './faults/pace'
import { runFaults } from './faults/run'
import { soak } from './faults/soak'
import { build } from './lib/build'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'

const HELP = `bun run faults [options]

  --quick        a fast subset, in less than 3 minutes
  --full         true times and numbers: hours
  --only IDS     these alone, as R9,R14
  --list         names them, and does nothing
  --record       writes docs/measured/faults.json
  --verbose      shows all that the tests print
  --soak         R54: two hours of load without faults: memory, descriptors, timers and storage must stay flat
  --minutes N    for so long instead

Each fault is a test in tests/faults, run on real workerd and PostgreSQL, and on Redis where redis-server is installed. Ends with 1
where one did not hold.`

const SECONDS_OF_A_MINUTE = 60

try {
  const options = readOptions()
  if (options) process.exitCode = await run(options)
} catch (error) {
  explain(error)
  process.exit(1)
}

type Options = {
  pace: Pace
  faults: readonly Fault[]
  record: boolean
  verbose: boolean
  soakMinutes: number | null
}

async function run({ pace, faults, record, verbose, soakMinutes }: Options): Promise<number> {
  const machine = describeMachine()
  if (soakMinutes !== null) {
    const report = await soak(soakMinutes, (line) => console.log(line))
    if (record) await write('soak', { name: 'soak', machine, ...report })
    return report.flat ? 0 : 1
  }
  const began = Date.now()
  // Once, and not by the first test of each file.
  await build()
  const outcomes = await runFaults(faults, {
    pace,
    ended: (outcome) => console.log(rowOf(outcome)),
    ...(verbose ? { heard: (text: string) => void process.stderr.write(text) } : {}),
  })
  const seconds = Math.round((Date.now() - began) / 1_000)
  console.log(`\n${summary(outcomes)} in ${Math.floor(seconds / SECONDS_OF_A_MINUTE)} min ${seconds % 60} s`)
  if (record) await write('faults', { name: 'faults', pace, machine, seconds, faults: outcomes })
  return outcomes.every(({ state }) => state === 'held' || state === 'skipped') ? 0 : 1
}

function summary(outcomes: readonly Outcome[]): string {
  const count = (state: Outcome['state']) => outcomes.filter((each) => each.state === state).length
  const sum = (name: 'answered' | 'lost' | 'doubled') => outcomes.reduce((all, each) => all + (each[name] ?? 0), 0)
  const states = [`${count('held')} held`, `${count('failed') + count('absent')} failed`]
  if (count('skipped') > 0) states.push(`${count('skipped')} not possible here`)
  return `${states.join(', ')}; answered ${sum('answered')}, lost ${sum('lost')}, duplicated ${sum('doubled')}`
}

async function write(name: string, report: object): Promise<void> {
  const folder = join(ROOT, 'docs', 'measured')
  await mkdir(folder, { recursive: true })
  await Bun.write(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`)
}

function readOptions(): Options | null {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          quick: { type: 'boolean', default: false },
          full: { type: 'boolean', default: false },
          only: { type: 'string' },
          list: { type: 'boolean', default: false },
          record: { type: 'boolean', default: false },
          verbose: { type: 'boolean', default: false },
          soak: { type: 'boolean', default: false },
          minutes: { type: 'string', default: '120' },
          help: { type: 'boolean', default: false },
        },
      })
    } catch (error) {
      throw new CannotStart(`${error instanceof Error ? error.message : String(error)} See: bun run faults --help`)
    }
  })()
  if (values.help || values.list) {
    console.log(values.help ? HELP : FAULTS.map(({ id, what }) => `${id.padEnd(6)}${what}`).join('\n'))
    return null
  }
  if (values.quick && values.full) throw new CannotStart('--quick or --full, not both.')
  const only = values.only?.split(',').map((id) => id.trim().toUpperCase())
  const unknown = only?.filter((id) => !FAULTS.some((fault) => fault.id === id)) ?? []
  if (unknown.length > 0) throw new CannotStart(`there is no fault ${unknown.join(', ')}. See: bun run faults --list`)
  const soakMinutes = values.soak ? Number(values.minutes) : null
  if (soakMinutes !== null && !(soakMinutes > 0 && soakMinutes <= 24 * 60))
    throw new CannotStart('--minutes is a number, a day at most.')
  return {
    pace: values.quick ? 'quick' : values.full ? 'full' : 'standard',
    faults: FAULTS.filter(({ id, quick }) => (only ? only.includes(id) : !values.quick || quick)),
    record: values.record,
    verbose: values.verbose,
    soakMinutes,
  }
}
