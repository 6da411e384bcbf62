// The Worker's bindings with rooms and intakes that a test writes: fakes at the platform's edge, no code of ours.

import type { CourierRpc } from '../../src/courier/contract'
import type { RegionId } from '../../src/domain/region'
import type { FleetRpc } from '../../src/fleet/contract'
import type { Env } from '../../src/http/env'
import type { IntakeRpc } from '../../src/intake/contract'
import type { RoomRpc } from '../../src/room/contract'
import type { SentinelRpc } from '../../src/sentinel/contract'

export type Objects = {
  room?: (region: RegionId) => Partial<RoomRpc>
  intake?: (name: string) => Partial<IntakeRpc>
  fleet?: (name: string) => Partial<FleetRpc>
  sentinel?: Partial<SentinelRpc>
  courier?: (name: string) => Partial<CourierRpc>
}

/** Also of a part of it, as `room.storm.next()`. */
const away: () => Promise<never> = new Proxy(
  async () => {
    throw new Error('the object does not answer')
  },
  { get: (_, key) => (key === 'then' ? undefined : away) },
)

/** A namespace whose objects answer what `make` gives; everything else is away. */
function namespace<T>(make: (name: string) => T): unknown {
  const stub = (name: string) =>
    new Proxy(make(name) as object, { get: (target, key) => Reflect.get(target, key) ?? away })
  return { idFromName: (name: string) => name, get: (name: string) => stub(name), getByName: stub }
}

/** Settings of a tower at https://tower.example without Postgres. */
export function workerEnv(objects: Objects = {}, settings: Partial<Env> = {}): Env {
  return {
    SOS_ROOM: namespace((name) => objects.room?.(name as RegionId) ?? {}),
    SOS_INTAKE: namespace((name) => objects.intake?.(name) ?? {}),
    FLEET_SHARD: namespace((name) => objects.fleet?.(name) ?? {}),
    SENTINEL: namespace(() => objects.sentinel ?? {}),
    COURIER: namespace((name) => objects.courier?.(name) ?? {}),
    ASSETS: { fetch: async () => new Response('not found', { status: 404 }) },
    PUBLIC_URL: 'https://tower.example',
    DEVICE_KEYS: `d1:${'D'.repeat(43)}`,
    SESSION_KEYS: `s1:${'S'.repeat(43)}`,
    PEPPER: 'P'.repeat(43),
    INTAKE_SHARDS: '2',
    FLEET_SHARDS: '1',
    COURIER_SHARDS: '1',
    ...settings,
  } as unknown as Env
}
