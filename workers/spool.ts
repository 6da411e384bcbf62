// The Durable Object of a machine's spool: platform glue. What it keeps and when it lets go is decided in src/intake/spool.

import { DurableObject } from 'cloudflare:workers'
import type { Press } from '../src/domain/press'
import type { Storage } from '../src/durable/storage'
import type { Env } from '../src/http/env'
import type { PressReceipt, SpoolHealth, SpoolRpc } from '../src/intake/contract'
import { Spool as Core } from '../src/intake/spool'
import { logFailure } from './failure-log'

const DELIVERY_MS = 18_000

export class Spool extends DurableObject<Env> implements SpoolRpc {
  private readonly core: Core

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.core = new Core(ctx.storage as unknown as Storage, {
      deliver: (presses) => deliver(env, presses),
      wakeAt: (at) => ctx.waitUntil(ctx.storage.setAlarm(at)),
      onFailure: (failure, failures) => logFailure('spool to cluster failed', {}, failure, failures),
    })
  }

  press(press: Press): Promise<PressReceipt> {
    return this.core.press(press)
  }

  async health(): Promise<SpoolHealth> {
    return this.core.health()
  }

  override async alarm(): Promise<void> {
    this.core.alarm()
  }
}

/** To the member on the same machine, which sends each to its shard. */
async function deliver(env: Env, presses: Press[]): Promise<string[]> {
  if (!env.MEMBER) throw new Error('no member to deliver to')
  const response = await env.MEMBER.fetch('http://member/spooled', {
    method: 'POST',
    body: JSON.stringify(presses),
    signal: AbortSignal.timeout(DELIVERY_MS),
  })
  if (!response.ok) throw new Error(`the member answered ${response.status}`)
  return ((await response.json()) as { durable: string[] }).durable
}
