// One connection to a Redis in RESP2, the form in which Upstash answers too: every reply as it came, strings as bytes.
// (Bun's own client speaks RESP3, which turns hashes, sets and scores into other shapes, and bytes into text.)

import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A simple string ("OK", "PONG") is told from a bulk one: only bulk strings can be anything. */
export type Reply = { simple: string } | Uint8Array | number | null | RedisError | Reply[]

export class RedisError extends Error {
  override name = 'RedisError'
}

/** Redis cannot be reached, or broke off: whether what was sent was done is not known. */
export class RedisAway extends Error {
  override name = 'RedisAway'
}

type Waiting = { replies: Reply[]; count: number; resolve: (replies: Reply[]) => void; reject: (why: Error) => void }

/** Without a sign of life, while it connects or owes an answer. */
const SILENT_MS = 5_000

/** Opens when it is first used, and again after it broke. Commands of one call are sent together: nothing comes between. */
export class RespConnection {
  #socket: Socket | null = null
  #waiting: Waiting[] = []
  #unread: Uint8Array = new Uint8Array(0)

  constructor(private readonly url: URL) {}

  /** One reply per command, in order. Rejects with RedisAway. */
  send(commands: readonly (readonly string[])[]): Promise<Reply[]> {
    const socket = this.#socket ?? this.#open()
    return this.#sendOn(socket, commands)
  }

  close(): void {
    this.#socket?.destroy()
  }

  #sendOn(socket: Socket, commands: readonly (readonly string[])[]): Promise<Reply[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ replies: [], count: commands.length, resolve, reject })
      socket.write(Buffer.concat(commands.map(encoded)))
    })
  }

  #open(): Socket {
    const { protocol, hostname, port, username, password, pathname } = this.url
    const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }
    const socket = protocol === 'rediss:' ? connectTls(to) : connect(to)
    this.#socket = socket
    this.#unread = new Uint8Array(0)
    socket.setNoDelay(true)
    socket.setTimeout(SILENT_MS, () => {
      if (socket.connecting || this.#waiting.length > 0) socket.destroy()
    })
    socket.on('data', (data: Buffer) => this.#read(socket, data))
    socket.on('error', () => {})
    socket.on('close', () => this.#broke(socket))
    const hello: string[][] = []
    if (password) {
      const name = username ? [decodeURIComponent(username)] : []
      hello.push(['AUTH', ...name, decodeURIComponent(password)])
    }
    if (/^\/\d+$/.test(pathname)) hello.push(['SELECT', pathname.slice(1)])
    if (hello.length > 0) {
      this.#sendOn(socket, hello).then(
        (replies) => {
          // Every command after a log-in that failed is refused by Redis itself, in its own words.
          if (replies.some((reply) => reply instanceof RedisError)) socket.end()
        },
        () => {},
      )
    }
    return socket
  }

  #read(socket: Socket, data: Uint8Array): void {
    this.#unread = this.#unread.length === 0 ? data : Buffer.concat([this.#unread, data])
    let at = 0
    try {
      for (let waiting = this.#waiting[0]; waiting; waiting = this.#waiting[0]) {
        const read = readReply(this.#unread, at)
        if (!read) break
        at = read.next
        waiting.replies.push(read.reply)
        if (waiting.replies.length < waiting.count) continue
        this.#waiting.shift()
        waiting.resolve(waiting.replies)
      }
    } catch {
      socket.destroy()
      return
    }
    this.#unread = this.#unread.subarray(at)
  }

  #broke(socket: Socket): void {
    if (this.#socket !== socket) return
    this.#socket = null
    for (const { reject } of this.#waiting.splice(0)) reject(new RedisAway('Redis cannot be reached'))
  }
}

const encoded = (command: readonly string[]): Buffer => {
  const parts = command.map((each) => {
    const bytes = Buffer.from(each)
    return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, CRLF])
  })
  return Buffer.concat([Buffer.from(`*${command.length}\r\n`), ...parts])
}

const CRLF = Buffer.from('\r\n')
const text = new TextDecoder()

/** The reply that begins at `at`, and where the next one does; null where more must come. Throws where it is no RESP2. */
export function readReply(bytes: Uint8Array, at: number): { reply: Reply; next: number } | null {
  const end = lineEnd(bytes, at)
  if (end < 0) return null
  const line = text.decode(bytes.subarray(at + 1, end))
  const next = end + 2
  switch (String.fromCharCode(bytes[at] ?? 0)) {
    case '+':
      return { reply: { simple: line }, next }
    case '-':
      return { reply: new RedisError(line), next }
    case ':':
      return { reply: whole(line), next }
    case '$': {
      const length = whole(line)
      if (length < 0) return { reply: null, next }
      if (bytes.length < next + length + 2) return null
      return { reply: bytes.slice(next, next + length), next: next + length + 2 }
    }
    case '*': {
      const count = whole(line)
      if (count < 0) return { reply: null, next }
      const replies: Reply[] = []
      let place = next
      while (replies.length < count) {
        const read = readReply(bytes, place)
        if (!read) return null
        replies.push(read.reply)
        place = read.next
      }
      return { reply: replies, next: place }
    }
    default:
      throw new Error('this is not RESP2')
  }
}

function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(13, at)
  return end >= 0 && end + 1 < bytes.length ? end : -1
}

function whole(line: string): number {
  if (!/^-?\d{1,19}$/.test(line)) throw new Error('this is not RESP2')
  return Number(line)
}
