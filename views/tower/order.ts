// The order of the queue: priority, then what nobody holds, then the oldest. One function, for the server and the browser.

import type { IncidentSummary } from '../../src/domain/incident'
import { isUntaken } from './card-view'

export type Ordered = Pick<IncidentSummary, 'id' | 'priority' | 'owner' | 'state' | 'flags' | 'receivedAt'>

export function compare(a: Ordered, b: Ordered): number {
  if (a.priority !== b.priority) return a.priority < b.priority ? -1 : 1
  const [loose, other] = [isUntaken(a), isUntaken(b)]
  if (loose !== other) return loose ? -1 : 1
  if (a.receivedAt !== b.receivedAt) return a.receivedAt < b.receivedAt ? -1 : 1
  return a.id < b.id ? -1 : 1
}

export const inOrder = <T extends Ordered>(incidents: Iterable<T>): T[] => [...incidents].sort(compare)

/** What N frames: the gravest one that nobody holds, else the next of mine; after `framedId` where that is among them. */
export function nextOf<T extends Ordered>(incidents: readonly T[], framedId: string | null, me: string): T | null {
  const ordered = inOrder(incidents)
  const loose = ordered.filter(isUntaken)
  const choices = loose.length > 0 ? loose : ordered.filter((each) => each.owner?.uid === me)
  if (choices.length === 0) return null
  const at = choices.findIndex((each) => each.id === framedId)
  return choices[(at + 1) % choices.length] ?? null
}
