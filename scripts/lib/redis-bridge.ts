// Upstash's REST interface in front of a Redis of one's own, for tests and own machines: the same addresses, shapes and
// refusals, so that @upstash/redis cannot tell. What would change or hold the one connection behind it is not available.

import { createHash, timingSafeEqual } from 'node:crypto'
import { RedisAway, RedisError, type Reply, RespConnection } from './resp'
import { UpstashScripts } from './upstash-scripts'

export type BridgeOptions = {
  /** redis://[[user]:password@]host[:port][/db], or rediss:// */
  redis: string
  token: string
  /** 127.0.0.1 unless told. */
  host?: string
  /** A free one where it is not given. */
  port?: number
}

export type RedisBridge = { url: string; stop(): Promise<void> }

/** Upstash takes 1 MB in its smallest plan; ours is for one's own machine. */
const MAX_BODY_BYTES = 10 * 1024 * 1024

/** What changes the connection that all share, waits on it, or is the business of whoever runs that Redis. */
const NOT_AVAILABLE = new Set(
  [
    'AUTH HELLO SELECT QUIT RESET CLIENT MULTI EXEC DISCARD WATCH UNWATCH',
    'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR',
    'BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF',
    'SYNC PSYNC REPLCONF REPLICAOF SLAVEOF FAILOVER CLUSTER MIGRATE MODULE ACL CONFIG DEBUG SHUTDOWN SAVE BGSAVE',
    'BGREWRITEAOF LATENCY SLOWLOG',
  ]
    .join(' ')
    .split(' '),
)

/** What answers the commands. */
type Behind = Pick<RespConnection, 'send'>
type Said = { result: unknown } | { error: string }

export async function startRedisBridge({ redis, token, host, port }: BridgeOptions): Promise<RedisBridge> {
  const expected = digest(token)
  const connection = new RespConnection(new URL(redis))
  const scripts = new UpstashScripts()
  const behind: Behind = {
    send: (commands) => connection.send(commands.map((command) => scripts.forRedis(command))),
  }
  const server = Bun.serve({
    hostname: host ?? '127.0.0.1',
    port: port ?? 0,
    maxRequestBodySize: MAX_BODY_BYTES,
    async fetch(request) {
      const url = new URL(request.url)
      if (!timingSafeEqual(digest(tokenOf(request, url)), expected)) return failed(401, 'Unauthorized')
      try {
        return await answer(behind, request, url)
      } catch (cause) {
        if (cause instanceof Refused) return failed(cause.status, cause.message)
        if (cause instanceof RedisAway) return failed(503, 'ERR Redis cannot be reached')
        throw cause
      }
    },
    error: () => failed(500, 'ERR internal error'),
  })
  return {
    url: `http://${server.hostname}:${server.port}`,
    stop: async () => {
      await server.stop(true)
      connection.close()
    },
  }
}

class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

async function answer(behind: Behind, request: Request, url: URL): Promise<Response> {
  if (!['GET', 'HEAD', 'POST', 'PUT'].includes(request.method)) throw new Refused(405, 'ERR method not allowed')
  const base64 = request.headers.get('upstash-encoding')?.toLowerCase() === 'base64'
  const body = request.method === 'POST' || request.method === 'PUT' ? await request.text() : ''
  switch (url.pathname) {
    case '/': {
      const [reply] = await behind.send([commandFrom(json(body))])
      return told(reply as Reply, base64)
    }
    case '/pipeline': {
      const replies = await eachOf(behind, listFrom(json(body)))
      return Response.json(replies.map((reply) => said(reply, base64)))
    }
    case '/multi-exec': {
      const commands = listFrom(json(body)).map(commandFrom)
      const reply = (await behind.send([['MULTI'], ...commands, ['EXEC']])).at(-1) as Reply
      if (!Array.isArray(reply)) return told(reply, base64)
      return Response.json(reply.map((each) => said(each, base64)))
    }
    default: {
      const [reply] = await behind.send([commandFrom(partsOf(url, body))])
      return told(reply as Reply, base64)
    }
  }
}

/** In order, but not as one: a command that cannot be sent costs only itself. */
async function eachOf(behind: Behind, list: readonly unknown[]): Promise<Reply[]> {
  const commands = list.map((each) => {
    try {
      return commandFrom(each)
    } catch (cause) {
      if (cause instanceof Refused) return new RedisError(cause.message)
      throw cause
    }
  })
  const sent = commands.filter((each) => Array.isArray(each))
  const replies = sent.length > 0 ? await behind.send(sent) : []
  return commands.map((each) => (each instanceof RedisError ? each : (replies.shift() as Reply)))
}

/** /set/key/value?EX=10, and a body where the value is too long for an address. */
function partsOf(url: URL, body: string): string[] {
  let parts: string[]
  try {
    parts = url.pathname.slice(1).split('/').map(decodeURIComponent)
  } catch {
    throw new Refused(400, 'ERR failed to parse the path')
  }
  if (body !== '') parts.push(body)
  for (const [name, value] of url.searchParams) {
    if (name === '_token') continue
    parts.push(name)
    if (value !== '') parts.push(value)
  }
  return parts
}

function json(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new Refused(400, 'ERR failed to parse command')
  }
}

function listFrom(value: unknown): unknown[] {
  if (!Array.isArray(value) || !value.every(Array.isArray))
    throw new Refused(400, 'ERR failed to parse pipeline request')
  if (value.length === 0) throw new Refused(400, 'ERR empty pipeline request')
  return value
}

function commandFrom(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refused(400, 'ERR failed to parse command')
  const command = value.map((each: unknown) => {
    if (typeof each === 'string') return each
    if (typeof each === 'number' || typeof each === 'boolean') return String(each)
    throw new Refused(400, 'ERR failed to parse command')
  })
  const name = (command[0] as string).toUpperCase()
  const waits = name.startsWith('XREAD') && command.some((each) => each.toUpperCase() === 'BLOCK')
  if (NOT_AVAILABLE.has(name) || waits) throw new Refused(400, `ERR Command is not available: '${name.slice(0, 32)}'`)
  return command
}

const told = (reply: Reply, base64: boolean): Response =>
  Response.json(said(reply, base64), { status: reply instanceof RedisError ? 400 : 200 })

const said = (reply: Reply, base64: boolean): Said =>
  reply instanceof RedisError ? { error: reply.message } : { result: plainOf(reply, base64, true) }

/** In base64 everything that is text is encoded, but the OK of a command that was done. */
function plainOf(reply: Reply, base64: boolean, top: boolean): unknown {
  if (reply === null || typeof reply === 'number') return reply
  if (reply instanceof RedisError) return plainOf({ simple: reply.message }, base64, false)
  if (Array.isArray(reply)) return reply.map((each) => plainOf(each, base64, false))
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString(base64 ? 'base64' : 'utf8')
  if (!base64 || (top && reply.simple === 'OK')) return reply.simple
  return Buffer.from(reply.simple).toString('base64')
}

const failed = (status: number, error: string): Response => Response.json({ error }, { status })

const tokenOf = (request: Request, url: URL): string =>
  /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? url.searchParams.get('_token') ?? ''

/** Of one length, so that the comparison takes one time. */
const digest = (secret: string): Uint8Array => createHash('sha256').update(secret).digest()
