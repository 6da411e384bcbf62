// The socket to one fleet shard: the viewport goes out, frames come in. It has nothing of the way of an SOS, and never
// ends anybody's session: the room's own socket does that.

import type { Box, FromMap, ToMap } from '../../../../src/domain/map-frame'
import { checkLine, nextTry } from './retry'

const SESSION_ENDED = 4401
const NOT_ALLOWED = 4403
const OPEN_WITHIN_MS = 8_000
/** The shard closes who never says that it reads. */
const SEEN_EVERY_MS = 10_000

export type MapLinkPorts = {
  url: string
  onFrame(bytes: ArrayBuffer): void
  onWord(word: ToMap): void
  onChange(): void
}

export class MapLink {
  private socket: WebSocket | null = null
  private failures = 0
  private heardAt = 0
  private seenAt = 0
  private box: Box | null = null

  constructor(private readonly ports: MapLinkPorts) {}

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN
  }

  connect(): void {
    const socket = new WebSocket(this.ports.url)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    this.heardAt = performance.now()
    const slow = setTimeout(() => this.drop(socket), OPEN_WITHIN_MS)
    socket.onopen = () => {
      clearTimeout(slow)
      if (this.box) this.send({ t: 'view', box: this.box })
      this.ports.onChange()
    }
    socket.onmessage = ({ data }) => {
      this.heardAt = performance.now()
      // A shard that opens and falls over again must not be tried without pause.
      this.failures = 0
      if (data instanceof ArrayBuffer) this.ports.onFrame(data)
      else {
        const word = parse(data)
        if (word) this.ports.onWord(word)
      }
    }
    socket.onclose = ({ code }) => {
      clearTimeout(slow)
      if (this.socket !== socket) return
      this.socket = null
      this.ports.onChange()
      if (code !== SESSION_ENDED && code !== NOT_ALLOWED) this.retry()
    }
  }

  /** Kept, and said again to a shard that comes back. */
  view(box: Box): void {
    this.box = box
    this.send({ t: 'view', box })
  }

  select(index: number): void {
    this.send({ t: 'select', index })
  }

  /** Called now and then: nothing tells a browser that the other end has gone without a word. */
  check(now: number): void {
    const { socket } = this
    if (!socket || !this.isOpen) return
    if (now - this.seenAt > SEEN_EVERY_MS) {
      this.seenAt = now
      this.send({ t: 'seen' })
    }
    const line = checkLine(this.heardAt, now)
    if (line === 'drop') this.drop(socket)
    else if (line === 'ask' && this.box) this.send({ t: 'view', box: this.box })
  }

  private send(message: FromMap): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(message))
  }

  private drop(socket: WebSocket): void {
    if (this.socket !== socket) return
    this.socket = null
    socket.onclose = null
    socket.close()
    this.ports.onChange()
    this.retry()
  }

  private retry(): void {
    setTimeout(() => this.connect(), nextTry(this.failures++, Math.random()))
  }
}

/** Null for what this page does not understand. */
function parse(data: unknown): ToMap | null {
  if (typeof data !== 'string') return null
  try {
    const word: unknown = JSON.parse(data)
    return typeof word === 'object' && word !== null && 't' in word ? (word as ToMap) : null
  } catch {
    return null
  }
}
