// The process of screens that must miss nothing: they remember when each first knew of an incident and where they are in the
// room's order, and come back with it when their socket breaks. Slow ones read nothing at all.

import type { FromScreen, ToScreen } from '../../../src/room/live'
import { answer } from '../child'
import { Histogram, type RawHistogram } from '../histogram'
import { SCREENS } from './dialects'
import { SlowReader } from './slow-reader'
import { openSocket } from './socket'
import type { Target } from './target'

/** `jitterMs`: a socket that breaks is opened again within so long. */
export type WatchersPlan = { target: Target; count: number; cookie: string; jitterMs: number }
export type Sent = { sosId: string; at: number }
/** `missing`: pairs of a screen and an incident that it never heard of. */
export type Learnt = { latency: RawHistogram; missing: number }
/** `wrong`: frames that went back in the room's order. `snapshots`: after the first. `lastLiveAt`: epoch ms. */
export type WatchersState = {
  live: number
  broken: number
  snapshots: number
  wrong: number
  lastLiveAt: number
}

const OPENING_AT_ONCE = 25
const OPENING_LIMIT_MS = 20_000
const RECEIPT_EVERY_MS = 250

class Watcher {
  broken = 0
  snapshots = 0
  wrong = 0
  liveAt = 0
  isLive = false
  /** When it first knew of an incident, epoch ms. */
  readonly learnt = new Map<string, number>()
  #epoch: string | null = null
  #seq = 0
  #socket: WebSocket | null = null
  #closed = false
  #painted: number[] = []

  constructor(private readonly plan: WatchersPlan) {}

  /** Resolves when it is live, or could not be. */
  open(): Promise<void> {
    const socket = openSocket(SCREENS.tower.open(this.plan.target, this.plan.cookie))
    this.#socket = socket
    return new Promise((resolve) => {
      const limit = setTimeout(() => socket.close(), OPENING_LIMIT_MS)
      socket.addEventListener('open', () => this.#say({ t: 'since', epoch: this.#epoch, seq: this.#seq }))
      socket.addEventListener('message', ({ data }) => {
        this.#hear(JSON.parse(String(data)) as ToScreen)
        if (!this.isLive) return
        clearTimeout(limit)
        resolve()
      })
      socket.addEventListener('close', () => {
        clearTimeout(limit)
        if (this.isLive) this.broken++
        this.isLive = false
        resolve()
        if (!this.#closed) setTimeout(() => void (this.#closed || this.open()), Math.random() * this.plan.jitterMs)
      })
    })
  }

  close(): void {
    this.#closed = true
    this.#socket?.close()
  }

  #hear(frame: ToScreen): void {
    if (frame.t === 'incidents' || frame.t === 'snapshot') {
      if (frame.t === 'snapshot' && this.#epoch !== null) this.snapshots++
      if (frame.t === 'incidents' && frame.epoch === this.#epoch && frame.seq < this.#seq) this.wrong++
      this.#epoch = frame.epoch
      this.#seq = frame.seq
      const now = Date.now()
      for (const { id, seq, shownAt } of frame.incidents) {
        if (!this.learnt.has(id)) this.learnt.set(id, now)
        if (shownAt === null) this.#paint(seq)
      }
    } else if (frame.t === 'live') {
      this.isLive = true
      this.liveAt = Date.now()
      this.#epoch = frame.epoch
      this.#seq = frame.seq
      this.#here()
    } else if (frame.t === 'tick') this.#here()
  }

  #here(): void {
    this.#say({ t: 'here', seq: this.#seq, visible: true, paintedMs: 20, sound: true, inputMs: 1000, onCall: false })
  }

  #paint(seq: number): void {
    this.#painted.push(seq)
    if (this.#painted.length > 1) return
    setTimeout(() => this.#say({ t: 'shown', seqs: this.#painted.splice(0) }), RECEIPT_EVERY_MS)
  }

  #say(said: FromScreen): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(said))
  }
}

let watchers: Watcher[] = []
let slow: SlowReader[] = []

answer({
  open: async (plan: WatchersPlan): Promise<number> => {
    for (let n = 0; n < plan.count; n += OPENING_AT_ONCE) {
      const some = Array.from({ length: Math.min(OPENING_AT_ONCE, plan.count - n) }, () => new Watcher(plan))
      watchers.push(...some)
      await Promise.all(some.map((watcher) => watcher.open()))
    }
    return watchers.filter(({ isLive }) => isLive).length
  },
  openSlow: async (plan: Omit<WatchersPlan, 'jitterMs'>): Promise<void> => {
    slow = await Promise.all(Array.from({ length: plan.count }, () => SlowReader.open(plan.target, plan.cookie)))
  },
  /** Reads at last what was kept for them: the codes with which the room closed them, null where it has not. */
  slowClosedWith: async (): Promise<(number | null)[]> => Promise.all(slow.map((reader) => reader.closedWith())),
  learnt: (sent: Sent[]): Learnt => {
    const times = new Histogram()
    let missing = 0
    for (const { learnt } of watchers) {
      for (const { sosId, at } of sent) {
        const knownAt = learnt.get(sosId)
        if (knownAt === undefined) missing++
        else times.addMs(knownAt - at)
      }
    }
    return { latency: times.raw(), missing }
  },
  state: (): WatchersState => ({
    live: watchers.filter(({ isLive }) => isLive).length,
    broken: watchers.reduce((sum, { broken }) => sum + broken, 0),
    snapshots: watchers.reduce((sum, { snapshots }) => sum + snapshots, 0),
    wrong: watchers.reduce((sum, { wrong }) => sum + wrong, 0),
    lastLiveAt: Math.max(0, ...watchers.map(({ liveAt }) => liveAt)),
  }),
  close: () => {
    for (const watcher of watchers) watcher.close()
    for (const reader of slow) reader.close()
    watchers = []
    slow = []
  },
})
