// A real PostgreSQL for the tests of one process: started on first use, stopped when the process ends.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTowerDatabase, type DatabaseUrls } from '../../scripts/lib/database'
import { migrate } from '../../scripts/lib/migrate'
import { type PostgresServer, startPostgres } from '../../scripts/lib/postgres'
import { leaveNothing } from './leave-nothing'

const PASSWORDS = {
  admin: 'admin-of-tests',
  owner: 'owner-of-tests',
  writer: 'writer-of-tests',
  reader: 'reader-of-tests',
}

let starting: Promise<PostgresServer> | null = null
let count = 0

async function launch(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'xot-postgres-'))
  leaveNothing(folder)
  return startPostgres({
    dir: join(folder, 'postgres'),
    password: PASSWORDS.admin,
    logFile: join(folder, 'postgres.log'),
  })
}

/** The process's server, with nothing of ours in it. */
export function testServer(): Promise<PostgresServer> {
  starting ??= launch()
  return starting
}

/** A new database with the newest schema, as owner, writer and reader see it. */
export async function testDatabase(): Promise<DatabaseUrls> {
  const server = await testServer()
  const urls = await createTowerDatabase(server, PASSWORDS, `test_${process.pid}_${++count}`)
  await migrate(urls.owner)
  return urls
}
