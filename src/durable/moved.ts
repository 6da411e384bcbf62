// An object's storage as lines of text, and back: so a tower moves from one process into a cluster, whose objects are kept in a
// form of the runtime's own. Tables that begin with `_cf_` are the runtime's and stay behind; its alarm is set by whoever is born.

import type { SqlValue, Storage } from './storage'

/** One line of JSON each: what there is, then every row, then how many there were. */
export type MovedLine =
  | { tables: MovedTable[]; indexes: string[] }
  | { of: number; row: MovedValue[] }
  | { rows: number }

/** `last`: the highest number that AUTOINCREMENT has given, also to rows that are gone; null where it gives none. */
export type MovedTable = { name: string; sql: string; columns: string[]; last: number | null }
/** Bytes are base64. */
export type MovedValue = string | number | null | { bytes: string }

/** What nothing may be put in the place of: a press, an incident, a try to reach somebody. */
const KEEPS = ['press', 'incident', 'attempt', 'unverified']
/** Of the object itself, which has its name already. */
const OWN = 'own_name'

export type PutBack = { ok: true; rows: number } | { ok: false; reason: 'in_use' | 'broken' }

/**
 * Puts a storage in the place of a new object's own, in one transaction: all of it or nothing. `in_use`: this object has taken
 * something already. `broken`: the text does not end as it says. The object must be born anew afterwards: what it has in memory
 * is of the storage that is gone.
 */
export function putBack(storage: Storage, text: string): PutBack {
  const lines = text.trimEnd().split('\n')
  const read = (line: string | undefined): MovedLine | null => (line ? (JSON.parse(line) as MovedLine) : null)
  const [first, last] = [read(lines[0]), read(lines.at(-1))]
  if (!first || !('tables' in first) || !last || !('rows' in last) || last.rows !== lines.length - 2)
    return { ok: false, reason: 'broken' }
  const here = namesOf(storage)
  const isUsed = (name: string) =>
    storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${quoted(name)}`).one().n > 0
  if (KEEPS.some((name) => here.includes(name) && isUsed(name))) return { ok: false, reason: 'in_use' }
  const tables = first.tables.filter(({ name }) => name !== OWN)
  storage.transactionSync(() => {
    for (const name of here) if (name !== OWN) storage.sql.exec(`DROP TABLE ${quoted(name)}`)
    for (const { sql, name, columns, last: highest } of tables) {
      storage.sql.exec(sql)
      if (highest !== null) countOn(storage, name, columns, highest)
    }
    for (let at = 1; at < lines.length - 1; at++) {
      const line = read(lines[at])
      const table = line && 'row' in line ? first.tables[line.of] : undefined
      if (!line || !('row' in line) || !table) throw new Error(`line ${at + 1} is no row`)
      if (table.name === OWN) continue
      const marks = line.row.map(() => '?').join(', ')
      const names = table.columns.map(quoted).join(', ')
      storage.sql.exec(`INSERT INTO ${quoted(table.name)} (${names}) VALUES (${marks})`, ...line.row.map(sqlValue))
    }
    for (const sql of first.indexes) storage.sql.exec(sql)
  })
  return { ok: true, rows: last.rows }
}

const namesOf = ({ sql }: Storage): string[] =>
  sql
    .exec<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 4) <> '_cf_' AND substr(name, 1, 7) <> 'sqlite_'`,
    )
    .toArray()
    .map(({ name }) => name)

/** A number that was given once must not be given again, and the table of such numbers is the runtime's own. */
function countOn({ sql }: Storage, name: string, columns: string[], highest: number): void {
  const [key] = sql.exec<{ name: string }>(`SELECT name FROM pragma_table_info('${name}') WHERE pk = 1`).toArray()
  if (!key) return
  const others = sql
    .exec<{ name: string; type: string }>(
      `SELECT name, type FROM pragma_table_info('${name}') WHERE pk = 0 AND "notnull" = 1 AND dflt_value IS NULL`,
    )
    .toArray()
    .filter((column) => columns.includes(column.name))
  const names = [key.name, ...others.map((column) => column.name)].map(quoted).join(', ')
  const values = [highest, ...others.map(({ type }) => (type === 'INTEGER' ? 0 : ''))]
  sql.exec(`INSERT INTO ${quoted(name)} (${names}) VALUES (${values.map(() => '?').join(', ')})`, ...values)
  sql.exec(`DELETE FROM ${quoted(name)} WHERE ${quoted(key.name)} = ?`, highest)
}

const sqlValue = (value: MovedValue): SqlValue => {
  if (typeof value !== 'object' || value === null) return value
  const bytes = Buffer.from(value.bytes, 'base64')
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
