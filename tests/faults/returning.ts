// Screens and phones that come back by themselves when their socket ends, as the page and the app do: with the page's own delays,
// and from the last seq that they have seen.

import type { Tower } from '../../scripts/lib/tower'
import type { IncidentSummary } from '../../src/domain/incident'
import type { ToScreen } from '../../src/room/live'
import { retryDelay } from '../../views/client/live/link'
import type { Device, Person } from '../system/people'

/** A phone waits this long at most before it opens its lifeline again, by chance: thousands come back together. */
export const PHONE_JITTER_MS = 10_000

export class ReturningScreen {
  readonly cards = new Map<string, IncidentSummary>()
  /** How often it was connected, and by which codes it lost its sockets. */
  connects = 0
  readonly codes: number[] = []
  /** How it caught up after each loss. */
  readonly caughtUpBy: ('missed' | 'snapshot' | 'nothing')[] = []
  liveAt = 0
  private epoch: string | null = null
  private seq = 0
  private failures = 0
  private socket: WebSocket | null = null
  private ended = false
  private byWhat: 'missed' | 'snapshot' | 'nothing' = 'nothing'

  constructor(
    private readonly person: Person,
    private readonly region: string,
  ) {
    this.connect()
  }

  get isLive(): boolean {
    return this.liveAt > 0 && this.socket?.readyState === WebSocket.OPEN
  }

  close(): void {
    this.ended = true
    this.socket?.close()
  }

  private connect(): void {
    const url = `${this.person.tower.url.replace('http', 'ws')}/api/regions/${this.region}/live`
    const headers = { authorization: `Bearer ${this.person.token}` }
    const socket = new WebSocket(url, { headers } as unknown as string[])
    this.socket = socket
    this.liveAt = 0
    this.byWhat = 'nothing'
    socket.addEventListener('open', () => {
      this.connects++
      socket.send(JSON.stringify({ t: 'since', epoch: this.epoch, seq: this.seq }))
      this.here()
    })
    socket.addEventListener('message', ({ data }) => this.hear(JSON.parse(String(data)) as ToScreen))
    socket.addEventListener('close', ({ code }) => {
      if (this.ended) return
      this.codes.push(code)
      this.liveAt = 0
      setTimeout(() => this.connect(), retryDelay(this.failures++, Math.random()))
    })
  }

  private hear(frame: ToScreen): void {
    switch (frame.t) {
      case 'snapshot':
        this.cards.clear()
        this.byWhat = 'snapshot'
        this.take(frame)
        break
      case 'incidents':
        if (this.liveAt === 0) this.byWhat = 'missed'
        this.take(frame)
        break
      case 'live':
        this.epoch = frame.epoch
        this.liveAt = Date.now()
        this.failures = 0
        if (this.connects > 1) this.caughtUpBy.push(this.byWhat)
        break
      case 'tick':
        this.here()
    }
  }

  private take(frame: Extract<ToScreen, { t: 'snapshot' | 'incidents' }>): void {
    for (const incident of frame.incidents) this.cards.set(incident.id, incident)
    this.epoch = frame.epoch
    this.seq = frame.seq
  }

  private here(): void {
    const here = { t: 'here', seq: this.seq, visible: true, paintedMs: 20, sound: true, inputMs: 500, onCall: false }
    this.socket?.send(JSON.stringify(here))
  }
}

/** Only whether its lifeline is open, and since when. */
export class ReturningPhone {
  openedAt = 0
  connects = 0
  private socket: WebSocket | null = null
  private ended = false

  constructor(
    private readonly tower: Tower,
    private readonly device: Device,
  ) {
    this.connect()
  }

  get isOpen(): boolean {
    return this.openedAt > 0
  }

  close(): void {
    this.ended = true
    this.socket?.close()
  }

  private connect(): void {
    const headers = { authorization: `Bearer ${this.device.token}` }
    const socket = new WebSocket(`${this.tower.url.replace('http', 'ws')}/api/drivers/lifeline`, {
      headers,
    } as unknown as string[])
    this.socket = socket
    socket.addEventListener('open', () => {
      this.connects++
      this.openedAt = Date.now()
    })
    socket.addEventListener('close', () => {
      this.openedAt = 0
      if (!this.ended) setTimeout(() => this.connect(), Math.random() * PHONE_JITTER_MS)
    })
  }
}
