// The store that tests use for a bucket: what members of a cluster rely on must hold of it, or it proves nothing.

import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ObjectStore, type ObjectStoreOptions, startObjectStore } from '../support/object-store'

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const each of ending.splice(0).reverse()) await each()
})

async function open(options: ObjectStoreOptions = {}) {
  const store = await startObjectStore(options)
  ending.push(() => store.stop())
  const at = (key: string) => `${store.url}/bucket/${key}`
  const put = (key: string, body: string, headers: Record<string, string> = {}) =>
    fetch(at(key), { method: 'PUT', body, headers })
  const get = async (key: string) => {
    const response = await fetch(at(key))
    return response.ok ? response.text() : response.status
  }
  return { store, at, put, get }
}

const listed = async (store: ObjectStore, query: string) => {
  const text = await (await fetch(`${store.url}/bucket?list-type=2&${query}`)).text()
  const all = (tag: string) => [...text.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map(([, each]) => each)
  return { keys: all('Key'), folders: all('Prefix').slice(1), next: all('NextContinuationToken')[0] }
}

describe('a conditional write', () => {
  test('makes an object once: of a hundred at the same time one wins', async () => {
    const { put } = await open({ latencyMs: 1 })
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => put('a', String(n), { 'if-none-match': '*' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(99).fill(412)])
  })

  test('replaces only what it has read', async () => {
    const { put, get } = await open()
    const etag = (await put('a', 'one')).headers.get('etag') as string
    expect((await put('a', 'two', { 'if-match': etag })).status).toBe(200)
    expect((await put('a', 'three', { 'if-match': etag })).status).toBe(412)
    expect((await put('b', 'one', { 'if-match': etag })).status).toBe(404)
    expect(await get('a')).toBe('two')
  })
})

describe('reading', () => {
  test('gives parts by range, from either end', async () => {
    const { put, at } = await open()
    await put('a', '0123456789')
    const part = async (range: string) => {
      const response = await fetch(at('a'), { headers: { range } })
      return [response.status, response.ok ? await response.text() : '']
    }
    expect(await part('bytes=2-4')).toEqual([206, '234'])
    expect(await part('bytes=8-')).toEqual([206, '89'])
    expect(await part('bytes=-3')).toEqual([206, '789'])
    expect(await part('bytes=10-12')).toEqual([416, ''])
  })

  test('lists by prefix, in order, in pages, and folds what lies deeper', async () => {
    const { put, store } = await open()
    for (const key of ['n/b', 'n/a', 'n/d/1', 'n/d/2', 'm', 'n/c']) await put(key, key)
    expect((await listed(store, 'prefix=n/')).keys).toEqual(['n/a', 'n/b', 'n/c', 'n/d/1', 'n/d/2'])
    const folded = await listed(store, 'prefix=n/&delimiter=/')
    expect([folded.keys, folded.folders]).toEqual([['n/a', 'n/b', 'n/c'], ['n/d/']])
    const first = await listed(store, 'prefix=n/&max-keys=2')
    expect(first.keys).toEqual(['n/a', 'n/b'])
    const rest = await listed(store, `prefix=n/&continuation-token=${first.next}`)
    expect(rest.keys).toEqual(['n/c', 'n/d/1', 'n/d/2'])
  })

  test('puts the parts of a large object together, and deletes several at once', async () => {
    const { at, get, put } = await open()
    const begun = await (await fetch(`${at('big')}?uploads`, { method: 'POST' })).text()
    const id = /<UploadId>([^<]+)</.exec(begun)?.[1]
    for (const [n, body] of ['one ', 'two'].entries())
      await fetch(`${at('big')}?partNumber=${n + 1}&uploadId=${id}`, { method: 'PUT', body })
    expect((await fetch(`${at('big')}?uploadId=${id}`, { method: 'POST' })).status).toBe(200)
    expect(await get('big')).toBe('one two')
    await put('small', 'x')
    const body = '<Delete><Object><Key>big</Key></Object><Object><Key>small</Key></Object></Delete>'
    await fetch(`${at('')}?delete`, { method: 'POST', body })
    expect([await get('big'), await get('small')]).toEqual([404, 404])
  })
})

describe('its faults', () => {
  test('paused it takes requests, and does them when it is near again', async () => {
    const { store, put, get } = await open()
    await store.set('paused')
    const waiting = put('a', 'late')
    expect(await Promise.race([waiting.then(() => 'done'), Bun.sleep(50).then(() => 'waits')])).toBe('waits')
    await store.set('near')
    expect((await waiting).status).toBe(200)
    expect(await get('a')).toBe('late')
  })

  test('away nobody listens, and what it had is there when it returns', async () => {
    const { store, put, get } = await open()
    await put('a', 'kept')
    await store.set('away')
    expect(await put('b', 'lost').catch(() => 'refused')).toBe('refused')
    await store.set('near')
    expect([await get('a'), await get('b')]).toEqual(['kept', 404])
  })

  test('in a directory its objects are there after a restart, under the same tags', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'xot-store-'))
    ending.push(() => rmSync(dir, { recursive: true, force: true }))
    const first = await open({ dir })
    const etag = (await first.put('a/b', 'kept')).headers.get('etag') as string
    await first.store.stop()
    const again = await open({ dir })
    expect(await again.get('a/b')).toBe('kept')
    expect((await again.put('a/b', 'new', { 'if-match': etag })).status).toBe(200)
  })
})
