// A screen that opened its socket and then reads nothing: its bytes pile up in both kernels, and at last in the room's process.
// By hand over TCP, for no WebSocket client stops reading when it is asked to.

import { randomBytes } from 'node:crypto'
import type { Socket } from 'bun'
import { SCREENS } from './dialects'
import type { Target } from './target'

const CLOSE_FRAME = 8
const READ_FOR_MS = 3_000

export class SlowReader {
  #bytes = Buffer.alloc(0)
  #ended = false
  #socket: Socket | null = null

  static async open(target: Target, cookie: string): Promise<SlowReader> {
    const reader = new SlowReader()
    await reader.#connect(target, cookie)
    return reader
  }

  /** Reads what came meanwhile, and gives the code of the close frame in it; null where there is none. */
  async closedWith(): Promise<number | null> {
    this.#socket?.resume()
    const until = Date.now() + READ_FOR_MS
    while (!this.#ended && Date.now() < until) await Bun.sleep(50)
    return closeCodeIn(this.#bytes)
  }

  close(): void {
    this.#socket?.terminate()
  }

  async #connect(target: Target, cookie: string): Promise<void> {
    const { url, headers } = SCREENS.tower.open(target, cookie)
    const { hostname, port, pathname, host } = new URL(url)
    const upgraded = Promise.withResolvers<void>()
    this.#socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data: (socket, data) => {
          this.#bytes = Buffer.concat([this.#bytes, data])
          const end = this.#bytes.indexOf('\r\n\r\n')
          if (end < 0 || !this.#bytes.subarray(0, 12).toString().startsWith('HTTP/1.1')) return
          if (!this.#bytes.toString('latin1', 0, 12).endsWith('101')) {
            upgraded.reject(new Error(`a slow reader was answered ${this.#bytes.toString('latin1', 9, 12)}`))
            return
          }
          this.#bytes = this.#bytes.subarray(end + 4)
          socket.pause()
          upgraded.resolve()
        },
        close: () => {
          this.#ended = true
          upgraded.reject(new Error('a slow reader was not let in'))
        },
        error: () => {}, // close follows
      },
    })
    const key = randomBytes(16).toString('base64')
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    this.#socket.write(
      [
        `GET ${pathname} HTTP/1.1`,
        `host: ${host}`,
        'connection: Upgrade',
        'upgrade: websocket',
        'sec-websocket-version: 13',
        `sec-websocket-key: ${key}`,
        ...lines,
        '\r\n',
      ].join('\r\n'),
    )
    await upgraded.promise
    this.#socket.write(maskedText(JSON.stringify({ t: 'since', epoch: null, seq: 0 })))
  }
}

/** One text frame of a client, of at most 125 bytes (RFC 6455, 5.2). */
export function maskedText(text: string): Uint8Array {
  const payload = Buffer.from(text)
  if (payload.length > 125) throw new Error('too long for a short frame')
  const mask = randomBytes(4)
  const masked = payload.map((byte: number, at: number) => byte ^ (mask[at % 4] as number))
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, masked])
}

/** The status of the first close frame among whole frames of a server, which are not masked; null without one. */
export function closeCodeIn(bytes: Buffer): number | null {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = (bytes[at] as number) & 0x0f
    const short = (bytes[at + 1] as number) & 0x7f
    const head = short === 126 ? 4 : short === 127 ? 10 : 2
    if (at + head > bytes.length) return null
    const length =
      short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
    if (opcode === CLOSE_FRAME) return length >= 2 ? bytes.readUInt16BE(at + head) : 1005
    at += head + length
  }
  return null
}
