// How a room is, for the minute's round and for /health.

import type { RegionId } from '../domain/region'
import type { RoomHealth } from './contract'
import type { Room } from './room'
import type { Screens } from './screens'

export function healthOf(region: RegionId, room: Room, screens: Screens, now: number): RoomHealth {
  const { open, untaken } = room.counts()
  const { watching, free } = screens.attention()
  const { outbox, parked } = room.log.waiting()
  return {
    region,
    epoch: room.log.epoch,
    seq: room.log.seq,
    open,
    untaken,
    watching,
    free,
    screens: screens.size,
    outbox,
    parked,
    archivedSeq: room.log.archivedSeq(),
    directoryVersion: room.directory.version,
    lastCanaryAt: room.canaryAt,
    pagesWaiting: room.pages.waitingCount,
    now,
  }
}
