// N in a storm: the room says whom this desk looks at next, so that two people never open the same.

import type { IncidentSummary } from '../../../src/domain/incident'
import type { RegionId } from '../../../src/domain/region'

const WITHIN_MS = 3_000

export class Next {
  private asking = false

  constructor(private readonly region: RegionId) {}

  /** Null where nobody waits; `unasked` where the room did not say; `under way`: it is being asked already. */
  async ask(): Promise<IncidentSummary | null | 'unasked' | 'under way'> {
    if (this.asking) return 'under way'
    this.asking = true
    try {
      const answer = await fetch(`/api/regions/${this.region}/next`, {
        method: 'POST',
        headers: { 'HX-Request': 'true' },
        signal: AbortSignal.timeout(WITHIN_MS),
      })
      return answer.ok ? ((await answer.json()) as { incident: IncidentSummary | null }).incident : 'unasked'
    } catch {
      return 'unasked'
    } finally {
      this.asking = false
    }
  }
}
