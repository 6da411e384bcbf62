// The last reports of a device as they were understood, for whoever enrols a phone and wonders what it sends.

import type { Report } from '../domain/report'
import type { ReportVerdict, UnderstoodReport } from './contract'

const PER_DEVICE = 20
/** Of those heard last: some 40 MB at the very most. */
const DEVICES = 5_000

export class RecentReports {
  /** Devices in the order in which they were heard, the one heard last at the end. */
  private readonly byDevice = new Map<string, UnderstoodReport[]>()

  constructor(private readonly devices = DEVICES) {}

  note({ deviceId, home: _, ...said }: Report, verdict: ReportVerdict): void {
    const reports = this.byDevice.get(deviceId) ?? []
    this.byDevice.delete(deviceId)
    this.byDevice.set(deviceId, reports)
    reports.push({ ...said, verdict })
    if (reports.length > PER_DEVICE) reports.shift()
    if (this.byDevice.size > this.devices) this.byDevice.delete(this.byDevice.keys().next().value as string)
  }

  /** Newest first. */
  of(deviceId: string): UnderstoodReport[] {
    return (this.byDevice.get(deviceId) ?? []).toReversed()
  }
}
