// The devices of one emergency: the phone that pressed, the tracker of its vehicle, another phone of its driver. Where each was
// heard last, whether they have parted, and whether they have driven into another region. Kept in memory: the next report
// says it again, and what came of it is in the incident.

import { SYSTEM } from '../domain/command'
import { type Incident, shownPosition } from '../domain/incident'
import { CROSSED_AFTER_FIXES, crossed, parted } from '../domain/moving-target'
import { FRESH_FIX_MS, isFresh, type Position } from '../domain/position'
import { type PositionSource, sourceOf } from '../domain/position-source'
import { type RegionId, regionAt } from '../domain/region'
import { type Report, timeOf } from '../domain/report'
import { type IncidentSource, type SourceMoved, separation } from '../domain/separation'
import type { Ledger } from './ledger'

type Heard = { deviceId: string; source: PositionSource; position: Position; at: number }
type Books = Pick<Ledger, 'incidents' | 'directory' | 'ports' | 'transact' | 'saveOutcome'>

/** More incidents than these of one region lose where their devices were, and nothing else. */
const REMEMBERED = 20_000

export class Sources {
  private readonly heardOf = new Map<string, Map<string, Heard>>()
  /** By pair of devices of an incident: since when they are apart. */
  private readonly apartSince = new Map<string, number>()
  private readonly borders = new Map<string, { region: RegionId; fixes: number }>()

  constructor(private readonly books: Books) {}

  /**
   * All devices of incidents of which one has moved, where there are several: a screen that came a moment ago has them all
   * with the next word of any. What follows from them is written down.
   */
  heard(reports: readonly Report[]): SourceMoved[] {
    const touched = new Set<string>()
    for (const report of reports) {
      const { position } = report
      if (!position || position.doubts.includes('null_island')) continue
      const heard = { deviceId: report.deviceId, source: this.kindOf(report), position, at: timeOf(report) }
      for (const incident of this.concerned(report.deviceId)) if (this.note(incident, heard)) touched.add(incident.id)
    }
    return [...touched].flatMap((id) => {
      const incident = this.books.incidents.find(id)
      const sources = incident ? this.of(incident) : []
      return sources.length < 2 ? [] : sources.map((source) => ({ id, ...source }))
    })
  }

  /** The one that pressed first, then the others by their names. */
  of(incident: Incident): IncidentSource[] {
    return this.all(incident).map((heard) => shown(incident, heard))
  }

  /** False where it is no news. */
  private note(incident: Incident, heard: Heard): boolean {
    const known = this.heardOf.get(incident.id) ?? new Map<string, Heard>()
    if (heard.at <= (known.get(heard.deviceId)?.at ?? 0)) return false
    if (this.heardOf.size >= REMEMBERED) this.forget()
    this.heardOf.set(incident.id, known.set(heard.deviceId, heard))
    const all = this.all(incident)
    this.compare(incident, heard, all)
    this.followDesk(incident.id, heard, all)
    return true
  }

  private compare(incident: Incident, heard: Heard, all: readonly Heard[]): void {
    const now = this.books.ports.now()
    for (const other of all) {
      if (other.deviceId === heard.deviceId) continue
      const devices = [heard.deviceId, other.deviceId].sort()
      const pair = [incident.id, ...devices].join('\n')
      const since = this.apartSince.get(pair) ?? null
      const found = separation(fixOf(heard), fixOf(other), now, since)
      if (found.since === null) this.apartSince.delete(pair)
      else this.apartSince.set(pair, found.since)
      if (!found.separated || found.apartM === null) continue
      const seen = { apartM: found.apartM, forMs: now - (found.since ?? now), devices }
      this.save(incident.id, (current) => parted(current, seen, now))
    }
  }

  // A tracker speaks for the incident only where the phone that pressed no longer does.
  private followDesk(id: string, heard: Heard, all: readonly Heard[]): void {
    const now = this.books.ports.now()
    const own = this.books.incidents.find(id)?.deviceId
    const ownAt = all.find(({ deviceId }) => deviceId === own)?.at ?? 0
    if (heard.deviceId !== own && now - ownAt <= FRESH_FIX_MS) return
    const { position, at } = heard
    const region = isFresh({ ...position, fixedAt: at }, now) ? regionAt(position.lat, position.lng) : null
    if (region === null) return
    const before = this.borders.get(id)
    const fixes = before?.region === region ? before.fixes + 1 : 1
    this.borders.set(id, { region, fixes })
    if (fixes >= CROSSED_AFTER_FIXES) this.save(id, (incident) => crossed(incident, region, now))
  }

  private save(id: string, decide: (incident: Incident) => ReturnType<typeof parted>): void {
    const incident = this.books.incidents.find(id)
    const outcome = incident && decide(incident)
    if (outcome?.ok && outcome.lines.length > 0)
      this.books.transact(() => this.books.saveOutcome(incident as Incident, outcome, SYSTEM))
  }

  private concerned(deviceId: string): Incident[] {
    const { incidents, directory } = this.books
    const found = [deviceId, ...directory.companionsOf(deviceId)].flatMap((id) => incidents.livingOfDevice(id))
    return [...new Map(found.map((incident) => [incident.id, incident])).values()]
  }

  /** What was heard, and what presses said of themselves; of each device the newest. */
  private all(incident: Incident): Heard[] {
    const newest = new Map<string, Heard>()
    const take = (heard: Heard) => {
      if (heard.at > (newest.get(heard.deviceId)?.at ?? Number.NEGATIVE_INFINITY)) newest.set(heard.deviceId, heard)
    }
    for (const { deviceId, door, position, receivedAt } of incident.presses) {
      if (deviceId === null || !position || position.doubts.includes('null_island')) continue
      const source = door === 'wired' || this.isBuiltIn(deviceId) ? 'vehicle' : 'phone'
      take({ deviceId, source, position, at: timeOf({ position, receivedAt }) })
    }
    for (const heard of this.heardOf.get(incident.id)?.values() ?? []) take(heard)
    const own = ({ deviceId }: Heard) => Number(deviceId !== incident.deviceId)
    return [...newest.values()].sort((a, b) => own(a) - own(b) || a.deviceId.localeCompare(b.deviceId))
  }

  private kindOf(report: Report): PositionSource {
    return this.isBuiltIn(report.deviceId) ? 'vehicle' : sourceOf(report)
  }

  /** Enrolled for a vehicle and for nobody who drives it. */
  private isBuiltIn(deviceId: string): boolean {
    const device = this.books.directory.get('device', deviceId)
    return device !== null && device.vehicleId !== null && device.driverId === null
  }

  private forget(): void {
    this.heardOf.clear()
    this.apartSince.clear()
    this.borders.clear()
  }
}

const fixOf = ({ position, at }: Heard) => ({
  lat: position.lat,
  lng: position.lng,
  accuracyM: position.accuracyM,
  speedMps: position.speedMps,
  at,
})

const shown = (incident: Incident, { deviceId, source, position, at }: Heard): IncidentSource => ({
  deviceId,
  source,
  own: deviceId === incident.deviceId,
  position: shownPosition({ ...position, fixedAt: at }),
})
