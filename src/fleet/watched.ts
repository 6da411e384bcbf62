// Devices under an open incident: what they report goes on to the room, once in two seconds and the latest.

import { type Report, timeOf } from '../domain/report'
import type { DrainClock } from '../durable/drain'

const EVERY_MS = 2_000

type Told = { at: number; waiting: Report | null }

export class Watched {
  private ids = new Set<string>()
  private readonly told = new Map<string, Told>()

  constructor(
    private readonly clock: DrainClock,
    private readonly tell: (deviceId: string, report: Report) => void,
  ) {}

  has(deviceId: string): boolean {
    return this.ids.has(deviceId)
  }

  /** Those of now, all of them; the answer is whose being watched has begun or ended. */
  replace(deviceIds: readonly string[]): string[] {
    const before = this.ids
    this.ids = new Set(deviceIds)
    for (const id of this.told.keys()) if (!this.ids.has(id)) this.told.delete(id)
    return [...deviceIds.filter((id) => !before.has(id)), ...[...before].filter((id) => !this.ids.has(id))]
  }

  /** Goes on at once, or when two seconds have passed since the last that did. */
  seen(report: Report): void {
    const { deviceId } = report
    const now = this.clock.now()
    const told = this.told.get(deviceId)
    if (told && Math.abs(now - told.at) < EVERY_MS) {
      const first = told.waiting === null
      told.waiting = better(told.waiting, report)
      if (first) this.clock.after(told.at + EVERY_MS - now, () => this.late(deviceId, told))
      return
    }
    this.told.set(deviceId, { at: now, waiting: null })
    this.tell(deviceId, report)
  }

  private late(deviceId: string, told: Told): void {
    if (this.told.get(deviceId) !== told || !told.waiting) return
    const report = told.waiting
    this.told.set(deviceId, { at: this.clock.now(), waiting: null })
    this.tell(deviceId, report)
  }
}

/** A place is not lost to a heartbeat that came after it, nor a newer one to an older. */
function better(waiting: Report | null, next: Report): Report {
  if (!waiting?.position) return next
  return next.position && timeOf(next) >= timeOf(waiting) ? next : waiting
}
