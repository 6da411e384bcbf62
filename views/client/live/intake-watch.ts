// While ticks are missing, the intakes say what the room cannot: their presses are shown until the room accounts for them.

import type { IncidentSummary } from '../../../src/domain/incident'
import { ASK_EVERY_MS, asIncident, askUnplaced, stillUnplaced } from './unplaced'

export type IntakeWatchPorts = {
  region: string
  /** What the room has queued. */
  queue(): ReadonlyMap<string, IncidentSummary>
  /** The room does not tick, or cannot be reached. */
  isRoomAway(): boolean
  /** Presses that no one had heard of. */
  arrived(news: IncidentSummary[]): void
  /** The room has them all. */
  over(): void
}

export class IntakeWatch {
  private readonly cards = new Map<string, IncidentSummary>()

  constructor(private readonly ports: IntakeWatchPorts) {}

  /** What no incident of the room accounts for. */
  get unplaced(): IncidentSummary[] {
    return stillUnplaced(this.cards.values(), this.ports.queue())
  }

  find(id: string): IncidentSummary | undefined {
    return this.cards.get(id)
  }

  begin(): void {
    setInterval(() => void this.look(), ASK_EVERY_MS)
  }

  private async look(): Promise<void> {
    if (!this.ports.isRoomAway()) {
      if (this.cards.size > 0 && this.unplaced.length === 0) {
        this.cards.clear()
        this.ports.over()
      }
      return
    }
    const cards = await askUnplaced(this.ports.region)
    if (!cards) return
    const incidents = cards.map(asIncident)
    const news = incidents.filter(({ id }) => !this.cards.has(id))
    this.cards.clear()
    for (const incident of incidents) this.cards.set(incident.id, incident)
    this.ports.arrived(news)
  }
}
