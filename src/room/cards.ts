// The cards of a room, own incidents and guests of other rooms as one: in queue order, by what changed, counted.

import type { IncidentSummary } from '../domain/incident'
import type { ListQuery } from './contract'
import type { Ledger } from './ledger'

export class Cards {
  constructor(private readonly ledger: Pick<Ledger, 'incidents' | 'mirrors'>) {}

  list(query: ListQuery): IncidentSummary[] {
    return this.inOrder(this.ledger.incidents.list(query), this.ledger.mirrors.list(query), query.limit)
  }

  /** The rows that a screen begins with. */
  queue(limit: number): IncidentSummary[] {
    return this.inOrder(this.ledger.incidents.queue(limit), this.ledger.mirrors.queue(), limit)
  }

  /** What changed after `seq`, ascending. */
  since(seq: number, limit: number): IncidentSummary[] {
    const guests = this.ledger.mirrors.since(seq, limit)
    const own = this.ledger.incidents.since(seq, limit)
    return guests.length === 0 ? own : [...own, ...guests].sort((a, b) => a.seq - b.seq).slice(0, limit)
  }

  counts(): { open: number; untaken: number; queued: number } {
    const own = this.ledger.incidents.counts()
    const guests = this.ledger.mirrors.queue()
    return {
      open: own.open + guests.length,
      untaken: own.untaken + guests.filter((card) => card.owner === null).length,
      queued: own.queued + guests.length,
    }
  }

  private inOrder(own: IncidentSummary[], guests: IncidentSummary[], limit: number): IncidentSummary[] {
    return guests.length === 0 ? own : [...own, ...guests].sort(queueOrder).slice(0, limit)
  }
}

/** The order of the queue: priority, not taken, oldest. */
export function queueOrder(a: IncidentSummary, b: IncidentSummary): number {
  return (
    a.priority.localeCompare(b.priority) ||
    Number(a.owner !== null) - Number(b.owner !== null) ||
    a.alarmedAt.localeCompare(b.alarmedAt)
  )
}
