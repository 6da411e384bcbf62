// A real PostgreSQL for the tests of one process: started on first use, stopped when the process ends.

import { afterAll } from 'bun:test'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { createTowerDatabase, type DatabaseUrls } from '../../scripts/lib/database'
import { migrate } from '../../scripts/lib/migrate'
import { type PostgresServer, startPostgres } from '../../scripts/lib/postgres'
import { openPostgres, type Postgres } from '../../src/store/postgres'

const PASSWORDS = {
  admin: 'admin-of-tests',
  owner: 'owner-of-tests',
  writer: 'writer-of-tests',
  reader: 'reader-of-tests',
}

let starting: Promise<{ server: PostgresServer; folder: string }> | null = null
let count = 0

async function launch(): Promise<{ server: PostgresServer; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'xot-postgres-'))
  const server = await startPostgres({
    dir: join(folder, 'postgres'),
    password: PASSWORDS.admin,
    logFile: join(folder, 'postgres.log'),
  })
  // A test process that ends by itself, or by Ctrl-C, leaves no server behind.
  process.on('exit', () => process.kill(server.pid, 'SIGQUIT'))
  return { server, folder }
}

/** The process's server, with nothing of ours in it. */
export async function testServer(): Promise<PostgresServer> {
  starting ??= launch()
  return (await starting).server
}

/** A new database with the newest schema, as owner, writer and reader see it. */
export async function testDatabase(): Promise<DatabaseUrls> {
  const server = await testServer()
  const urls = await createTowerDatabase(server, PASSWORDS, `test_${process.pid}_${++count}`)
  await migrate(urls.owner)
  return urls
}

export const asWriter = (urls: DatabaseUrls): Postgres => openPostgres(urls.writer)

/** Call once in a file that uses the server and is the last to do so in its process. */
export function stopAfterTests(): void {
  afterAll(async () => {
    if (!starting) return
    const { server, folder } = await starting
    starting = null
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
}

export { sql }
