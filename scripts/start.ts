// `npm start`, once Bun is there: a whole tower on this machine, until Ctrl-C.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './lib/paths'
import { CannotStart, explain } from './lib/refusal'
import { checkSafety, type Where } from './lib/safety'
import { startTower, type Tower, type TowerOptions } from './lib/tower'
import { openRoads } from './simulate/roads'

const HELP = `npm start -- [options]

  --port N       where to listen (else PORT, else 8787)
  --host ADDR    on which address (else 127.0.0.1); others than loopback need PUBLIC_URL
  --data DIR     where to keep everything (else .data)
  --demo         put made-up people and devices into an empty database of yours (DATABASE_URL)
  --quiet-roads  no simulated vehicles; else 60 of them drive where the database is the tower's own
  --insecure     serve http beyond this machine, where everybody on the way can read and change it`

const STOP_WITHIN_MS = 20_000

try {
  process.umask(0o077)
  const options = readOptions()
  if (options) run(await start(options), options)
} catch (error) {
  explain(error)
  process.exit(1)
}

type Options = TowerOptions & { where: Where; port: number; host: string; quietRoads: boolean }

function readOptions(): Options | null {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          port: { type: 'string' },
          host: { type: 'string' },
          data: { type: 'string' },
          demo: { type: 'boolean', default: false },
          'quiet-roads': { type: 'boolean', default: false },
          insecure: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
      })
    } catch (error) {
      throw new CannotStart(`${error instanceof Error ? error.message : String(error)} See: npm start -- --help`)
    }
  })()
  if (values.help) {
    console.log(HELP)
    return null
  }
  const port = Number(values.port ?? process.env.PORT ?? 8787)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new CannotStart('the port must be a number from 1 to 65535.')
  const where = checkSafety({
    host: values.host ?? process.env.HOST ?? '127.0.0.1',
    port,
    publicUrl: process.env.PUBLIC_URL || null,
    insecure: values.insecure ?? false,
  })
  const { DATABASE_URL, DATABASE_OWNER_URL, DATABASE_READER_URL } = process.env
  return {
    where,
    port,
    host: where.host,
    publicUrl: where.url,
    dataDir: values.data ?? join(ROOT, '.data'),
    demo: values.demo ?? false,
    quietRoads: values['quiet-roads'] ?? false,
    ...(DATABASE_URL
      ? {
          database: {
            owner: DATABASE_OWNER_URL || DATABASE_URL,
            writer: DATABASE_URL,
            reader: DATABASE_READER_URL || DATABASE_URL,
          },
        }
      : {}),
    log: (line) => console.log(line),
  }
}

async function start(options: Options): Promise<Tower> {
  const { url, banner } = options.where
  if (banner) console.log(banner)
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupt.abort())
  console.log(`Starting on ${url} …`)
  const tower = await startTower(options)
  if (interrupt.signal.aborted) {
    await tower.stop()
    process.exit(0)
  }
  return tower
}

function run(tower: Tower, options: Options): void {
  let stopping = false
  const roads = new AbortController()
  void traffic(tower, options, roads.signal)
  const stop = async () => {
    if (stopping) return
    stopping = true
    console.log('\nStopping …')
    const late = setTimeout(() => process.exit(1), STOP_WITHIN_MS)
    roads.abort()
    await tower.stop()
    clearTimeout(late)
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.removeAllListeners(signal)
    process.on(signal, () => void stop())
  }
  console.log(welcome(tower))
  // The supervisor's own work is timers and processes; this keeps it alive between them.
  setInterval(() => {}, 1 << 30)
}

/** The simulated fleet: never in a database of somebody else's, and no reason for a tower to fall. */
async function traffic(tower: Tower, { quietRoads, host, port }: Options, signal: AbortSignal): Promise<void> {
  if (quietRoads || !tower.postgres) return
  const here = ['0.0.0.0', '::', '*'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  try {
    await openRoads(tower, `http://${here}:${port}`, signal)
  } catch (error) {
    if (!signal.aborted)
      console.log(`The simulated vehicles stay at home: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function welcome({ url, demo, dataDir }: Tower): string {
  const lines = ['', `  Xpress Ops Tower   ${url}`, '']
  const [operator] = demo?.operators ?? []
  const [device] = demo?.devices ?? []
  if (operator && device) {
    lines.push(
      `  Log in             ${operator.email}   ${operator.password}`,
      `  Press an SOS       curl -X POST ${url}/api/sos -H 'Authorization: Bearer ${device.token}' -d '{"kind":"medical"}'`,
      `  All of the demo    ${join(dataDir, 'demo.json')}`,
    )
  } else {
    lines.push('  First person       bun run seed --admin you@example.org')
  }
  lines.push(`  Logs               ${join(dataDir, 'workerd.log')}`, '', '  Ctrl-C stops all of it.', '')
  return lines.join('\n')
}
