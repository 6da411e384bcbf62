// What workerd's objects have on the disk, while it is dead: read and changed by hand, for faults that cannot be told to a
// runtime that lives (a timer that is gone, a page that nobody could have made, ten thousand that wait).

import { Database } from 'bun:sqlite'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OBJECT_CLASSES } from '../../scripts/lib/objects'
import type { Tower } from '../../scripts/lib/tower'

type Class = (typeof OBJECT_CLASSES)[number]['className']

const DEAD_WITHIN_MS = 10_000

/**
 * Kills workerd with -9, changes what it left, and resolves when the next one answers. Nothing can begin meanwhile: whoever
 * starts the next one lives in this very thread, which does not wait.
 */
export async function whileDead(tower: Tower, change: (open: OpenObject) => void): Promise<{ deadAt: number }> {
  const { pid } = tower.worker
  if (pid === null) throw new Error('workerd does not run')
  process.kill(pid, 'SIGKILL')
  const deadAt = Date.now()
  while (lives(pid)) {
    if (Date.now() - deadAt > DEAD_WITHIN_MS) throw new Error('workerd does not die')
    Bun.sleepSync(5)
  }
  const opened: Database[] = []
  try {
    change((name, holds) => {
      const found = objectsOf(tower, name).map((path) => new Database(path, { readwrite: true }))
      opened.push(...found)
      const own = found.filter(holds)
      const [only] = own
      if (!only || own.length > 1) throw new Error(`${own.length} objects of ${name} are such`)
      return only
    })
  } finally {
    for (const each of opened) each.close()
  }
  await tower.worker.ready()
  return { deadAt }
}

/** The one object of this class of which `holds` is true. */
export type OpenObject = (name: Class, holds: (db: Database) => boolean) => Database

/** The room of this incident. */
export const roomOfIncident =
  (id: string): ((db: Database) => boolean) =>
  (db) =>
    db.query('SELECT 1 FROM incident WHERE id = ?').get(id) !== null

/** The courier that tried somebody for this incident. */
export const courierOfIncident =
  (id: string): ((db: Database) => boolean) =>
  (db) =>
    db.query('SELECT 1 FROM attempt WHERE incident = ?').get(id) !== null

/** Where the runtime keeps the alarms of all objects of a class: none of them rings any more. Gives how many there were. */
export function forgetAlarms(tower: Tower, name: Class): number {
  const db = new Database(join(folderOf(tower, name), 'metadata.sqlite'), { readwrite: true })
  try {
    return db.run('DELETE FROM _cf_ALARM').changes
  } finally {
    db.close()
  }
}

const folderOf = (tower: Tower, name: Class): string =>
  join(tower.dataDir, 'objects', OBJECT_CLASSES.find(({ className }) => className === name)?.uniqueKey ?? '')

function objectsOf(tower: Tower, name: Class): string[] {
  const dir = folderOf(tower, name)
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .filter((file) => file.endsWith('.sqlite') && file !== 'metadata.sqlite')
    .map((file) => join(dir, file))
}

/** A process that is dead and not yet buried is dead. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
