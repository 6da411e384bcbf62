// Which devices of this room pressed within the last half hour, and until when they are asked for faster fixes because of it.
// By their own presses and the clock alone: it never looks at an incident.

import { AFTER_PRESS_MS, fasterUntil } from '../domain/pace'
import type { Storage } from '../durable/storage'
import type { IntakeBatch } from './contract'

export class LatelyPressed {
  /** By device: when its last press was received, epoch ms. */
  private readonly lastAt = new Map<string, number>()

  constructor(
    storage: Storage,
    private readonly now: () => number,
  ) {
    const rows = storage.sql.exec<{ device: string; at: number }>(
      'SELECT device, max(received_at) AS at FROM press WHERE received_at > ? GROUP BY device',
      now() - AFTER_PRESS_MS,
    )
    for (const { device, at } of rows.toArray()) this.lastAt.set(device, at)
  }

  /** Repeating a batch changes nothing. */
  note({ presses, folds = [] }: Pick<IntakeBatch, 'presses' | 'folds'>): void {
    for (const { deviceId, receivedAt } of presses) this.pressed(deviceId, receivedAt)
    for (const { deviceId, lastAt } of folds) this.pressed(deviceId, lastAt)
  }

  /** Until when (epoch ms), by device. */
  until(): Map<string, number> {
    const now = this.now()
    for (const [deviceId, at] of this.lastAt) if (now >= fasterUntil(at)) this.lastAt.delete(deviceId)
    return new Map([...this.lastAt].map(([deviceId, at]) => [deviceId, fasterUntil(at)]))
  }

  get count(): number {
    return this.lastAt.size
  }

  private pressed(deviceId: string, at: number): void {
    if (at > (this.lastAt.get(deviceId) ?? 0)) this.lastAt.set(deviceId, at)
  }
}
