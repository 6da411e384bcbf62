// The last reports of a device as they were understood, for whoever enrols a phone and wonders what it sends.

import type { Report } from '../domain/report'
import type { ReportVerdict, UnderstoodReport } from './contract'

const PER_DEVICE = 20
/** Of those heard last: some 40 MB at the very most. */
const DEVICES = 5_000

export class RecentReports {
  /** Devices in the order in which they were heard, the one heard last at the end. */
  private readonly byDevice = new Map<string, UnderstoodReport[]>()

  private last: { deviceId: string; reports: UnderstoodReport[] } | null = null

  constructor(private readonly devices = DEVICES) {}

  note(report: Report, verdict: ReportVerdict): void {
    const { deviceId, protocol, receivedAt, position, event, charging, ignition, app } = report
    const reports = this.last?.deviceId === deviceId ? this.last.reports : this.moveToEnd(deviceId)
    reports.push({ receivedAt, protocol, verdict, position, event, charging, ignition, ...(app ? { app } : {}) })
    if (reports.length > PER_DEVICE) reports.shift()
  }

  private moveToEnd(deviceId: string): UnderstoodReport[] {
    const reports = this.byDevice.get(deviceId) ?? []
    this.byDevice.delete(deviceId)
    this.byDevice.set(deviceId, reports)
    if (this.byDevice.size > this.devices) this.byDevice.delete(this.byDevice.keys().next().value as string)
    this.last = { deviceId, reports }
    return reports
  }

  /** Newest first. */
  of(deviceId: string): UnderstoodReport[] {
    return (this.byDevice.get(deviceId) ?? []).toReversed()
  }
}
