// The Durable Object of one courier shard. Platform glue only: storage, alarm, RPC, the ways out. What is tried when is
// decided in src/courier.

import { DurableObject } from 'cloudflare:workers'
import type { CourierHealth, CourierRpc, Heard, Receipt, ReceiptOutcome, VoiceTurn } from '../src/courier/contract'
import type { Attempt, Page } from '../src/domain/page'
import { findRegion } from '../src/domain/region'
import type { Env } from '../src/http/env'

export class Courier extends DurableObject<Env> implements CourierRpc {
  private readonly name: string

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const name = ctx.id.name ?? ''
    if (!findRegion(name.split(':')[0] ?? '')) throw new Error('a courier shard is named after its region and number')
    this.name = name
  }

  async send(_pages: Page[]): Promise<string[]> {
    return []
  }

  async stop(_what: { incidentId?: string; pageIds?: string[]; why: string }): Promise<void> {}

  async receipt(_receipt: Receipt): Promise<ReceiptOutcome> {
    return 'unknown'
  }

  async forged(_provider: string): Promise<void> {}

  async voice(_attemptId: string, _key: string | null): Promise<VoiceTurn> {
    return { lang: 'en', say: [], gather: false, hangUp: true }
  }

  async heard(_heard: Heard): Promise<boolean> {
    return false
  }

  async attempts(_query: { incidentId?: string; pageIds?: string[]; limit: number }): Promise<Attempt[]> {
    return []
  }

  async parked(): Promise<Attempt[]> {
    return []
  }

  async resend(_attemptId: string, _by: { uid: string; alias: string }): Promise<boolean> {
    return false
  }

  async tick(): Promise<CourierHealth> {
    return {
      name: this.name,
      queued: 0,
      underWay: 0,
      parked: 0,
      unreported: 0,
      oldestQueuedAt: null,
      circuits: [],
      ignored: { late: 0, repeated: 0, unknown: 0, forged: 0 },
      now: Date.now(),
    }
  }
}
