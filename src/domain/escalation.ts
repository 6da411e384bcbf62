// Who is told next when nobody takes an incident, and when to look again. Pure: the room keeps the Ladder, sends what
// is decided, and asks again at every timer, change of the incident, change of attention and answer of a phone.
// The steps are data (escalation-policy.ts); which people they are at a moment is in rota.ts.

import { dueOf, firedOf, nextDue, RUSH_GAP_MS, standingDue } from './escalation/dues'
import type { Alarmed, Decision, Ladder, Moment, Why } from './escalation/ladder'
import { follow, isUntaken, turnBack } from './escalation/rounds'
import { isMet, isPerson, isRung, lastRung, namesPeople, stepsOf, within } from './escalation/steps'
import type { EscalationPolicy, EscalationStep, Target } from './escalation-policy'
import type { Priority } from './incident'

export type { Alarmed, Decision, Ladder, Moment, Why } from './escalation/ladder'

/** The step that a phone's 9 calls. */
const ALL_LEADS = 'all_leads'
/** A look that changed nothing is kept all the same after so long: a clock that is set back then loses no more than that. */
const LOOK_KEPT_MS = 60_000
const HOLD_S = { least: 10, most: 600, otherwise: 120 }

/** `expired`: a phone had taken it and no desk followed. `dueAt`: look again then, at the latest; null: nothing will be due. */
export type Climb = {
  ladder: Ladder
  decisions: Decision[]
  dueAt: number | null
  expired: { contactId: string; name: string } | null
}

/** Round 1 of an incident that is new to escalation. */
export function begin(incident: Alarmed, now: number): Ladder {
  return {
    incidentId: incident.id,
    round: 1,
    since: Math.min(incident.alarmedAt, now),
    fired: {},
    held: null,
    rush: null,
    declined: [],
    owed: null,
    floor: null,
    asked: null,
    seen: {
      at: now,
      alarmedAt: incident.alarmedAt,
      priority: incident.priority,
      ring: incident.ring.n,
      waits: isUntaken(incident),
    },
  }
}

/**
 * What is to be told now. Safe to repeat at any moment: the same decision is never made twice, and `ladder` is the very
 * object that was given where there is nothing to keep.
 */
export function climb(ladder: Ladder, incident: Alarmed, policy: EscalationPolicy, moment: Moment): Climb {
  const { now } = moment
  const followed = follow(ladder, incident, stepsOf(policy, ladder.seen.priority), moment)
  if (!followed.seen.waits)
    return { ladder: followed, decisions: [], dueAt: followed.asked?.due ?? null, expired: null }
  const ranOut = followed.held !== null && now >= followed.held.until
  const standing: Ladder = ranOut ? { ...followed, held: null, rush: followed.rush ?? 'expired' } : followed
  const steps = stepsOf(policy, incident.priority)
  const turn = new Turn(standing, steps, incident.priority, moment)
  turn.tellWhatIsDue()
  turn.tellWhatIsOwed()
  turn.tellInARush()
  const keep = turn.ladder !== ladder || now - ladder.seen.at >= LOOK_KEPT_MS
  const climbed = keep ? { ...turn.ladder, seen: { ...turn.ladder.seen, at: now } } : ladder
  return {
    ladder: climbed,
    decisions: turn.decisions,
    dueAt: nextDue(climbed, steps, moment),
    expired: ranOut ? (followed.held?.by ?? null) : null,
  }
}

/** A phone took it: others are not paged for a while, consoles keep it. The first to take it holds it; nobody can prolong. */
export function acknowledge(
  ladder: Ladder,
  by: { contactId: string; name: string },
  policy: Pick<EscalationPolicy, 'ackHoldsS'>,
  now: number,
): Ladder {
  const asOf = lookedAt(ladder, now)
  if (!asOf.seen.waits || (asOf.held && asOf.held.until > now)) return ladder
  const holdsS = within(policy.ackHoldsS, HOLD_S.least, HOLD_S.most, HOLD_S.otherwise)
  const declined = asOf.declined.filter((id) => id !== by.contactId)
  return { ...asOf, declined, rush: null, held: { until: now + holdsS * 1_000, by } }
}

/**
 * Somebody cannot, or every way to them has failed: the next people now. What another than its holder says ends no hold;
 * where `by` is not given it does, for one page too many is better than one too few.
 */
export function cannot(ladder: Ladder, now: number, by?: { contactId: string }): Ladder {
  if (!ladder.seen.waits) return ladder
  const asOf = lookedAt(ladder, now)
  const declined = by && !asOf.declined.includes(by.contactId) ? [...asOf.declined, by.contactId] : asOf.declined
  const { held } = asOf
  if (held && held.until > now && by && by.contactId !== held.by.contactId) return { ...asOf, declined }
  return { ...asOf, declined, held: runOut(held, now), rush: asOf.rush ?? 'next' }
}

/** Somebody asks for everyone: all leads now, also where a phone holds it. */
export function everyone(ladder: Ladder, now: number): Ladder {
  if (!ladder.seen.waits) return ladder
  const asOf = lookedAt(ladder, now)
  return { ...asOf, held: runOut(asOf.held, now), rush: 'everyone' }
}

/** What will be told, as things stand, soonest first. For a page to show; nothing is decided by it. */
export function ahead(
  ladder: Ladder,
  incident: Pick<Alarmed, 'priority'>,
  policy: EscalationPolicy,
  moment: Moment,
): { step: EscalationStep; at: number }[] {
  if (!ladder.seen.waits) return []
  return stepsOf(policy, incident.priority)
    .flatMap((step) => {
      const at = standingDue(ladder, step, moment)
      return at === null ? [] : [{ step, at }]
    })
    .sort((a, b) => a.at - b.at)
}

// An answer ends a hold, but one that ran out a moment ago is still to be seen to run out, by the next look.
const runOut = (held: Ladder['held'], now: number): Ladder['held'] => (held && held.until <= now ? held : null)

function lookedAt(ladder: Ladder, now: number): Ladder {
  const turned = turnBack(ladder, now)
  return { ...turned, seen: { ...turned.seen, at: now } }
}

// One look at one ladder: what it tells, and the ladder after it.
class Turn {
  readonly decisions: Decision[] = []
  /** People came due for the first time in this round. */
  private advanced = false

  constructor(
    public ladder: Ladder,
    private readonly steps: readonly EscalationStep[],
    priority: Priority,
    private readonly moment: Moment,
  ) {
    this.singly = priority === 'P1' || !moment.storm
  }

  private readonly singly: boolean

  tellWhatIsDue(): void {
    const before = this.ladder
    for (const step of this.steps) {
      const due = isMet(step.when, this.moment.attention) ? dueOf(before, step) : null
      if (due === null || due > this.moment.now || (before.held && namesPeople(step))) continue
      this.tell(step, firedOf(before.fired, step.id) ? 'repeat' : step.when)
    }
  }

  tellWhatIsOwed(): void {
    const { owed, held } = this.ladder
    if (owed === null || !this.singly || held) return
    const step = this.steps.find(({ id }) => id === owed) ?? lastRung(this.steps)
    this.ladder = { ...this.ladder, owed: null }
    const told = step && this.decisions.some((decision) => decision.step.id === step.id)
    if (step && !told) this.tell(step, 'storm_over')
  }

  tellInARush(): void {
    const { rush, held, floor } = this.ladder
    if (held) return
    const overdue = floor !== null && floor.anybody !== null && this.moment.now >= floor.anybody
    if (rush === null && !overdue) return
    const done = rush === 'everyone' ? this.rushEveryone() : this.advanced || this.rushNext(rush)
    if (done) this.ladder = { ...this.ladder, rush: null, floor: floor && { ...floor, anybody: null } }
  }

  private rushEveryone(): true {
    const rungs = this.steps.filter(isRung)
    const leads = rungs.filter(({ id }) => id === ALL_LEADS)
    for (const step of leads.length > 0 ? leads : rungs) if (!this.justTold(step)) this.tell(step, 'everyone')
    return true
  }

  // Gives whether it is done: where everybody was called just now, their phones still ring, and it is done in a while.
  private rushNext(rush: Ladder['rush']): boolean {
    const why: Why = rush === null ? 'raised' : rush === 'expired' ? 'ack_expired' : 'cannot'
    const { fired } = this.ladder
    const rungs = this.steps.filter(isRung)
    const untold = rungs.filter(({ id }) => !firedOf(fired, id))
    const named = new Set(this.steps.filter(({ id }) => firedOf(fired, id)).flatMap((step) => step.who.map(nameOf)))
    const others = untold.find((step) => step.who.some((who) => isPerson(who) && !named.has(nameOf(who))))
    const step = others ?? untold[0] ?? lastRung(this.steps)
    if (!step) return true
    if (this.justTold(step)) return this.decisions.some((decision) => decision.step.id === step.id)
    this.tell(step, why)
    return true
  }

  private justTold({ id }: EscalationStep): boolean {
    const fired = firedOf(this.ladder.fired, id)
    return fired !== null && this.moment.now - fired.at < RUSH_GAP_MS
  }

  private tell(step: EscalationStep, why: Why): void {
    const { round } = this.ladder
    const people = namesPeople(step)
    const n = (firedOf(this.ladder.fired, step.id)?.n ?? 0) + 1
    const fired = { ...this.ladder.fired, [step.id]: { n, at: this.moment.now } }
    this.ladder = { ...this.ladder, fired, ...(people && this.ladder.floor && { floor: told(this.ladder.floor) }) }
    if (people && n === 1 && step.when === 'untaken') this.advanced = true
    if (!people || this.singly) {
      this.decisions.push({ step, round, n, why })
      return
    }
    // In a storm one page speaks for all of them; consoles and neighbours hear each.
    this.ladder = { ...this.ladder, owed: step.id }
    const who = step.who.filter((target) => !isPerson(target))
    if (who.length > 0) this.decisions.push({ step: { ...step, who }, round, n, why })
  }
}

const told = (floor: NonNullable<Ladder['floor']>): Ladder['floor'] => ({ ...floor, anybody: null })
const nameOf = (target: Target): string => Object.values(target).join(':')
