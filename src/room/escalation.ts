// Who is told when nobody takes an incident: keeps each one's ladder, lets time, people and changes climb it, and carries out
// what it decides. What comes due when is domain/escalation.ts; what becomes of a page comes back by page-reports.ts.

import { SYSTEM } from '../domain/command'
import {
  acknowledge,
  ahead,
  begin,
  cannot,
  climb,
  type Decision,
  everyone,
  type Ladder,
  type Moment,
} from '../domain/escalation'
import { type Incident, OPEN_STATES } from '../domain/incident'
import { type Line, ring } from '../domain/outcome'
import type { PageReason } from '../domain/page'
import type { Duty } from './duty'
import { Ladders } from './ladders'
import type { Ledger } from './ledger'
import { ALARMS, Telling } from './telling'

/** All ladders are looked at again, some at a time. */
export const SWEEP_TIMER = 'escalate_all'

const SWEPT_AT_ONCE = 200
const UNREACHED_MAX = 20_000
/** After a restart screens need so long to come back; until then nobody is told that nobody watches. */
const RECONNECT_MS = 10_000
/** Asking all screens whether they watch is not for every press of a burst. */
const ATTENTION_KEPT_MS = 200
/** With so many waiting, cards do not each sound louder and are not each sent to the neighbour. */
const CROWD = 100

/** What was to be said while it was open: questions to the presser, and that they had pressed. */
const OVER_WHEN_ENDED: readonly PageReason[] = [...ALARMS, 'queue_question', 'kin']

export class Escalation {
  private readonly ladders: Ladders
  /** Incidents that changed in the transaction under way; true where they were not there before it. */
  private readonly touched = new Map<string, boolean>()
  private behind: string[] = []
  /** Steps of theirs reached nobody at all: whoever is entered into the directory is told at once. */
  private readonly unreached = new Set<string>()
  private attention = { watching: 0, free: 0 }
  private attendedAt = Number.NEGATIVE_INFINITY
  private stormed = false
  private readonly telling: Telling

  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Duty,
    /** Only P1 is then told singly. */
    private readonly storm: () => boolean,
  ) {
    this.ladders = new Ladders(ledger)
    this.telling = new Telling(ledger, duty)
    ledger.followers.push(({ before, after }) => {
      if (before && isOpen(before) && !isOpen(after))
        ledger.pages.stop({ incidentId: after.id, reasons: OVER_WHEN_ENDED, why: 'over' })
      this.touched.set(after.id, this.touched.get(after.id) ?? before === null)
    })
    ledger.closers.push(() => this.close())
    ledger.reloads.push(() => {
      this.touched.clear()
      this.unreached.clear()
      this.attendedAt = Number.NEGATIVE_INFINITY
    })
    ledger.turnings.push((byMs) => this.ladders.turnBack(byMs))
    this.stormed = storm()
    if (this.ladders.anyWaits) ledger.timers.set(SWEEP_TIMER, '', ledger.ports.now() + RECONNECT_MS)
  }

  /** Somebody came, went, or began to watch: where that changes whether anybody watches or is free, all ladders hear of it. */
  attentionChanged(): void {
    const before = this.attention
    this.attendedAt = Number.NEGATIVE_INFINITY
    const after = this.attend()
    if (whoIsThere(before) !== whoIsThere(after)) this.reconsider()
  }

  /** Somebody may have gone without a word: all ladders look again. Inside a transaction. */
  attentionLapsed(): void {
    this.attendedAt = Number.NEGATIVE_INFINITY
    this.sweepFromTop()
  }

  /** All ladders are climbed anew, the gravest first, some at a time. */
  reconsider(): void {
    this.ledger.transact(() => this.sweepFromTop())
  }

  /** The time of one incident has come. Inside the transaction of whoever fires timers. */
  rang(incidentId: string): void {
    const due = this.ladders.get(incidentId)?.due
    this.follow(incidentId, false)
    // It has fired, and stands where it stood: its timer is gone all the same.
    const kept = this.ladders.get(incidentId)
    if (kept?.due != null && kept.due === due) this.ladders.arm(incidentId, kept.due)
  }

  /** The next of those that are to be climbed anew. Inside the transaction of whoever fires timers. */
  sweepRang(): void {
    if (this.behind.length === 0) this.behind = this.ladders.waiting()
    for (const id of this.behind.splice(0, SWEPT_AT_ONCE)) this.follow(id, false)
    if (this.behind.length > 0) this.ledger.timers.set(SWEEP_TIMER, '', this.now)
  }

  /**
   * Somebody said by phone that they take it: others are not paged until a desk takes it, or time is up. Inside a
   * transaction. False where nobody was waited for.
   */
  acknowledged(incident: Incident, by: { contactId: string; name: string }, line: Line): boolean {
    const kept = this.ladders.get(incident.id)
    const ladder = kept && acknowledge(kept.ladder, by, this.duty.policy, this.now)
    if (!kept || !ladder?.held || ladder === kept.ladder) return false
    this.ladders.keep(incident.id, { ...kept, ladder })
    const others = this.ledger.pages
      .ofIncident(incident.id)
      .filter(({ reason, contact }) => ALARMS.includes(reason) && contact.id !== by.contactId)
    this.ledger.pages.stop({ pageIds: others.map(({ id }) => id), why: 'acknowledged' })
    this.heldByPhone(incident.id, ladder.held, line)
    return true
  }

  /** They cannot, or every way to them failed: the next people now. Inside a transaction. */
  cannot(incidentId: string, contactId: string): void {
    this.turn(incidentId, (ladder) => cannot(ladder, this.now, { contactId }))
  }

  /** All leads now. Inside a transaction. */
  everyone(incidentId: string): void {
    this.turn(incidentId, (ladder) => everyone(ladder, this.now))
  }

  /** People have been entered or have changed: those of whom nobody could be told are told of now. Inside a transaction. */
  peopleLearned(): void {
    const ids = [...this.unreached]
    this.unreached.clear()
    if (this.duty.people.contacts.length === 0) return
    for (const id of ids) this.turn(id, (ladder) => cannot(ladder, this.now))
  }

  /** What will be told as things stand, and who holds it; null where the incident was never escalated. */
  standing(incident: Incident): { ladder: Ladder; due: number | null; next: { step: string; at: number }[] } | null {
    const kept = this.ladders.get(incident.id)
    if (!kept) return null
    const next = ahead(kept.ladder, incident, this.duty.policy, this.moment())
    return { ...kept, next: next.map(({ step, at }) => ({ step: step.id, at })) }
  }

  /** As `Ladders.rearm`, for the round of the minute. */
  rearm(): number {
    return this.ladders.rearm()
  }

  forgetGone(): void {
    this.ladders.forgetGone()
  }

  // Each once, from its last state; what is carried out may change further ones, or the same again.
  private close(): void {
    for (let [next] = this.touched; next; [next] = this.touched) {
      const [id, fresh] = next
      this.touched.delete(id)
      this.follow(id, fresh)
    }
    if (this.storm() === this.stormed) return
    this.stormed = this.storm()
    this.sweepFromTop()
  }

  private sweepFromTop(): void {
    this.behind = []
    this.ledger.timers.set(SWEEP_TIMER, '', this.now)
  }

  private follow(id: string, fresh: boolean): void {
    const incident = this.ledger.incidents.find(id)
    const known = fresh ? null : this.ladders.get(id)
    if (!incident || (!known && !isOpen(incident))) {
      this.ladders.disarm(id)
      return
    }
    const before = known ? null : this.answeredBefore(id)
    const begun = known?.ladder ?? begin(incident, this.now)
    const had = before ? acknowledge(begun, before.by, this.duty.policy, this.now) : begun
    const { ladder, decisions, dueAt, expired } = climb(had, incident, this.duty.policy, this.moment())
    if (known === null || ladder !== begun || dueAt !== known.due) this.ladders.keep(id, { ladder, due: dueAt }, known)
    if (known !== null && had.seen.waits && !ladder.seen.waits) this.nobodyElse(incident)
    if (expired || decisions.length > 0) this.carryOut(incident, ladder, decisions, expired)
    if (before && ladder.held) this.heldByPhone(incident.id, ladder.held, before.line)
    if (incident.phoneAck && !ladder.held) this.unheld(id)
  }

  private carryOut(
    incident: Incident,
    ladder: Ladder,
    decisions: readonly Decision[],
    expired: { contactId: string; name: string } | null,
  ): void {
    const lines: Line[] = []
    let after = incident
    if (expired) lines.push({ type: 'ack_expired', body: { ...expired } })
    const storm = this.storm()
    const crowd = storm || this.ledger.incidents.counts().untaken > CROWD
    for (const decision of decisions) {
      const told = this.telling.tell(incident, ladder, decision, { storm, crowd })
      if (told.nobody && this.unreached.size < UNREACHED_MAX) this.unreached.add(incident.id)
      lines.push({ type: 'escalated', body: told.body })
      if (told.louder) after = { ...after, ring: ring(after, 'all', 'louder', this.now) }
      if (told.neighbour && !(after.alsoIn ?? []).includes(told.neighbour))
        after = { ...after, alsoIn: [...(after.alsoIn ?? []), told.neighbour] }
    }
    if (expired && after.phoneAck) after = { ...after, phoneAck: null }
    if (after === incident && crowd) {
      // What no card shows is written for the file alone.
      this.ledger.log.append(
        lines.map((line) => ({ ...line, incident: incident.id })),
        SYSTEM,
      )
      return
    }
    this.ledger.save({ before: incident, after, lines, actor: SYSTEM })
  }

  // A phone had answered for it before the room knew of it: while the room was away.
  private answeredBefore(id: string): { by: { contactId: string; name: string }; line: Line } | null {
    if (!this.ledger.pages.anyAdopted) return null
    const page = this.ledger.pages
      .ofIncident(id)
      .find(({ reason, answer }) => ALARMS.includes(reason) && answer === 'take')
    if (!page) return null
    return {
      by: { contactId: page.contact.id, name: page.contact.name },
      line: { type: 'page_answered', body: { page: page.id, contact: page.contact, answer: 'take', late: true } },
    }
  }

  private heldByPhone(id: string, held: NonNullable<Ladder['held']>, line: Line): void {
    const incident = this.ledger.incidents.find(id)
    if (!incident) return
    const after = { ...incident, phoneAck: { name: held.by.name, until: held.until } }
    this.ledger.save({ before: incident, after, lines: [line], actor: SYSTEM })
  }

  // Taken by a person, or over: nobody more is called to it.
  private nobodyElse(incident: Incident): void {
    this.ledger.pages.stop({ incidentId: incident.id, reasons: ALARMS, why: isOpen(incident) ? 'taken' : 'over' })
  }

  private unheld(id: string): void {
    const incident = this.ledger.incidents.find(id)
    if (!incident?.phoneAck) return
    this.ledger.save({ before: incident, after: { ...incident, phoneAck: null }, lines: [], actor: SYSTEM })
  }

  private turn(incidentId: string, change: (ladder: Ladder) => Ladder): void {
    const kept = this.ladders.get(incidentId)
    if (!kept) return
    const ladder = change(kept.ladder)
    if (ladder !== kept.ladder) this.ladders.keep(incidentId, { ...kept, ladder })
    this.follow(incidentId, false)
  }

  private moment(): Moment {
    const { now } = this
    if (now - this.attendedAt > ATTENTION_KEPT_MS || now < this.attendedAt) this.attend()
    return { now, attention: this.attention, storm: this.storm() }
  }

  private attend(): Moment['attention'] {
    const { ports } = this.ledger
    this.attendedAt = this.now
    this.attention = { watching: ports.attention?.() ?? 0, free: ports.free?.() ?? 0 }
    return this.attention
  }

  private get now(): number {
    return this.ledger.ports.now()
  }
}

const isOpen = ({ state }: Pick<Incident, 'state'>): boolean => OPEN_STATES.includes(state)

const whoIsThere = ({ watching, free }: Moment['attention']): 'nobody' | 'busy' | 'free' =>
  watching <= 0 ? 'nobody' : free <= 0 ? 'busy' : 'free'
