// Which cards no screen has painted yet, so that of fifty receipts for a card only the first is work.

import type { IncidentSummary } from '../domain/incident'

/**
 * The cards that were sent and have not come back as painted, in memory alone: every screen sends a receipt for every card,
 * and only the first of each is worth a look at the disk.
 */
export class Unseen {
  private readonly bySeq = new Map<number, string>()
  private readonly byId = new Map<string, number>()

  sent(incidents: readonly IncidentSummary[]): void {
    for (const { id, seq, shownAt } of incidents) {
      const before = this.byId.get(id)
      if (before === seq) continue
      if (before !== undefined) this.bySeq.delete(before)
      this.byId.delete(id)
      if (shownAt !== null) continue
      this.bySeq.set(seq, id)
      this.byId.set(id, seq)
    }
  }

  /** The incidents of these cards that nobody has painted before. */
  take(seqs: readonly number[]): string[] {
    const first: string[] = []
    for (const seq of seqs) {
      const id = this.bySeq.get(seq)
      if (id === undefined) continue
      this.bySeq.delete(seq)
      this.byId.delete(id)
      first.push(id)
    }
    return first
  }
}
