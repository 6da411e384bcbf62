// Who has a P1 in hand: kept as incidents change, for every step of a ladder asks whose hands are free.

import { type Incident, isQueued } from '../domain/incident'

export class Hands {
  /** By person, then incident. */
  private readonly held = new Map<string, Set<string>>()
  private readonly holder = new Map<string, string>()

  note(incident: Incident): void {
    const inHand = incident.priority === 'P1' && isQueued(incident)
    this.put(incident.id, inHand ? (incident.owner?.uid ?? null) : null)
  }

  put(incidentId: string, uid: string | null): void {
    const before = this.holder.get(incidentId)
    if (before === (uid ?? undefined)) return
    if (before !== undefined) {
      this.held.get(before)?.delete(incidentId)
      if (this.held.get(before)?.size === 0) this.held.delete(before)
      this.holder.delete(incidentId)
    }
    if (uid === null) return
    const theirs = this.held.get(uid)
    if (theirs) theirs.add(incidentId)
    else this.held.set(uid, new Set([incidentId]))
    this.holder.set(incidentId, uid)
  }

  holdsP1(uid: string): boolean {
    return this.held.has(uid)
  }

  clear(): void {
    this.held.clear()
    this.holder.clear()
  }
}
