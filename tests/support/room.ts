// A real room over SQLite in memory, with a clock that tests turn and a record of what its screens would hear.

import type { IncidentSummary } from '../../src/domain/incident'
import type { Press } from '../../src/domain/press'
import type { RegionId } from '../../src/domain/region'
import { migrate, type Storage } from '../../src/durable/storage'
import type { BatchReply, IntakeBatch } from '../../src/room/contract'
import type { RoomPorts } from '../../src/room/ledger'
import { Room } from '../../src/room/room'
import { ROOM_MIGRATIONS } from '../../src/room/schema'
import { NOON } from './made-up'
import { memoryStorage } from './storage'

export type TestRoom = {
  room: Room
  storage: Storage
  clock: { now: number }
  /** What screens were told, oldest first. */
  heard: IncidentSummary[]
  screens: Set<string>
  send(presses: Press[], more?: Partial<IntakeBatch>): BatchReply
  /** Lets time pass and fires what is due on the way, in order. */
  pass(ms: number): void
  /** The same storage under a new object, as after a crash. */
  reborn(): TestRoom
}

export function openRoom(
  options: { region?: RegionId; storage?: Storage; clock?: { now: number }; ports?: Partial<RoomPorts> } = {},
): TestRoom {
  const storage = options.storage ?? memoryStorage()
  const clock = options.clock ?? { now: NOON }
  const region = options.region ?? 'NCR'
  const heard: IncidentSummary[] = []
  const screens = new Set<string>()
  let ids = 0
  migrate(storage, ROOM_MIGRATIONS)
  const room = new Room(storage, {
    region,
    now: () => clock.now,
    newId: () => `id-${clock.now}-${ids++}`,
    nextFree: (except) => [...screens].filter((uid) => uid !== except).map((uid) => ({ uid, name: uid }))[0] ?? null,
    hasScreen: (uid) => screens.has(uid),
    changed: (summary) => heard.push(summary),
    // Somebody watches and is free, unless a test says otherwise.
    attention: () => 1,
    free: () => 1,
    ...options.ports,
  })
  const send = (presses: Press[], more: Partial<IntakeBatch> = {}) =>
    room.receive({
      intake: `${region}:0`,
      presses,
      cancels: [],
      unverified: null,
      canary: null,
      directoryVersion: 0,
      ...more,
    })
  const pass = (ms: number) => {
    const until = clock.now + ms
    for (let due = room.timers.earliest(); due !== null && due <= until; due = room.timers.earliest()) {
      clock.now = Math.max(clock.now, due)
      room.fire()
    }
    clock.now = until
  }
  return {
    room,
    storage,
    clock,
    heard,
    screens,
    send,
    pass,
    reborn: () => openRoom({ ...options, region, storage, clock }),
  }
}
