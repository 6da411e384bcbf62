// A shard's fences and sides on disk: it goes on watching while Postgres is away, and a restart makes no crossings of its
// own. What cannot be read is as if it had never been: the next fixes say it anew, without an event.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { FenceList, WatchedFence } from '../domain/fence-record'
import type { Storage } from '../durable/storage'
import type { DeviceSides } from './fences'

/** Goes into the shard's list of migrations. */
export const FENCE_TABLES = `CREATE TABLE fence_list (only INTEGER PRIMARY KEY CHECK (only = 1), version INTEGER NOT NULL);
CREATE TABLE fence (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE fence_sides (part INTEGER PRIMARY KEY, body BLOB NOT NULL)`

export function keepFences(storage: Storage, { version, fences }: FenceList): void {
  storage.transactionSync(() => {
    storage.sql.exec('DELETE FROM fence')
    for (const fence of fences)
      storage.sql.exec('INSERT INTO fence (id, body) VALUES (?, ?)', fence.id, JSON.stringify(fence))
    storage.sql.exec('INSERT OR REPLACE INTO fence_list (only, version) VALUES (1, ?)', version)
  })
}

export function keptFences(storage: Storage): FenceList {
  const [row] = storage.sql.exec<{ version: number }>('SELECT version FROM fence_list').toArray()
  const rows = storage.sql.exec<{ body: string }>('SELECT body FROM fence ORDER BY id').toArray()
  return { version: row?.version ?? 0, fences: rows.map(({ body }) => JSON.parse(body) as WatchedFence) }
}

type Part = { v: 1; sides: [deviceId: string, upTo: number, inside: string[], unsure: string[]][] }

/** Devices in one part: with a dozen fences each it stays below what a storage takes as one value. */
const DEVICES_PER_PART = 2_500

export function keepSides(storage: Storage, entries: Iterable<[string, DeviceSides]>): void {
  const all = Array.from(entries, ([deviceId, { upTo, inside, unsure }]): Part['sides'][number] => [
    deviceId,
    upTo,
    inside,
    unsure,
  ])
  const bodies: ArrayBuffer[] = []
  for (let from = 0; from < all.length; from += DEVICES_PER_PART) {
    const part: Part = { v: 1, sides: all.slice(from, from + DEVICES_PER_PART) }
    bodies.push(new Uint8Array(deflateRawSync(JSON.stringify(part), { level: 1 })).buffer)
  }
  storage.transactionSync(() => {
    storage.sql.exec('DELETE FROM fence_sides')
    bodies.forEach((body, part) => {
      storage.sql.exec('INSERT INTO fence_sides (part, body) VALUES (?, ?)', part, body)
    })
  })
}

export function keptSides(storage: Storage): { sides: [string, DeviceSides][]; unread: string[] } {
  const sides: [string, DeviceSides][] = []
  const unread: string[] = []
  for (const { body } of storage.sql
    .exec<{ body: ArrayBuffer }>('SELECT body FROM fence_sides ORDER BY part')
    .toArray()) {
    try {
      const part = JSON.parse(new TextDecoder().decode(inflateRawSync(new Uint8Array(body)))) as Part
      if (part.v !== 1) throw new Error(`sides of version ${part.v}`)
      for (const [deviceId, upTo, inside, unsure] of part.sides) sides.push([deviceId, { upTo, inside, unsure }])
    } catch (error) {
      unread.push(error instanceof Error ? error.message : String(error))
    }
  }
  return { sides, unread }
}
