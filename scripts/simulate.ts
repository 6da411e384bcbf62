// `bun run simulate`: believable traffic through the real doors of a running tower, until Ctrl-C.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'
import { readRate } from './simulate/cries'
import { ROADS_VEHICLES } from './simulate/enrol'
import { drive, REPORT_EVERY_S } from './simulate/run'
import { findTower } from './simulate/target'

const HELP = `bun run simulate [options]

  --vehicles N   how many report (else 2000)
  --every S      seconds between two reports of one vehicle (else ${REPORT_EVERY_S})
  --sos RATE     how often somebody presses, as 3/min, 1/h or 0.5/s (else never)
  --seconds N    for how long (else until Ctrl-C)
  --seed N       other traffic of the same kind (else 1)
  --url URL      another tower than the one of --data; its DEVICE_KEYS must stand in the environment
  --data DIR     the data of the tower that runs here (else .data)

The vehicles of npm start itself are not among them. Presses are real: whoever has the desk is rung for each.`

try {
  const options = readOptions()
  if (options) await run(options)
} catch (error) {
  explain(error)
  process.exit(1)
}

type Options = NonNullable<ReturnType<typeof readOptions>>

function readOptions() {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          vehicles: { type: 'string' },
          every: { type: 'string' },
          sos: { type: 'string' },
          seconds: { type: 'string' },
          seed: { type: 'string' },
          url: { type: 'string' },
          data: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      })
    } catch (error) {
      throw new CannotStart(`${error instanceof Error ? error.message : String(error)} See: bun run simulate --help`)
    }
  })()
  if (values.help) {
    console.log(HELP)
    return null
  }
  const sosPerMinute = readRate(values.sos ?? '0')
  if (sosPerMinute === null) throw new CannotStart('--sos is a rate as 3/min, 1/h or 0.5/s.')
  return {
    vehicles: whole('--vehicles', values.vehicles ?? '2000', 1, 100_000),
    everyS: whole('--every', values.every ?? `${REPORT_EVERY_S}`, 1, 3600),
    seconds: values.seconds === undefined ? null : whole('--seconds', values.seconds, 1, 1_000_000),
    seed: whole('--seed', values.seed ?? '1', 0, 2 ** 31),
    sosPerMinute,
    url: values.url,
    dataDir: values.data ?? join(ROOT, '.data'),
  }
}

function whole(name: string, text: string, low: number, high: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < low || number > high)
    throw new CannotStart(`${name} is a whole number from ${low} to ${high}.`)
  return number
}

async function run({ vehicles, everyS, seconds, seed, sosPerMinute, url, dataDir }: Options): Promise<void> {
  const tower = findTower({ url, dataDir, deviceKeys: process.env.DEVICE_KEYS || undefined })
  const end = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end.abort())
  const timer = seconds === null ? null : setTimeout(() => end.abort(), seconds * 1000)
  const presses = sosPerMinute > 0 ? `, ${sosPerMinute} presses a minute` : ''
  console.log(
    `${vehicles} vehicles on ${tower.url}, ${Math.ceil(vehicles / everyS)} reports a second${presses}. Ctrl-C ends it.`,
  )
  const startAt = performance.now()
  const log = (line: string) => console.log(line)
  const tally = await drive({
    ...tower,
    from: ROADS_VEHICLES,
    vehicles,
    everyS,
    seed,
    sosPerMinute,
    signal: end.signal,
    log,
  })
  if (timer) clearTimeout(timer)
  console.log(tally.line((performance.now() - startAt) / 1000))
}
