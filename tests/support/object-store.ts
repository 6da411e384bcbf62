// An S3-compatible store for tests: one bucket over HTTP with conditional writes, and faults that a real one can have.
// Not for production: signatures are not checked, and what it keeps on a disk is not synced.

import { createHash } from 'node:crypto'
import { type Body, type Kept, keepInMemory, keepOnDisk } from './object-store-kept'

export type ObjectStoreOptions = {
  /** Added to every answer, ms. A store in the same data centre has some 20. */
  latencyMs?: number
  /** Keeps the objects in this directory, over a restart; else in memory. */
  dir?: string
  port?: number
}

/**
 * `near`: as it should be. `paused`: takes every request and answers none until it is near again, then does them all.
 * `failing`: 503 to all. `away`: nobody listens.
 */
export type StoreState = 'near' | 'paused' | 'failing' | 'away'

export type ObjectStore = {
  /** As `aws_endpoint` has it. */
  url: string
  port: number
  latencyMs: number
  readonly state: StoreState
  set(state: StoreState): Promise<void>
  /** Requests since the start, by kind. */
  readonly counts: Readonly<Record<string, number>>
  /** Names of the objects that begin with this. */
  keys(prefix?: string): string[]
  read(key: string): Promise<Body | null>
  remove(key: string): Promise<void>
  stop(): Promise<void>
}

/** Answers on 127.0.0.1 once it resolves. */
export async function startObjectStore(options: ObjectStoreOptions = {}): Promise<ObjectStore> {
  const kept = options.dir === undefined ? keepInMemory() : await keepOnDisk(options.dir)
  const counts: Record<string, number> = {}
  const uploads = new Map<string, Map<number, Body>>()
  let state: StoreState = 'near'
  let resumed = Promise.withResolvers<void>()
  const store = { latencyMs: options.latencyMs ?? 0 }

  const hear = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    const [, bucket = '', ...rest] = pathname.split('/')
    const asked: Asked = {
      method: request.method,
      bucket,
      key: decodeURIComponent(rest.join('/')),
      query: searchParams,
      headers: request.headers,
      body: new Uint8Array(await request.arrayBuffer()),
    }
    if (store.latencyMs > 0) await Bun.sleep(store.latencyMs)
    while (state === 'paused') await resumed.promise
    if (state === 'failing') return fault(503, 'SlowDown')
    const kind = kindOf(asked)
    counts[kind] = (counts[kind] ?? 0) + 1
    return answer(kept, uploads, kind, asked)
  }
  const listen = (port: number) => Bun.serve({ hostname: '127.0.0.1', port, idleTimeout: 0, fetch: hear })
  let server: ReturnType<typeof listen> | null = listen(options.port ?? 0)
  const port = server.port as number

  return Object.assign(store, {
    url: `http://127.0.0.1:${port}`,
    port,
    counts,
    get state() {
      return state
    },
    async set(next: StoreState) {
      if (next === state) return
      const before = state
      state = next
      if (before === 'paused') {
        resumed.resolve()
        resumed = Promise.withResolvers()
      }
      if (next === 'away') {
        await server?.stop(true)
        server = null
      } else server ??= listen(port)
    },
    keys: (prefix = '') => kept.keys().filter((key) => key.startsWith(prefix)),
    read: (key: string) => kept.read(key),
    remove: (key: string) => kept.remove(key),
    async stop() {
      state = 'failing'
      resumed.resolve()
      await server?.stop(true)
      server = null
    },
  })
}

type Asked = { method: string; bucket: string; key: string; query: URLSearchParams; headers: Headers; body: Body }
type Kind =
  | 'get'
  | 'head'
  | 'put'
  | 'delete'
  | 'list'
  | 'delete many'
  | 'begin'
  | 'part'
  | 'complete'
  | 'abort'
  | 'other'

function kindOf({ method, key, query }: Asked): Kind {
  if (method === 'GET') return key === '' || query.has('list-type') ? 'list' : 'get'
  if (method === 'HEAD') return 'head'
  if (method === 'PUT') return query.has('partNumber') ? 'part' : 'put'
  if (method === 'DELETE') return query.has('uploadId') ? 'abort' : 'delete'
  if (method === 'POST' && query.has('delete')) return 'delete many'
  if (method === 'POST' && query.has('uploads')) return 'begin'
  return method === 'POST' && query.has('uploadId') ? 'complete' : 'other'
}

async function answer(
  kept: Kept,
  uploads: Map<string, Map<number, Body>>,
  kind: Kind,
  asked: Asked,
): Promise<Response> {
  const { key, query, headers, body } = asked
  switch (kind) {
    case 'get':
    case 'head':
      return read(kept, asked, kind === 'head')
    case 'put':
      return write(kept, key, body, headers)
    case 'delete':
      return remove(kept, key, headers)
    case 'list':
      return xml(listed(kept, asked))
    case 'delete many': {
      const names = [...new TextDecoder().decode(body).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name]) =>
        plain(name ?? ''),
      )
      for (const name of names) await kept.remove(name)
      return xml(
        `<DeleteResult>${names.map((name) => `<Deleted><Key>${escaped(name)}</Key></Deleted>`).join('')}</DeleteResult>`,
      )
    }
    case 'begin': {
      const id = crypto.randomUUID()
      uploads.set(id, new Map())
      return xml(
        `<InitiateMultipartUploadResult><Key>${escaped(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      )
    }
    case 'part': {
      const parts = uploads.get(query.get('uploadId') ?? '')
      if (!parts) return fault(404, 'NoSuchUpload')
      parts.set(Number(query.get('partNumber')), body)
      return new Response(null, { headers: { etag: etagOf(body) } })
    }
    case 'complete': {
      const id = query.get('uploadId') ?? ''
      const parts = uploads.get(id)
      if (!parts) return fault(404, 'NoSuchUpload')
      const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part))
      const written = await write(kept, key, new Uint8Array(whole), headers)
      if (!written.ok) return written
      uploads.delete(id)
      return xml(
        `<CompleteMultipartUploadResult><ETag>${escaped(etagOf(whole))}</ETag></CompleteMultipartUploadResult>`,
      )
    }
    case 'abort':
      uploads.delete(query.get('uploadId') ?? '')
      return new Response(null, { status: 204 })
    default:
      return fault(501, 'NotImplemented')
  }
}

async function read(kept: Kept, { key, headers }: Asked, head: boolean): Promise<Response> {
  const etag = kept.etag(key)
  const body = etag === null ? null : await kept.read(key)
  if (etag === null || body === null) return fault(404, 'NoSuchKey')
  const wanted = headers.get('if-match')
  if (wanted !== null && wanted !== etag) return fault(412, 'PreconditionFailed')
  if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  const about = { etag, 'last-modified': new Date(kept.writtenAt(key)).toUTCString(), 'accept-ranges': 'bytes' }
  if (head) return new Response(null, { headers: { ...about, 'content-length': String(body.length) } })
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '')
  if (!range) return new Response(body, { headers: about })
  const [, first = '', last = ''] = range
  const from = first === '' ? Math.max(0, body.length - Number(last)) : Number(first)
  const to = first === '' || last === '' ? body.length - 1 : Math.min(Number(last), body.length - 1)
  if (from > to) return fault(416, 'InvalidRange')
  const part = { ...about, 'content-range': `bytes ${from}-${to}/${body.length}` }
  return new Response(body.slice(from, to + 1), { status: 206, headers: part })
}

/** Whether the condition holds is decided in the same turn as the write: two writers never both win. */
async function write(kept: Kept, key: string, body: Body, headers: Headers): Promise<Response> {
  const refused = condition(kept.etag(key), headers)
  if (refused) return refused
  const etag = etagOf(body)
  await kept.write(key, body, etag)
  return new Response(null, { headers: { etag } })
}

async function remove(kept: Kept, key: string, headers: Headers): Promise<Response> {
  const refused = headers.has('if-match') ? condition(kept.etag(key), headers) : null
  if (refused) return refused
  await kept.remove(key)
  return new Response(null, { status: 204 })
}

function condition(present: string | null, headers: Headers): Response | null {
  const match = headers.get('if-match')
  const noneMatch = headers.get('if-none-match')
  if (match !== null && present === null) return fault(404, 'NoSuchKey')
  if (match !== null && match !== present) return fault(412, 'PreconditionFailed')
  if (noneMatch === '*' && present !== null) return fault(412, 'PreconditionFailed')
  if (noneMatch !== null && noneMatch === present) return fault(412, 'PreconditionFailed')
  return null
}

function listed(kept: Kept, { bucket, query }: Asked): string {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const found: string[] = []
  const folders = new Set<string>()
  let next = ''
  for (const key of kept.keys().sort()) {
    if (!key.startsWith(prefix) || key <= after) continue
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const folder = end < 0 ? null : key.slice(0, end + delimiter.length)
    if (folder !== null && (folders.has(folder) || folder <= after)) continue
    if (found.length + folders.size >= most) {
      next = found.at(-1) ?? ''
      break
    }
    if (folder === null) found.push(key)
    else folders.add(folder)
  }
  const contents = found.map(
    (key) =>
      `<Contents><Key>${escaped(key)}</Key><LastModified>${new Date(kept.writtenAt(key)).toISOString()}</LastModified><ETag>${escaped(kept.etag(key) ?? '')}</ETag><Size>${kept.size(key)}</Size></Contents>`,
  )
  const common = [...folders].map((folder) => `<CommonPrefixes><Prefix>${escaped(folder)}</Prefix></CommonPrefixes>`)
  const token = next === '' ? '' : `<NextContinuationToken>${escaped(next)}</NextContinuationToken>`
  return `<ListBucketResult><Name>${escaped(bucket)}</Name><Prefix>${escaped(prefix)}</Prefix><KeyCount>${found.length + folders.size}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${next !== ''}</IsTruncated>${token}${contents.join('')}${common.join('')}</ListBucketResult>`
}

const etagOf = (body: Uint8Array): string => `"${createHash('md5').update(body).digest('hex')}"`
const xml = (body: string): Response =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`, { headers: { 'content-type': 'application/xml' } })
const fault = (status: number, code: string): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
    {
      status,
      headers: { 'content-type': 'application/xml' },
    },
  )
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const plain = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
