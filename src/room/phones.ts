// Whose phone a number is: texts that cry for help come from numbers, and presses belong to devices.

import { e164 } from '../domain/phone-number'
import type { PhoneDevice } from './contract'
import type { Directory } from './directory'

type Known = { changes: number; drivers: ReadonlyMap<string, string> }

/** Drivers by number, read again only after the directory has changed. */
const known = new WeakMap<Directory, Known>()

/** `phone` is E.164. Of several devices of a driver the first one that is in a vehicle. */
export function deviceOfPhone(directory: Directory, phone: string): PhoneDevice | null {
  const driverId = driversOf(directory).get(phone)
  if (driverId === undefined) return null
  const own = directory
    .all('device')
    .filter((device) => device.driverId === driverId)
    .sort((a, b) => Number(a.vehicleId === null) - Number(b.vehicleId === null) || (a.id < b.id ? -1 : 1))
  const [device] = own
  return device ? { deviceId: device.id, home: device.home, generation: device.minGeneration } : null
}

function driversOf(directory: Directory): Known['drivers'] {
  const { changes } = directory
  const before = known.get(directory)
  if (before?.changes === changes) return before.drivers
  const drivers = new Map<string, string>()
  for (const { id, phone } of directory.all('driver')) {
    const number = e164(phone)
    if (number !== null) drivers.set(number, id)
  }
  known.set(directory, { changes, drivers })
  return drivers
}
