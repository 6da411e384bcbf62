// A whole tower on this machine: Postgres, the schema, the build, the Worker in workerd, and the minute's tick. `npm start`,
// system tests, browser tests and benches all start it from here.

import { existsSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { build, HEADERS } from './build'
import { workerdConfig } from './capnp'
import { type DataDir, openDataDir } from './data-dir'
import { createTowerDatabase, type DatabaseUrls } from './database'
import { type Demo, seedDemo } from './demo'
import { migrate } from './migrate'
import { type PasswordChains, servePasswordChains } from './password-chains'
import { PUBLIC, WORKER } from './paths'
import { freePort, isFree } from './ports'
import { type PostgresServer, startPostgres } from './postgres'
import { CannotStart } from './refusal'
import { loadSecrets, type Secrets } from './secrets'
import { socketLimit, superviseWorkerd, type Workerd } from './workerd'

export type TowerOptions = {
  /** Everything that the tower keeps lies here. */
  dataDir: string
  /** 127.0.0.1 unless told. */
  host?: string
  /** A free one where it is not given. */
  port?: number
  /** As browsers and phones reach it; else http://127.0.0.1:port. */
  publicUrl?: string
  /** A PostgreSQL of somebody else's instead of our own: addresses of the three accounts. */
  database?: DatabaseUrls
  /** Puts the demo's people and devices into a database that is empty. Always done in our own. */
  demo?: boolean
  /** Further settings of the Worker (src/http/env.ts), as INTAKE_SHARDS. */
  settings?: Record<string, string>
  log?: (line: string) => void
}

export type Tower = {
  url: string
  /** Answers `POST /tick`; on loopback only. */
  internalUrl: string
  /** Null in a database without the demo. */
  demo: Demo | null
  dataDir: string
  /** The writer's address, as the Worker has it. */
  databaseUrl: string
  databaseUrls: DatabaseUrls
  secrets: Secrets
  /** Null where the database is somebody else's. */
  postgres: PostgresServer | null
  worker: Workerd
  /** Once a minute by itself; resolves to the Worker's report. */
  tick(): Promise<unknown>
  stop(): Promise<void>
}

const TICK_MS = 60_000

/** Resolves when it answers. Throws CannotStart, and leaves nothing running, where it cannot. */
export async function startTower(options: TowerOptions): Promise<Tower> {
  const log = options.log ?? (() => {})
  const data = await openDataDir(options.dataDir)
  const ending: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const each of ending.splice(0).reverse()) await each().catch((error: unknown) => log(String(error)))
    data.release()
  }
  try {
    const secrets = loadSecrets(data)
    const host = options.host ?? '127.0.0.1'
    const port = options.port ?? (await freePort())
    await checkPort(port, host)
    const url = options.publicUrl ?? `http://127.0.0.1:${port}`
    data.holdBy({ url, workerd: null, internal: null })

    const building = build()
    building.catch(() => {})
    const postgres = options.database ? null : await startOwnPostgres(data, secrets, log)
    if (postgres) ending.push(() => postgres.stop())
    const databaseUrls = options.database ?? (await createTowerDatabase(postgres as PostgresServer, secrets.postgres))
    await migrate(databaseUrls.owner)
    const demo = postgres || options.demo ? await seedDemo({ database: databaseUrls.owner, secrets, data, url }) : null
    const { version } = await building

    const internal = await freePort()
    const internalUrl = `http://127.0.0.1:${internal}`
    const passwords = servePasswordChains()
    ending.push(() => passwords.stop())
    const settings = {
      ...workerSettings(options, secrets, databaseUrls, url, version),
      PASSWORDS_KEY: passwords.key,
    }
    const worker = await superviseWorkerd({
      config: await writeConfig(data, settings, passwords),
      main: `${address(host)}:${port}`,
      internal: `127.0.0.1:${internal}`,
      healthUrl: `http://${EVERY_ADDRESS.includes(host) ? '127.0.0.1' : address(host)}:${port}/api/health`,
      env: settings,
      logFile: data.at('workerd.log'),
      log,
      onPid: (workerd) => data.holdBy({ url, workerd, internal: internalUrl }),
    })
    ending.push(() => worker.stop())

    const tick = async (): Promise<unknown> => {
      const response = await fetch(`${internalUrl}/tick`, { method: 'POST', signal: AbortSignal.timeout(TICK_MS / 2) })
      if (!response.ok) throw new Error(`the tick was answered ${response.status}`)
      return response.json()
    }
    ending.push(everyMinute(tick, log))
    const { path: dataDir } = data
    return {
      url,
      internalUrl,
      demo,
      dataDir,
      databaseUrl: databaseUrls.writer,
      databaseUrls,
      secrets,
      postgres,
      worker,
      tick,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

export const EVERY_ADDRESS = ['0.0.0.0', '::', '*']
export const address = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** After the data directory was opened: what a killed start of this very tower left behind has gone by then. */
export async function checkPort(port: number, host: string): Promise<void> {
  const state = await isFree(port, host)
  if (state === 'taken') {
    throw new CannotStart(
      `port ${port} is taken by another program. Stop it, or choose another: npm start -- --port ${port + 1}`,
    )
  }
  if (state === 'forbidden') {
    throw new CannotStart(`this user may not listen on port ${port}. Choose one above 1023 with --port.`)
  }
  if (state === 'no_host') throw new CannotStart(`this machine has no address ${host}.`)
}

export const startOwnPostgres = (
  data: DataDir,
  secrets: Secrets,
  onDeath: (line: string) => void,
): Promise<PostgresServer> =>
  startPostgres({
    dir: data.at('postgres'),
    password: secrets.postgres.admin,
    logFile: data.at('postgres.log'),
    onDeath,
  })

/** What the Worker gets, by name; names of src/http/env.ts. The environment's own settings pass through. */
export function workerSettings(
  { settings }: TowerOptions,
  { DEVICE_KEYS, SESSION_KEYS, PEPPER }: Secrets,
  database: DatabaseUrls,
  url: string,
  version: string,
): Record<string, string> {
  const passed = Object.fromEntries(PASSED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
  return {
    INTAKE_SHARDS: '2',
    FLEET_SHARDS: '1',
    COURIER_SHARDS: '1',
    // One process serves all shards: there is nothing to step to.
    STEP_AROUND: 'off',
    SOCKET_LIMIT: String(socketLimit()),
    ...passed,
    PUBLIC_URL: url,
    DATABASE_URL: database.writer,
    DATABASE_READER_URL: database.reader,
    DEVICE_KEYS,
    SESSION_KEYS,
    PEPPER,
    VERSION: version,
    ...settings,
  }
}

const PASSED = [
  'INTAKE_SHARDS',
  'FLEET_SHARDS',
  'COURIER_SHARDS',
  'SILENT_AFTER_S',
  'DEADMAN_URL',
  'GOOGLE_MAPS_KEY',
  'GEOCODE_CACHE',
  'TILE_URL',
  'TILE_ATTRIBUTION',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_SMS_FROM',
  'TWILIO_VOICE_FROM',
  'TWILIO_BASE_URL',
  'SIM_GATEWAY_URL',
  'SIM_GATEWAY_TOKEN',
  'SIM_GATEWAY_SECRET',
  'SENDGRID_API_KEY',
  'SENDGRID_FROM',
  'SENDGRID_WEBHOOK_KEY',
  'SENDGRID_BASE_URL',
  'WEBHOOK_SECRET',
  'TOWER_PHONES',
]

/** The Worker is copied beside its config: a build that is made meanwhile does not change what a restart starts. */
async function writeConfig(
  data: DataDir,
  settings: Record<string, string>,
  { address: passwords }: PasswordChains,
): Promise<string> {
  if (!existsSync(WORKER)) throw new CannotStart('there is no build. Run: bun run build')
  const storage = data.at('objects')
  await mkdir(storage, { recursive: true, mode: 0o700 })
  await copyFile(WORKER, data.at('worker.js'))
  const config = workerdConfig({
    worker: 'worker.js',
    assets: PUBLIC,
    headers: HEADERS,
    storage,
    settings: Object.keys(settings),
    neighbours: { PASSWORDS: passwords },
  })
  await writeFile(data.at('workerd.capnp'), config, { mode: 0o600 })
  return data.at('workerd.capnp')
}

/** Runs now and every minute; a failure is said once, until it has worked again. Returns what ends it. */
export function everyMinute(tick: () => Promise<unknown>, log: (line: string) => void): () => Promise<void> {
  let failing = false
  const run = () =>
    tick().then(
      () => {
        failing = false
      },
      (error: unknown) => {
        if (!failing) log(`The tick failed: ${error instanceof Error ? error.message : String(error)}`)
        failing = true
      },
    )
  void run()
  const timer = setInterval(() => void run(), TICK_MS)
  timer.unref()
  return async () => clearInterval(timer)
}
