// Applies drizzle/migrations to a database, in order, each in a transaction of its own, and never one twice.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { MIGRATIONS } from './paths'

/** `already`: how many were there before. `applied`: the names of the new ones. */
export type Migrated = { already: number; applied: string[] }

/** `url`: of the account that owns the tables. Two that migrate at once take turns. Throws where a file was changed later. */
export async function migrate(url: string, folder = MIGRATIONS): Promise<Migrated> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    await sql`CREATE TABLE IF NOT EXISTS migration (
      name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`
    await sql`SELECT pg_advisory_lock(7304)`
    const done = new Map(
      (await sql<{ name: string; hash: string }[]>`SELECT name, hash FROM migration`).map(({ name, hash }) => [
        name,
        hash,
      ]),
    )
    const applied: string[] = []
    for (const name of (await readdir(folder)).filter((each) => each.endsWith('.sql')).sort()) {
      const text = await readFile(join(folder, name), 'utf8')
      const hash = createHash('sha256').update(text).digest('hex')
      const before = done.get(name)
      if (before === hash) continue
      if (before !== undefined)
        throw new Error(`${name} was changed after it had been applied: add a new migration instead`)
      await sql.begin(async (tx) => {
        await tx.unsafe(text)
        await tx`INSERT INTO migration (name, hash) VALUES (${name}, ${hash})`
      })
      applied.push(name)
    }
    return { already: done.size, applied }
  } finally {
    await sql.end({ timeout: 5 })
  }
}
