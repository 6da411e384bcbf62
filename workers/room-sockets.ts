// The sockets of a room's screens, and when something goes out on them: what it says is in src/room/screens.

import type { Viewer } from '../src/domain/access'
import type { RegionId } from '../src/domain/region'
import type { Rush } from '../src/durable/rush'
import type { Env } from '../src/http/env'
import type { Screens } from '../src/room/screens'
import { holds, refuseBeyondLimit } from './sockets'

const TICK_EVERY_MS = 5_000
/**
 * Changes within this time go out as one frame; a change after a quiet moment goes at once. In a stream of presses each frame
 * costs a send per screen, and twelve a second are more than an eye can tell apart.
 */
const FRAME_EVERY_MS = 80
/** In a rush each frame is of dozens of cards, and what it costs is answers that phones wait for. */
const RUSH_FRAME_EVERY_MS = 200
/** Screens hear so soon what stands beside the queue: several checks that end together are one frame. */
const NOTICES_AFTER_MS = 250

export type RoomSocketsParts = {
  env: Env
  region: RegionId
  screens: Screens
  rush: Rush
  /** A screen came, left, said something, or was found to be gone. */
  heard(): void
}

export class RoomSockets {
  private ticking: ReturnType<typeof setInterval> | null = null
  private framePending = false
  private lastFrameAt = 0
  private noticesPending = false

  constructor(private readonly parts: RoomSocketsParts) {}

  /** The answer to a screen's upgrade: its socket, or the refusal where the process holds too many. */
  open(viewer: Viewer, site: string): Response {
    const { env, screens, heard } = this.parts
    const full = refuseBeyondLimit(env, 'screen')
    if (full) return full
    const { 0: client, 1: server } = new WebSocketPair()
    // Not the hibernating kind: a room with screens must show by its own tick that it lives.
    server.accept()
    server.addEventListener('message', (event) => {
      if (typeof event.data === 'string') screens.hear(server, event.data)
      heard()
    })
    const gone = () => {
      screens.leave(server)
      this.count()
      if (screens.size === 0) this.stopTicking()
      heard()
    }
    server.addEventListener('close', gone)
    server.addEventListener('error', gone)
    screens.join(server, viewer, site)
    this.count()
    this.startTicking()
    heard()
    return new Response(null, { status: 101, webSocket: client })
  }

  /** Sends what is new in the queue, now or with the next frame. */
  sendNews(): void {
    if (!this.parts.screens.hasNews || this.framePending) return
    const now = Date.now()
    // A clock that was set back holds no frame for the difference.
    const wait =
      Math.min(this.lastFrameAt, now) + (this.parts.rush.isOn(now) ? RUSH_FRAME_EVERY_MS : FRAME_EVERY_MS) - now
    if (wait <= 0) {
      this.flush()
      return
    }
    this.framePending = true
    setTimeout(() => this.flush(), wait)
  }

  sendNoticesSoon(): void {
    if (this.noticesPending) return
    this.noticesPending = true
    setTimeout(() => {
      this.noticesPending = false
      this.parts.screens.noticed()
    }, NOTICES_AFTER_MS)
  }

  private flush(): void {
    this.framePending = false
    this.lastFrameAt = Date.now()
    this.parts.screens.flush()
  }

  private count(): void {
    holds(this.parts.region, 'screen', this.parts.screens.size)
  }

  private startTicking(): void {
    this.ticking ??= setInterval(() => {
      this.parts.screens.tick()
      if (this.parts.screens.size === 0) this.stopTicking()
      this.parts.heard()
    }, TICK_EVERY_MS)
  }

  private stopTicking(): void {
    if (this.ticking !== null) clearInterval(this.ticking)
    this.ticking = null
  }
}
