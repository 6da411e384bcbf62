// Whom fleet shards follow for this room: devices that pressed, and those of the same driver or vehicle; and which of them
// their incident lets be asked for faster fixes. What a press of their own asks of them is in lately-pressed.ts.

import { mayHasten } from '../domain/pace'
import type { Directory } from './directory'
import type { Incidents } from './incidents'

type Known = {
  incidents: Pick<Incidents, 'liveDevices' | 'livingOfDevice'>
  directory: Pick<Directory, 'companionsOf'>
}

export type Watching = { deviceId: string; hasten: boolean }

/** All of them, each once. */
export function watching({ incidents, directory }: Known): Watching[] {
  const pressed = incidents.liveDevices()
  const all = new Set(pressed.flatMap((id) => [id, ...directory.companionsOf(id)]))
  return [...all].map((deviceId) => {
    const concerned = [deviceId, ...directory.companionsOf(deviceId)].flatMap((id) => incidents.livingOfDevice(id))
    return { deviceId, hasten: mayHasten(concerned) }
  })
}
