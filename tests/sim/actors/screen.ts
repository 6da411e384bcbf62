// An operator's screen and the operator before it: the page's own store and its ways of coming back (views/client/live), and a
// person who takes what is there, works on it or falls silent.

import type { Viewer } from '../../../src/domain/access'
import type { Act } from '../../../src/domain/command'
import type { IncidentSummary } from '../../../src/domain/incident'
import type { FromScreen, ToScreen } from '../../../src/room/live'
import type { ScreenSocket } from '../../../src/room/screens'
import { retryDelay } from '../../../views/client/live/link'
import { emptyStore, receive, type Store } from '../../../views/client/live/store'
import type { Life } from '../world/actor'
import type { World } from '../world/world'
import type { RoomActor, RoomLife } from './room'

const OPEN_WITHIN_MS = 8_000
const SILENT_MS = 16_000
const RECEIPTS_AFTER_MS = 250
/** How long a click is waited for before it is clicked again. */
const CLICK_AGAIN_MS = 6_000

export type Habits = {
  /** Takes a card that nobody has, by chance, so long after it came. */
  takes: number
  thinksMs: readonly [number, number]
  /** After a take does nothing more. */
  silent: number
}

type Link = {
  open: boolean
  socket: ScreenSocket
  life: Life | null
  /** Frames arrive in their order. */
  arrivesAt: number
  saysAt: number
}

/** Told what the room had when it said that a screen is up to date, and what the screen has once it has read that. */
export type CaughtUp = (screen: Screen, truth: ReadonlyMap<string, { seq: number; queued: boolean }>) => void

export class Screen {
  readonly store: Store = emptyStore()
  /** True from the frame that says that all is there, while the socket stands. */
  isLive = false
  isOn = true
  losses = 0
  /** When it last became what it is, true time. */
  liveSince = 0
  private link: Link | null = null
  private failures = 0
  private heardAt = 0
  private checking = false
  private readonly considered = new Set<string>()
  private readonly mine = new Set<string>()

  constructor(
    private readonly world: World,
    readonly viewer: Viewer,
    private readonly room: RoomActor,
    private habits: Habits,
    private readonly truthOf: (core: RoomLife) => ReadonlyMap<string, { seq: number; queued: boolean }>,
    private readonly caughtUp: CaughtUp,
  ) {}

  get name(): string {
    return `screen:${this.viewer.uid}`
  }

  begin(): void {
    this.connect()
    if (this.checking) return
    this.checking = true
    this.check()
  }

  /** The browser is closed, or its machine is gone without a word. */
  lose(silently: boolean): void {
    this.world.say(this.name, silently ? 'is gone without a word' : 'is closed')
    this.isOn = false
    this.losses++
    this.isLive = false
    const { link } = this
    this.link = null
    if (link && !silently) this.tellClosed(link)
  }

  back(): void {
    if (this.isOn) return
    this.world.say(this.name, 'is back')
    this.isOn = true
    this.failures = 0
    this.connect()
  }

  /** From now on its operator takes what there is, and works on it. */
  attend(): void {
    this.habits = { takes: 1, thinksMs: [500, 8_000], silent: 0 }
    this.considered.clear()
    for (const incident of this.store.queue.values()) this.consider(incident)
  }

  private check(): void {
    this.world.time.after(1_000, () => {
      if (this.isOn && this.link && this.world.time.now - this.heardAt > SILENT_MS) this.drop(this.link)
      this.check()
    })
  }

  private connect(): void {
    if (!this.isOn || this.link) return
    const { world, room } = this
    this.heardAt = world.time.now
    const link: Link = { open: false, socket: this.socketOf(() => link), life: null, arrivesAt: 0, saysAt: 0 }
    this.link = link
    world.time.after(OPEN_WITHIN_MS, () => {
      if (this.link === link && !link.open) this.drop(link)
    })
    world.time.after(world.network.latency(), () => {
      if (world.network.isCut(this.name, room.name)) return
      world.guarded(room.name, () => {
        if (!room.isUp) {
          this.arrive(link, () => this.drop(link))
          return
        }
        room.enter((core, life) => {
          link.life = life
          link.open = true
          life.deaths.add(() => this.arrive(link, () => this.drop(link)))
          core.open(link.socket, this.viewer, 'site')
        })
      })
    })
  }

  private socketOf(link: () => Link): ScreenSocket {
    return {
      send: (text) => {
        const message = JSON.parse(text) as ToScreen
        const life = link().life
        const truth = message.t === 'live' && life?.alive && this.room.living ? this.truthOf(this.room.living) : null
        this.arrive(link(), () => this.hear(link(), message, truth))
      },
      close: () => this.arrive(link(), () => this.drop(link())),
    }
  }

  private arrive(link: Link, what: () => void): void {
    const { world } = this
    link.arrivesAt = Math.max(link.arrivesAt, this.comesThrough())
    world.time.at(link.arrivesAt, () => {
      if (this.link === link && this.isOn) what()
    })
  }

  private hear(
    link: Link,
    message: ToScreen,
    truth: ReadonlyMap<string, { seq: number; queued: boolean }> | null,
  ): void {
    this.heardAt = this.world.time.now
    if (message.t === 'hello') this.say(link, { t: 'since', epoch: this.store.epoch, seq: this.store.seq })
    const effect = receive(this.store, message)
    if (effect.ask) this.say(link, { t: 'since', epoch: this.store.epoch, seq: this.store.seq })
    if (effect.changed.length > 0) this.painted(link, effect.changed)
    if (message.t === 'live') {
      this.failures = 0
      if (!this.isLive) this.liveSince = this.world.time.now
      this.isLive = true
      if (truth) this.caughtUp(this, truth)
    }
    if (message.t === 'live' || message.t === 'tick') this.here(link)
  }

  private here(link: Link): void {
    const seq = this.store.seq
    this.say(link, { t: 'here', seq, visible: true, paintedMs: 100, sound: true, inputMs: 5_000, onCall: false })
  }

  private painted(link: Link, incidents: readonly IncidentSummary[]): void {
    this.world.time.after(RECEIPTS_AFTER_MS, () =>
      this.say(link, { t: 'shown', seqs: incidents.map(({ seq }) => seq) }),
    )
    for (const incident of incidents) this.consider(incident)
  }

  private consider({ id, owner, state }: IncidentSummary): void {
    const { random, time } = this.world
    if (owner !== null) {
      this.considered.delete(id)
      return
    }
    if (this.considered.has(id) || (state !== 'new' && state !== 'help_asked')) return
    this.considered.add(id)
    if (!random.chance(this.habits.takes)) return
    time.after(random.between(...this.habits.thinksMs), () => {
      const now = this.store.queue.get(id)
      this.considered.delete(id)
      if (this.isOn && now && now.owner === null && !this.mine.has(id)) this.take(id)
    })
  }

  private take(id: string): void {
    this.mine.add(id)
    this.act(id, { type: 'take' }, 3, (ok) => {
      this.mine.delete(id)
      if (ok && !this.world.random.chance(this.habits.silent)) this.work(id)
    })
  }

  /** Logs what was done, and in the end how it ended. */
  private work(id: string): void {
    const { random, time } = this.world
    time.after(random.between(3_000, 30_000), () => {
      if (!this.isOn) return
      this.act(id, { type: 'note', text: 'called the barangay' }, 2, () => {
        if (!random.chance(0.4)) return
        time.after(random.between(5_000, 30_000), () => {
          if (this.isOn) this.act(id, { type: 'safe', confirmedBy: 'own_voice' }, 2, () => {})
        })
      })
    })
  }

  /** By HTTP: what is not answered is clicked again. */
  private act(id: string, act: Act, tries: number, then: (ok: boolean) => void): void {
    const { world, room, viewer } = this
    if (!this.isOn) return
    world.say(this.name, `${act.type} ${id.slice(0, 8)}`)
    let over = false
    const again = () => {
      if (over) return
      over = true
      if (tries > 1) this.act(id, act, tries - 1, then)
      else then(false)
    }
    world.time.after(CLICK_AGAIN_MS, again)
    world.network
      .call({ name: this.name, life: null }, room, act.type, (core) => core.act(id, act, viewer))
      .then(
        (answer) => {
          if (over) return
          over = true
          then(answer.ok)
        },
        () => {
          world.time.after(world.random.between(300, 1_500), again)
        },
      )
  }

  private say(link: Link, message: FromScreen): void {
    const { world, room } = this
    if (this.link !== link || !link.open) return
    link.saysAt = Math.max(link.saysAt, this.comesThrough())
    world.time.at(link.saysAt, () => {
      if (!link.life?.alive) return
      world.guarded(room.name, () =>
        room.enter((core, life) => {
          if (life === link.life) core.heard(link.socket, JSON.stringify(message))
        }),
      )
    })
  }

  /** What is sent on a socket that stands is sent again until it is there: nothing of it is missing, or all that follows. */
  private comesThrough(): number {
    const { network, time } = this.world
    return Math.max(time.now, network.isCut(this.name, this.room.name)?.until ?? 0) + network.latency()
  }

  private tellClosed(link: Link): void {
    const { world, room } = this
    if (!link.open || world.network.isCut(this.name, room.name)) return
    world.time.after(world.network.latency(), () => {
      if (!link.life?.alive) return
      world.guarded(room.name, () =>
        room.enter((core, life) => {
          if (life === link.life) core.closed(link.socket)
        }),
      )
    })
  }

  private drop(link: Link): void {
    if (this.link !== link) return
    this.link = null
    this.isLive = false
    this.tellClosed(link)
    this.world.time.after(retryDelay(this.failures++, this.world.random.next()), () => this.connect())
  }
}
