// How many incidents are queued, open and not taken: counted as they change, for every tick of every room says it, and
// counting ten thousand rows each time would be most of the room's work.

import { type Incident, isQueued } from '../domain/incident'

export type Counts = { open: number; untaken: number; queued: number }
type Place = 'untaken' | 'taken' | 'to_verify'

export class Tally {
  private readonly places = new Map<string, Place>()
  private readonly sums: Record<Place, number> = { untaken: 0, taken: 0, to_verify: 0 }

  get counts(): Counts {
    const open = this.sums.untaken + this.sums.taken
    return { open, untaken: this.sums.untaken, queued: open + this.sums.to_verify }
  }

  note(incident: Pick<Incident, 'id' | 'state' | 'flags' | 'owner'>): void {
    this.move(incident.id, placeOf(incident))
  }

  /** As `note`, of a row on disk that is queued. */
  load(row: { id: string; state: string; owner: string | null }): void {
    this.move(row.id, row.state === 'cancelled' ? 'to_verify' : row.owner === null ? 'untaken' : 'taken')
  }

  clear(): void {
    this.places.clear()
    this.sums.untaken = 0
    this.sums.taken = 0
    this.sums.to_verify = 0
  }

  private move(id: string, to: Place | null): void {
    const from = this.places.get(id)
    if (from) this.sums[from]--
    if (to) {
      this.sums[to]++
      this.places.set(id, to)
    } else this.places.delete(id)
  }
}

function placeOf(incident: Pick<Incident, 'state' | 'flags' | 'owner'>): Place | null {
  // What is only practised is in the queue, and counts for nothing.
  if (!isQueued(incident) || incident.flags.includes('drill')) return null
  if (incident.state === 'cancelled') return 'to_verify'
  return incident.owner ? 'taken' : 'untaken'
}
