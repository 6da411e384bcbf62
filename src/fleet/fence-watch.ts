// All that a shard has to do with geofences: which it watches and where it has them from, each fix against them, and what
// was crossed on its way out. Told at once when one is drawn; asks Postgres itself when it wakes and with every tick.

import type { FenceEventRow, FenceList } from '../domain/fence-record'
import type { ToMap } from '../domain/map-frame'
import type { Position } from '../domain/position'
import { type Report, timeOf } from '../domain/report'
import type { DrainClock } from '../durable/drain'
import type { Storage } from '../durable/storage'
import type { FenceHealth } from './contract'
import { FenceEvents } from './fence-events'
import { keepFences, keepSides, keptFences, keptSides } from './fence-storage'
import { Fences } from './fences'
import { isDepot } from './own-places'

export type FencePorts = {
  /** The region's list; null where it is still of this version. Rejects where Postgres is away. */
  loadFences?(known: number): Promise<FenceList | null>
  saveFenceEvents?(rows: FenceEventRow[], signal: AbortSignal): Promise<unknown>
  isRowFault?(error: unknown): boolean
  onFailure?(failure: string, failures: number): void
}

export class FenceWatch {
  private readonly fences = new Fences()
  private readonly events: FenceEvents
  private asking = false
  private failures = 0
  private askedAt: number | null = null
  /** What Postgres last said where it was older than what we had been told. */
  private older: number | null = null
  private saidVersion = 0

  constructor(
    name: string,
    private readonly storage: Storage,
    private readonly ports: FencePorts,
    private readonly clock: DrainClock,
  ) {
    this.events = new FenceEvents({
      name,
      clock,
      save: async (rows, signal) => ports.saveFenceEvents?.(rows, signal),
      isRowFault: ports.isRowFault && ((error) => ports.isRowFault?.(error) ?? false),
      onFailure: (failure, failures) => ports.onFailure?.(`fence events: ${failure}`, failures),
    })
    this.fences.replace(keptFences(storage))
    this.saidVersion = this.fences.version
    const { sides, unread } = keptSides(storage)
    for (const [deviceId, each] of sides) this.fences.restore(deviceId, each)
    if (unread.length > 0) ports.onFailure?.(`fence sides: ${unread.join('; ')}`, unread.length)
    this.ask()
  }

  /** A fix that is the device's newest. */
  fix(report: Report, position: Position): void {
    const { deviceId, home: region, receivedAt } = report
    for (const { fence, event } of this.fences.fix(deviceId, position)) {
      const { lat, lng } = position
      this.events.note({ region, deviceId, fenceId: fence.id, event, at: timeOf(report), receivedAt, lat, lng }, fence)
    }
  }

  /** True in an active fence that is a depot of the fleet's own. */
  isDepotAt(at: { lat: number; lng: number }): boolean {
    return this.fences.holdsAt(at, isDepot)
  }

  forget(deviceId: string): void {
    this.fences.forget(deviceId)
  }

  /** As the API says after each change. One that comes late is no news. */
  take(list: FenceList): void {
    if (list.version > this.fences.version) this.replace(list)
  }

  inside(counts: (deviceId: string) => boolean): Record<string, number> {
    return this.fences.inside(counts)
  }

  /** Asks Postgres in the background, one question at a time. One that fails is asked again with the next tick. */
  ask(): void {
    const { loadFences } = this.ports
    if (!loadFences || this.asking) return
    this.asking = true
    void loadFences(this.fences.version).then(
      (list) => {
        this.asking = false
        this.failures = 0
        this.askedAt = this.clock.now()
        if (list) this.learn(list)
        else this.older = null
      },
      (error: unknown) => {
        this.asking = false
        this.ports.onFailure?.(`fences: ${error instanceof Error ? error.message : String(error)}`, ++this.failures)
      },
    )
  }

  /** May throw, as whatever writes. */
  checkpoint(): void {
    keepSides(this.storage, this.fences.entries())
  }

  /** What every map that is open is to be told now. */
  takeNews(): ToMap[] {
    const news: ToMap[] = []
    if (this.saidVersion !== this.fences.version) news.push({ t: 'fences', version: this.fences.version })
    this.saidVersion = this.fences.version
    const crossed = this.events.takeNews()
    if (crossed) news.push(crossed)
    return news
  }

  health(): FenceHealth {
    const { queued, dropped, seen } = this.events
    return {
      version: this.fences.version,
      watched: this.fences.size,
      askedAt: this.askedAt,
      events: seen,
      queued,
      dropped,
    }
  }

  // Said once, an older list is what was asked for before somebody drew; said twice, the database has gone back.
  private learn(list: FenceList): void {
    const isOlder = list.version < this.fences.version
    if (isOlder && this.older !== list.version) {
      this.older = list.version
      return
    }
    this.older = null
    this.replace(list)
  }

  private replace(list: FenceList): void {
    this.fences.replace(list)
    try {
      keepFences(this.storage, list)
    } catch (error) {
      this.ports.onFailure?.(`fences: ${error instanceof Error ? error.message : String(error)}`, 1)
    }
  }
}
