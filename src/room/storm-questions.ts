// "Received, you are in line": whom it is told to in a storm, once each and through the gate, and what their answers do.

import type { CourierReport } from '../courier/contract'
import { PRESSER, SYSTEM } from '../domain/command'
import type { Incident } from '../domain/incident'
import type { Address, Page } from '../domain/page'
import { factsOf } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import { mayReachPresser } from '../domain/phone-view'
import {
  type AnswerWay,
  asked,
  hearAnswer,
  isInLine,
  mayBeAsked,
  type QueueAnswer,
  readAnswer,
} from '../domain/queue-answer'
import type { Ledger } from './ledger'
import type { KnownPage } from './pages'
import type { AnswerHeard } from './storm-contract'

/** In one go: a few milliseconds of the room's time. */
const AT_ONCE = 100
/** After it, being told that one is in line is no news. */
const GOOD_FOR_MS = 30 * 60_000

const pageOf = (incidentId: string): string => pageIdOf(incidentId, 'queue_question')

export class Questions {
  /** Who is still to be asked. */
  private readonly waiting = new Set<string>()

  constructor(private readonly ledger: Ledger) {}

  get anyWaiting(): boolean {
    return this.waiting.size > 0
  }

  /** Inside the transaction of the change. */
  changed(before: Incident | null, after: Incident, storm: boolean): void {
    if (storm && mayBeAsked(after)) this.waiting.add(after.id)
    // A person has it: what they ask is worth more.
    else if (before && isInLine(before) && !isInLine(after) && after.inLine?.askedAt != null)
      this.ledger.pages.stop({ pageIds: [pageOf(after.id)], why: after.owner ? 'taken' : 'over' })
  }

  askAll(ids: Iterable<string>): void {
    for (const id of ids) this.waiting.add(id)
  }

  forget(): void {
    this.waiting.clear()
  }

  /** Asks some of those that wait. Inside a transaction. */
  ask(): void {
    const now = this.ledger.ports.now()
    for (const id of [...this.waiting].slice(0, AT_ONCE)) {
      this.waiting.delete(id)
      const before = this.ledger.incidents.find(id)
      const page = before && mayBeAsked(before) ? questionTo(before, this.ledger, now) : null
      if (!before || !page || this.ledger.pages.send(page) !== 'sent') continue
      const by = page.ladder.map(([way]) => way?.channel)
      const lines = [{ type: 'queue_asked' as const, body: { pageId: page.id, by } }]
      this.ledger.save({ before, after: asked(before, now), lines, actor: SYSTEM })
    }
  }

  /** By the press's own phone. Where silence is kept it is told nothing by which one could tell that it is over. */
  answeredByPhone(id: string, deviceId: string, answer: QueueAnswer, via: AnswerWay): AnswerHeard {
    const incident = this.ledger.living(this.incidentOf(id, deviceId) ?? '')
    if (!incident) return 'unknown'
    const heard = this.answered(incident.id, answer, via)
    return heard === 'over' && mayReachPresser(incident, 'status') !== 'open' ? 'heard' : heard
  }

  answered(incidentId: string, answer: QueueAnswer, via: AnswerWay): AnswerHeard {
    return this.ledger.transact(() => this.hear(incidentId, answer, via))
  }

  /** What the courier brings back of the question, inside its transaction: by a lifeline, or by a text. */
  reported(page: Pick<KnownPage, 'reason' | 'incidentId'>, { what, answer, attempt }: CourierReport): void {
    const said = what === 'answered' && page.reason === 'queue_question' ? readAnswer(answer) : null
    if (said !== null && page.incidentId)
      this.hear(page.incidentId, said, attempt?.channel === 'lifeline' ? 'lifeline' : 'sms')
  }

  private hear(incidentId: string, answer: QueueAnswer, via: AnswerWay): AnswerHeard {
    const incident = this.ledger.living(incidentId)
    if (!incident) return 'unknown'
    const setByPerson = this.ledger.log
      .ofIncident(incident.id)
      .some(({ type, actor }) => type === 'priority_set' && actor.kind === 'person')
    const outcome = hearAnswer(incident, answer, { now: this.ledger.ports.now(), via, setByPerson })
    if (!outcome.ok) return 'over'
    this.ledger.saveOutcome(incident, outcome, PRESSER)
    this.ledger.pages.stop({ pageIds: [pageOf(incident.id)], why: 'answered' })
    return 'heard'
  }

  // Phones name their press, or the question that they were asked.
  private incidentOf(id: string, deviceId: string): string | null {
    const press = this.ledger.pushes.press(id)
    if (press) return press.device === deviceId ? press.incident : null
    const page = this.ledger.pages.get(id)
    return page?.reason === 'queue_question' && page.contact.id === deviceId ? page.incidentId : null
  }
}

/** Null where there is no way to it. A text comes back only to a number that can be answered: the courier knows which. */
function questionTo(incident: Incident, { ports }: Pick<Ledger, 'ports'>, now: number): Page | null {
  const { deviceId, driver, priority } = incident
  const ladder: Address[][] = []
  if (deviceId) ladder.push([{ channel: 'lifeline', to: deviceId }])
  if (driver?.phone && mayReachPresser(incident, 'text') === 'open') ladder.push([{ channel: 'sms', to: driver.phone }])
  if (ladder.length === 0) return null
  return {
    id: pageOf(incident.id),
    region: incident.region,
    incidentId: incident.id,
    reason: 'queue_question',
    step: 'in_line',
    contact: { id: deviceId ?? driver?.id ?? incident.person, name: driver?.name ?? deviceId ?? '', lang: 'fil' },
    ladder,
    priority,
    facts: factsOf(incident, ports),
    decidedAt: now,
    until: now + GOOD_FOR_MS,
    drill: false,
  }
}
