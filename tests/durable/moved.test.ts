import { Database } from 'bun:sqlite'
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportObjects, readManifest } from '../../scripts/lib/cluster/moved-files'
import { type MovedLine, putBack } from '../../src/durable/moved'
import { memoryStorage } from '../support/storage'

const dir = mkdtempSync(join(tmpdir(), 'xot-moved-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** One intake on a disk, as workerd leaves it. */
function tower(name: string, fill: (db: Database) => void): string {
  const objects = join(dir, `${name}-objects`)
  mkdirSync(join(objects, 'xot-sos-intake'), { recursive: true })
  const db = new Database(join(objects, 'xot-sos-intake', `${'a'.repeat(64)}.sqlite`))
  db.run(`CREATE TABLE _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)`)
  fill(db)
  db.close()
  writeFileSync(join(objects, 'xot-sos-intake', 'metadata.sqlite'), '')
  return objects
}

const named = (db: Database) => {
  db.run('CREATE TABLE own_name (name TEXT NOT NULL)')
  db.run(`INSERT INTO own_name VALUES ('NCR:1')`)
}

const filled = tower('filled', (db) => {
  named(db)
  db.run('CREATE TABLE press (n INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, raw BLOB)')
  db.run('CREATE UNIQUE INDEX press_body ON press (body)')
  db.run('CREATE TABLE cancel (n INTEGER PRIMARY KEY AUTOINCREMENT, verdict TEXT NOT NULL)')
  db.run('CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID')
  db.run(`INSERT INTO press (body, raw) VALUES ('one\nline', x'00ff10'), ('Tulong! 🆘', NULL)`)
  db.run(`INSERT INTO cancel (verdict) VALUES ('a'), ('b'), ('c')`)
  db.run('DELETE FROM cancel')
  db.run(`INSERT INTO meta VALUES ('at', 1795443220123)`)
})

const exported = exportObjects(filled, join(dir, 'out'))
const text = () => readFileSync(join(dir, 'out', 'SosIntake-NCR-1.jsonl'), 'utf8')
const fresh = () => {
  const storage = memoryStorage()
  storage.sql.exec('CREATE TABLE own_name (name TEXT NOT NULL)')
  storage.sql.exec(`INSERT INTO own_name VALUES ('NCR:1')`)
  storage.sql.exec('CREATE TABLE press (n INTEGER PRIMARY KEY, older TEXT)')
  return storage
}

describe('an object that moves', () => {
  test('is exported under its name, without what is the runtime’s', () => {
    expect(exported.objects).toMatchObject([{ className: 'SosIntake', name: 'NCR:1', rows: 4 }])
    const [first] = text().split('\n')
    const { tables } = JSON.parse(first as string) as Extract<MovedLine, { tables: unknown }>
    expect(tables.map(({ name }) => name)).toEqual(['own_name', 'press', 'cancel', 'meta'])
  })

  test('is what it was, in the place of what a new one had made', () => {
    const storage = fresh()
    expect(putBack(storage, text())).toEqual({ ok: true, rows: 4 })
    const rows = storage.sql.exec<{ n: number; body: string }>('SELECT n, body FROM press ORDER BY n').toArray()
    expect(rows.map(({ n, body }) => [n, body])).toEqual([
      [1, 'one\nline'],
      [2, 'Tulong! 🆘'],
    ])
    expect(storage.sql.exec<{ hex: string }>('SELECT hex(raw) AS hex FROM press WHERE n = 1').one().hex).toBe('00FF10')
    expect(storage.sql.exec<{ value: number }>('SELECT value FROM meta').one().value).toBe(1_795_443_220_123)
    expect(() => storage.sql.exec(`INSERT INTO press (body) VALUES ('one\nline')`)).toThrow()
  })

  test('goes on counting where it had counted to, also past rows that are gone', () => {
    const storage = fresh()
    putBack(storage, text())
    storage.sql.exec(`INSERT INTO cancel (verdict) VALUES ('d')`)
    expect(storage.sql.exec<{ n: number }>('SELECT n FROM cancel').one().n).toBe(4)
  })

  test('never takes the place of one that has a press', () => {
    const storage = fresh()
    storage.sql.exec(`INSERT INTO press (older) VALUES ('mine')`)
    expect(putBack(storage, text())).toEqual({ ok: false, reason: 'in_use' })
    expect(storage.sql.exec<{ older: string }>('SELECT older FROM press').one().older).toBe('mine')
  })

  test('is refused whole where its text was cut, or a row does not fit', () => {
    const storage = fresh()
    const lines = text().trimEnd().split('\n')
    expect(putBack(storage, lines.slice(0, -1).join('\n'))).toEqual({ ok: false, reason: 'broken' })
    const twice = [...lines.slice(0, -1), lines.at(-2), JSON.stringify({ rows: 5 })].join('\n')
    expect(() => putBack(storage, twice)).toThrow()
    expect(storage.sql.exec('SELECT older FROM press').toArray()).toEqual([])
  })
})

test('an object whose name nobody wrote down is not exported without it', () => {
  const nameless = tower('nameless', (db) => db.run('CREATE TABLE press (n INTEGER PRIMARY KEY)'))
  expect(() => exportObjects(nameless, join(dir, 'nameless-out'))).toThrow('Start the tower once with this version')
})

test('files that were changed after the export are not taken', () => {
  expect(readManifest(join(dir, 'out')).objects).toHaveLength(1)
  writeFileSync(join(dir, 'out', 'SosIntake-NCR-1.jsonl'), `${text()} `)
  expect(() => readManifest(join(dir, 'out'))).toThrow('is not what was exported')
})
