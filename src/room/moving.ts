// Where the vehicles of open incidents are now, as their fleet shards say it, at most every two seconds each. Telemetry, not a
// change of the incident: no seq, no line in the log, nothing on disk; the history of positions is in Postgres.

import { type Incident, type ShownPosition, shownPosition } from '../domain/incident'
import { type FreshPosition, type PositionSource, sourceOf } from '../domain/position-source'
import type { Report } from '../domain/report'
import { timeOf } from '../domain/report'
import type { Incidents } from './incidents'

export type Moved = { id: string; position: ShownPosition; source: PositionSource }

/** More open incidents than these of one region lose the order of their reports, and nothing else. */
const REMEMBERED = 20_000

export class Moving {
  /** By incident: the newest place that screens were told, and its time. */
  private readonly newest = new Map<string, FreshPosition & { at: number }>()

  constructor(private readonly incidents: Pick<Incidents, 'livingOfDevice'>) {}

  /** What screens have to be told: places newer than what the card and they have. */
  heard(reports: readonly Report[]): Moved[] {
    return reports.flatMap((report) => {
      const { position } = report
      if (!position) return []
      const at = timeOf(report)
      return this.incidents
        .livingOfDevice(report.deviceId)
        .filter((incident) => at > Math.max(this.newest.get(incident.id)?.at ?? 0, fixedAt(incident)))
        .map(({ id }) => {
          const fresh = { position: shownPosition({ ...position, fixedAt: at }), source: sourceOf(report) }
          this.remember(id, { ...fresh, at })
          return { id, ...fresh }
        })
    })
  }

  /** Where it was heard last; null where nothing has come since its press, or this room is younger than what did. */
  of(incidentId: string): FreshPosition | null {
    const known = this.newest.get(incidentId)
    return known ? { position: known.position, source: known.source } : null
  }

  private remember(id: string, fresh: FreshPosition & { at: number }): void {
    if (this.newest.size >= REMEMBERED) this.newest.clear()
    this.newest.set(id, fresh)
  }
}

const fixedAt = ({ position, receivedAt }: Incident): number => (position ? (position.fixedAt ?? receivedAt) : 0)
