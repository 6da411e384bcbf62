// What an intake needs of the object around it.

import type { DutyCard } from '../domain/directory'
import type { Press } from '../domain/press'
import type { RoomRpc } from '../room/contract'
import type { Told } from './statuses'

export type IntakePorts = {
  room: () => Pick<RoomRpc, 'receive'>
  /** Sends a status frame to the open lifelines of its device. Must not throw. */
  tell: (told: Told) => void
  lifelines: () => number
  /** Sets the object's one alarm, epoch ms, always in the future. */
  wakeAt: (at: number) => void
  /**
   * The Courier's place: presses that their room has not confirmed for 5 s, and whom to page. Each is told once, after
   * a crash perhaps twice: attempts are keyed by sosId, step and contact, and the room adopts them later. Returns at
   * once. Where it is not given nobody is paged; screens still see the presses by `unplaced()`.
   */
  onRoomAway?: (presses: Press[], duty: DutyCard | null) => void
  onFailure?: (failure: string, failures: number) => void
}
