// Who looks at this shard's part of a map: pages' sockets and their viewports. Each gets the dots in its viewport once and
// then, once a second, what has changed there. One that does not read is closed: the shard waits for nobody.

import { type Box, type Dot, encodeFrame, type ToMap } from '../domain/map-frame'
import type { Changes, Dots } from './dots'
import { readFromMap } from './map-reader'

export type MapSocket = { send(data: string | ArrayBuffer): void; close(code: number, reason: string): void }

/** What viewers are shown, and by which clock. */
export type MapSource = {
  readonly epoch: number
  readonly dots: Dots
  now(): number
  /** Of a dot that is on the map; null where there is none of that number. */
  vehicle(index: number): Extract<ToMap, { t: 'vehicle' }> | null
  /** What every page is to be told, wherever it looks, since this was last asked. */
  news?(): readonly ToMap[]
}

/** A socket that was sent this much since its page last said anything is not draining. */
const UNREAD_BYTES_MAX = 8 * 1024 * 1024
const UNREAD_AFTER_MS = 10_000
/** Who drags a map about gets a whole viewport four times a second at most; the last one asked for comes for certain. */
const VIEW_EVERY_MS = 250
/** Where nothing changes, an empty frame says that the map is alive. */
const PULSE_EVERY_MS = 5_000

type Viewer = {
  socket: MapSocket
  /** Null until it has said what it looks at. */
  box: Box | null
  /** Asked for, and not yet answered by a snapshot. */
  asked: Box | null
  viewedAt: number
  sentAt: number
  heardAt: number
  unreadBytes: number
}

export class MapViewers {
  private readonly viewers = new Map<MapSocket, Viewer>()
  private seq = 0

  constructor(
    private readonly source: MapSource,
    private readonly shard: number,
  ) {}

  get size(): number {
    return this.viewers.size
  }

  join(socket: MapSocket): void {
    const { source } = this
    // Nobody was there to be told of changes: the state that is shown begins here.
    if (this.viewers.size === 0) {
      source.dots.publish()
      source.news?.()
    }
    const now = source.now()
    const viewer: Viewer = {
      socket,
      box: null,
      asked: null,
      viewedAt: Number.NEGATIVE_INFINITY,
      sentAt: now,
      heardAt: now,
      unreadBytes: 0,
    }
    this.viewers.set(socket, viewer)
    this.say(viewer, { t: 'hello', epoch: source.epoch, shard: this.shard, devices: source.dots.size })
  }

  leave(socket: MapSocket): void {
    this.viewers.delete(socket)
  }

  hear(socket: MapSocket, text: string): void {
    const viewer = this.viewers.get(socket)
    if (!viewer) return
    const now = this.source.now()
    // Any word of it says that it reads, also one that we do not understand.
    viewer.heardAt = now
    viewer.unreadBytes = 0
    const message = readFromMap(text)
    if (message?.t === 'view') {
      viewer.asked = message.box
      if (now - viewer.viewedAt >= VIEW_EVERY_MS) this.snapshot(viewer, message.box, now)
    } else if (message?.t === 'select')
      this.say(viewer, this.source.vehicle(message.index) ?? { t: 'unknown', index: message.index })
  }

  /** To be called once a second while anybody is here. */
  flush(now: number): void {
    this.seq++
    const changes = this.source.dots.publish()
    for (const word of this.source.news?.() ?? [])
      for (const viewer of [...this.viewers.values()]) this.say(viewer, word)
    // Pages that look at the same get the same bytes.
    const steps = new Map<string, ArrayBuffer[]>()
    for (const viewer of [...this.viewers.values()]) {
      if (viewer.unreadBytes > UNREAD_BYTES_MAX && now - viewer.heardAt > UNREAD_AFTER_MS) {
        this.drop(viewer, 1013, 'not reading')
      } else if (viewer.asked) this.snapshot(viewer, viewer.asked, now)
      else if (viewer.box) this.step(viewer, viewer.box, changes, steps, now)
    }
  }

  private step(viewer: Viewer, box: Box, changes: Changes, steps: Map<string, ArrayBuffer[]>, now: number): void {
    const key = box.join()
    const step = steps.get(key) ?? this.stepOf(box, changes, now)
    steps.set(key, step)
    for (const frame of step) this.send(viewer, frame, now)
    if (now - viewer.sentAt >= PULSE_EVERY_MS) this.send(viewer, this.dotsFrame('moved', []), now)
  }

  private stepOf(box: Box, changes: Changes, now: number): ArrayBuffer[] {
    const { moved, gone } = changes.within(box, now)
    const frames: ArrayBuffer[] = []
    if (moved.length > 0) frames.push(this.dotsFrame('moved', moved))
    if (gone.length > 0) frames.push(encodeFrame({ t: 'gone', epoch: this.source.epoch, seq: this.seq, indexes: gone }))
    return frames
  }

  private snapshot(viewer: Viewer, box: Box, now: number): void {
    viewer.box = box
    viewer.asked = null
    viewer.viewedAt = now
    this.send(viewer, this.dotsFrame('snapshot', this.source.dots.within(box, now)), now)
  }

  private dotsFrame(t: 'snapshot' | 'moved', dots: Dot[]): ArrayBuffer {
    return encodeFrame({ t, epoch: this.source.epoch, seq: this.seq, dots })
  }

  private say(viewer: Viewer, message: ToMap): void {
    this.send(viewer, JSON.stringify(message), this.source.now())
  }

  private send(viewer: Viewer, data: string | ArrayBuffer, now: number): void {
    viewer.sentAt = now
    viewer.unreadBytes += typeof data === 'string' ? data.length : data.byteLength
    try {
      viewer.socket.send(data)
    } catch {
      this.drop(viewer, 1011, 'send failed')
    }
  }

  private drop(viewer: Viewer, code: number, reason: string): void {
    this.viewers.delete(viewer.socket)
    try {
      viewer.socket.close(code, reason)
    } catch {
      // It was gone already, which is what we wanted.
    }
  }
}
