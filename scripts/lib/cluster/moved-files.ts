// What a single tower's objects have on its disk, as files that any cluster takes: one of lines for each object, and a list of
// them with their hashes. The lines are src/durable/moved.ts's.

import { Database } from 'bun:sqlite'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MovedLine, MovedTable, MovedValue } from '../../../src/durable/moved'
import { OBJECT_CLASSES } from '../objects'
import { CannotStart } from '../refusal'

export type Manifest = { form: 1; at: string; objects: MovedObject[] }
export type MovedObject = { className: string; name: string; file: string; rows: number; sha256: string }

const LIST = 'objects.json'
/** In this order they come back: rooms before the intakes that tell them. What the Sentinel knows is a minute old. */
const MOVED = ['Courier', 'FleetShard', 'SosRoom', 'SosIntake']

/** Reads `objectsDir` of a tower that is stopped and writes into `to`, which must not be there. */
export function exportObjects(objectsDir: string, to: string): Manifest {
  if (!existsSync(objectsDir)) throw new CannotStart(`there are no objects at ${objectsDir}: no tower has run there.`)
  if (existsSync(to)) throw new CannotStart(`${to} is there already: choose another with --to.`)
  mkdirSync(to, { recursive: true, mode: 0o700 })
  const objects: MovedObject[] = []
  for (const className of MOVED) {
    const dir = join(objectsDir, OBJECT_CLASSES.find((each) => each.className === className)?.uniqueKey ?? '')
    const files = existsSync(dir) ? readdirSync(dir) : []
    for (const file of files.filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)).sort()) {
      const { name, lines } = readObject(dir, file)
      const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
      const sha256 = createHash('sha256').update(text).digest('hex')
      const own = `${className}-${name.replaceAll(':', '-')}.jsonl`
      writeFileSync(join(to, own), text, { mode: 0o600 })
      objects.push({ className, name, file: own, rows: lines.length - 2, sha256 })
    }
  }
  const manifest: Manifest = { form: 1, at: new Date().toISOString(), objects }
  writeFileSync(join(to, LIST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
  return manifest
}

/** Throws CannotStart where something is missing or was changed: half of a tower is worse than none. */
export function readManifest(from: string): Manifest {
  const file = join(from, LIST)
  if (!existsSync(file)) throw new CannotStart(`${from} holds no ${LIST}: give the directory that export-rooms made.`)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  if (manifest.form !== 1) throw new CannotStart(`${file} was written by a newer version.`)
  for (const { file: own, sha256 } of manifest.objects) {
    const path = join(from, own)
    if (!existsSync(path)) throw new CannotStart(`${path} is missing.`)
    if (createHash('sha256').update(readFileSync(path)).digest('hex') !== sha256)
      throw new CannotStart(`${path} is not what was exported.`)
  }
  return manifest
}

/** On a copy, with what had not been merged yet: a tower that was killed leaves its last writes beside the file. */
function readObject(dir: string, file: string): { name: string; lines: MovedLine[] } {
  const own = mkdtempSync(join(tmpdir(), 'xot-move-'))
  try {
    for (const name of [file, `${file}-wal`])
      if (existsSync(join(dir, name))) copyFileSync(join(dir, name), join(own, name))
    const db = new Database(join(own, file))
    try {
      return { name: nameIn(db, join(dir, file)), lines: linesOf(db) }
    } finally {
      db.close()
    }
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

function nameIn(db: Database, path: string): string {
  const has = db.query(`SELECT 1 FROM sqlite_master WHERE name = 'own_name'`).get()
  const row = has ? (db.query('SELECT name FROM own_name').get() as { name: string } | null) : null
  if (!row) {
    throw new CannotStart(
      `${path} does not say whose it is. Start the tower once with this version, stop it, and export again.`,
    )
  }
  return row.name
}

function linesOf(db: Database): MovedLine[] {
  const made = db
    .query<{ type: string; name: string; sql: string }, []>(
      `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')
       AND substr(tbl_name, 1, 4) <> '_cf_' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY rowid`,
    )
    .all()
  const numbered = db.query(`SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'`).get() !== null
  const tables = made
    .filter(({ type }) => type === 'table')
    .map(({ name, sql }): MovedTable => {
      const columns = db.query<{ name: string }, [string]>('SELECT name FROM pragma_table_info(?)').all(name)
      const counted = numbered
        ? db.query<{ seq: number }, [string]>('SELECT seq FROM sqlite_sequence WHERE name = ?').get(name)
        : null
      return { name, sql, columns: columns.map((column) => column.name), last: counted?.seq ?? null }
    })
  const rows = tables.flatMap(({ name, columns }, of) =>
    db
      .query(`SELECT ${columns.map((column) => `"${column}"`).join(', ')} FROM "${name}"`)
      .values()
      .map((row): MovedLine => ({ of, row: row.map(lineValue) })),
  )
  const indexes = made.filter(({ type }) => type === 'index').map(({ sql }) => sql)
  return [{ tables, indexes }, ...rows, { rows: rows.length }]
}

const lineValue = (value: unknown): MovedValue =>
  value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : (value as string | number | null)
