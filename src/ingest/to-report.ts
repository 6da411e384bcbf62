// A record of an app, once it is known whose it is, becomes a report for the device's fleet shard.

import type { Report } from '../domain/report'
import type { GenuineDevice } from './press'
import type { Item } from './protocol'

/**
 * Null where there is nothing to report: nobody could read it, or it was a cry and no more. A cry that has a place is a
 * report as well. `protocol` as `sniff` named it; `receivedAt` by our clock, epoch ms.
 */
export function toReport(device: GenuineDevice, item: Item, protocol: string, receivedAt: number): Report | null {
  const { position } = item.fields
  if (item.malformed || (!position && !item.said)) return null
  const { event = null, charging = null, ignition = null } = item.said ?? {}
  const { deviceId, home, generation } = device
  return { deviceId, home, generation, protocol, receivedAt, position, event, charging, ignition }
}
