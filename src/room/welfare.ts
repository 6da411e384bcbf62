// Questions after somebody's welfare: who is asked, what an answer or none makes of it, and what people do with those that
// are more than they can take. A check is no SOS, and stands in the way of none. Their rows are in checks.ts.

import type { Viewer } from '../domain/access'
import { type Actor, SYSTEM } from '../domain/command'
import type { Incident } from '../domain/incident'
import { incidentIdFrom } from '../domain/incident-id'
import { personOf } from '../domain/presses'
import {
  afterSilence,
  type Check,
  type CheckEnd,
  checkIncident,
  type Hint,
  mayAsk,
  type ShownCheck,
  shownCheck,
  WELFARE,
  WELFARE_RULES,
} from '../domain/welfare'
import type { Question } from '../intake/contract'
import { type Acts, actorOf } from './acts'
import { Checks } from './checks'
import type { CheckAct, CheckAnswer, FleetWelfare } from './contract'
import type { Ledger } from './ledger'
import type { Notices } from './notices'

export const WELFARE_TIMER = 'welfare'
/** Not a check's own timer: what screens show of those put aside is over. */
const SCREENS_KEY = ''

/** A flood of hints must not become a flood of questions. */
const OPEN_MAX = 1_000
const LISTED_SHOWN = 100
/** How long one that was put aside stays on screens, with its undo. */
const ASIDE_SHOWN_MS = 60_000

export class Welfare {
  private readonly checks: Checks
  /** No lifeline of theirs is open: they are not asked again. */
  private readonly unreached = new Set<string>()

  constructor(
    private readonly ledger: Ledger,
    private readonly notices: Pick<Notices, 'covers'>,
    private readonly acts: Pick<Acts, 'refuses'>,
  ) {
    this.checks = new Checks(ledger.storage)
    ledger.turnings.push((byMs) => this.checks.turnBack(byMs, this.now))
    ledger.reloads.push(() => this.checks.load())
  }

  /** What a fleet shard noticed. The same hint twice is one check. */
  heard({ hints, words, moved }: FleetWelfare): void {
    this.transact(() => {
      for (const hint of hints) this.begin(hint)
      for (const { deviceId, at } of words)
        for (const check of this.checks.openOf(deviceId)) if (check.wordAt === null) this.word({ ...check, wordAt: at })
      for (const deviceId of moved)
        for (const check of this.checks.openOf(deviceId)) if (check.reason === 'long_stop') this.end(check, 'moving')
    })
  }

  /** Questions that no phone has heard yet, through the gate. */
  questions(): Question[] {
    return this.checks.open
      .filter(({ id, state, askedAt }) => state === 'asked' && askedAt === null && !this.unreached.has(id))
      .filter(({ deviceId }) => mayAsk(this.livingOf(deviceId)))
      .map(({ id, deviceId, reason }) => ({ id, deviceId, reason, answerBy: this.now + WELFARE.answerMs }))
  }

  /** These were put; `reached` are those whose phone has a lifeline. */
  asked(ids: readonly string[], reached: readonly string[]): void {
    this.transact(() => {
      for (const id of ids) {
        const check = this.checks.openOne(id)
        if (check?.state !== 'asked' || check.askedAt !== null) continue
        if (reached.includes(id)) {
          this.checks.save({ ...check, askedAt: this.now })
          this.ledger.timers.set(WELFARE_TIMER, id, this.now + WELFARE.answerMs)
          continue
        }
        this.unreached.add(id)
        if (check.reason === 'long_stop' && !check.onShift) this.end(check, 'off_shift')
      }
    })
  }

  /** The phone says that all is well. Where it is an incident already, only a person ends that. */
  ok(checkId: string, deviceId: string): boolean {
    const check = this.checks.find(checkId)
    if (check?.deviceId !== deviceId) return false
    this.transact(() => {
      if (check.state !== 'over') this.end(check, 'ok')
      const incident = check.incidentId === null ? null : this.ledger.living(check.incidentId)
      if (incident) this.answered(incident, check)
    })
    return true
  }

  /** Somebody pressed: that is no question any more. Never throws, for a press must not fail by it. */
  pressed(deviceIds: readonly string[]): void {
    const checks = deviceIds.flatMap((id) => this.checks.openOf(id))
    if (checks.length === 0) return
    try {
      this.transact(() => {
        for (const check of checks) this.end(check, 'sos')
      })
    } catch {
      // Its timer asks for the incident once more.
    }
  }

  /** Its time has come. Inside the transaction of whoever fires timers. */
  rang(key: string): void {
    const check = this.checks.openOne(key)
    if (check?.state === 'listed') this.end(check, 'lapsed')
    else if (check) this.judge(check)
    if (check || key === SCREENS_KEY) this.ledger.ports.noticed?.()
  }

  /** What people do: put it aside, take that back, or make it an incident whatever the hour has had. */
  act(checkId: string, act: CheckAct, viewer: Viewer): CheckAnswer {
    const refusal = this.acts.refuses(viewer, 'incident:act', [this.ledger.ports.region])
    if (refusal) return { ok: false, refusal }
    const check = this.checks.find(checkId)
    if (!check)
      return {
        ok: false,
        refusal: { code: 'not_found', reason: 'unknown_check', message: 'There is no such check any more.' },
      }
    const actor = actorOf(viewer)
    const done = this.transact(() => {
      if (act === 'undo') return this.undo(check, actor)
      if (check.state === 'over') return check.end === (act === 'raise' ? 'raised' : 'put_aside') ? check : null
      if (act === 'raise') return this.raise(check, actor)
      this.ledger.timers.set(WELFARE_TIMER, SCREENS_KEY, this.now + ASIDE_SHOWN_MS)
      return this.end(check, 'put_aside', actor)
    })
    return done
      ? { ok: true, check: shownCheck(done), incidentId: done.incidentId }
      : {
          ok: false,
          refusal: { code: 'conflict', reason: 'check_over', message: 'This check has ended meanwhile.' },
        }
  }

  /** Listed ones, crashes first, then the newest; and what was just put aside. */
  shown(): { checks: ShownCheck[]; asking: number } {
    const aside = this.checks.endedSince(this.now - ASIDE_SHOWN_MS)
    const listed = this.checks.open.filter(({ state }) => state === 'listed')
    listed.sort((a, b) => Number(b.reason === 'crash') - Number(a.reason === 'crash') || b.at - a.at)
    return {
      checks: [...listed.slice(0, LISTED_SHOWN), ...aside.filter(({ end }) => end === 'put_aside')].map(shownCheck),
      asking: this.checks.openCount - listed.length,
    }
  }

  private begin(hint: Hint): void {
    const { deviceId, reason, at } = hint
    const id = incidentIdFrom(this.ledger.ports.region, `check\n${deviceId}\n${reason}\n${at}`)
    if (this.checks.find(id) || this.livingOf(deviceId)) return
    if (this.checks.openCount >= OPEN_MAX && reason !== 'crash') return
    if (WELFARE_RULES[reason].waitsForWord && this.notices.covers(hint.position)) return
    this.checks.forgetOld(this.now)
    this.reopen({
      ...hint,
      id,
      state: 'asked',
      begunAt: this.now,
      askedAt: null,
      wordAt: null,
      raisedAt: null,
      incidentId: null,
      end: null,
      endedAt: null,
      by: null,
    })
    this.ledger.timers.set(WELFARE_TIMER, id, this.now + WELFARE.answerMs)
  }

  private reopen(check: Check, actor: Actor = SYSTEM): Check {
    const { id, deviceId, reason, at, position } = check
    const body = { check: id, deviceId, reason, at, position }
    this.ledger.log.append([{ type: 'check_began', incident: null, body }], actor)
    return this.checks.save(check)
  }

  // Nothing is judged before its minute is over; a word that comes later is what was waited for.
  private word(check: Check): void {
    this.checks.save(check)
    if (check.state === 'asked') this.judge(check)
  }

  private judge(check: Check): void {
    if (this.livingOf(check.deviceId)) return void this.end(check, 'sos')
    const next = afterSilence(check, {
      now: this.now,
      raisedLastHour: this.checks.raisedSince(this.now - WELFARE.hourMs),
      watching: this.ledger.ports.attention?.() ?? 0,
      covered: this.notices.covers(check.position),
    })
    if (next.next === 'wait') this.ledger.timers.set(WELFARE_TIMER, check.id, next.until)
    else if (next.next === 'end') this.end(check, next.end)
    else if (next.next === 'raise') this.raise({ ...check, raisedAt: this.now })
    else {
      this.ledger.timers.set(WELFARE_TIMER, check.id, this.now + WELFARE.listedMs)
      this.checks.save({ ...check, state: 'listed' })
    }
  }

  private raise(check: Check, actor: Actor = SYSTEM): Check {
    const { region } = this.ledger.ports
    const id = incidentIdFrom(region, `incident of check\n${check.id}`)
    const cards = this.ledger.directory.cardsOf(check.deviceId)
    const incident = checkIncident(check, { ...cards, id, home: region, code: this.ledger.nextCode(), now: this.now })
    const { deviceId, reason, at, position } = check
    const body = { check: check.id, deviceId, reason, at, position, kind: incident.kind, door: 'check', count: 0 }
    this.ledger.save({ before: null, after: incident, lines: [{ type: 'created', body }], actor })
    return this.end({ ...check, incidentId: id }, 'raised', actor)
  }

  private end(check: Check, end: CheckEnd, actor: Actor = SYSTEM): Check {
    const by = actor.kind === 'person' ? actor.alias : null
    const body = { check: check.id, end, incident: check.incidentId }
    this.ledger.log.append([{ type: 'check_ended', incident: null, body }], actor)
    this.ledger.timers.cancel(WELFARE_TIMER, check.id)
    this.unreached.delete(check.id)
    return this.checks.save({ ...check, state: 'over', end, endedAt: this.now, by })
  }

  private undo(check: Check, actor: Actor): Check | null {
    if (check.end !== 'put_aside' || this.now - (check.endedAt ?? 0) > WELFARE.undoMs) return null
    this.ledger.timers.set(WELFARE_TIMER, check.id, this.now + WELFARE.listedMs)
    return this.reopen({ ...check, state: 'listed', end: null, endedAt: null, by: null }, actor)
  }

  private answered(incident: Incident, { id }: Check): void {
    const lines = [{ type: 'check_answered' as const, body: { check: id } }]
    this.ledger.save({ before: incident, after: { ...incident, changedAt: this.now }, lines, actor: SYSTEM })
  }

  private livingOf(deviceId: string): Incident | null {
    return this.ledger.incidents.ofPerson(personOf(this.ledger.directory.cardsOf(deviceId).driver, deviceId))
  }

  private get now(): number {
    return this.ledger.ports.now()
  }

  private transact<T>(run: () => T): T {
    const done = this.ledger.transact(run)
    this.ledger.ports.noticed?.()
    return done
  }
}
