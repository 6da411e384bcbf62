// One object of the platform: a core over a disk, in one life after another. A life has its memory, its timers and the calls
// that it is answering, and all of that ends with it; the disk and the alarm outlive it.

import type { Storage } from '../../../src/durable/storage'
import { Crashed, Disk } from './disk'
import type { World } from './world'

export type Life = {
  readonly n: number
  alive: boolean
  /** Called when it ends: whoever waits for an answer hears that there is none. */
  readonly deaths: Set<() => void>
}

export type Clock = { now(): number; after(ms: number, run: () => void): () => void }

/** After an alarm whose handler died, the platform calls again. */
const ALARM_AGAIN_MS = 2_000

export abstract class Actor<Core> {
  readonly disk: Disk
  /** Its clock less the true time, ms. */
  skew = 0
  /** Nothing of it lives before then. */
  downUntil = 0
  /** By its own clock. */
  alarmAt: number | null = null
  /** What is asked of it is not begun before then. */
  stuckUntil = 0
  losesAlarms = false
  lives = 0
  /** Commits that its disk refused. */
  refusals = 0
  private life: Life | null = null
  private core: Core | null = null
  private cancelAlarm: () => void = () => {}

  constructor(
    protected readonly world: World,
    readonly name: string,
    kind: string,
    migrations: readonly string[],
  ) {
    this.disk = new Disk(kind, migrations)
    world.actors.push(this as unknown as Actor<unknown>)
  }

  protected abstract bear(storage: Storage, life: Life, clock: Clock): Core
  protected abstract ring(core: Core): void
  /** The minute's round. */
  abstract tick(core: Core): Promise<unknown>

  now(): number {
    return this.world.time.now + this.skew
  }

  get isUp(): boolean {
    return this.world.time.now >= this.downUntil
  }

  /** The living core, if there is one, for those who check. */
  get living(): Core | null {
    return this.core
  }

  /** Runs something in it as the platform would: bearing it where it is not alive. Throws where it is down, or dies of it. */
  enter<T>(run: (core: Core, life: Life) => T): T {
    if (!this.isUp) throw new Error(`${this.name} is down`)
    const { core, life } = this.alive()
    return run(core, life)
  }

  /** Its process ends; another may begin after so long. */
  kill(why: string, downMs: number): void {
    this.downUntil = Math.max(this.downUntil, this.world.time.now + downMs)
    this.world.impaired(this.name, downMs)
    if (this.alarmAt !== null) this.armRuntime()
    const { life } = this
    if (!life) return
    this.world.say(this.name, `dies ${why}, ${life.deaths.size} waiting, back in ${downMs} ms`)
    life.alive = false
    this.life = null
    this.core = null
    this.disk.fault = null
    for (const die of life.deaths) die()
    life.deaths.clear()
  }

  /** Its clock is set. */
  stepClock(ms: number): void {
    this.skew += ms
    this.world.say(this.name, `clock is set by ${ms} ms`)
    if (this.alarmAt !== null) this.armRuntime()
  }

  /** What its core calls to be woken. */
  protected wakeAt(life: Life, at: number): void {
    if (!life.alive) return
    if (at <= this.now()) this.world.broken('alarms', `${this.name} sets its alarm to the past`)
    if (this.losesAlarms) {
      this.world.say(this.name, 'its alarm is lost')
      return
    }
    this.alarmAt = at
    this.armRuntime()
  }

  /** It is called though nothing is due: a platform calls at least once. */
  ringForNothing(): void {
    if (this.isUp) this.world.guarded(this.name, () => this.enter((core) => this.ring(core)))
  }

  /** Whatever kept it down is over. */
  comeBack(): void {
    this.downUntil = Math.min(this.downUntil, this.world.time.now)
    if (this.alarmAt !== null) this.armRuntime()
  }

  loseAlarm(): void {
    this.alarmAt = null
    this.cancelAlarm()
  }

  fireAlarm(): void {
    if (!this.isUp) {
      this.armRuntime()
      return
    }
    if (this.alarmAt !== null && this.alarmAt > this.now()) {
      this.armRuntime()
      return
    }
    this.alarmAt = null
    this.world.guarded(this.name, () => {
      try {
        this.enter((core) => this.ring(core))
      } catch (error) {
        if (!(error instanceof Crashed)) throw error
        this.alarmAt ??= this.now() + ALARM_AGAIN_MS
        this.armRuntime()
      }
    })
  }

  private alive(): { core: Core; life: Life } {
    if (this.core !== null && this.life?.alive) return { core: this.core, life: this.life }
    const life: Life = { n: ++this.lives, alive: true, deaths: new Set() }
    this.life = life
    const downMs = () => this.world.random.between(0, 3_000)
    const storage = this.disk.storage({
      isAlive: () => life.alive,
      die: () => this.kill('at a commit', downMs()),
      refused: () => {
        this.refusals++
        this.world.say(this.name, 'its disk refuses a commit')
        this.world.impaired(this.name, 5_000)
      },
    })
    const clock: Clock = {
      now: () => this.now(),
      after: (ms, run) =>
        this.world.time.after(Math.ceil(ms), () => {
          if (life.alive) this.world.guarded(this.name, run)
        }),
    }
    this.core = this.bear(storage, life, clock)
    return { core: this.core, life }
  }

  private armRuntime(): void {
    this.cancelAlarm()
    if (this.alarmAt === null) return
    const at = Math.max(this.alarmAt - this.skew, this.downUntil)
    this.cancelAlarm = this.world.time.at(at, () => this.fireAlarm())
  }
}
