// Who can be told, and by which rules: the room's own copy of contacts, shifts and policy, read once and kept until it changes.

import { contactIdOfPhone, type DutyContact, type Shift } from '../domain/duty'
import { defaultPolicy, type EscalationPolicy } from '../domain/escalation-policy'
import type { RegionId } from '../domain/region'
import type { Directory } from './directory'

export type People = { contacts: DutyContact[]; shifts: Shift[] }

export class Duty {
  private known: { at: number; people: People; policy: EscalationPolicy } | null = null

  constructor(
    private readonly directory: Pick<Directory, 'all' | 'get' | 'changes'>,
    private readonly region: RegionId,
  ) {}

  /**
   * People of this region. Where nobody was ever entered, the phones of the duty card stand in: all of them are leads, on
   * duty at all times.
   */
  get people(): People {
    return this.current.people
  }

  get policy(): EscalationPolicy {
    return this.current.policy
  }

  /** True where this person is the one whom a page to `contactId` reached, by id or by phone. */
  isSame(contact: DutyContact, contactId: string): boolean {
    return contact.id === contactId || contact.addresses.some(({ to }) => contactIdOfPhone(to) === contactId)
  }

  /** The name of whoever has this id; of a phone that nobody owns, the duty card's. */
  nameOf(contactId: string): string {
    const contact = this.people.contacts.find((each) => this.isSame(each, contactId))
    return contact?.name ?? contactId.replace(/^phone:/, '')
  }

  private get current() {
    const at = this.directory.changes
    if (this.known?.at !== at) this.known = { at, people: this.read(), policy: this.readPolicy() }
    return this.known
  }

  private read(): People {
    const contacts = this.directory.all('contact').filter(({ region }) => region === this.region)
    if (contacts.some(({ active }) => active))
      return { contacts, shifts: this.directory.all('shift').filter(({ region }) => region === this.region) }
    const card = this.directory.get('duty', this.region)
    const phones = card?.phones ?? []
    return {
      contacts: phones.map(({ name, phone }) => ({
        id: contactIdOfPhone(phone),
        region: this.region,
        name,
        lang: 'en',
        addresses: [
          { channel: 'voice', to: phone },
          { channel: 'sms', to: phone },
        ],
        teams: ['leads'],
        uid: null,
        active: true,
      })),
      shifts: phones.map(({ phone }) => ({
        id: `card:${phone}`,
        region: this.region,
        duty: 'lead',
        contactId: contactIdOfPhone(phone),
        from: 0,
        until: Number.MAX_SAFE_INTEGER,
        weekly: false,
        weeklyUntil: null,
        override: false,
        note: null,
      })),
    }
  }

  // What a person wrote may be older than a release: what it lacks is the default's.
  private readPolicy(): EscalationPolicy {
    const own = this.directory.get('policy', this.region)
    const usual = defaultPolicy(this.region)
    return own ? { ...usual, ...own, steps: { ...usual.steps, ...own.steps } } : usual
  }
}
