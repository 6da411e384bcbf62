// Who is looking at this room: operators' sockets, what they have seen, who watches and who is free.
// A screen that says nothing is not there, and one that does not read is closed: the room waits for nobody.

import type { Viewer } from '../domain/access'
import type { IncidentSummary } from '../domain/incident'
import { type Attention, type People, together } from './attention'
import { noticesFrame, tickFrame } from './frames'
import { CLOSE, type FromScreen, type ToScreen } from './live'
import { readFromScreen } from './live-reader'
import { firstFree, isWatching, peopleAt, type Screen, type ScreenSocket } from './present'
import type { ScreensPorts } from './screens-ports'
import { Unseen } from './unseen'

export type { ScreenSocket } from './present'
export type { ScreensPorts } from './screens-ports'

/** Three missed ticks: the screen is gone, whatever its socket says (workerd#1187). */
export const SILENT_AFTER_MS = 16_000
/** A socket that has been sent this much since it last answered a tick is not draining. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024
const UNREAD_AFTER_MS = 10_000

const TICK_SOON_MS = 500
const SHOWN_EVERY_MS = 100

export const SNAPSHOT_ROWS = 500
const CATCH_UP_ROWS = 500

type MovedFrame = Extract<ToScreen, { t: 'moved' }>

export class Screens {
  private readonly screens = new Map<ScreenSocket, Screen>()
  private frameSeq = 0
  private readonly changed = new Map<string, IncidentSummary>()
  private readonly unseen = new Unseen()
  private painted: { id: string; viewer: Viewer }[] = []
  private tickedAt = 0
  private tickPending = false

  constructor(
    private readonly ports: ScreensPorts,
    seq: number,
  ) {
    this.frameSeq = seq
  }

  get size(): number {
    return this.screens.size
  }

  join(socket: ScreenSocket, viewer: Viewer, site = ''): void {
    const screen: Screen = {
      id: this.ports.newId(),
      site,
      viewer,
      socket,
      at: null,
      heardAt: this.ports.now(),
      unreadBytes: 0,
      here: null,
    }
    const first = !this.hasScreen(viewer.uid)
    this.screens.set(socket, screen)
    const { region, epoch, now } = this.ports
    this.send(screen, {
      t: 'hello',
      epoch: epoch(),
      seq: this.frameSeq,
      at: new Date(now()).toISOString(),
      region,
      you: { uid: viewer.uid, screen: screen.id },
    })
    if (first) this.ports.present(viewer, true)
    this.ports.came?.(site, viewer.uid)
  }

  leave(socket: ScreenSocket): void {
    const screen = this.screens.get(socket)
    if (!screen) return
    this.screens.delete(socket)
    if (!this.hasScreen(screen.viewer.uid)) this.ports.present(screen.viewer, false)
    this.ports.gone?.(screen.site, screen.viewer.uid, false)
    this.tickSoon()
  }

  hear(socket: ScreenSocket, text: string): void {
    const screen = this.screens.get(socket)
    const message = screen && readFromScreen(text)
    if (!screen || !message) return
    screen.heardAt = this.ports.now()
    if (message.t === 'since') this.catchUp(screen, message.epoch, message.seq)
    else if (message.t === 'shown') this.hearShown(screen, message.seqs)
    else this.hearPresence(screen, message)
  }

  /** What changed; it goes out with the next `flush`, the latest state of each only. */
  note(summary: IncidentSummary): void {
    this.changed.delete(summary.id)
    this.changed.set(summary.id, summary)
  }

  get hasNews(): boolean {
    return this.changed.size > 0
  }

  /** One frame, built once, to all. */
  flush(): void {
    if (this.changed.size === 0) return
    const incidents = [...this.changed.values()].sort((a, b) => a.seq - b.seq)
    this.changed.clear()
    this.unseen.sent(incidents)
    this.frameSeq = incidents.at(-1)?.seq ?? this.frameSeq
    const frame = JSON.stringify({
      t: 'incidents',
      epoch: this.ports.epoch(),
      seq: this.frameSeq,
      incidents,
    } satisfies ToScreen)
    for (const screen of this.screens.values()) if (screen.at !== null) this.sendText(screen, frame)
  }

  /** To all who have caught up; no seq, so that it is never missed. */
  moved(moved: MovedFrame['moved'], sources: NonNullable<MovedFrame['sources']> = []): void {
    if (moved.length + sources.length === 0) return
    const apart = sources.length > 0 ? { sources } : {}
    const frame = JSON.stringify({ t: 'moved', epoch: this.ports.epoch(), moved, ...apart } satisfies ToScreen)
    for (const screen of this.screens.values()) if (screen.at !== null) this.sendText(screen, frame)
  }

  /** What stands beside the queue, to all who have caught up. */
  noticed(): void {
    const frame = this.noticesFrame()
    if (frame !== null) for (const screen of this.screens.values()) if (screen.at !== null) this.sendText(screen, frame)
  }

  /** Somebody came, went, or began to watch: all hear of it, but fifty who come together are told once. */
  tickSoon(): void {
    if (this.tickPending) return
    const now = this.ports.now()
    const wait = Math.min(this.tickedAt, now) + TICK_SOON_MS - now
    if (wait <= 0) {
      this.tick()
      return
    }
    this.tickPending = true
    this.ports.after(wait, () => {
      this.tickPending = false
      this.tick()
    })
  }

  /** To be called every 5 s while anybody is here. Closes who is silent or does not read. */
  tick(): void {
    const now = this.ports.now()
    this.tickedAt = now
    for (const screen of [...this.screens.values()]) {
      // Heard in what is the future now: the clock was set back, and nobody is there for the difference.
      screen.heardAt = Math.min(screen.heardAt, now)
      if (now - screen.heardAt > SILENT_AFTER_MS) this.drop(screen, CLOSE.slow, 'silent', screen.heardAt)
      else if (screen.unreadBytes > UNREAD_BYTES_MAX && now - screen.heardAt > UNREAD_AFTER_MS)
        this.drop(screen, CLOSE.slow, 'not reading', screen.heardAt)
    }
    this.ports.attended?.()
    if (this.screens.size === 0) return
    const frame = this.tickFrame()
    for (const screen of this.screens.values()) if (screen.at !== null) this.sendText(screen, frame)
  }

  /** People, not screens. */
  people(): People {
    return peopleAt(this.screens.values(), this.ports.now(), this.ports.holdsP1)
  }

  attention(): Attention {
    return together([this.people()])
  }

  nextFree(except: string): { uid: string; name: string } | null {
    return firstFree(this.screens.values(), this.ports.now(), this.ports.holdsP1, except)
  }

  hasScreen(uid: string): boolean {
    for (const screen of this.screens.values()) if (screen.viewer.uid === uid) return true
    return false
  }

  /** Closes the sockets of a person whose sessions below this epoch have ended. */
  endSessions(uid: string, epoch: number): void {
    for (const screen of [...this.screens.values()]) {
      if (screen.viewer.uid === uid && screen.viewer.epoch < epoch)
        this.drop(screen, CLOSE.sessionEnded, 'session ended')
    }
  }

  private hearShown(screen: Screen, seqs: readonly number[]): void {
    const first = this.unseen.take(seqs)
    if (first.length === 0) return
    const waiting = this.painted.length > 0
    this.painted.push(...first.map((id) => ({ id, viewer: screen.viewer })))
    if (!waiting) this.ports.after(SHOWN_EVERY_MS, () => this.tellShown())
  }

  // Screens paint within milliseconds of each other: what they report is one wait for the disk and not fifty.
  private tellShown(): void {
    const byViewer = new Map<Viewer, string[]>()
    for (const { id, viewer } of this.painted) byViewer.set(viewer, [...(byViewer.get(viewer) ?? []), id])
    this.painted = []
    for (const [viewer, ids] of byViewer) this.ports.shown(ids, viewer)
  }

  private hearPresence(screen: Screen, here: Extract<FromScreen, { t: 'here' }>): void {
    const before = isWatching(screen, this.ports.now())
    const callBefore = screen.here?.onCall ?? false
    screen.here = here
    // It answered a tick that was queued behind all that was sent before: it has read that.
    screen.unreadBytes = 0
    if (before !== isWatching(screen, this.ports.now()) || callBefore !== here.onCall) this.tickSoon()
  }

  private catchUp(screen: Screen, epoch: string | null, seq: number): void {
    const missed =
      epoch === this.ports.epoch() && seq <= this.frameSeq ? this.ports.since(seq, CATCH_UP_ROWS + 1) : null
    const now = this.ports.epoch()
    if (missed && missed.length <= CATCH_UP_ROWS) {
      this.unseen.sent(missed)
      if (missed.length > 0)
        this.send(screen, { t: 'incidents', epoch: now, seq: missed.at(-1)?.seq ?? seq, incidents: missed })
    } else {
      const incidents = this.ports.queue(SNAPSHOT_ROWS)
      this.unseen.sent(incidents)
      this.send(screen, {
        t: 'snapshot',
        epoch: now,
        seq: this.frameSeq,
        incidents,
        more: Math.max(0, this.ports.counts().queued - incidents.length),
      })
    }
    screen.at = this.frameSeq
    const notices = this.noticesFrame()
    if (notices !== null) this.sendText(screen, notices)
    this.send(screen, { t: 'live', epoch: now, seq: this.frameSeq })
    // Its own first tick: the link is only trusted from a tick on, and the next for all may be 5 s away.
    this.sendText(screen, this.tickFrame())
  }

  private noticesFrame(): string | null {
    return noticesFrame(this.ports)
  }

  private tickFrame(): string {
    return tickFrame(this.ports, this.frameSeq, this.attention())
  }

  private send(screen: Screen, message: ToScreen): void {
    this.sendText(screen, JSON.stringify(message))
  }

  private sendText(screen: Screen, text: string): void {
    screen.unreadBytes += text.length
    try {
      screen.socket.send(text)
    } catch {
      this.drop(screen, 1011, 'send failed')
    }
  }

  private drop(screen: Screen, code: number, reason: string, lastHeardAt?: number): void {
    this.screens.delete(screen.socket)
    try {
      screen.socket.close(code, reason)
    } catch {
      // It was gone already, which is what we wanted.
    }
    if (!this.hasScreen(screen.viewer.uid)) this.ports.present(screen.viewer, false, lastHeardAt)
    this.ports.gone?.(screen.site, screen.viewer.uid, code === CLOSE.sessionEnded)
  }
}
