// What intakes did while this room was away: whom they told of which press is taken over with the press, so that the same
// people are not told at once again, and the timeline says so.

import { SYSTEM } from '../domain/command'
import { pageIdOf } from '../domain/page-id'
import type { IntakeBatch } from './contract'
import type { Duty } from './duty'
import type { Ledger } from './ledger'

type Paged = NonNullable<IntakeBatch['paged']>[number]

export class RoomAway {
  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Pick<Duty, 'nameOf'>,
  ) {}

  /** `take` takes the batch. One transaction; repeating it changes nothing. */
  around<T>(paged: readonly Paged[], take: () => T): T {
    if (paged.length === 0) return take()
    return this.ledger.transact(() => {
      // A report of the courier may have been here before the press: what is new is the press.
      const fresh = paged.filter(({ sosId }) => this.ledger.pushes.press(sosId) === null)
      for (const each of paged) this.adopt(each)
      const taken = take()
      for (const each of fresh) this.tell(each)
      return taken
    })
  }

  private adopt({ sosId, contactIds, at }: Paged): void {
    for (const id of contactIds)
      this.ledger.pages.adopt({
        id: pageIdOf('room_away', sosId, id),
        incidentId: sosId,
        reason: 'room_away',
        step: 'room_away',
        contact: { id, name: this.duty.nameOf(id) },
        decidedAt: at,
      })
  }

  private tell({ sosId, contactIds, at }: Paged): void {
    const press = this.ledger.pushes.press(sosId)
    const incident = press && this.ledger.living(press.incident)
    if (!incident) return
    const to = contactIds.map((id) => ({ id, name: this.duty.nameOf(id), page: pageIdOf('room_away', sosId, id) }))
    if (incident.id !== sosId)
      this.ledger.pages.moveTo(
        to.map(({ page }) => page),
        incident.id,
      )
    const body = { step: 'room_away', round: 0, n: 1, why: 'room_away', to, paged: at }
    this.ledger.save({ before: incident, after: incident, lines: [{ type: 'escalated', body }], actor: SYSTEM })
  }
}
