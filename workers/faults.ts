// Dead rooms and cut wires on purpose, for the fault tests: one workerd holds all objects, so a single one cannot be killed, and
// no wire between two be cut, from outside. Off unless the setting FAULTS is `on`, and then reached only over the supervisor's
// loopback socket.

import type { RegionId } from '../src/domain/region'

// Of the whole process on purpose: it must outlive the object that it kills. Nothing of the tower's own state is kept so.
const deadRooms = new Set<RegionId>()
const partedRooms = new Set<RegionId>()

/** Called by a room's constructor: a dead one cannot be made again until it is revived. */
export function refuseIfDead(region: RegionId): void {
  if (deadRooms.has(region)) throw new Error(`the room of ${region} is dead on purpose`)
}

export const killRoom = (region: RegionId): void => void deadRooms.add(region)
export const reviveRoom = (region: RegionId): void => void deadRooms.delete(region)

/** The stub as it is; throws while room and intakes of this region cannot reach each other, though both go on. */
export function unlessParted<T>(region: RegionId, stub: T): T {
  if (partedRooms.has(region)) throw new Error(`the intakes of ${region} are parted from their room on purpose`)
  return stub
}

export const partRoom = (region: RegionId): void => void partedRooms.add(region)
export const joinRoom = (region: RegionId): void => void partedRooms.delete(region)
