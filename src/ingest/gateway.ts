// What comes with a gateway's token is said of the device that its record names. Which of ours that is follows from the two
// names alone: an SOS of a device that nobody has enrolled yet has an incident of its own, and the next one the same.

import { createHash } from 'node:crypto'
import { UNIQUE_ID_MAX } from '../domain/gateway'
import type { DeviceIdentity } from './device-token'
import type { GenuineDevice, PressFields } from './press'
import type { Item } from './protocol'
import { textOrNull } from './text'

/** Fits into a device's name, and cannot be taken for a digest. */
const READABLE = /^(?!x-)[A-Za-z0-9._-]{1,19}$/
const DIGEST_LENGTH = 17

/**
 * The name of the device behind a gateway that its server knows under `uniqueId`: the same for ever, and of no other. Null
 * where there is nothing to name it by.
 */
export function deviceBehind(gateway: string, uniqueId: string): string | null {
  const id = textOrNull(uniqueId, UNIQUE_ID_MAX)?.trim()
  if (!id) return null
  if (READABLE.test(id)) return `${gateway}.${id}`
  const digest = createHash('sha256').update(`xot device behind\n${gateway}\n${id}`).digest('hex')
  return `${gateway}.x-${digest.slice(0, DIGEST_LENGTH)}`
}

/** Who speaks in this record: the gateway itself where it names nobody. */
export function speakerOf(device: GenuineDevice, { claimedId }: Pick<Item, 'claimedId'>): GenuineDevice {
  if (!device.gateway || claimedId === null) return device
  const deviceId = deviceBehind(device.deviceId, claimedId)
  if (deviceId === null) return device
  const { genuine, home, generation, expired } = device
  return { genuine, deviceId, home, generation, expired }
}

/** The cry as its incident shows it: a device that no directory knows is at least called what its own server calls it. */
export function saidThrough(device: GenuineDevice, { claimedId, claimedName, fields }: Item): PressFields {
  if (!device.gateway || claimedId === null || fields.note !== null) return fields
  const name = claimedName && claimedName !== claimedId ? `${claimedName}, ${claimedId}` : claimedId
  return { ...fields, note: `${name} (${device.deviceId})` }
}

export type Spoken<D> = { speaker: D; items: Item[] }

/** The records of one message by who speaks in them, each one's in their order. One group for all but a gateway. */
export function bySpeaker<D extends DeviceIdentity>(device: D, items: readonly Item[]): Spoken<D | GenuineDevice>[] {
  if (!device.genuine || !device.gateway) return [{ speaker: device, items: [...items] }]
  const found = new Map<string, Spoken<GenuineDevice>>()
  for (const item of items) {
    const speaker = speakerOf(device, item)
    const own = found.get(speaker.deviceId) ?? { speaker, items: [] }
    own.items.push(item)
    found.set(speaker.deviceId, own)
  }
  return [...found.values()]
}
