// The tower's watch on itself: wakes what fell asleep, sends a press of its own through every region, and tells a dead-man's
// switch outside that all of it worked. Takes no part in an SOS. Its object, alarm and storage are in workers/sentinel.ts.

import type { CourierHealth } from '../courier/contract'
import type { RegionId } from '../domain/region'
import { within } from '../durable/deadline'
import type { FleetHealth } from '../fleet/contract'
import type { IntakeHealth } from '../intake/contract'
import type { RoomHealth } from '../room/contract'
import { Chore } from './chore'
import type { CanaryResult, SentinelRpc, TickReport } from './contract'
import { eachOf } from './pace'

/** Between two beats of its own alarm: every screen sees a canary younger than a minute. */
export const BEAT_MS = 20_000
/** A full tick is due when the last is older; cron and supervisor ask once a minute, too. */
const TICK_EVERY_MS = 55_000
/** A canary so young is good enough for whoever asks. */
const CANARY_FRESH_MS = 30_000
/** However often they ask, a run starts at most once in this time. */
const CANARY_GAP_MS = 5_000
const CALL_DEADLINE_MS = 5_000
const CALLS_AT_ONCE = 8
const HISTORY_EVERY_MS = 3_600_000
const FORGET_EVERY_MS = 24 * 3_600_000

export type Shard = number | 'u0' | 'u1'

/** All that the Sentinel reaches. Each may reject or never answer. */
export type SentinelPorts = {
  regions: readonly RegionId[]
  /** Intakes per region, beside u0 and u1. */
  shards: number
  /** Fleet shards per region. */
  fleets: number
  tickFleet(region: RegionId, shard: number): Promise<FleetHealth>
  /** Courier shards per region. */
  couriers: number
  tickCourier(region: RegionId, shard: number): Promise<CourierHealth>
  /** Makes and drops partitions of the history; null without Postgres. */
  keepHistory: (() => Promise<{ made: number; dropped: number; inDefault: number }>) | null
  /** Forgets what is older than its retention, and says how many rows of which table; null without Postgres. */
  forgetOld?: (() => Promise<Record<string, number>>) | null
  tickRoom(region: RegionId): Promise<RoomHealth>
  tickIntake(region: RegionId, shard: Shard): Promise<IntakeHealth>
  canary(region: RegionId, shard: number, id: string): Promise<{ ok: boolean; ms: number; failed: string | null }>
  /** Null where no dead-man's switch is configured. Rejects where it did not take the ping. */
  pingDeadman: ((signal: AbortSignal) => Promise<void>) | null
  /** The last report outlives the object. */
  load(): Promise<TickReport | null>
  save(report: TickReport): Promise<void>
  now(): number
  newId(): string
}

export class SentinelCore implements SentinelRpc {
  #canaries: CanaryResult[] = []
  #canariesStartedAt = Number.NEGATIVE_INFINITY
  #canariesRunning: Promise<CanaryResult[]> | null = null
  #ticking: Promise<TickReport> | null = null
  /** Dropping a day of a large fleet takes longer than a watch on an SOS may stand still. */
  readonly #history: Chore<{ made: number; dropped: number; inDefault: number }>
  readonly #forgetting: Chore<Record<string, number>>
  #report: TickReport | null = null

  constructor(
    private readonly ports: SentinelPorts,
    private readonly callDeadlineMs = CALL_DEADLINE_MS,
  ) {
    const now = () => ports.now()
    this.#history = new Chore(ports.keepHistory, HISTORY_EVERY_MS, now, reasonOf)
    this.#forgetting = new Chore(ports.forgetOld ?? null, FORGET_EVERY_MS, now, reasonOf)
  }

  tick(): Promise<TickReport> {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = null
    })
    return this.#ticking
  }

  async canary(): Promise<CanaryResult[]> {
    const age = this.ports.now() - this.#canariesStartedAt
    return age >= 0 && age < CANARY_FRESH_MS && !this.#canariesRunning ? this.#canaries : this.#runCanaries()
  }

  async lastReport(): Promise<TickReport | null> {
    this.#report ??= await this.ports.load()
    return this.#report
  }

  /** What its own alarm does: canaries each time, everything when that is due. Never rejects. */
  async beat(): Promise<void> {
    try {
      const last = await this.lastReport().catch(() => null)
      const age = this.ports.now() - (last?.at ?? Number.NEGATIVE_INFINITY)
      // A clock that was set back must not silence it.
      if (age >= TICK_EVERY_MS || age < 0) await this.tick()
      else await this.#runCanaries()
    } catch (cause) {
      complain('sentinel beat failed', cause)
    }
  }

  async #tick(): Promise<TickReport> {
    const at = this.ports.now()
    const history = this.#history.begin()
    const forgotten = this.#forgetting.begin()
    const [rooms, intakes, fleets, couriers, canaries] = await Promise.all([
      this.#wakeRooms(),
      this.#wakeIntakes(),
      this.#wakeNumbered(this.ports.fleets, this.ports.tickFleet),
      this.#wakeNumbered(this.ports.couriers, this.ports.tickCourier),
      this.#runCanaries(),
    ])
    const deadman = await this.#deadman(canaries)
    const report: TickReport = { at, rooms, intakes, fleets, couriers, canaries, history, forgotten, deadman }
    this.#report = report
    await this.ports.save(report).catch((cause) => complain('sentinel report not kept', cause))
    return report
  }

  #wakeRooms(): Promise<TickReport['rooms']> {
    return eachOf(this.ports.regions, CALLS_AT_ONCE, async (region) => {
      try {
        return await within(this.callDeadlineMs, this.ports.tickRoom(region))
      } catch (cause) {
        return { region, failed: reasonOf(cause) }
      }
    })
  }

  #wakeIntakes(): Promise<TickReport['intakes']> {
    const numbers = Array.from({ length: this.ports.shards }, (_, number) => number)
    const all = this.ports.regions.flatMap((region) =>
      [...numbers, 'u0' as const, 'u1' as const].map((shard) => ({ region, shard })),
    )
    return eachOf(all, CALLS_AT_ONCE, async ({ region, shard }) => {
      try {
        return await within(this.callDeadlineMs, this.ports.tickIntake(region, shard))
      } catch (cause) {
        return { name: `${region}:${shard}`, failed: reasonOf(cause) }
      }
    })
  }

  #wakeNumbered<Health>(
    count: number,
    tick: (region: RegionId, shard: number) => Promise<Health>,
  ): Promise<(Health | { name: string; failed: string })[]> {
    const numbers = Array.from({ length: count }, (_, number) => number)
    const all = this.ports.regions.flatMap((region) => numbers.map((shard) => ({ region, shard })))
    return eachOf(all, CALLS_AT_ONCE, async ({ region, shard }) => {
      try {
        return await within(this.callDeadlineMs, tick(region, shard))
      } catch (cause) {
        return { name: `${region}:${shard}`, failed: reasonOf(cause) }
      }
    })
  }

  async #runCanaries(): Promise<CanaryResult[]> {
    if (this.#canariesRunning) return this.#canariesRunning
    const now = this.ports.now()
    if (Math.abs(now - this.#canariesStartedAt) < CANARY_GAP_MS) return this.#canaries
    this.#canariesStartedAt = now
    this.#canariesRunning = eachOf(this.ports.regions, CALLS_AT_ONCE, (region) => this.#oneCanary(region, now))
    try {
      this.#canaries = await this.#canariesRunning
    } finally {
      this.#canariesRunning = null
    }
    return this.#canaries
  }

  async #oneCanary(region: RegionId, at: number): Promise<CanaryResult> {
    // Another shard with each beat, so that after a while every way has been walked.
    const shard = Math.floor(at / BEAT_MS) % this.ports.shards
    try {
      const { ok, ms, failed } = await within(
        this.callDeadlineMs,
        this.ports.canary(region, shard, `canary-${this.ports.newId()}`),
      )
      return { region, ok, ms, at, failed }
    } catch (cause) {
      return { region, ok: false, ms: this.ports.now() - at, at, failed: reasonOf(cause) }
    }
  }

  // The switch outside raises the alarm when pings stop, so a ping without proof would be worse than none.
  async #deadman(canaries: readonly CanaryResult[]): Promise<TickReport['deadman']> {
    const { pingDeadman, regions } = this.ports
    if (!pingDeadman) return 'off'
    const passed = regions.every((region) => canaries.some((canary) => canary.region === region && canary.ok))
    if (!passed) return 'held back'
    try {
      await within(this.callDeadlineMs, pingDeadman(AbortSignal.timeout(this.callDeadlineMs)))
      return 'pinged'
    } catch {
      return 'failed'
    }
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause)).slice(0, 200)

const complain = (message: string, cause: unknown): void =>
  console.error(JSON.stringify({ level: 'error', message, error: reasonOf(cause) }))
