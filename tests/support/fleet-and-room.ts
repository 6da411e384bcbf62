// A region without its platform: fleet shards and their room, joined by calls, on one clock that tests turn.

import type { WatchedFence } from '../../src/domain/fence-record'
import type { Position } from '../../src/domain/position'
import type { Report } from '../../src/domain/report'
import type { ShownCheck } from '../../src/domain/welfare'
import { migrate } from '../../src/durable/storage'
import { Fleet } from '../../src/fleet/fleet'
import { areaNames } from '../../src/geo/area'
import { shardOf } from '../../src/http/objects'
import type { Question } from '../../src/intake/contract'
import { askPhones } from '../../src/room/departures'
import { Room } from '../../src/room/room'
import { ROOM_MIGRATIONS } from '../../src/room/schema'
import { ManualClock } from '../durable/manual-clock'
import { inManila } from './made-up'
import { memoryStorage } from './storage'

/** Time passes in steps in which all that is due is done. */
const STEP_MS = 5_000

export type Region = ReturnType<typeof openRegion>

export function openRegion(
  options: { shards?: number; watching?: number; knownPlace?: (at: Position) => boolean; fences?: WatchedFence[] } = {},
) {
  const clock = new ManualClock()
  const shards = options.shards ?? 2
  const people = { watching: options.watching ?? 1 }
  /** Devices whose lifeline is open, and what was asked there. */
  const lines = new Set<string>()
  const asked: Question[] = []
  const away = { room: false, shards: new Set<number>() }
  const storage = memoryStorage()
  migrate(storage, ROOM_MIGRATIONS)
  const bear = () =>
    new Room(storage, {
      region: 'NCR',
      now: () => clock.now(),
      newId: () => crypto.randomUUID(),
      nextFree: () => null,
      hasScreen: () => true,
      changed: () => {},
      attention: () => people.watching,
      namesOf: areaNames,
    })
  let room = bear()
  const call = async <T>(shard: number, run: (room: Room) => T): Promise<T> => {
    if (away.room || away.shards.has(shard)) throw new Error('the room is away')
    return run(room)
  }
  const fleets = Array.from({ length: shards }, (_, shard): Fleet => {
    const fleet: Fleet = new Fleet(
      `NCR:${shard}`,
      memoryStorage(),
      {
        save: async () => {},
        loadFences: async () => ({ version: 1, fences: options.fences ?? [] }),
        wakeAt: (at) => void clock.after(at - clock.now(), () => fleet.alarm()),
        forRoom: {
          room: () => ({
            coverage: (report) => call(shard, (to) => to.coverage.heard(structuredClone(report))),
            welfare: (news) => call(shard, (to) => to.welfare.heard(structuredClone(news))),
          }),
          isKnownPlace: options.knownPlace ?? (() => false),
        },
      },
      clock,
    )
    return fleet
  })
  const fleetOf = (deviceId: string) => fleets[shardOf(deviceId, shards)] as Fleet
  const report = (deviceId: string, position: Partial<Position> | null, changes: Partial<Report> = {}): Report => ({
    deviceId,
    home: 'NCR',
    protocol: 'own',
    receivedAt: clock.now(),
    position: position && { ...inManila, fixedAt: clock.now(), ...position },
    event: null,
    charging: null,
    ignition: null,
    ...changes,
  })
  const settle = async () => {
    while (room.fire()) {}
    await askPhones(
      room,
      1,
      () => 0,
      async (_, questions) => {
        const reached = questions.filter(({ deviceId }) => lines.has(deviceId))
        asked.push(...reached)
        return reached.map(({ id }) => id)
      },
    )
  }
  return {
    clock,
    people,
    lines,
    asked,
    away,
    shardOf: (deviceId: string) => shardOf(deviceId, shards),
    get room() {
      return room
    },
    /** The room as after a crash: what is on its disk. */
    rebear: () => {
      room = bear()
    },
    say: (deviceId: string, position: Partial<Position> | null = {}, changes: Partial<Report> = {}) =>
      fleetOf(deviceId).report([report(deviceId, position, changes)]),
    /** All of them in one call to each shard. */
    sayAll: async (said: readonly (readonly [deviceId: string, position: Partial<Position>])[]) => {
      const byFleet = Map.groupBy(said, ([deviceId]) => fleetOf(deviceId))
      for (const [fleet, own] of byFleet) await fleet.report(own.map(([id, position]) => report(id, position)))
    },
    pass: async (ms: number, meanwhile: (elapsedMs: number) => Promise<unknown> = async () => {}) => {
      for (let elapsed = 0; elapsed < ms; elapsed += STEP_MS) {
        await clock.advance(Math.min(STEP_MS, ms - elapsed))
        await meanwhile(elapsed)
        await settle()
      }
    },
    notices: () => room.noticesShown().notices,
    checks: (): ShownCheck[] => room.noticesShown().checks,
    incidents: () => room.queue(500),
    log: () => room.log.from(1, 10_000).filter(({ type }) => type !== 'epoch'),
    linesOf: (type: string) => room.log.from(1, 10_000).filter((line) => line.type === type),
  }
}
