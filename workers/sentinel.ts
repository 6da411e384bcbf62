// The Sentinel's Durable Object: its alarm, its storage and its ways to the others. What it does is in src/sentinel.

import { DurableObject } from 'cloudflare:workers'
import { REGION_IDS } from '../src/domain/region'
import type { Env } from '../src/http/env'
import {
  courierOf,
  courierShardCount,
  fleetOf,
  fleetShardCount,
  intakeOf,
  roomOf,
  shardCount,
} from '../src/http/objects'
import type { CanaryResult, SentinelRpc, TickReport } from '../src/sentinel/contract'
import { BEAT_MS, SentinelCore } from '../src/sentinel/sentinel'
import { keepFenceEventPartitions } from '../src/store/geofence-events'
import { keepPartitions } from '../src/store/partitions'
import { withPostgres } from '../src/store/postgres'
import { type Forgotten, forgetOld } from '../src/store/retention'

const REPORT = 'report'
/** Dropping a day may take a minute for each of its statements. */
const HISTORY_DEADLINE_MS = 120_000
/** Days: partitions ready ahead, and how long positions are kept that belong to no incident. */
const KEPT = { ahead: 7, keep: 30 }

export class Sentinel extends DurableObject<Env> implements SentinelRpc {
  readonly #core: SentinelCore

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const database = env.HYPERDRIVE?.connectionString ?? env.DATABASE_URL
    this.#core = new SentinelCore({
      regions: REGION_IDS,
      shards: shardCount(env),
      fleets: fleetShardCount(env),
      tickFleet: (region, shard) => fleetOf(env, region, shard).tick(),
      couriers: courierShardCount(env),
      tickCourier: (region, shard) => courierOf(env, region, shard).tick(),
      keepHistory: database === undefined ? null : () => this.#keepHistory(database),
      forgetOld: database === undefined ? null : () => this.#forgetOld(database),
      tickRoom: (region) => roomOf(env, region).tick(),
      tickIntake: (region, shard) => intakeOf(env, region, shard).tick(),
      canary: (region, shard, id) => intakeOf(env, region, shard).canary(id),
      pingDeadman: env.DEADMAN_URL ? (signal) => ping(env.DEADMAN_URL as string, signal) : null,
      load: async () => (await ctx.storage.get<TickReport>(REPORT)) ?? null,
      save: (report) => ctx.storage.put(REPORT, report),
      now: Date.now,
      newId: () => crypto.randomUUID(),
    })
  }

  async tick(): Promise<TickReport> {
    await this.#arm()
    return this.#core.tick()
  }

  async canary(): Promise<CanaryResult[]> {
    await this.#arm()
    return this.#core.canary()
  }

  async lastReport(): Promise<TickReport | null> {
    return this.#core.lastReport()
  }

  // Armed before anything else and never throwing: after six failures the platform would stop calling.
  override async alarm(): Promise<void> {
    try {
      await this.ctx.storage.setAlarm(Date.now() + BEAT_MS)
    } catch (cause) {
      console.error(JSON.stringify({ level: 'error', message: 'sentinel cannot arm', error: String(cause) }))
    }
    await this.#core.beat()
  }

  // The tick that began it does not wait, so the object itself must stay awake for it.
  #keepHistory(database: string): ReturnType<typeof keepPartitions> {
    const kept = withPostgres(database, HISTORY_DEADLINE_MS, async (db) => {
      const [positions, crossed] = [await keepPartitions(db, KEPT), await keepFenceEventPartitions(db, KEPT)]
      return {
        made: positions.made + crossed.made,
        dropped: positions.dropped + crossed.dropped,
        inDefault: positions.inDefault + crossed.inDefault,
      }
    })
    this.ctx.waitUntil(kept.catch(() => {}))
    return kept
  }

  #forgetOld(database: string): Promise<Forgotten> {
    const forgotten = withPostgres(database, HISTORY_DEADLINE_MS, forgetOld)
    this.ctx.waitUntil(forgotten.catch(() => {}))
    return forgotten
  }

  // One that is past was lost (cloudflare/workerd#3138), so it is set again.
  async #arm(): Promise<void> {
    const next = await this.ctx.storage.getAlarm()
    const now = Date.now()
    if (next === null || next < now - BEAT_MS) await this.ctx.storage.setAlarm(now + BEAT_MS)
  }
}

async function ping(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(url, { signal, redirect: 'manual', headers: { 'user-agent': 'xpress-ops-tower' } })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`the dead-man's switch answered ${answer.status}`)
}
