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
import { AWAY_PAGES_KEPT_MS, AwayPages } from './away-pages'
import { type Cancel, type CancelOutcome, Cancels } from './cancels'
import type { CancelAnswer, IntakeHealth, IntakeRpc, PressReceipt, UnplacedCard } from './contract'
import { Directory } from './directory'
import { Forward } from './forward'
import { Knocks } from './knocks'
import { TOO_LATE, withinLimit } from './limit'
import type { IntakePorts } from './ports'
import { Presses, type PressRow } from './presses'
import { INTAKE_MIGRATIONS } from './schema'
import { Statuses, type Told } from './statuses'
import { Unverified } from './unverified'

export type { IntakePorts }

export const ROOM_AWAY_MS = 5000
/** Sooner than anybody is paged: screens that have lost the room ask every 2 s, and 6 s after the press is the promise. */
export const UNPLACED_MS = 2000
const SWEEP_MS = 2000
const KEPT_MS = 8 * 86_400_000
const PRUNE_MS = 3_600_000
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
  private readonly rush = new Rush()
  private readonly commits: GroupCommit<Item, Result>
  private readonly storage: Storage
  private armedFor: number | null = null
  /** The timer `away` is on disk. False says nothing. */
  private awaySet = false
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
      tell: (told) => this.tell(told),
      ...(ports.onFailure ? { onFailure: ports.onFailure } : {}),
    })
    this.commits = new GroupCommit<Item, Result>({
      storage,
      apply: (item) => this.apply(item),
      sealing: () => {
        this.presses.pending.settle(this.clock.now())
        this.turnIfSetBack()
        this.sweepLater()
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
    this.heedClock()
    const before = this.clock.now() - UNPLACED_MS
    return this.presses.pending
      .next(200)
      .filter(({ storedAt }) => storedAt <= before)
      .map(({ press: { sosId, home, deviceId, kind, receivedAt, position } }) => {
        return { sosId, region: home, deviceId, kind, receivedAt, position, ...this.directory.nameOf(deviceId) }
      })
  }

  async canary(id: string): Promise<{ ok: boolean; ms: number; failed: string | null }> {
    const begun = this.clock.now()
    const failed = await this.canaryFailure(id)
    return { ok: failed === null, ms: this.clock.now() - begun, failed }
  }

  /** Sets the alarm anew, in case the runtime lost it, and asks the room for news. Does not wait for the room. */
  async tick(): Promise<IntakeHealth> {
    this.armedFor = null
    if (this.presses.pending.owes) this.storage.transactionSync(() => this.presses.pending.settle(this.clock.now()))
    this.heedClock()
    this.ensureTimers()
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
    this.armedFor = null
    try {
      this.heedClock()
      for (const timer of this.timers.due()) {
        this.timers.remove(timer)
        if (timer.kind === 'away') {
          this.awaySet = false
          this.sweep()
        }
        if (timer.kind === 'prune') this.prune()
      }
    } catch (error) {
      this.ports.onFailure?.(error instanceof Error ? error.message : String(error), 1)
    } finally {
      this.ensureTimers()
    }
  }

  /** A clock that was set back keeps nobody from being told of a press whose room is silent. */
  private heedClock(): void {
    if (this.timers.setBackBy() > 0) this.storage.transactionSync(() => this.turnIfSetBack())
  }

  /** The same, inside a transaction. */
  private turnIfSetBack(): void {
    const byMs = this.timers.setBackBy()
    if (byMs === 0) return
    this.timers.turnBack(byMs)
    this.presses.turnBack(byMs, this.clock.now())
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
      this.awaySet = false
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
    this.storage.sql.exec('INSERT OR REPLACE INTO canary (id) VALUES (?)', item.id)
    this.storage.sql.exec('DELETE FROM canary WHERE id = ?', item.id)
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

  /** Written with what it is for: after a crash the alarm is all that still knows of it. */
  private sweepLater(): void {
    if (!this.group.owes || this.awaySet) return
    if (this.timers.get('away', '') === null) this.timers.set('away', '', this.clock.now() + ROOM_AWAY_MS)
    this.awaySet = true
  }

  /** True where the room has yet to hear something. */
  private get unsent(): boolean {
    return this.presses.pending.next(1).length > 0 || this.presses.folds(1).length > 0 || this.cancels.anyNote()
  }

  private labelled(press: Press): Press {
    const { deviceId, tokenGeneration, labels } = press
    if (labels.includes('revoked_token') || !this.directory.isRevoked(deviceId, tokenGeneration)) return press
    return { ...press, labels: [...press.labels, 'revoked_token'] }
  }

  private committed(): void {
    const { hurry, counts } = this.group
    this.group = { hurry: false, counts: false, owes: false }
    this.arm()
    if (hurry) this.forward.wake()
    if (counts) this.forward.wakeSoon()
  }

  /** Presses whose room is silent: the courier hears of them past it, and the room is asked again. */
  private sweep(): void {
    const now = this.clock.now()
    const rows = this.presses.unpaged(now - ROOM_AWAY_MS)
    if (rows.length > 0)
      this.storage.transactionSync(() => {
        this.pageFor(rows)
        this.presses.paged(rows, now)
      })
    this.away.wake()
    const oldest = this.presses.oldestUnpaged()
    if (oldest !== null) this.timers.set('away', '', Math.max(oldest + ROOM_AWAY_MS, now + 1))
    else if (this.unsent) this.timers.set('away', '', now + SWEEP_MS)
    this.forward.wake()
  }

  /** Of those that a true PIN has taken back nobody needs to be told. */
  private pageFor(rows: readonly PressRow[]): void {
    const presses = rows
      .filter(({ cancel_verdict }) => cancel_verdict !== 'true')
      .map(({ body, stored_at }) => {
        const press = JSON.parse(body) as Press
        return { press, ...this.directory.cardsOf(press.deviceId), storedAt: stored_at }
      })
    const [first] = presses
    if (first) this.away.make(presses, this.directory.dutyCard(first.press.home), this.presses.backlog())
  }

  private prune(): void {
    const now = this.clock.now()
    const more = this.presses.forgetBefore(now - KEPT_MS)
    this.unverified.forgetBefore(now - KEPT_MS)
    this.away.forgetBefore(now - AWAY_PAGES_KEPT_MS)
    this.cancels.forgetHeld(now)
    this.timers.set('prune', '', now + (more ? 1000 : PRUNE_MS))
  }

  private ensureTimers(): void {
    const now = this.clock.now()
    if (this.timers.get('prune', '') === null) this.timers.set('prune', '', now + PRUNE_MS)
    if (this.timers.get('away', '') === null && this.unsent) this.timers.set('away', '', now + SWEEP_MS)
    this.arm()
  }

  private arm(): void {
    // Nothing was set since the alarm was: there is nothing to ask the disk.
    if (!this.timers.touched && this.armedFor !== null && this.armedFor > this.clock.now()) return
    this.timers.touched = false
    const at = this.timers.nextAlarm(this.armedFor)
    if (at === null) return
    this.armedFor = at
    this.ports.wakeAt(at)
  }

  private tell(told: readonly Told[]): void {
    for (const each of told) this.ports.tell(each)
  }

  private async canaryFailure(id: string): Promise<string | null> {
    try {
      await this.commits.submit({ t: 'canary', id })
      const answered = await withinLimit(this.clock, ROOM_AWAY_MS, this.forward.canary(id))
      if (answered === TOO_LATE) return `room: no answer within ${ROOM_AWAY_MS} ms`
      return answered === id ? null : 'room: answered without the canary'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
}
