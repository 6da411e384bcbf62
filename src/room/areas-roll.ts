// The roll-call of a broadcast: who says that they are safe, and whose "need help" is a press like any other. Late answers count.

import type { CourierReport } from '../courier/contract'
import { circleOf, mayTalk } from '../domain/area'
import { PRESSER } from '../domain/command'
import type { Incident } from '../domain/incident'
import { incidentIdFrom } from '../domain/incident-id'
import { cryId, type RollAnswer, readRollAnswer, type SaidHeard } from '../domain/phone-said'
import { isFresh, type Position } from '../domain/position'
import type { Press, PressLabel } from '../domain/press'
import { personOf } from '../domain/presses'
import type { AnswerWay } from '../domain/queue-answer'
import type { Area, KeptAreas, Person } from './areas-kept'
import type { Change, Ledger } from './ledger'
import type { KnownPage } from './pages'
import type { Situations } from './situations'

export type RollParts = {
  /** A press that is certainly real. Inside a transaction. */
  press(press: Press, intake: string): void
  situations: Pick<Situations, 'gather'>
}

/** Writes down whoever has heard it and answers before their turn to be written down. */
export type Hastens = { hasten(page: string): void }

/** After a text has failed for good by every way. */
const FAILED: readonly CourierReport['what'][] = ['exhausted', 'expired', 'parked']
const MAY_HAVE_BEEN_READ = ['sending', 'accepted', 'sent', 'delivered']

export class AreasRoll {
  constructor(
    private readonly ledger: Ledger,
    private readonly kept: KeptAreas,
    private readonly parts: RollParts,
    private readonly telling: Hastens,
  ) {}

  /** Null where this is no message of a broadcast to this device. */
  said(page: string, deviceId: string, word: string | null, via: AnswerWay): SaidHeard | null {
    const person = this.personFor(page, deviceId)
    if (!person) return null
    const answer = readRollAnswer(word) ?? (word === 'hurt' || word === 'trapped' ? 'need_help' : null)
    if (answer === null) return null
    if (answer === 'need_help') return 'press'
    this.ledger.transact(() => this.note(person, answer, via, null))
    return 'heard'
  }

  /** Presses that answer a broadcast, as what it was about: its kind, and where their device was counted. */
  read(presses: Press[]): Press[] {
    if (presses.every(({ answers }) => answers === undefined)) return presses
    return presses.map((press) => {
      const person = press.answers === undefined ? null : this.personFor(press.answers, press.deviceId)
      const area = person && this.kept.find(person.area)
      return area ? this.asCry(press, area, person) : press
    })
  }

  /** After they were taken. Never throws, for a press must not fail by it. */
  pressed(presses: readonly Press[]): void {
    const cries = presses.filter(({ answers }) => answers !== undefined)
    if (cries.length === 0) return
    try {
      this.ledger.transact(() => {
        for (const { answers = '', deviceId, sosId } of cries) {
          const person = this.personFor(answers, deviceId)
          if (person) this.note(person, 'need_help', 'lifeline', this.ledger.pushes.press(sosId)?.incident ?? null)
        }
      })
    } catch {
      // The press stands; only its line in the list is missing.
    }
  }

  /** What the courier says of texts, inside its transaction. */
  reported(page: Pick<KnownPage, 'id' | 'reason'>, { what, answer, attempt }: CourierReport): void {
    const person = page.reason === 'area' ? this.kept.person(page.id) : null
    const area = person && this.kept.find(person.area)
    if (!area) return
    if (what === 'answered' && answer === 'safe') this.note(person, 'safe', 'sms', null)
    if (what === 'answered' && answer === 'need_help') this.cryByText(area, person)
    if (FAILED.includes(what)) this.kept.failed(page.id)
    if (area.state === 'cancelled' && attempt && MAY_HAVE_BEEN_READ.includes(attempt.state))
      this.kept.recallOne(page.id)
  }

  private cryByText(area: Area, person: Person): void {
    const [deviceId] = person.who.devices
    if (deviceId === undefined) return
    const { region, now } = this.ledger.ports
    const receivedAt = now()
    const sosId = incidentIdFrom(region, `area by text\n${deviceId}\n${cryId(person.page, receivedAt)}`)
    if (!this.ledger.pushes.press(sosId)) {
      const press: Press = {
        ...{ sosId, deviceId, home: region, tokenGeneration: 0, door: 'text', reporter: 'driver', kind: area.kind },
        ...{ position: null, safeToTalk: null, note: null, tripId: null, pressedAt: null, receivedAt, labels: [] },
        answers: person.page,
      }
      this.parts.press(this.asCry(press, area, person), `${region}:0`)
    }
    this.note(person, 'need_help', 'sms', this.ledger.pushes.press(sosId)?.incident ?? null)
  }

  private asCry(press: Press, area: Area, { who }: Person): Press {
    const now = this.ledger.ports.now()
    const { driver } = this.ledger.directory.cardsOf(press.deviceId)
    // An incident that is open already keeps its silence: these words were offered to whoever holds the phone.
    const open = this.ledger.incidents.ofPerson(personOf(driver, press.deviceId))
    const counted = press.position ? null : positionOf(who, now)
    const labels = counted
      ? [...press.labels.filter((label) => label !== 'no_fix'), ...(counted.doubts.length > 0 ? STALE : [])]
      : press.labels
    return {
      ...press,
      kind: area.kind,
      safeToTalk: press.safeToTalk ?? (open ? null : mayTalk(area.kind)),
      position: press.position ?? counted,
      note: press.note ?? `${area.ref} ${area.place}`,
      labels,
    }
  }

  /** A cry stays one in the list, whatever the phone says after it: only people find somebody safe. */
  private note(person: Person, answer: RollAnswer, via: AnswerWay, incident: string | null): void {
    if (person.answer === answer && (incident === null || incident === person.incident)) return
    const area = this.kept.find(person.area)
    if (!area) return
    const about = incident ?? person.incident
    const body = { what: 'answered', area: area.id, ref: area.ref, answer, via, person: person.who.person }
    const living = about ? this.ledger.living(about) : null
    if (living) this.write(living, body)
    else this.ledger.log.append([{ type: 'area', incident: null, body }], PRESSER)
    if (person.answer !== 'need_help' || answer === 'need_help')
      this.kept.answered(person.page, answer, this.ledger.ports.now(), incident)
    if (answer === 'need_help' && living) this.group(area, living)
    this.ledger.ports.noticed?.()
  }

  private write(incident: Incident, body: Record<string, unknown>): void {
    const change: Change = { before: incident, after: incident, lines: [{ type: 'area', body }], actor: PRESSER }
    this.ledger.save(change)
  }

  /** All whom one cause has caught are told together. */
  private group(area: Area, { id }: Incident): void {
    const name = `${area.ref} ${area.place}`
    const { kind, polygon, sender } = area
    this.parts.situations.gather(
      { type: 'make', requestId: area.id, name, kind, area: circleOf(polygon), incidentIds: [id] },
      sender,
    )
  }

  private personFor(page: string, deviceId: string): Person | null {
    this.telling.hasten(page)
    const person = this.kept.person(page)
    if (!person) return null
    if (person.who.devices.includes(deviceId)) return person
    const { driver } = this.ledger.directory.cardsOf(deviceId)
    return personOf(driver, deviceId) === person.who.person ? person : null
  }
}

const STALE: readonly PressLabel[] = ['stale_fix']

function positionOf({ at }: Person['who'], now: number): Position {
  const position: Position = { ...at, headingDeg: null, speedMps: null, batteryPct: null, doubts: [] }
  return isFresh(position, now) ? position : { ...position, doubts: ['stale'] }
}
