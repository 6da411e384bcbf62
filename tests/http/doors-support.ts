// The doors before real intakes on in-memory storage: what stands between them and the platform is a binding that a test
// can break.

import { Hono } from 'hono'
import type { DeviceRow } from '../../src/domain/directory'
import type { Press, UnverifiedPress } from '../../src/domain/press'
import { appDoors, positionDoors, sosDoors, unplaced } from '../../src/http/doors'
import type { AppEnv, Env } from '../../src/http/env'
import { parseKeys, signDeviceToken } from '../../src/ingest/device-token'
import type { IntakeRpc } from '../../src/intake/contract'
import { Intake } from '../../src/intake/intake'
import { pinMac } from '../../src/intake/pin'
import { memoryStorage } from '../support/storage'
import { type Objects, workerEnv } from '../support/worker-env'

export const PIN = '4711'
export const DURESS_PIN = '8822'

export function setUp(settings: Partial<Env> = {}, objects: Pick<Objects, 'room' | 'fleet'> = {}) {
  const intakes = new Map<string, Intake>()
  const heard: { shard: string; press: Press }[] = []
  const unverified: { shard: string; press: UnverifiedPress }[] = []
  /** Names of shards that fail every call, as a platform does that has lost them. */
  const dead = new Set<string>()
  const alive = (name: string): Intake => {
    if (dead.has(name)) throw new Error('internal error; reference = 0')
    const intake =
      intakes.get(name) ??
      new Intake(name, memoryStorage(), {
        room: () => ({ receive: async () => directory(env) }),
        tell: () => {},
        lifelines: () => 0,
        wakeAt: () => {},
      })
    intakes.set(name, intake)
    return intake
  }
  const sockets: { shard: string; request: Request }[] = []
  const intake = (name: string): Partial<IntakeRpc> & { fetch(request: Request): Promise<Response> } => ({
    async press(press) {
      const receipt = await alive(name).press(press)
      heard.push({ shard: name, press })
      return receipt
    },
    async pressUnverified(press) {
      await alive(name).pressUnverified(press)
      unverified.push({ shard: name, press })
    },
    knock: async (deviceId, press, at) => alive(name).knock(deviceId, press, at),
    status: async (sosId, deviceId) => alive(name).status(sosId, deviceId),
    cancel: async (sosId, deviceId, mac) => alive(name).cancel(sosId, deviceId, mac),
    unplaced: async () => alive(name).unplaced(),
    async fetch(request) {
      alive(name)
      sockets.push({ shard: name, request })
      // A socket cannot be made here: what matters is what the shard was told.
      return new Response('upgraded')
    },
  })
  const env = workerEnv({ ...objects, intake }, settings)
  const app = new Hono<AppEnv>()
    .route('/', sosDoors)
    .route('/', appDoors)
    .route('/', positionDoors)
    .route('/', unplaced)
  return {
    env,
    heard,
    unverified,
    sockets,
    dead,
    ask: (path: string, init?: RequestInit) => app.request(path.replace(env.PUBLIC_URL, ''), init, env),
    token: (deviceId = 'NCR-1', over: { expiresAt?: number } = {}) =>
      signDeviceToken(parseKeys(env.DEVICE_KEYS), {
        deviceId,
        home: 'NCR',
        generation: 1,
        expiresAt: 4_000_000_000,
        ...over,
      }),
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

function directory(env: Env) {
  const pepper = Buffer.from(env.PEPPER, 'base64url')
  const device = (id: string): DeviceRow => ({
    id,
    home: 'NCR',
    driverId: null,
    vehicleId: null,
    minGeneration: 1,
    pinMac: pinMac(pepper, id, PIN),
    duressPinMac: pinMac(pepper, id, DURESS_PIN),
  })
  return {
    confirmed: [],
    cancels: [],
    statuses: [],
    directory: ['NCR-1', 'NCR-2'].map((id) => ({ kind: 'device' as const, id, version: 1, body: device(id) })),
    directoryVersion: 1,
    more: false,
    canary: null,
  }
}
