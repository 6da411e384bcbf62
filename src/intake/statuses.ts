// What the room says that phones may read, kept per press and told to the phone's lifeline where it is news.

import { neutralView, type PhoneView } from '../domain/phone-view'
import type { Storage } from '../durable/storage'
import type { StatusPush } from '../room/contract'
import type { Cancels } from './cancels'
import type { PendingPress, Said } from './pending'
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
   * What the room says together with a receipt. For almost every press it is that there is nothing to read: then only
   * its version is worth keeping, against an older word on its way, and it goes into the row with the receipt. `rest` is
   * for `take`.
   */
  withReceipts(pushes: readonly StatusPush[], confirmed: readonly PendingPress[]) {
    const said = new Map<number, Said>()
    if (pushes.length === 0) return { said, rest: [] }
    const bySosId = new Map(confirmed.map((each) => [each.press.sosId, each]))
    const rest = pushes.filter((push) => {
      const sent = bySosId.get(push.sosId)
      const saysNothing =
        sent !== undefined && sent.press.deviceId === push.deviceId && this.isBare(sent) && isNeutral(push)
      if (saysNothing) said.set(sent.n, { version: push.version, epoch: push.epoch ?? null })
      return !saysNothing
    })
    return { said, rest }
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
      this.presses.pending.touched(row.n)
      this.cancels.heed(push, row, now)
      const view = this.cancels.viewOf(this.presses.byNumber(row.n))
      const after = JSON.stringify(view)
      if (after !== before && after !== JSON.stringify(neutralView(view.receivedAt)))
        told.push({ sosId: push.sosId, deviceId: push.deviceId, view })
    }
    return told
  }

  /** Also now: it may be confirmed already, by an answer that came late. */
  private isBare({ n, press }: PendingPress): boolean {
    return this.presses.pending.byNumber(n)?.bare === true && !this.cancels.mayConcern(press.deviceId)
  }
}

const isNeutral = ({ view, duress, version }: StatusPush): boolean =>
  !duress && version > 0 && JSON.stringify(view) === JSON.stringify(neutralView(view.receivedAt))

const isNewer = (push: StatusPush, row: PressRow): boolean =>
  push.version > row.version || (push.epoch !== undefined && row.epoch !== null && push.epoch !== row.epoch)
