// Keep-alive HTTP over raw sockets, one request at a time on each: several times what the servers here can do, so
// that they are measured and not it. A broken connection fails its request and is opened again.

import type { Socket } from 'bun'
import { parseAnswer } from './http-answer'

export type Answer = { status: number; body: string }
/** Status 0: the connection broke before an answer came. */
type Waiting = { resolve: (answer: Answer) => void; bytes: Uint8Array }
type Line = { socket: Socket<undefined> | null; buffer: string; waiting: Waiting | null }

export type HttpClient = {
  /** Sent at once where a connection is free, else in order as they become free. */
  request(bytes: Uint8Array): Promise<Answer>
  queued(): number
  close(): void
}

/** `atOnce`: how many are opened at the same time; all unless told. */
export async function openHttp(
  hostname: string,
  port: number,
  connections: number,
  { atOnce = connections }: { atOnce?: number } = {},
): Promise<HttpClient> {
  const free: Line[] = []
  const queue: Waiting[] = []
  const lines: Line[] = Array.from({ length: connections }, () => ({ socket: null, buffer: '', waiting: null }))
  let closed = false

  const begin = (line: Line, waiting: Waiting) => {
    line.waiting = waiting
    const written = line.socket?.write(waiting.bytes) ?? -1
    // Requests are a few hundred bytes on an idle connection: the kernel takes them whole.
    if (written < waiting.bytes.byteLength) line.socket?.terminate()
  }
  const next = (line: Line) => {
    const waiting = queue.shift()
    if (waiting) begin(line, waiting)
    else free.push(line)
  }
  const receive = (line: Line, data: Buffer) => {
    line.buffer += data.toString('latin1')
    const parsed = parseAnswer(line.buffer)
    if (!parsed) return
    line.buffer = parsed.rest
    const { waiting } = line
    line.waiting = null
    waiting?.resolve({ status: parsed.status, body: parsed.body })
    next(line)
  }
  const broken = (line: Line) => {
    const { waiting } = line
    Object.assign(line, { socket: null, buffer: '', waiting: null })
    const at = free.indexOf(line)
    if (at >= 0) free.splice(at, 1)
    waiting?.resolve({ status: 0, body: 'connection closed' })
    if (!closed) setTimeout(() => void connect(line).catch(() => broken(line)), 50)
  }
  const connect = async (line: Line): Promise<void> => {
    line.socket = await Bun.connect({
      hostname,
      port,
      socket: {
        data: (_, data) => receive(line, data),
        close: () => broken(line),
        error: () => {}, // close follows
      },
    })
    next(line)
  }

  for (let n = 0; n < lines.length; n += atOnce) await Promise.all(lines.slice(n, n + atOnce).map(connect))
  return {
    request: (bytes) =>
      new Promise((resolve) => {
        const waiting = { resolve, bytes }
        const line = free.pop()
        if (line) begin(line, waiting)
        else queue.push(waiting)
      }),
    queued: () => queue.length,
    close: () => {
      closed = true
      for (const line of lines) line.socket?.end()
    },
  }
}
