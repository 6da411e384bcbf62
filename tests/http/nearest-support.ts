// A tower of rooms and fleet shards in memory whose vehicles drive where a test says, and a person who asks who is near.

import type { Viewer } from '../../src/domain/access'
import type { Position } from '../../src/domain/position'
import type { RegionId } from '../../src/domain/region'
import { Fleet } from '../../src/fleet/fleet'
import { createApp } from '../../src/http/app'
import { openSession } from '../../src/http/auth/session'
import type { Env } from '../../src/http/env'
import type { Nearest } from '../../src/http/nearest'
import { ManualClock } from '../durable/manual-clock'
import { aPress, crew, inManila, viewer } from '../support/made-up'
import { openRoom, type TestRoom } from '../support/room'
import { memoryStorage } from '../support/storage'
import { workerEnv } from '../support/worker-env'

const app = createApp()

/** Of a tower with two shards a region, in the middle of a day of Manila. */
export function tower(settings: Partial<Env> = {}) {
  const clock = new ManualClock()
  const rooms = new Map<RegionId, TestRoom>()
  const fleets = new Map<string, Fleet>()
  const away = new Set<string>()
  const roomOf = (region: RegionId) => {
    const room = rooms.get(region) ?? openRoom({ region, clock: { now: clock.now() } })
    rooms.set(region, room)
    return room
  }
  const fleetOf = (name: string) => {
    const fleet = fleets.get(name) ?? new Fleet(name, memoryStorage(), { save: async () => {} }, clock)
    fleets.set(name, fleet)
    return fleet
  }
  const shown: [string, string[]][] = []
  const env = workerEnv(
    {
      room: (region) => {
        const { room } = roomOf(region)
        if (away.has(region)) return {}
        return {
          file: async (...given) => room.file(...given),
          act: async (...given) => room.act(...given),
          vehiclesNear: async (ids) => room.vehiclesNear(ids),
          noteShown: async (id, subjects, who) => {
            shown.push([who.uid, subjects])
            return room.noteShown(id, subjects, who)
          },
          sessionHolds: async () => true,
        }
      },
      fleet: (name) => (away.has(name) ? {} : { near: (...given) => fleetOf(name).near(...given) }),
    },
    { FLEET_SHARDS: '2', ...settings },
  )
  let version = 0
  /** A vehicle of the directory that reports where it is, this many degrees east of the incident. */
  const drive = async (
    deviceId: string,
    east: number,
    where: { shard?: number; region?: RegionId } & Partial<Position> = {},
  ) => {
    const { shard = 0, region = 'NCR', ...position } = where
    version += 10
    roomOf(region).room.learn(crew(deviceId, version))
    const { lat, lng } = inManila
    await fleetOf(`${region}:${shard}`).report([
      {
        deviceId,
        home: region,
        protocol: 'own',
        receivedAt: clock.now(),
        position: { ...inManila, lat, lng: lng + east, fixedAt: clock.now(), ...position },
        event: null,
        charging: null,
        ignition: null,
      },
    ])
  }
  const cry = (deviceId: string, changes: Parameters<typeof aPress>[0] = {}) => {
    const position = { ...inManila, fixedAt: clock.now() }
    const press = aPress({ deviceId, position, pressedAt: clock.now(), receivedAt: clock.now(), ...changes })
    roomOf('NCR').send([press])
    return press.sosId
  }
  const get = async (path: string, person: Viewer = viewer('ana')) => {
    const { token } = openSession(env, person, Date.now())
    return app.request(path, { headers: { authorization: `Bearer ${token}` } }, env)
  }
  const nearest = async (id: string, query = '', person?: Viewer): Promise<Nearest> =>
    (await (await get(`/api/incidents/${id}/nearest${query}`, person)).json()) as Nearest
  return { clock, roomOf, fleetOf, away, shown, drive, cry, get, nearest }
}

/** Of longitude, where the tests' incident is. */
export const degrees = (metres: number) => metres / 107_700
