// The driver's own contacts. Nobody of them is ever told by the tower itself: an operator releases it, one by one. Of a quiet
// incident the words are others, and nobody is told whose phone may lie beside the driver.

import type { Viewer } from '../../domain/access'
import type { Refusal } from '../../domain/command'
import type { Kin } from '../../domain/duty'
import { type Incident, OPEN_STATES } from '../../domain/incident'
import { isNeverDialled } from '../../domain/never-dialled'
import type { Line } from '../../domain/outcome'
import { factsOf, initialed } from '../../domain/page-facts'
import { pageIdOf } from '../../domain/page-id'
import { e164 } from '../../domain/phone-number'
import { mayReachPresser } from '../../domain/phone-view'
import { actorOf } from '../acts'
import type { Answer } from '../contract'
import type { KinShown, KinTold } from '../outward-contract'
import { conflict, decideOn, invalid, type OutwardParts } from './books'
import { disclose } from './disclosed'
import type { Records } from './records'

type Contact = Kin['contacts'][number]
type Stage = KinTold['stage']

export class KinContacts {
  constructor(
    private readonly parts: OutwardParts,
    private readonly records: Records,
  ) {}

  /** Null where no driver is known. */
  of(incident: Incident): KinShown[] | null {
    if (!incident.driver) return null
    const told = this.parts.books.log.ofIncident(incident.id).filter(({ type }) => type === 'kin_told')
    const stage: Stage = isSafe(incident) ? 'safe' : 'pressed'
    return this.contacts(incident).map((contact) => ({
      ...{ id: contact.id, name: contact.name, relation: contact.relation, phone: contact.phone },
      told: told
        .filter(({ body }) => body?.contactId === contact.id)
        .map(({ at, body }) => ({ stage: body?.stage === 'safe' ? ('safe' as const) : ('pressed' as const), at })),
      mayTell: this.refusesStage(incident, stage) ?? this.refusesContact(incident, contact),
    }))
  }

  tell(incidentId: string, { contactIds, stage }: KinTold, viewer: Viewer): Answer {
    return decideOn(this.parts, incidentId, viewer, (incident) => {
      const wanted = [...new Set(contactIds)]
      const found = this.contacts(incident).filter(({ id }) => wanted.includes(id))
      if (wanted.length === 0 || found.length < wanted.length)
        return invalid('unknown_contact', 'There is no such contact of this driver.')
      const refusal =
        this.refusesStage(incident, stage) ??
        found.map((contact) => this.refusesContact(incident, contact)).find((each) => each !== null)
      if (refusal) return refusal
      const lines = found.flatMap((contact) => this.release(incident, contact, stage, viewer))
      // Told already, in these words: nothing new was said.
      if (lines.length === 0) return null
      const now = this.parts.books.ports.now()
      const acted = incident.owner?.uid === viewer.uid ? { reactBy: null } : {}
      this.parts.books.save({
        before: incident,
        after: {
          ...incident,
          ...acted,
          outsideTold: true,
          lastActAt: now,
          firstActAt: incident.firstActAt ?? now,
          changedAt: now,
        },
        lines,
        actor: actorOf(viewer),
      })
      return null
    })
  }

  private release(incident: Incident, contact: Contact, stage: Stage, viewer: Viewer): Line[] {
    const { books, pages } = this.parts
    const { ports } = books
    const now = ports.now()
    const quiet = mayReachPresser(incident, 'contacts') !== 'open'
    const facts = factsOf(incident, ports, {
      // No place in them, and no plate: they are for people who may not keep it to themselves.
      ...{ place: null, plate: null, vehicle: null, stage },
      contactPolicy: quiet ? 'quiet' : 'voice_ok',
      ...(stage === 'safe' ? { pressedAt: incident.safeAt, until: incident.safeAt } : {}),
    })
    const sent = pages.send({
      id: pageIdOf('kin', incident.id, contact.id, stage, quiet ? 'quiet' : 'open', incident.alarmedAt),
      region: incident.region,
      incidentId: incident.id,
      reason: 'kin',
      step: stage,
      contact: { id: contact.id, name: contact.name, lang: contact.lang },
      ladder: [[{ channel: 'sms', to: e164(contact.phone) ?? contact.phone }]],
      priority: incident.priority,
      facts,
      decidedAt: now,
      until: null,
      drill: false,
    })
    if (sent !== 'sent') return []
    const said = {
      code: incident.code,
      driver: incident.driver && initialed(incident.driver.name),
      stage,
      at: facts.pressedAt,
      doNotCall: quiet || null,
    }
    return [
      {
        type: 'kin_told',
        body: { contactId: contact.id, name: contact.name, relation: contact.relation, stage, quiet },
      },
      disclose(this.parts, this.records, incident, viewer, {
        recipient: { kind: 'kin', id: contact.id, name: contact.name },
        way: 'sms',
        sent: said,
      }),
    ]
  }

  private contacts({ driver }: Incident): Contact[] {
    return (driver && this.parts.books.directory.get('kin', driver.id)?.contacts) || []
  }

  private refusesStage(incident: Incident, stage: Stage): Refusal | null {
    if (stage === 'pressed')
      return OPEN_STATES.includes(incident.state)
        ? null
        : conflict('kin_over', 'It is over: tell them that the driver is safe, once that is confirmed.')
    if (!isSafe(incident)) return conflict('kin_not_safe', 'Nobody has confirmed that the driver is safe.')
    // These words say that they may call.
    return mayReachPresser(incident, 'contacts') === 'open'
      ? null
      : conflict(
          'quiet',
          'Quiet: the words that the driver is safe say "you may call". Change the contact policy first.',
        )
  }

  private refusesContact(incident: Incident, { phone, name }: Contact): Refusal | null {
    if (isNeverDialled(phone)) return invalid('never_dialled', `The number of ${name} is no person’s.`)
    if (digits(phone) === digits(incident.driver?.phone ?? ''))
      return conflict('drivers_phone', `The number of ${name} is the driver’s own phone.`)
    if (mayReachPresser(incident, 'contacts') === 'open') return null
    return this.phonesBeside(incident).has(digits(phone))
      ? conflict('phone_beside', `Quiet: the phone of ${name} may lie in the same vehicle.`)
      : null
  }

  /** Phones of all who share this vehicle or this device. */
  private phonesBeside({ deviceId }: Incident): Set<string> {
    if (deviceId === null) return new Set()
    const { directory } = this.parts.books
    const phones = [deviceId, ...directory.companionsOf(deviceId)].map(
      (id) => directory.cardsOf(id).driver?.phone ?? '',
    )
    return new Set(phones.map(digits).filter((each) => each !== ''))
  }
}

const isSafe = ({ state, safeAt }: Incident): boolean => safeAt !== null && (state === 'safe' || state === 'closed')

/** The last ten digits: 0917…, 63917… and +63917… are one phone. */
export const digits = (phone: string): string => phone.replaceAll(/\D/g, '').slice(-10)
