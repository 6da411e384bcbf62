// What an intake needs of the object around it.

import type { Page } from '../domain/page'
import type { FactsPorts } from '../domain/page-facts'
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
   * Past a room that is dead: gives pages about its presses to the courier, and answers the ids that it has durably. Asked
   * again until it has them. Where it is not given nobody is paged; screens still see the presses by `unplaced()`.
   */
  page?: (pages: Page[]) => Promise<string[]>
  /** What such a page says of a place, and the number to call back. */
  places?: Pick<FactsPorts, 'placeOf' | 'towerPhone'>
  onFailure?: (failure: string, failures: number) => void
}
