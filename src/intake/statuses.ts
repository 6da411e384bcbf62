// What the room says that phones may read, kept per press and told to the phone's lifeline where it is news.

import { neutralView, type PhoneView } from '../domain/phone-view'
import type { Storage } from '../durable/storage'
import type { StatusPush } from '../room/contract'
import type { Cancels } from './cancels'
import type { Presses, PressRow } from './presses'

export type Told = { sosId: string; deviceId: string; view: PhoneView }

export class Statuses {
  constructor(
    private readonly storage: Storage,
    private readonly presses: Presses,
    private readonly cancels: Cancels,
  ) {}

  /** Null where no such press of this device is known here. A folded press reads as the one it was folded into. */
  read(sosId: string, deviceId: string): PhoneView | null {
    const found = this.presses.resolve(sosId, deviceId)
    return found && { ...this.cancels.viewOf(found.row), receivedAt: found.receivedAt }
  }

  /**
   * Takes what is newer than the row's version. Answers what the lifelines must hear: only what differs from what
   * could be read before, and never the neutral view. A quiet incident reads neutral whatever happens, so nothing is
   * sent for it; a frame that says nothing would still light up a phone.
   */
  take(pushes: readonly StatusPush[], now: number): Told[] {
    const told: Told[] = []
    for (const push of pushes) {
      const row = this.presses.row(push.sosId, push.deviceId)
      if (row === null || !isNewer(push, row)) continue
      const before = JSON.stringify(this.cancels.viewOf(row))
      this.storage.sql.exec(
        'UPDATE press SET view = ?, version = ?, epoch = ? WHERE n = ?',
        JSON.stringify(push.view),
        push.version,
        push.epoch ?? row.epoch,
        row.n,
      )
      this.cancels.heed(push, row, now)
      const view = this.cancels.viewOf(this.presses.byNumber(row.n))
      const after = JSON.stringify(view)
      if (after !== before && after !== JSON.stringify(neutralView(view.receivedAt)))
        told.push({ sosId: push.sosId, deviceId: push.deviceId, view })
    }
    return told
  }
}

const isNewer = (push: StatusPush, row: PressRow): boolean =>
  push.version > row.version || (push.epoch !== undefined && row.epoch !== null && push.epoch !== row.epoch)
