// The socket to the region's room. Our own, since htmx pauses those of hidden tabs; it never gives up.

import { retryDelay } from './link'
import type { FromScreen, ToScreen } from './wire'

const SESSION_ENDED = 4401
const NOT_ALLOWED = 4403
/** A socket that neither opens nor fails is tried again. */
const OPEN_WITHIN_MS = 8_000
/** Nothing for this long on an open socket: three ticks are missing, so it is dead, whatever the browser says. */
const SILENT_MS = 16_000

export type SocketPorts = {
  url: string
  onMessage(message: ToScreen): void
  onOpen(): void
  /** The session is over: only a person can mend that. */
  onEnded(): void
}

export class LiveSocket {
  private socket: WebSocket | null = null
  private failures = 0
  private heardAt = 0

  constructor(private readonly ports: SocketPorts) {}

  connect(): void {
    const socket = new WebSocket(this.ports.url)
    this.socket = socket
    this.heardAt = Date.now()
    const slow = setTimeout(() => this.drop(socket), OPEN_WITHIN_MS)
    socket.onopen = () => {
      clearTimeout(slow)
      this.ports.onOpen()
    }
    socket.onmessage = ({ data }) => {
      this.heardAt = Date.now()
      const message = parse(data)
      // A room that opens and falls over again must not be tried without pause.
      if (message?.t === 'live') this.failures = 0
      if (message) this.ports.onMessage(message)
    }
    socket.onclose = ({ code }) => {
      clearTimeout(slow)
      if (this.socket !== socket) return
      this.socket = null
      if (code === SESSION_ENDED || code === NOT_ALLOWED) this.ports.onEnded()
      else this.retry()
    }
  }

  /** Called once a second: a socket that has died without a word is replaced. */
  check(): void {
    if (this.socket && Date.now() - this.heardAt > SILENT_MS) this.drop(this.socket)
  }

  /** Tries at once: the machine has woken, or the network is back. */
  wake(): void {
    if (this.socket) this.check()
    else this.failures = 0
  }

  send(message: FromScreen): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN
  }

  private drop(socket: WebSocket): void {
    if (this.socket !== socket) return
    this.socket = null
    socket.onclose = null
    socket.close()
    this.retry()
  }

  private retry(): void {
    setTimeout(() => this.connect(), retryDelay(this.failures++, Math.random()))
  }
}

/** Null for what this page does not understand. */
function parse(data: unknown): ToScreen | null {
  if (typeof data !== 'string') return null
  try {
    const message: unknown = JSON.parse(data)
    return typeof message === 'object' && message !== null && 't' in message ? (message as ToScreen) : null
  } catch {
    return null
  }
}
