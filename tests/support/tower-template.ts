// What a tower's very first start leaves in its directory, but for the Worker: the database made, migrated and seeded. It is
// made once for these sources and this day, and every test's tower goes on from a copy, as a second start does.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'
import { openDataDir } from '../../scripts/lib/data-dir'
import { createTowerDatabase } from '../../scripts/lib/database'
import { seedDemo } from '../../scripts/lib/demo'
import { migrate } from '../../scripts/lib/migrate'
import { ROOT } from '../../scripts/lib/paths'
import { startPostgres } from '../../scripts/lib/postgres'
import { loadSecrets } from '../../scripts/lib/secrets'
import { leaveNothing } from './leave-nothing'

const CACHE = join(ROOT, 'node_modules', '.cache')
const PREFIX = 'xot-tower-'
/** All that decides what a first start writes. */
const SOURCES = [
  'bun.lock',
  'drizzle/migrations/*.sql',
  'scripts/lib/*.ts',
  'src/domain/*.ts',
  'src/http/auth/*.ts',
  'src/ingest/device-token.ts',
  'src/intake/pin.ts',
]

/** Fills an empty directory of a tower. One that could not be filled stays empty: its first start takes longer, that is all. */
export async function copyTemplate(dataDir: string): Promise<void> {
  if (process.platform === 'win32' || readdirSync(dataDir).length > 0) return
  const template = await towerTemplate()
  if (copy(template, dataDir)) return
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name), { recursive: true, force: true })
}

/** The directory to copy from. Two processes that make it at once make it twice, and one of them is kept. */
export async function towerTemplate(): Promise<string> {
  const name = PREFIX + key()
  const template = join(CACHE, name)
  if (existsSync(template)) return template
  const made = await make()
  mkdirSync(CACHE, { recursive: true })
  const beside = `${template}.${process.pid}`
  try {
    if (!copy(made, beside)) throw new Error(`the template of the tests' towers could not be kept in ${CACHE}`)
    if (!existsSync(template)) renameSync(beside, template)
  } finally {
    for (const path of [made, beside]) rmSync(path, { recursive: true, force: true })
  }
  for (const old of readdirSync(CACHE)) {
    if (old.startsWith(PREFIX) && !old.startsWith(name)) rmSync(join(CACHE, old), { recursive: true, force: true })
  }
  return template
}

/** Sources and the day: the demo's rota begins with this week. */
function key(): string {
  const paths = SOURCES.flatMap((pattern) => [...new Glob(pattern).scanSync({ cwd: ROOT, onlyFiles: true })])
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 10))
  for (const path of paths.sort()) hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex').slice(0, 12)
}

/** In the place of temporary files: PostgreSQL's own account can reach it, wherever the checkout lies. */
async function make(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), PREFIX))
  leaveNothing(dir)
  const data = await openDataDir(dir)
  const secrets = loadSecrets(data)
  const server = await startPostgres({
    dir: data.at('postgres'),
    password: secrets.postgres.admin,
    logFile: data.at('postgres.log'),
  })
  try {
    const { owner } = await createTowerDatabase(server, secrets.postgres)
    await migrate(owner)
    await seedDemo({ database: owner, secrets, data, url: 'http://127.0.0.1' })
  } finally {
    await server.stop()
  }
  return dir
}

/** With owners and rights, which PostgreSQL insists on. */
function copy(from: string, to: string): boolean {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  return spawnSync('cp', ['-a', `${from}/.`, to]).status === 0
}
