// Whom a broadcast must not reach: everybody at whose side an incident is open that must stay silent. A ring can kill, whatever
// it rings for, and a second phone in the same vehicle is beside the first.

import { e164 } from '../domain/phone-number'
import { mayReachPresser } from '../domain/phone-view'
import type { Ledger } from './ledger'

export type Hushed = { devices: ReadonlySet<string>; people: ReadonlySet<string>; phones: ReadonlySet<string> }

/** As it is now: asked again before anything goes out. */
export function hushedNow({ incidents, directory }: Pick<Ledger, 'incidents' | 'directory'>): Hushed {
  const [devices, people, phones] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const add = (deviceId: string) => {
    for (const id of [deviceId, ...directory.companionsOf(deviceId)]) {
      devices.add(id)
      const { driver } = directory.cardsOf(id)
      if (!driver) continue
      people.add(`driver:${driver.id}`)
      const phone = e164(driver.phone)
      if (phone) phones.add(phone)
    }
  }
  for (const incident of incidents.allLiving()) {
    if (mayReachPresser(incident, 'area') === 'open') continue
    people.add(incident.person)
    if (incident.driver) people.add(`driver:${incident.driver.id}`)
    for (const phone of [incident.driver?.phone, incident.person.replace(/^phone:/, '')]) {
      const number = e164(phone)
      if (number) phones.add(number)
    }
    if (incident.deviceId) add(incident.deviceId)
    for (const { deviceId } of incident.presses) if (deviceId) add(deviceId)
  }
  return { devices, people, phones }
}

export const isHushed = (
  hushed: Hushed,
  { person, devices, phone }: { person: string; devices: readonly string[]; phone: string | null },
): boolean =>
  hushed.people.has(person) ||
  devices.some((id) => hushed.devices.has(id)) ||
  (phone !== null && hushed.phones.has(phone))
