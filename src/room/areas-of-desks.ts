// Broadcasts of another region's desk to people of ours who are there: counted, told and heard as our own are, with our gate, our
// lines and our courier. They stand in the list of that desk, not in ours.

import type { Viewer } from '../domain/access'
import type { AreaCounts } from '../domain/area'
import type { Areas } from './areas'
import type { GuestAsk, GuestFile, GuestOrder } from './areas-contract'
import { countsOf } from './areas-count'
import type { Area, Concerned } from './areas-kept'
import type { Ledger } from './ledger'

export class AreasOfDesks {
  constructor(
    private readonly ledger: Ledger,
    private readonly areas: Pick<Areas, 'kept' | 'begin' | 'end' | 'peopleOf' | 'logLook'>,
  ) {}

  /** Nobody is told anything by it. `lines`: devices with an open lifeline. Asked again, it is the same count. */
  counted(
    { id, from, draft, sender }: GuestAsk,
    devices: number,
    people: readonly Concerned[],
    lines: ReadonlySet<string>,
  ): AreaCounts {
    const { region, now } = this.ledger.ports
    const { kept } = this.areas
    const known = kept.find(id)
    if (known) return known.counts
    const counts = countsOf(this.ledger, devices, people, lines)
    const area: Area = {
      ...draft,
      ...{ id, region, from, state: 'previewed', ref: '', counts, sender, told: 0 },
      ...{ previewedAt: now(), sentAt: 0, endedAt: null, endedBy: null },
    }
    if (devices > 0) this.ledger.transact(() => kept.save(area, people))
    return counts
  }

  /** Safe to repeat. What was counted too long ago, or was taken back before it came, reaches nobody. */
  send(id: string, { ref, sentAt, until, sender }: GuestOrder): void {
    const area = this.areas.kept.find(id)
    if (area?.from === undefined || area.state !== 'previewed' || until <= this.ledger.ports.now()) return
    this.areas.begin({ ...area, state: 'sending', ref, sentAt, until, sender })
  }

  /** Safe to repeat. */
  cancel(id: string, by: string, sender: Viewer): void {
    const area = this.areas.kept.find(id)
    if (area?.from === undefined || area.state === 'cancelled' || area.state === 'expired') return
    this.areas.end({ ...area, state: 'cancelled', endedAt: this.ledger.ports.now(), endedBy: by }, null, sender)
  }

  /** `named`: who looks at the names; null where the figures alone are wanted. */
  files(ids: readonly string[], named: Viewer | null): GuestFile[] {
    return ids.flatMap((id): GuestFile[] => {
      const area = this.areas.kept.find(id)
      if (area?.from === undefined || area.state === 'previewed') return []
      if (named) this.areas.logLook(area, named)
      return [{ id, roll: this.areas.kept.rollOf(area), people: named ? this.areas.peopleOf(id) : [] }]
    })
  }
}
