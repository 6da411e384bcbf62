// Where the test's object store keeps its objects: in memory, or one file each. An object's name and tag are known in the
// turn in which it is written, so conditions never race.

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export type Body = Uint8Array<ArrayBuffer>

export type Kept = {
  keys(): string[]
  etag(key: string): string | null
  size(key: string): number
  /** Epoch ms. */
  writtenAt(key: string): number
  read(key: string): Promise<Body | null>
  write(key: string, body: Body, etag: string): Promise<void>
  remove(key: string): Promise<void>
}

type Known = { etag: string; body: Body; at: number }

export function keepInMemory(known = new Map<string, Known>()): Kept {
  return {
    keys: () => [...known.keys()],
    etag: (key) => known.get(key)?.etag ?? null,
    size: (key) => known.get(key)?.body.length ?? 0,
    writtenAt: (key) => known.get(key)?.at ?? 0,
    read: async (key) => known.get(key)?.body ?? null,
    write: async (key, body, etag) => {
      known.set(key, { etag, body, at: Date.now() })
    },
    remove: async (key) => {
      known.delete(key)
    },
  }
}

/** Also in files, which the next start reads: a bucket for trying things out is small. */
export async function keepOnDisk(dir: string): Promise<Kept> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const known = new Map<string, Known>()
  for (const name of await readdir(dir)) {
    if (name.endsWith(TEMPORARY)) continue
    const body = new Uint8Array(await readFile(join(dir, name)))
    known.set(decodeURIComponent(name), {
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      body,
      at: Date.now(),
    })
  }
  const memory = keepInMemory(known)
  const fileOf = (key: string) => join(dir, encodeURIComponent(key))
  /** One after the other for each object, so that the file is in the end what memory says. */
  const writing = new Map<string, Promise<void>>()
  const after = (key: string, work: () => Promise<void>): Promise<void> => {
    const mine = (writing.get(key) ?? Promise.resolve()).then(work)
    writing.set(key, mine)
    return mine.finally(() => {
      if (writing.get(key) === mine) writing.delete(key)
    })
  }
  return {
    ...memory,
    write: async (key, body, etag) => {
      await memory.write(key, body, etag)
      await after(key, async () => {
        await writeFile(`${fileOf(key)}${TEMPORARY}`, body, { mode: 0o600 })
        await rename(`${fileOf(key)}${TEMPORARY}`, fileOf(key))
      })
    },
    remove: async (key) => {
      await memory.remove(key)
      await after(key, () => rm(fileOf(key), { force: true }))
    },
  }
}

const TEMPORARY = '~'
