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
import { isPerson } from '../domain/escalation/steps'
import { type Incident, OPEN_STATES } from '../domain/incident'
import { type Line, ring } from '../domain/outcome'
import type { PageReason } from '../domain/page'
import { reach } from '../domain/rota'
import type { Duty } from './duty'
import type { Ledger } from './ledger'
import type { KnownPage } from './pages'
import { Telling } from './telling'

export const ESCALATION_TIMER = 'escalate'
/** All ladders are looked at again, some at a time. */
export const SWEEP_TIMER = 'escalate_all'

const SWEPT_AT_ONCE = 200
const KEPT = 20_000
/** After a restart screens need so long to come back; until then nobody is told that nobody watches. */
const RECONNECT_MS = 10_000
/** Asking all screens whether they watch is not for every press of a burst. */
const ATTENTION_KEPT_MS = 200
/** With so many waiting, cards do not each sound louder and are not each sent to the neighbour. */
const CROWD = 100
const LOOK_AGAIN_MS = 250
/** A page to somebody counts as under way for so long: before that the same step does not call them again. */
const TELLING_MS = 90_000

const ALARMS: readonly PageReason[] = ['escalation', 'room_away']
const OVER_WHEN_ENDED: readonly PageReason[] = [...ALARMS, 'queue_question']

type Kept = { ladder: Ladder; due: number | null }

export class Escalation {
  private readonly kept = new Map<string, Kept>()
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
    this.telling = new Telling(ledger, duty)
    ledger.followers.push(({ before, after }) => {
      this.touched.set(after.id, this.touched.get(after.id) ?? before === null)
    })
    ledger.closers.push(() => this.close())
    ledger.reloads.push(() => {
      this.kept.clear()
      this.touched.clear()
      this.unreached.clear()
      this.attendedAt = Number.NEGATIVE_INFINITY
    })
    this.stormed = storm()
    if (this.anyDue) ledger.timers.set(SWEEP_TIMER, '', ledger.ports.now() + RECONNECT_MS)
  }

  /** Somebody came, went, or began to watch: where that changes whether anybody watches or is free, all ladders hear of it. */
  attentionChanged(): void {
    const before = this.attention
    this.attendedAt = Number.NEGATIVE_INFINITY
    const after = this.attend()
    if (whoIsThere(before) !== whoIsThere(after)) this.reconsider()
  }

  /** All ladders are climbed anew, the gravest first, some at a time. */
  reconsider(): void {
    this.ledger.transact(() => this.sweepFromTop())
  }

  /** The time of one incident has come. Inside the transaction of whoever fires timers. */
  rang(incidentId: string): void {
    const due = this.keptOf(incidentId)?.due
    this.follow(incidentId, false)
    // It has fired, and stands where it stood: its timer is gone all the same.
    const kept = this.kept.get(incidentId)
    if (kept?.due != null && kept.due === due) this.arm(incidentId, kept.due)
  }

  /** The next of those that are to be climbed anew. Inside the transaction of whoever fires timers. */
  sweepRang(): void {
    if (this.behind.length === 0) this.behind = this.waitingIds()
    for (const id of this.behind.splice(0, SWEPT_AT_ONCE)) this.follow(id, false)
    if (this.behind.length > 0) this.ledger.timers.set(SWEEP_TIMER, '', this.now)
  }

  /**
   * Somebody said by phone that they take it: others are not paged until a desk takes it, or time is up. Inside a
   * transaction. False where nobody was waited for.
   */
  acknowledged(incident: Incident, by: { contactId: string; name: string }, line: Line): boolean {
    const kept = this.keptOf(incident.id)
    const ladder = kept && acknowledge(kept.ladder, by, this.duty.policy, this.now)
    if (!kept || !ladder?.held || ladder === kept.ladder) return false
    this.keep(incident.id, { ...kept, ladder })
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
    const kept = this.keptOf(incident.id)
    if (!kept) return null
    const next = ahead(kept.ladder, incident, this.duty.policy, this.moment())
    return { ...kept, next: next.map(({ step, at }) => ({ step: step.id, at })) }
  }

  /** Invariant: whatever waits for somebody has a future timer. Mends what lacks it; gives how many did. */
  rearm(): number {
    const { sql } = this.ledger.storage
    const unclimbed = sql
      .exec<{ id: string }>(
        `SELECT id FROM incident WHERE queued = 1 AND owner IS NULL AND state <> 'cancelled'
           AND NOT EXISTS (SELECT 1 FROM escalation WHERE escalation.incident = incident.id) LIMIT 500`,
      )
      .toArray()
    const unarmed = sql
      .exec<{ id: string }>(
        `SELECT incident AS id FROM escalation WHERE due IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM timer WHERE kind = '${ESCALATION_TIMER}' AND key = escalation.incident) LIMIT 500`,
      )
      .toArray()
    const ids = [...unclimbed, ...unarmed].map(({ id }) => id)
    if (ids.length > 0)
      this.ledger.transact(() => {
        for (const id of ids) {
          this.kept.delete(id)
          this.ledger.timers.set(ESCALATION_TIMER, id, this.now)
        }
      })
    return ids.length
  }

  forgetGone(): void {
    this.ledger.storage.sql.exec(
      'DELETE FROM escalation WHERE NOT EXISTS (SELECT 1 FROM incident WHERE incident.id = escalation.incident)',
    )
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
    const known = fresh ? null : this.keptOf(id)
    if (!incident || (!known && !OPEN_STATES.includes(incident.state))) {
      this.ledger.timers.cancel(ESCALATION_TIMER, id)
      return
    }
    const before = known ? null : this.answeredBefore(id)
    const begun = known?.ladder ?? begin(incident, this.now)
    const had = before ? acknowledge(begun, before.by, this.duty.policy, this.now) : begun
    const { ladder, decisions, dueAt, expired } = climb(had, incident, this.duty.policy, this.moment())
    if (known === null || ladder !== begun || dueAt !== known.due) this.keep(id, { ladder, due: dueAt }, known)
    if (known !== null && had.seen.waits && !ladder.seen.waits) this.over(incident)
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
    const crowd = this.storm() || this.ledger.incidents.counts().untaken > CROWD
    for (const decision of decisions) {
      const told = this.tell(incident, ladder, decision, crowd)
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

  private tell(incident: Incident, ladder: Ladder, decision: Decision, crowd: boolean) {
    const { step, n, round, why } = decision
    const { policy } = this.duty
    const alreadyTelling = new Set(this.tellingOf(incident.id))
    const found = reach(decision, this.duty.people, this.now, { telling: alreadyTelling, declined: ladder.declined })
    if (step.who.some(isPerson) && found.to.length + found.telling.length === 0 && this.unreached.size < KEPT)
      this.unreached.add(incident.id)
    const { told, kept } = this.telling.page(incident, decision, found.to, ladder.since, this.storm())
    // A drill is its own region's.
    const quiet = (crowd && (this.storm() || incident.priority !== 'P1')) || incident.flags.includes('drill')
    const neighbour = found.neighbour && !quiet ? policy.neighbour : null
    const louder = (found.consoles || neighbour !== null) && !quiet
    return {
      louder,
      neighbour,
      body: {
        step: step.id,
        round,
        n,
        why,
        to: told,
        ...(found.telling.length > 0 ? { telling: found.telling.map(({ id, name }) => ({ id, name })) } : {}),
        ...(kept.length > 0 ? { kept } : {}),
        ...(found.nobody.length > 0 ? { nobody: found.nobody } : {}),
        ...(found.consoles ? { consoles: true } : {}),
        ...(found.neighbour ? { neighbour: policy.neighbour } : {}),
      },
    }
  }

  /** People whom a page about this incident is reaching at this moment, also one that an intake sent without us. */
  private tellingOf(incidentId: string): string[] {
    const since = this.now - TELLING_MS
    const ringing = this.ledger.pages
      .ofIncident(incidentId)
      .filter((page) => ALARMS.includes(page.reason) && isUnderWay(page) && page.decidedAt > since)
      .map(({ contact }) => contact.id)
    if (ringing.length === 0) return []
    const { contacts } = this.duty.people
    return contacts.filter((each) => ringing.some((id) => this.duty.isSame(each, id))).map(({ id }) => id)
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

  // Taken by a person, or over: nothing more about it is begun.
  private over(incident: Incident): void {
    const open = OPEN_STATES.includes(incident.state)
    const { pages } = this.ledger
    const why = open ? 'taken' : 'over'
    pages.stop({ incidentId: incident.id, reasons: open ? ALARMS : OVER_WHEN_ENDED, why })
  }

  private unheld(id: string): void {
    const incident = this.ledger.incidents.find(id)
    if (!incident?.phoneAck) return
    this.ledger.save({ before: incident, after: { ...incident, phoneAck: null }, lines: [], actor: SYSTEM })
  }

  private turn(incidentId: string, change: (ladder: Ladder) => Ladder): void {
    const kept = this.keptOf(incidentId)
    if (!kept) return
    const ladder = change(kept.ladder)
    if (ladder !== kept.ladder) this.keep(incidentId, { ...kept, ladder })
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

  private keptOf(id: string): Kept | null {
    const known = this.kept.get(id)
    if (known) return known
    const [row] = this.ledger.storage.sql
      .exec<{ due: number | null; body: string }>('SELECT due, body FROM escalation WHERE incident = ?', id)
      .toArray()
    return row ? this.remember(id, { ladder: JSON.parse(row.body) as Ladder, due: row.due }) : null
  }

  private keep(id: string, kept: Kept, before: Kept | null = null): void {
    this.remember(id, kept)
    this.ledger.storage.sql.exec(
      'INSERT INTO escalation (incident, due, body) VALUES (?, ?, ?) ON CONFLICT (incident) DO UPDATE SET due = excluded.due, body = excluded.body',
      id,
      kept.due,
      JSON.stringify(kept.ladder),
    )
    if (kept.due === null) {
      if (before?.due !== null) this.ledger.timers.cancel(ESCALATION_TIMER, id)
    } else this.arm(id, kept.due)
  }

  // What is due already was not to be told now: it is looked at again in a while, and not for ever in a row.
  private arm(id: string, due: number): void {
    this.ledger.timers.set(ESCALATION_TIMER, id, Math.max(due, this.now + LOOK_AGAIN_MS))
  }

  private remember(id: string, kept: Kept): Kept {
    if (this.kept.size >= KEPT) this.kept.clear()
    this.kept.set(id, kept)
    return kept
  }

  /** Gravest first. */
  private waitingIds(): string[] {
    return this.ledger.storage.sql
      .exec<{ id: string }>(
        `SELECT incident.id AS id FROM escalation JOIN incident ON incident.id = escalation.incident
         WHERE escalation.due IS NOT NULL ORDER BY incident.rank, incident.alarmed_at`,
      )
      .toArray()
      .map(({ id }) => id)
  }

  private get anyDue(): boolean {
    return (
      this.ledger.storage.sql.exec('SELECT 1 AS n FROM escalation WHERE due IS NOT NULL LIMIT 1').toArray().length > 0
    )
  }

  private get now(): number {
    return this.ledger.ports.now()
  }
}

const whoIsThere = ({ watching, free }: Moment['attention']): 'nobody' | 'busy' | 'free' =>
  watching <= 0 ? 'nobody' : free <= 0 ? 'busy' : 'free'

/** Whoever asked for everyone knows of it. */
const isUnderWay = ({ state, answer }: KnownPage): boolean =>
  state === 'waiting' || state === 'with' || answer === 'everyone'
