// The last reports of a device as they were understood, for whoever enrols a phone and wonders what it sends. All are noted and
// few are asked for: they lie as numbers in one block for each device, and become reports again when somebody asks.

import type { Position } from '../domain/position'
import type { Report } from '../domain/report'
import type { ReportVerdict, UnderstoodReport } from './contract'

const PER_DEVICE = 20
/** Of those heard last: some 10 MB at the very most. */
const DEVICES = 5_000
/** receivedAt, fixedAt, lat, lng, accuracyM, headingDeg, speedMps, batteryPct; NaN is null. */
const NUMBERS = 8

/** What is not a number of a report. Mostly that of the one before. */
type Said = Omit<UnderstoodReport, 'receivedAt' | 'position'> & { doubts: Position['doubts'] | null }

/** `count`: how many there have been; each goes where the one stood that came `PER_DEVICE` before it. */
type Ring = { numbers: Float64Array; said: Said[]; count: number }

export class RecentReports {
  /** Devices in the order in which they were heard, the one heard last at the end. */
  private readonly byDevice = new Map<string, Ring>()

  private last: { deviceId: string; ring: Ring } | null = null

  constructor(private readonly devices = DEVICES) {}

  note(report: Report, verdict: ReportVerdict): void {
    const { deviceId, position, receivedAt } = report
    const ring = this.last?.deviceId === deviceId ? this.last.ring : this.moveToEnd(deviceId)
    const { numbers, said } = ring
    const place = ring.count % PER_DEVICE
    const before = said[(ring.count + PER_DEVICE - 1) % PER_DEVICE]
    said[place] = before && isAlike(before, report, verdict) ? before : saidIn(report, verdict)
    const first = place * NUMBERS
    numbers[first] = receivedAt
    if (position) {
      numbers[first + 1] = position.fixedAt ?? Number.NaN
      numbers[first + 2] = position.lat
      numbers[first + 3] = position.lng
      numbers[first + 4] = position.accuracyM ?? Number.NaN
      numbers[first + 5] = position.headingDeg ?? Number.NaN
      numbers[first + 6] = position.speedMps ?? Number.NaN
      numbers[first + 7] = position.batteryPct ?? Number.NaN
    }
    ring.count++
  }

  private moveToEnd(deviceId: string): Ring {
    const ring = this.byDevice.get(deviceId) ?? {
      numbers: new Float64Array(PER_DEVICE * NUMBERS),
      said: [],
      count: 0,
    }
    this.byDevice.delete(deviceId)
    this.byDevice.set(deviceId, ring)
    if (this.byDevice.size > this.devices) this.byDevice.delete(this.byDevice.keys().next().value as string)
    this.last = { deviceId, ring }
    return ring
  }

  /** Newest first. */
  of(deviceId: string): UnderstoodReport[] {
    const ring = this.byDevice.get(deviceId)
    if (!ring) return []
    const held = Math.min(ring.count, PER_DEVICE)
    return Array.from({ length: held }, (_, n) => reportIn(ring, (ring.count - 1 - n) % PER_DEVICE))
  }
}

function saidIn({ protocol, event, charging, ignition, app, position }: Report, verdict: ReportVerdict): Said {
  return { protocol, verdict, event, charging, ignition, ...(app ? { app } : {}), doubts: position?.doubts ?? null }
}

function isAlike(said: Said, { protocol, event, charging, ignition, app, position }: Report, verdict: ReportVerdict) {
  return (
    said.verdict === verdict &&
    said.protocol === protocol &&
    said.event === event &&
    said.charging === charging &&
    said.ignition === ignition &&
    said.app === (app || undefined) &&
    (position === null ? said.doubts === null : said.doubts?.length === 0 && position.doubts.length === 0)
  )
}

function reportIn({ numbers, said }: Ring, place: number): UnderstoodReport {
  const { doubts, ...words } = said[place] as Said
  const number = (which: number): number => numbers[place * NUMBERS + which] as number
  const orNull = (which: number): number | null => (Number.isNaN(number(which)) ? null : number(which))
  const position = doubts && {
    lat: number(2),
    lng: number(3),
    accuracyM: orNull(4),
    headingDeg: orNull(5),
    speedMps: orNull(6),
    fixedAt: orNull(1),
    batteryPct: orNull(7),
    doubts,
  }
  return { receivedAt: number(0), position, ...words }
}
