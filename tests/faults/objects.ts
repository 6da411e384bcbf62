// The storage of workerd's objects while it is dead, all of a class: what tests/support/objects-on-disk finds one by one.

import { Database } from 'bun:sqlite'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OBJECT_CLASSES } from '../../scripts/lib/objects'
import type { Tower } from '../../scripts/lib/tower'

export type ClassName = (typeof OBJECT_CLASSES)[number]['className']

/** Runs for each object of the class that has ever been. Only inside of `whileDead`. */
export function eachObject<T>(tower: Tower, name: ClassName, run: (db: Database) => T): T[] {
  const uniqueKey = OBJECT_CLASSES.find(({ className }) => className === name)?.uniqueKey ?? ''
  const dir = join(tower.dataDir, 'objects', uniqueKey)
  if (!existsSync(dir)) return []
  const files = readdirSync(dir).filter((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite')
  return files.map((file) => {
    const db = new Database(join(dir, file), { readwrite: true })
    try {
      return run(db)
    } finally {
      db.close()
    }
  })
}

/** Ids of devices whose presses are on the disk of some intake. */
export function pressedOnDisk(tower: Tower): Set<string> {
  const devices = eachObject(tower, 'SosIntake', (db) =>
    hasTable(db, 'press') ? db.query<{ device: string }, []>('SELECT device_id AS device FROM press').all() : [],
  )
  return new Set(devices.flat().map(({ device }) => device))
}

export const hasTable = (db: Database, name: string): boolean =>
  db.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== null

export const hasColumn = (db: Database, table: string, name: string): boolean =>
  db.query('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get(table, name) !== null
