// Whom a drill tries, and whom it leaves out and why: the same for the look before it, for its start, and for a schedule.

import type { DriverCard } from '../domain/directory'
import { contactSubject, deviceSubject, SUBJECTS_MOST } from '../domain/drill'
import { pick, type Tested } from '../domain/drill-schedule'
import type { DutyContact } from '../domain/duty'
import { type Incident, OPEN_STATES } from '../domain/incident'
import type { Address, Channel, PageLang } from '../domain/page'
import { e164 } from '../domain/phone-number'
import { mayReachPresser } from '../domain/phone-view'
import { personOf } from '../domain/presses'
import { ladderOf, onDuty } from '../domain/rota'
import type { DrillWish, LeftOut } from './drills-contract'
import type { KeptDrills } from './drills-kept'
import type { Duty } from './duty'
import type { Ledger } from './ledger'

/** What drivers read first; no record says what they speak. */
const DRIVERS_LANG: PageLang = 'fil'
/** As everybody on duty is told of a real one. */
const AS_USUAL: readonly (readonly Channel[])[] = [
  ['voice', 'sms'],
  ['email', 'webhook'],
]

export type Subject = {
  subject: string
  name: string
  /** Of a driver's phone. */
  person: string | null
  to: { id: string; name: string; lang: PageLang }
  ladder: Address[][]
  channel: Channel | null
}

export type Planned = { subjects: Subject[]; leftOut: { subject: string; name: string; why: LeftOut }[] }

export class Plans {
  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Pick<Duty, 'people'>,
    private readonly kept: KeptDrills,
  ) {}

  of(wish: Pick<DrillWish, 'kind' | 'devices' | 'share' | 'contacts' | 'channels'> & { everybody?: boolean }): Planned {
    switch (wish.kind) {
      case 'driver':
        return this.drivers(wish.devices ?? this.nextDevices(wish.share ?? 0.05, wish.everybody ?? false))
      case 'duty':
        return this.people(wish.contacts ?? this.nextPeople(wish))
      case 'channel':
        return this.channels(wish.contacts?.[0] ?? '', wish.channels ?? null)
      case 'region':
        return { subjects: [], leftOut: [] }
    }
  }

  /** Devices with somebody to ask. */
  testableDevices(): { id: string; name: string; testedAt: number | null }[] {
    const { directory, ports } = this.ledger
    const tested = this.kept.tested()
    const names = new Map(directory.all('driver').map(({ id, name }) => [id, name]))
    return directory
      .all('device')
      .filter(({ home, driverId }) => home === ports.region && driverId !== null)
      .map(({ id, driverId }) => ({
        id,
        name: names.get(driverId ?? '') ?? id,
        testedAt: tested.get(deviceSubject(id)) ?? null,
      }))
  }

  testablePeople(): { id: string; name: string; testedAt: number | null; channels: Channel[] }[] {
    const tested = this.kept.tested()
    return this.duty.people.contacts.filter(canBeTold).map(({ id, name, addresses }) => ({
      id,
      name,
      testedAt: tested.get(contactSubject(id)) ?? null,
      channels: [...new Set(addresses.map(({ channel }) => channel))],
    }))
  }

  private nextDevices(share: number, everybody: boolean): string[] {
    return pick(
      this.testableDevices().map(({ id, testedAt }): Tested => ({ id, testedAt })),
      { share, everybody },
    )
  }

  private nextPeople({ share, everybody }: { share?: number; everybody?: boolean }): string[] {
    if (share !== undefined)
      return pick(
        this.testablePeople().map(({ id, testedAt }): Tested => ({ id, testedAt })),
        { share, everybody: everybody ?? false },
      )
    const now = this.ledger.ports.now()
    const { shifts } = this.duty.people
    return [...new Set((['lead', 'second_lead'] as const).flatMap((duty) => onDuty(shifts, duty, now)))]
  }

  private drivers(ids: readonly string[]): Planned {
    const { directory } = this.ledger
    const devices = [...new Set(ids)].slice(0, SUBJECTS_MOST).map((id) => {
      const device = directory.get('device', id)
      const { driver } = directory.cardsOf(id)
      return { id, device, driver, person: personOf(driver, id) }
    })
    const troubled = this.troubled(devices.map(({ id, person }) => ({ id, person })))
    const found: Planned = { subjects: [], leftOut: [] }
    for (const { id, device, driver, person } of devices) {
      const subject = deviceSubject(id)
      const name = driver?.name ?? id
      const why: LeftOut | null =
        !device || device.home !== this.ledger.ports.region
          ? 'unknown'
          : troubled.has(id)
            ? 'open_incident'
            : this.kept.ofDevice(id)
              ? 'in_drill'
              : null
      if (why) {
        found.leftOut.push({ subject, name, why })
        continue
      }
      found.subjects.push(phoneOf(id, driver, person))
    }
    return found
  }

  /** The phone of this device, where anything may reach it. */
  phone(id: string): Subject | null {
    const { driver } = this.ledger.directory.cardsOf(id)
    const person = personOf(driver, id)
    return this.troubled([{ id, person }]).has(id) ? null : phoneOf(id, driver, person)
  }

  /**
   * The gate: nothing may reach a phone whose person, device or companion has an incident that is not over, or had one in the
   * last day whose presser nothing may reach.
   */
  troubled(devices: readonly { id: string; person: string }[]): Set<string> {
    const { directory, storage } = this.ledger
    const known = storage.sql
      .exec<{ body: string }>(
        `SELECT body FROM incident WHERE live = 1 OR queued = 1 OR body ->> '$.contactPolicy' = 'quiet' OR body ->> '$.duress' = 1`,
      )
      .toArray()
      .map(({ body }) => JSON.parse(body) as Incident)
      .filter((incident) => isUnderWay(incident) || mayReachPresser(incident, 'push') !== 'open')
    const ids = new Set(known.flatMap(({ deviceId }) => deviceId ?? []))
    const people = new Set(known.map(({ person }) => person))
    return new Set(
      devices
        .filter(
          ({ id, person }) => people.has(person) || [id, ...directory.companionsOf(id)].some((each) => ids.has(each)),
        )
        .map(({ id }) => id),
    )
  }

  private people(ids: readonly string[]): Planned {
    const { contacts } = this.duty.people
    const found: Planned = { subjects: [], leftOut: [] }
    for (const id of [...new Set(ids)].slice(0, SUBJECTS_MOST)) {
      const contact = contacts.find((each) => each.id === id)
      const subject = contactSubject(id)
      const name = contact?.name ?? id
      const why: LeftOut | null = !contact
        ? 'unknown'
        : !canBeTold(contact)
          ? 'no_way'
          : this.kept.trials.some((trial) => trial.subject === subject)
            ? 'in_drill'
            : null
      if (why || !contact) found.leftOut.push({ subject, name, why: why ?? 'unknown' })
      else
        found.subjects.push({
          subject,
          name,
          person: null,
          to: { id, name, lang: contact.lang },
          ladder: ladderOf(contact, AS_USUAL),
          channel: null,
        })
    }
    return found
  }

  private channels(contactId: string, wanted: readonly Channel[] | null): Planned {
    const contact = this.duty.people.contacts.find(({ id }) => id === contactId)
    if (!contact || !canBeTold(contact))
      return { subjects: [], leftOut: [{ subject: contactSubject(contactId), name: contactId, why: 'unknown' }] }
    const { id, name, lang, addresses } = contact
    const found: Planned = { subjects: [], leftOut: [] }
    const channels = wanted ?? [...new Set(addresses.map(({ channel }) => channel))]
    for (const channel of new Set(channels)) {
      const address = addresses.find((each) => each.channel === channel)
      const subject = `channel:${channel}`
      if (!address) found.leftOut.push({ subject, name, why: 'no_way' })
      else if (this.kept.trials.some((trial) => trial.subject === subject))
        found.leftOut.push({ subject, name, why: 'in_drill' })
      else found.subjects.push({ subject, name, person: null, to: { id, name, lang }, ladder: [[address]], channel })
    }
    return found
  }
}

function phoneOf(id: string, driver: DriverCard | null, person: string): Subject {
  const name = driver?.name ?? id
  const number = driver?.phone ? (e164(driver.phone) ?? driver.phone) : null
  const ladder: Address[][] = [[{ channel: 'lifeline', to: id }]]
  if (number) ladder.push([{ channel: 'sms', to: number }])
  return { subject: deviceSubject(id), name, person, to: { id, name, lang: DRIVERS_LANG }, ladder, channel: null }
}

const canBeTold = (contact: DutyContact): boolean =>
  contact.active && contact.addresses.some(({ channel, to }) => channel !== 'lifeline' && to !== '')

const isUnderWay = ({ state, flags }: Incident): boolean =>
  OPEN_STATES.includes(state) || state === 'safe' || (state === 'cancelled' && flags.includes('cancel_verify'))
