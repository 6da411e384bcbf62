// The hooks on a real port, where simulated providers reach them; behind them a courier that writes down what it is told, and real
// intakes.

import type { CourierRpc, Receipt, TextHeard, VoiceTurn } from '../../src/courier/contract'
import { createApp } from '../../src/http/app'
import type { Env } from '../../src/http/env'
import type { RoomRpc } from '../../src/room/contract'
import { workerEnv } from '../support/worker-env'
import { setUp } from './doors-support'

export type Told =
  | { what: 'receipt'; shard: string; receipt: Receipt }
  | { what: 'forged'; shard: string; provider: string }
  | { what: 'voice'; shard: string; attemptId: string; key: string | null }
  | { what: 'heard'; shard: string; attemptId: string; key: string }
  | { what: 'awaits'; shard: string; text: TextHeard }

export type Tower = Awaited<ReturnType<typeof openTower>>

export const attempt = (place = 'NCR.0'): string => `${place}.${crypto.randomUUID()}`

export async function openTower(settings: Partial<Env> = {}, room: Partial<RoomRpc> = {}) {
  const told: Told[] = []
  const state = {
    away: false,
    /** What the next call says. */
    turn: { lang: 'en', say: ['Press 1.'], gather: true, hangUp: false } as VoiceTurn,
    waiting: new Map<string, { attemptId: string; sentAt: number }>(),
  }
  const courier = (shard: string): Partial<CourierRpc> => {
    const note = (each: Told) => {
      told.push(each)
      if (state.away) throw new Error('internal error; reference = 0')
    }
    return {
      receipt: async (receipt) => {
        note({ what: 'receipt', shard, receipt })
        return 'applied'
      },
      forged: async (provider) => note({ what: 'forged', shard, provider }),
      voice: async (attemptId, key) => {
        note({ what: 'voice', shard, attemptId, key })
        return state.turn
      },
      heard: async ({ attemptId, key }) => {
        note({ what: 'heard', shard, attemptId, key })
        return true
      },
      awaits: async (text) => {
        note({ what: 'awaits', shard, text })
        return state.waiting.get(shard) ?? null
      },
    }
  }
  const app = createApp()
  let env: Env | null = null
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => (env ? app.fetch(request, env) : new Response(null, { status: 503 })),
  })
  const origin = `http://127.0.0.1:${server.port}`
  const doors = setUp({ PUBLIC_URL: origin, COURIER_SHARDS: '2', ...settings }, { room: () => room })
  env = { ...doors.env, COURIER: workerEnv({ courier }).COURIER }
  const requested = env
  return {
    origin,
    told,
    state,
    presses: doors.heard,
    unverified: doors.unverified,
    deadIntakes: doors.dead,
    receipts: () => told.flatMap((each) => (each.what === 'receipt' ? [each.receipt] : [])),
    ask: (path: string, init?: RequestInit) => Promise.resolve(app.request(path, init, requested)),
    stop: () => server.stop(true),
  }
}
