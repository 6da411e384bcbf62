// The Durable Object of one courier shard. Platform glue only: storage, alarm, RPC, the ways out. What is tried when is
// decided in src/courier.

import { DurableObject } from 'cloudflare:workers'
import { channelsOf } from '../src/courier/channels'
import type {
  CourierHealth,
  CourierRpc,
  Heard,
  Receipt,
  ReceiptOutcome,
  TextHeard,
  VoiceTurn,
} from '../src/courier/contract'
import { Courier as Core } from '../src/courier/courier'
import { renderPage } from '../src/courier/words'
import type { Attempt, Page } from '../src/domain/page'
import { findRegion } from '../src/domain/region'
import { wallClock } from '../src/durable/drain'
import type { PutBack } from '../src/durable/moved'
import type { Storage } from '../src/durable/storage'
import type { Env } from '../src/http/env'
import { sayOnLifelines } from '../src/http/lifelines'
import { roomOf } from '../src/http/objects'
import { saveAttempts } from '../src/store/attempts'
import { isRowFault } from '../src/store/fault'
import { withPostgres } from '../src/store/postgres'
import { logFailure } from './failure-log'
import { moveIn } from './moved'
import { ownName } from './own-name'

const ARCHIVE_DEADLINE_MS = 10_000

export class Courier extends DurableObject<Env> implements CourierRpc {
  private readonly core: Core

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const name = ownName(ctx)
    const [place = '', shard = '0'] = name.split(':')
    const region = findRegion(place)?.id
    if (!region) throw new Error('a courier shard is named after its region and number')
    const database = env.HYPERDRIVE?.connectionString ?? env.DATABASE_URL
    this.core = new Core(ctx.storage as unknown as Storage, {
      region,
      shard: Number(shard),
      now: Date.now,
      newId: () => crypto.randomUUID(),
      channels: channelsOf(
        env,
        { render: renderPage },
        {
          lifeline: async (deviceId, frame) => (await sayOnLifelines(env, region, [{ deviceId, frame }])).length > 0,
          now: Date.now,
        },
      ),
      after: (ms, run) => wallClock.after(ms, run),
      wakeAt: (at) => ctx.waitUntil(ctx.storage.setAlarm(at)),
      report: (reports) => roomOf(env, region).paging.reports(reports),
      archive:
        database === undefined
          ? null
          : (attempts) => withPostgres(database, ARCHIVE_DEADLINE_MS, (db) => saveAttempts(db, attempts)),
      isRowFault,
      onFailure: (what, failure, failures) =>
        logFailure(`a courier's ${what} failed`, { courier: name }, failure, failures),
    })
  }

  send(pages: Page[]): Promise<string[]> {
    return this.core.send(pages)
  }

  stop(what: { incidentId?: string; pageIds?: string[]; why: string }): Promise<void> {
    return this.core.stop(what)
  }

  receipt(receipt: Receipt): Promise<ReceiptOutcome> {
    return this.core.receipt(receipt)
  }

  forged(provider: string): Promise<void> {
    return this.core.forged(provider)
  }

  voice(attemptId: string, key: string | null): Promise<VoiceTurn> {
    return this.core.voice(attemptId, key)
  }

  heard(heard: Heard): Promise<boolean> {
    return this.core.heard(heard)
  }

  awaits(text: TextHeard): Promise<{ attemptId: string; sentAt: number } | null> {
    return this.core.awaits(text)
  }

  attempts(query: { incidentId?: string; pageIds?: string[]; limit: number }): Promise<Attempt[]> {
    return this.core.attempts(query)
  }

  parked(): Promise<Attempt[]> {
    return this.core.parked()
  }

  resend(attemptId: string, by: { uid: string; alias: string }): Promise<boolean> {
    return this.core.resend(attemptId, by)
  }

  tick(): Promise<CourierHealth> {
    return this.core.tick()
  }

  // Never throws: after six failures the platform would stop calling. Never waits for anything outside its own storage.
  moveIn(text: ReadableStream): Promise<PutBack> {
    return moveIn(this.ctx, text)
  }

  override async alarm(): Promise<void> {
    try {
      this.core.fire()
    } catch (cause) {
      logFailure('alarm failed', { courier: this.ctx.id.name ?? '' }, String(cause), 0)
      await this.ctx.storage.setAlarm(Date.now() + 1_000)
    }
  }
}
