// One intake shard: takes presses before anybody else has seen them, answers what phones may read, judges PINs, and
// keeps everything until the region's room has it. It needs nothing but its own storage to answer a press.

import type { PhoneView } from '../domain/phone-view'
import type { Press, UnverifiedPress } from '../domain/press'
import { type DrainClock, wallClock } from '../durable/drain'
import { GroupCommit } from '../durable/group-commit'
import { Rush } from '../durable/rush'
import { migrate, type Storage } from '../durable/storage'
import { Timers } from '../durable/timers'
import type { StatusPush } from '../room/contract'
import { AwayPages } from './away-pages'
import { Canary } from './canary'
import { type Cancel, type CancelOutcome, Cancels } from './cancels'
import type { CancelAnswer, IntakeHealth, IntakeRpc, PressReceipt, UnplacedCard } from './contract'
import { Directory } from './directory'
import { Forward } from './forward'
import { Hours } from './hours'
import { Knocks } from './knocks'
import { withinLimit } from './limit'
import { Overdue } from './overdue'
import type { IntakePorts } from './ports'
import { Presses } from './presses'
import { INTAKE_MIGRATIONS } from './schema'
import { Statuses, type Told } from './statuses'
import { Unverified } from './unverified'

export type { IntakePorts }

const ASK_ROOM_MS = 2000

const UNVERIFIED_SHARD = /:u\d$/
/** In a flood of forged presses each write would wait for the disk by itself, and real ones behind it. */
const UNVERIFIED_WINDOW_MS = 50

type Item =
  | { t: 'press'; press: Press }
  | { t: 'unverified'; press: UnverifiedPress }
  | { t: 'cancel'; cancel: Cancel; last: boolean }
  | { t: 'canary'; id: string }
type Result = PressReceipt | CancelOutcome | null

export class Intake implements Omit<IntakeRpc, 'lifelinesHeard' | 'ask' | 'say'> {
  private readonly timers: Timers
  private readonly presses: Presses
  private readonly directory: Directory
  private readonly cancels: Cancels
  private readonly statuses: Statuses
  private readonly unverified: Unverified
  private readonly knocks: Knocks
  private readonly away: AwayPages
  private readonly forward: Forward
  private readonly overdue: Overdue
  private readonly canaries: Canary
  private readonly hours: Hours
  private readonly rush = new Rush()
  private readonly commits: GroupCommit<Item, Result>
  private readonly storage: Storage
  private group = { hurry: false, counts: false, owes: false }

  /** `name` is `REGION:n` or `REGION:u0`. Migrates its storage before it returns. */
  constructor(
    private readonly name: string,
    disk: Storage,
    private readonly ports: IntakePorts,
    private readonly clock: DrainClock = wallClock,
  ) {
    migrate(disk, INTAKE_MIGRATIONS)
    const storage = { sql: disk.sql, transactionSync: <T>(run: () => T) => this.transact(disk, run) }
    this.storage = storage
    this.timers = new Timers(storage, () => clock.now())
    this.presses = new Presses(storage)
    this.directory = new Directory(storage)
    // The life before this one may have ended between a press and its journey: the first who asks sets it going.
    this.group.hurry = this.presses.pending.next(1).length > 0
    this.cancels = new Cancels(storage, this.presses, this.directory)
    this.statuses = new Statuses(storage, this.presses, this.cancels)
    this.unverified = new Unverified(storage)
    this.knocks = new Knocks(storage)
    this.away = new AwayPages({
      name,
      storage,
      clock,
      send: ports.page,
      places: ports.places,
      onFailure: ports.onFailure,
    })
    this.forward = new Forward({
      name,
      storage,
      clock,
      presses: this.presses,
      cancels: this.cancels,
      statuses: this.statuses,
      directory: this.directory,
      unverified: this.unverified,
      away: this.away,
      room: ports.room,
      inRush: () => this.rush.isOn(clock.now()),
      inStream: () => this.rush.isStream(clock.now()),
      tell: (told) => this.tell(told),
      ...(ports.onFailure ? { onFailure: ports.onFailure } : {}),
    })
    this.overdue = new Overdue({
      storage,
      clock,
      timers: this.timers,
      presses: this.presses,
      cancels: this.cancels,
      directory: this.directory,
      away: this.away,
      forward: this.forward,
    })
    this.hours = new Hours({
      storage,
      clock,
      timers: this.timers,
      presses: this.presses,
      cancels: this.cancels,
      unverified: this.unverified,
      away: this.away,
      overdue: this.overdue,
      wakeAt: (at) => ports.wakeAt(at),
      onFailure: ports.onFailure && ((failure, failures) => ports.onFailure?.(failure, failures)),
    })
    this.canaries = new Canary({
      clock,
      storage,
      submit: (id) => this.commits.submit({ t: 'canary', id }),
      forward: this.forward,
    })
    this.commits = new GroupCommit<Item, Result>({
      storage,
      apply: (item) => this.apply(item),
      sealing: () => {
        this.presses.pending.settle(this.clock.now())
        this.hours.turnIfSetBack()
        if (this.group.owes) this.overdue.later()
      },
      committed: () => this.committed(),
      after: (ms, run) => clock.after(ms, run),
      now: () => clock.now(),
      ...(UNVERIFIED_SHARD.test(name) ? { windowMs: UNVERIFIED_WINDOW_MS } : {}),
    })
  }

  async press(press: Press): Promise<PressReceipt> {
    return (await this.commits.submit({ t: 'press', press })) as PressReceipt
  }

  async pressUnverified(press: UnverifiedPress): Promise<void> {
    await this.commits.submit({ t: 'unverified', press })
  }

  async status(sosId: string, deviceId: string): Promise<PhoneView | null> {
    return this.statuses.read(sosId, deviceId)
  }

  /** Waits for the room at most 2 s, and only where the device is not in this intake's directory. */
  async cancel(sosId: string, deviceId: string, pinMac: string): Promise<CancelAnswer> {
    const cancel = { sosId, deviceId, pinMac }
    const first = (await this.commits.submit({ t: 'cancel', cancel, last: false })) as CancelOutcome
    if (first !== 'ask') return first
    // A room that is known to be away is not asked by every cancel.
    if (this.forward.state.state !== 'waiting') await withinLimit(this.clock, ASK_ROOM_MS, this.forward.sync())
    return (await this.commits.submit({ t: 'cancel', cancel, last: true })) as CancelAnswer
  }

  async knock(deviceId: string, name: string, at: number): Promise<boolean> {
    return this.storage.transactionSync(() => this.knocks.knock(deviceId, name, at, this.clock.now()))
  }

  async update(pushes: StatusPush[]): Promise<void> {
    const now = this.clock.now()
    const told = this.storage.transactionSync(() => {
      this.presses.pending.settle(now)
      return this.statuses.take(pushes, now)
    })
    this.tell(told)
  }

  async unplaced(): Promise<UnplacedCard[]> {
    this.hours.heedClock()
    return this.overdue.unplaced()
  }

  async canary(id: string): Promise<{ ok: boolean; ms: number; failed: string | null }> {
    return this.canaries.fly(id)
  }

  /** Sets the alarm anew, in case the runtime lost it, and asks the room for news. Does not wait for the room. */
  async tick(): Promise<IntakeHealth> {
    if (this.presses.pending.owes) this.storage.transactionSync(() => this.presses.pending.settle(this.clock.now()))
    this.hours.rearm()
    this.away.wake()
    void this.forward.sync()
    const { unconfirmed, oldest } = this.presses.backlog()
    return {
      name: this.name,
      unconfirmed,
      oldestUnconfirmedAt: oldest,
      stored: this.presses.stored(),
      lifelines: this.ports.lifelines(),
      directoryVersion: this.directory.version,
      now: this.clock.now(),
    }
  }

  /** Fires what is due and sets the next alarm. Touches nothing outside the storage, and never throws. */
  alarm(): void {
    this.hours.alarm()
  }

  /** What is kept in memory is what the disk says: where a transaction failed, it is read again. */
  private transact<T>(disk: Storage, run: () => T): T {
    try {
      return disk.transactionSync(run)
    } catch (error) {
      this.presses.reload()
      this.directory.reload()
      this.cancels.reload()
      this.away.reload()
      this.overdue.reload()
      throw error
    }
  }

  private apply(item: Item): Result {
    const now = this.clock.now()
    if (item.t === 'press') return this.accept(item.press, now)
    if (item.t === 'unverified') {
      this.unverified.add(item.press, now)
      this.group.counts = true
      return null
    }
    if (item.t === 'cancel') {
      const outcome = this.cancels.judge(item.cancel, now, item.last)
      if (outcome !== 'ask') {
        this.group.hurry = true
        this.group.owes = true
      }
      return outcome
    }
    this.canaries.write(item.id)
    return null
  }

  private accept(press: Press, now: number): PressReceipt {
    this.rush.took(1, now)
    const { inserted, ...receipt } = this.presses.accept(this.labelled(press), now)
    if (inserted) {
      this.cancels.pressArrived(press.sosId, press.deviceId, now)
      this.group.hurry = true
    } else if (!receipt.known) this.group.counts = true
    if (!receipt.known) this.group.owes = true
    return receipt
  }

  private labelled(press: Press): Press {
    const { deviceId, tokenGeneration, labels } = press
    if (labels.includes('revoked_token') || !this.directory.isRevoked(deviceId, tokenGeneration)) return press
    return { ...press, labels: [...press.labels, 'revoked_token'] }
  }

  private committed(): void {
    const { hurry, counts } = this.group
    this.group = { hurry: false, counts: false, owes: false }
    this.hours.arm()
    if (hurry) this.forward.wake()
    if (counts) this.forward.wakeSoon()
  }

  private tell(told: readonly Told[]): void {
    for (const each of told) this.ports.tell(each)
  }
}
