// Who is behind the devices in an area, each once, and by which way they would be reached now.

import type { AreaCounts } from '../domain/area'
import { isNeverDialled } from '../domain/never-dialled'
import { e164 } from '../domain/phone-number'
import { personOf } from '../domain/presses'
import { hushedNow, isHushed } from './areas-hushed'
import type { Concerned } from './areas-kept'
import type { Ledger } from './ledger'

/** As a fleet shard says it. `fixedAt`: epoch ms, null where the device did not say. */
export type Inside = { deviceId: string; lat: number; lng: number; accuracyM: number | null; fixedAt: number | null }

/** A tracker stands for whoever drives its vehicle; a driver is told on every phone that is theirs. */
export function concerned({ directory }: Pick<Ledger, 'directory'>, inside: readonly Inside[]): Concerned[] {
  const people = new Map<string, Concerned>()
  for (const { deviceId, ...at } of inside) {
    const companions = directory.companionsOf(deviceId)
    const driver =
      directory.cardsOf(deviceId).driver ??
      companions.map((id) => directory.cardsOf(id).driver).find((each) => each !== null) ??
      null
    const person = personOf(driver, deviceId)
    const own = driver ? companions.filter((id) => directory.cardsOf(id).driver?.id === driver.id) : []
    const phone = driver?.phone && !isNeverDialled(driver.phone) ? e164(driver.phone) : null
    const known = people.get(person)
    const devices = [...new Set([...(known?.devices ?? []), deviceId, ...own])]
    const name = driver?.name ?? deviceId
    people.set(person, { person, contactId: driver?.id ?? deviceId, name, phone, devices, at: known?.at ?? at })
  }
  return [...people.values()]
}

/** `lines`: devices with an open lifeline. */
export function countsOf(
  books: Pick<Ledger, 'incidents' | 'directory' | 'ports'>,
  devices: number,
  people: readonly Concerned[],
  lines: ReadonlySet<string>,
): AreaCounts {
  const hushed = hushedNow(books)
  const reachable = people.filter((who) => !isHushed(hushed, who))
  const hasLine = (who: Concerned) => who.devices.some((id) => lines.has(id))
  const lifeline = reachable.filter(hasLine).length
  const textsLeave = books.ports.textsLeave?.() !== false
  const text = textsLeave ? reachable.filter((who) => who.phone !== null && !hasLine(who)).length : 0
  const none = reachable.length - lifeline - text
  return { devices, people: people.length, lifeline, text, none, quiet: people.length - reachable.length }
}
