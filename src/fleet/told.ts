// One report or device as others are told of it: Postgres, the room of an open incident, a person who selects a dot.

import type { ToMap } from '../domain/map-frame'
import type { Position } from '../domain/position'
import { type Report, timeOf } from '../domain/report'
import type { PositionRow } from '../domain/track'
import type { ReportVerdict } from './contract'
import { statusOf } from './dots'
import type { Known } from './known'

export function toRow(report: Report, position: Position, verdict: ReportVerdict): PositionRow {
  const { lat, lng, accuracyM, headingDeg, speedMps, batteryPct, doubts } = position
  return {
    region: report.home,
    deviceId: report.deviceId,
    at: timeOf(report),
    receivedAt: report.receivedAt,
    lat,
    lng,
    accuracyM,
    headingDeg,
    speedMps,
    batteryPct,
    event: report.event,
    protocol: report.protocol,
    doubts: verdict === 'jump' ? [...doubts, 'jump'] : [...doubts],
  }
}

/** A place that may not be the present one must not lead help astray; that the device lives is news all the same. */
export function toRoom(report: Report, verdict: ReportVerdict): Report {
  const doubts = report.position?.doubts ?? []
  const onlyItsClock = verdict === 'no_fix' && doubts.includes('future') && !doubts.includes('null_island')
  return verdict === 'taken' || onlyItsClock ? report : { ...report, position: null }
}

/** Without a word on who it is. Null where it was never anywhere. */
export function toVehicle(known: Known): Extract<ToMap, { t: 'vehicle' }> | null {
  if (!known.shown) return null
  const { fixedAt, batteryPct, accuracyM, doubts } = known.shown.position
  return {
    t: 'vehicle',
    index: known.index,
    status: statusOf(known),
    lastContactAt: new Date(known.lastContactAt).toISOString(),
    // A clock may say what no calendar has.
    fixedAt: fixedAt !== null && Math.abs(fixedAt) <= 8.64e15 ? new Date(fixedAt).toISOString() : null,
    batteryPct,
    charging: known.charging,
    accuracyM,
    doubts,
  }
}
