// A region's storm: counts who waits, says when it is one, tells the leads once for all, asks the pressers, and keeps phones'
// places in line true. What follows from what is decided in src/domain/storm.

import type { Viewer } from '../domain/access'
import { type Actor, SYSTEM } from '../domain/command'
import type { EscalationStep } from '../domain/escalation-policy'
import type { Page } from '../domain/page'
import { noFacts } from '../domain/page-facts'
import { pageIdOf } from '../domain/page-id'
import type { AnswerWay, QueueAnswer } from '../domain/queue-answer'
import { reach } from '../domain/rota'
import {
  FAIR_WEATHER,
  type ShownStorm,
  type Storm as State,
  type StormCounts,
  type StormRules,
  shownStorm,
  switchStorm,
  weigh,
} from '../domain/storm'
import { type Acts, actorOf } from './acts'
import { notAhead } from './clock-turned'
import type { Duty } from './duty'
import type { Change, Ledger } from './ledger'
import type { AnswerHeard, StormAnswer } from './storm-contract'
import { Line } from './storm-line'
import { Leases } from './storm-next'
import { Questions } from './storm-questions'

export const STORM_TIMER = 'storm'
const STATE_KEY = 'storm'
/** Changes are weighed so often; the beginning at once. */
const WEIGHED_EVERY_MS = 1_000
/** Phones hear so often that they have moved up. */
const LINE_TOLD_EVERY_MS = 30_000
/** A page for a storm of half an hour ago tells nobody what to do. */
const PAGE_GOOD_FOR_MS = 30 * 60_000

/** One text for all, to everybody who leads: by call as well, for it may be that nobody watches. */
const LEADS: EscalationStep = {
  id: 'storm',
  when: 'untaken',
  afterS: 0,
  who: [
    { kind: 'duty', duty: 'lead' },
    { kind: 'duty', duty: 'second_lead' },
    { kind: 'team', team: 'leads' },
  ],
  by: [
    ['sms', 'voice'],
    ['email', 'webhook'],
  ],
  everyS: null,
}

export class Storm {
  readonly line: Line
  readonly leases: Leases
  readonly questions: Questions
  private state: State
  private looksAt: number | null = null
  private weighedAt = 0
  private lineToldAt = 0
  private shownBefore = ''

  constructor(
    private readonly ledger: Ledger,
    private readonly duty: Pick<Duty, 'people' | 'policy'>,
    private readonly acts: Pick<Acts, 'refuses'>,
  ) {
    this.line = new Line(ledger)
    this.leases = new Leases(ledger, this.line, acts)
    this.questions = new Questions(ledger)
    this.state = this.load()
    if (this.on) this.questions.askAll(this.line.ids())
    ledger.followers.push((change) => this.changed(change))
    ledger.reloads.push(() => this.reload())
    ledger.turnings.push((byMs) => this.turnBack(byMs))
    ledger.aheadOf = (incident) => (this.on ? this.line.ahead(incident) : null)
  }

  /** Only P1 is then told singly. */
  get on(): boolean {
    return this.state.on !== null
  }

  get offered(): boolean {
    return this.state.offeredSince !== null
  }

  shown(): ShownStorm {
    return shownStorm(this.state, this.counts())
  }

  /** A person switches it. Repeating it changes nothing. */
  set(on: boolean, reason: string | null, viewer: Viewer): StormAnswer {
    const refusal = this.acts.refuses(viewer, 'storm:manage', [this.ledger.ports.region])
    if (refusal) return { ok: false, refusal }
    if (on !== this.on)
      this.ledger.transact(() => {
        const by = { uid: viewer.uid, alias: viewer.alias }
        const before = this.state
        this.state = switchStorm(before, { on, by, reason }, this.counts(), this.now)
        this.turned(before, actorOf(viewer))
        this.weigh()
      })
    return { ok: true, storm: this.shown() }
  }

  answered(incidentId: string, answer: QueueAnswer, via: AnswerWay): AnswerHeard {
    return this.questions.answered(incidentId, answer, via)
  }

  /** People came, went, or began to watch: fewer hands make a storm of less. Safe to call at any time. */
  attentionChanged(): void {
    if (this.isUnsettled) this.ledger.transact(() => this.lookBy(this.now + WEIGHED_EVERY_MS))
  }

  /** Inside the transaction of whoever fires timers. */
  rang(): void {
    this.looksAt = null
    this.weigh()
  }

  private changed({ before, after }: Change): void {
    this.line.note(after)
    this.leases.changed(after)
    this.questions.changed(before, after, this.on)
    if (!this.isUnsettled) return
    const { now } = this
    // Nobody shall be told singly of what is a storm already: its beginning does not wait for a timer.
    if (
      !this.on &&
      this.line.waiting > this.rules.ownAt * this.rules.offeredAt &&
      now - this.weighedAt >= WEIGHED_EVERY_MS
    )
      this.weigh()
    else this.lookBy(now + WEIGHED_EVERY_MS)
  }

  private get isUnsettled(): boolean {
    const { on, off, offeredSince } = this.state
    return on !== null || off !== null || offeredSince !== null || this.line.waiting > this.rules.offeredAt
  }

  private weigh(): void {
    const { now } = this
    this.weighedAt = now
    const before = this.state
    const counts = this.counts()
    const { storm, news, lookAt } = weigh(before, counts, this.free, this.rules, now)
    this.state = storm
    this.turned(before, SYSTEM)
    for (const each of news) if (each.what === 'page') this.page(each.n, counts)
    if (this.on) this.questions.ask()
    if (this.on && now - this.lineToldAt >= LINE_TOLD_EVERY_MS) {
      this.lineToldAt = now
      this.ledger.pushes.again(this.line.count())
    }
    if (JSON.stringify(storm) !== JSON.stringify(before) || before.on !== storm.on) this.keep()
    const shown = JSON.stringify(shownStorm(storm, counts))
    if (
      shown !== this.shownBefore &&
      (storm.on || storm.offeredSince !== null || before.on || before.offeredSince !== null)
    )
      this.ledger.ports.noticed?.()
    this.shownBefore = shown
    if (this.questions.anyWaiting) this.lookBy(now + WEIGHED_EVERY_MS)
    else if (lookAt !== null) this.lookBy(lookAt)
  }

  /** It began or ended: everybody hears of it, and of who said so. */
  private turned(before: State, actor: Actor): void {
    if ((before.on === null) === (this.state.on === null)) return
    const { open, untaken, waiting, p1, oldestAt } = this.counts()
    const body = { open, untaken, waiting, p1, oldestAt, free: this.free, reason: this.state.on?.reason ?? null }
    this.ledger.log.append([{ type: this.on ? 'storm_began' : 'storm_ended', incident: null, body }], actor)
    this.keep()
    if (this.on) {
      this.questions.askAll(this.line.ids())
      this.lineToldAt = this.now
      this.line.count()
    } else {
      this.questions.forget()
      this.ledger.pushes.again(this.line.forgetTold())
    }
    this.ledger.ports.noticed?.()
  }

  private page(n: number, counts: StormCounts): void {
    const { region } = this.ledger.ports
    const { now } = this
    const decision = { step: LEADS, n, why: 'storm' }
    const { to, nobody } = reach(decision, this.duty.people, now)
    const { waiting, p1, oldestAt } = counts
    const oldestMs = oldestAt === null ? 0 : now - oldestAt
    const facts = noFacts(this.ledger.ports, { counts: { waiting, p1, oldestMs, operators: this.watching } })
    const pages = to.map(
      ({ contact, ladder }): Page => ({
        id: pageIdOf(region, 'storm', n, contact.id),
        region,
        incidentId: null,
        reason: 'storm',
        step: `storm ${n}`,
        contact: { id: contact.id, name: contact.name, lang: contact.lang },
        ladder,
        // What stands for all of them is held back for none.
        priority: 'P1',
        facts,
        decidedAt: now,
        until: now + PAGE_GOOD_FOR_MS,
        drill: false,
      }),
    )
    for (const page of pages) this.ledger.pages.send(page)
    const whom = to.map(({ contact: { id, name } }) => ({ id, name }))
    this.ledger.log.append(
      [{ type: 'escalated', incident: null, body: { step: 'storm', n, to: whom, nobody, waiting, p1 } }],
      SYSTEM,
    )
  }

  private counts(): StormCounts {
    return this.line.counts(this.now, this.rules.withinS)
  }

  private get rules(): StormRules {
    return this.duty.policy.storm
  }

  private get now(): number {
    return this.ledger.ports.now()
  }

  private get free(): number {
    return this.ledger.ports.free?.() ?? 0
  }

  private get watching(): number {
    return this.ledger.ports.attention?.() ?? 0
  }

  /** The earlier of the two stands. A room that was born anew sets it again. */
  private lookBy(at: number): void {
    if (this.looksAt !== null && this.looksAt <= at) return
    this.looksAt = at
    this.ledger.timers.set(STORM_TIMER, '', at)
  }

  private turnBack(byMs: number): void {
    if (this.looksAt !== null) this.looksAt -= byMs
    this.weighedAt = notAhead(this.weighedAt, byMs, this.now)
    this.lineToldAt = notAhead(this.lineToldAt, byMs, this.now)
    this.leases.turnBack(byMs)
  }

  private keep(): void {
    this.ledger.storage.sql.exec(
      'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)',
      STATE_KEY,
      JSON.stringify(this.state),
    )
  }

  private load(): State {
    const [row] = this.ledger.storage.sql
      .exec<{ value: string }>('SELECT value FROM meta WHERE key = ?', STATE_KEY)
      .toArray()
    return row ? { ...FAIR_WEATHER, ...(JSON.parse(row.value) as Partial<State>) } : FAIR_WEATHER
  }

  private reload(): void {
    this.line.reload()
    this.state = this.load()
    this.looksAt = null
    this.weighedAt = 0
    this.questions.forget()
    if (this.on) this.questions.askAll(this.line.ids())
  }
}
