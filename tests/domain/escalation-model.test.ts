// Escalation against every policy and every course of events: somebody is told until somebody takes it.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  acknowledge,
  begin,
  type Climb,
  cannot,
  climb,
  type Decision,
  everyone,
  type Ladder,
  type Moment,
} from '../../src/domain/escalation'
import { isPerson, isRung, stepsOf } from '../../src/domain/escalation/steps'
import { defaultPolicy, type EscalationPolicy, type EscalationStep } from '../../src/domain/escalation-policy'
import { type Incident, isQueued, PRIORITIES, type Priority, type Ring, STATES } from '../../src/domain/incident'
import { CHANNELS } from '../../src/domain/page'
import { anIncident, NOON } from '../support/made-up'

const S = 1_000
/** A policy's longest wait, and a hold: nothing lies further ahead. */
const FURTHEST_MS = (3_600 + 600) * S
const RUNS = { numRuns: 400 }

// Odd ones included: no steps, no people, no repetition, clocks that are none, names that are used twice or are no names.
const aStep: fc.Arbitrary<EscalationStep> = fc.record({
  id: fc.constantFrom('lead', 'all_leads', 'louder', 'management', '__proto__', 'toString', ''),
  when: fc.constantFrom('untaken', 'untaken', 'unwatched', 'none_free'),
  afterS: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, -10, 3_600, 1e12, Number.NaN, Infinity)),
  who: fc.array(
    fc.constantFrom<EscalationStep['who'][number]>(
      { kind: 'duty', duty: 'lead' },
      { kind: 'duty', duty: 'management' },
      { kind: 'person', contactId: 'gone' },
      { kind: 'team', team: '' },
      { kind: 'everyone' },
      { kind: 'consoles' },
      { kind: 'neighbour' },
    ),
    { maxLength: 3 },
  ),
  by: fc.array(fc.array(fc.constantFrom(...CHANNELS), { maxLength: 2 }), { maxLength: 2 }),
  everyS: fc.oneof(fc.constant(null), fc.integer({ min: 30, max: 900 }), fc.constantFrom(0, -5, 1, Number.NaN, 1e9)),
})
const someSteps = fc.array(aStep, { maxLength: 6 })
const aPolicy: fc.Arbitrary<EscalationPolicy> = fc.oneof(
  fc.constant(defaultPolicy('NCR')),
  fc
    .record({ P1: someSteps, P2: someSteps, P3: someSteps, P4: someSteps })
    .chain((steps) =>
      fc
        .constantFrom(0, 10, 120, 600, Number.NaN, -1, 1e9)
        .map((ackHoldsS) => ({ ...defaultPolicy('NCR'), steps, ackHoldsS })),
    ),
)
const aPriority = fc.constantFrom(...PRIORITIES)
const anAttention = fc.constantFrom(
  { watching: 0, free: 0 },
  { watching: 2, free: 0 },
  { watching: 2, free: 1 },
) satisfies fc.Arbitrary<Moment['attention']>

type Event =
  | { is: 'wait'; ms: number }
  | { is: 'late'; ms: number }
  | { is: 'clock'; ms: number }
  | { is: 'attention'; attention: Moment['attention'] }
  | { is: 'storm' | 'take' | 'release' | 'act' | 'reopen' | 'everyone' | 'again' }
  | { is: 'ends'; state: Incident['state'] }
  | { is: 'priority'; priority: Priority }
  | { is: 'sounds'; reason: Ring['reason']; to: Ring['to'] }
  | { is: 'take_by_phone'; contactId: string }
  | { is: 'cannot'; contactId: string | null }
  | { is: 'policy'; policy: EscalationPolicy }

const someTime = fc.oneof(fc.integer({ min: 0, max: 60 * S }), fc.integer({ min: 0, max: 2_000 * S }))
const aContact = fc.constantFrom('ben', 'cora')
const anEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ is: fc.constant('wait' as const), ms: someTime }) },
  fc.record({ is: fc.constant('late' as const), ms: fc.constantFrom(1, 900 * S, 3_600 * S) }),
  fc.record({
    is: fc.constant('clock' as const),
    ms: fc.constantFrom(-3_600 * S, -300 * S, -1, 1, 300 * S, 3_600 * S),
  }),
  fc.record({ is: fc.constant('attention' as const), attention: anAttention }),
  fc.record({
    is: fc.constantFrom(
      'storm' as const,
      'take' as const,
      'release' as const,
      'act' as const,
      'reopen' as const,
      'everyone' as const,
      'again' as const,
    ),
  }),
  fc.record({ is: fc.constant('ends' as const), state: fc.constantFrom(...STATES.slice(3)) }),
  fc.record({ is: fc.constant('priority' as const), priority: aPriority }),
  fc.record({
    is: fc.constant('sounds' as const),
    reason: fc.constantFrom<Ring['reason']>('raised', 're_press', 'no_reaction', 'separated', 'help'),
    to: fc.constantFrom<Ring['to']>('all', 'owner'),
  }),
  fc.record({ is: fc.constant('take_by_phone' as const), contactId: aContact }),
  fc.record({ is: fc.constant('cannot' as const), contactId: fc.option(aContact) }),
  fc.record({ is: fc.constant('policy' as const), policy: aPolicy }),
)

const people = (decisions: readonly Decision[]) => decisions.filter(({ step }) => step.who.some(isPerson))

/** A room with one incident: it looks at every event and whenever something is due, and holds every look to the promises. */
class Watch {
  incident: Incident
  ladder: Ladder
  /** What the room's clock shows. */
  now = NOON
  attention: Moment['attention'] = { watching: 2, free: 1 }
  storm = false
  dueAt: number | null = null
  /** A taken one sounded to everyone, and its owner has done nothing since. */
  private sounded = false
  private readonly decided = new Set<string>()

  constructor(
    priority: Priority,
    private policy: EscalationPolicy,
  ) {
    this.incident = anIncident({ priority })
    this.ladder = begin(this.incident, NOON)
    this.look()
  }

  look(): Climb {
    const before = this.ladder
    const climbed = this.climbed()
    this.ladder = JSON.parse(JSON.stringify(climbed.ladder)) as Ladder
    this.dueAt = climbed.dueAt
    this.hold(before, climbed)
    return climbed
  }

  private climbed(): Climb {
    const { now, attention, storm } = this
    return climb(this.ladder, this.incident, this.policy, { now, attention, storm })
  }

  private hold(before: Ladder, { decisions, dueAt, ladder }: Climb): void {
    const { incident, now } = this
    const open = isQueued(incident) && incident.state !== 'cancelled'
    const untaken = open && incident.owner === null
    if (untaken && incident.priority !== 'P4') expect(dueAt).not.toBeNull()
    if (dueAt !== null) {
      expect(dueAt).toBeGreaterThan(now)
      expect(dueAt - now).toBeLessThanOrEqual(FURTHEST_MS)
    }
    if (!open || (incident.owner && !this.sounded)) expect([decisions, dueAt]).toEqual([[], null])
    expect(ladder.round).toBeGreaterThanOrEqual(before.round)
    for (const { step, n, round } of decisions) {
      expect(round).toBe(ladder.round)
      const key = JSON.stringify([round, step.id, n])
      expect(this.decided.has(key)).toBe(false)
      this.decided.add(key)
    }
    if (this.storm && incident.priority !== 'P1') expect(people(decisions)).toEqual([])
    if (ladder.held) expect(people(decisions)).toEqual([])
    // The same look again, as when an alarm fires twice: nothing.
    const again = this.climbed()
    expect([again.decisions, again.dueAt, again.expired]).toEqual([[], dueAt, null])
    expect(again.ladder).toBe(this.ladder)
  }

  /** True time passes: alarms fire when the room's clock shows them. */
  pass(ms: number): void {
    const end = this.now + ms
    while (this.dueAt !== null && this.dueAt <= end) {
      this.now = this.dueAt
      const before = JSON.stringify(this.ladder)
      this.look()
      // No alarm is set for nothing: a room that looks again and again at nothing is a room that is busy.
      expect(JSON.stringify(this.ladder)).not.toBe(before)
    }
    this.now = end
  }

  apply(event: Event): void {
    const { incident, now } = this
    switch (event.is) {
      case 'wait':
        this.pass(event.ms)
        return
      case 'late':
      case 'clock':
        this.now += event.ms
        break
      case 'attention':
        this.attention = event.attention
        break
      case 'storm':
        this.storm = !this.storm
        break
      case 'take':
        if (incident.owner || !isQueued(incident)) return
        this.sounded = false
        this.incident = {
          ...incident,
          state: incident.state === 'new' ? 'taken' : incident.state,
          owner: { uid: 'ana', name: 'Ana', initials: 'A', alias: 'Desk 1', at: now },
        }
        break
      case 'release':
        if (!incident.owner) return
        this.sounded = false
        this.incident = {
          ...incident,
          owner: null,
          state: incident.state === 'taken' ? 'new' : incident.state,
          alarmedAt: now,
        }
        break
      case 'act':
        // Two acts of one millisecond are one to a clock.
        if (incident.lastActAt === now) return
        this.sounded = false
        this.incident = { ...incident, lastActAt: now }
        break
      case 'reopen':
        if (isQueued(incident)) return
        this.sounded = false
        this.incident = { ...incident, state: 'new', owner: null, alarmedAt: now }
        break
      case 'ends':
        this.sounded = false
        this.incident = { ...incident, state: event.state, flags: event.state === 'cancelled' ? ['cancel_verify'] : [] }
        break
      case 'priority':
        this.incident = { ...incident, priority: event.priority }
        break
      case 'sounds':
        this.sounded ||= incident.owner !== null && event.to === 'all'
        this.incident = {
          ...incident,
          ring: { n: incident.ring.n + 1, to: event.to, reason: event.reason, at: now },
        }
        break
      case 'take_by_phone':
        this.ladder = acknowledge(this.ladder, { contactId: event.contactId, name: event.contactId }, this.policy, now)
        break
      case 'cannot':
        this.ladder = cannot(this.ladder, now, event.contactId === null ? undefined : { contactId: event.contactId })
        break
      case 'everyone':
        this.ladder = everyone(this.ladder, now)
        break
      case 'policy':
        this.policy = event.policy
        break
      case 'again':
        break
    }
    const asked = this.ladder
    const { decisions } = this.look()
    if (event.is === 'cannot' || event.is === 'everyone') this.holdRush(asked, decisions)
  }

  /** Asked for more people: they are told now, or those who were told within a minute still are being told. */
  private holdRush(asked: Ladder, decisions: readonly Decision[]): void {
    const rungs = stepsOf(this.policy, this.incident.priority).filter(isRung)
    if (asked.rush === null || rungs.length === 0 || (this.storm && this.incident.priority !== 'P1')) return
    const just = Object.values(this.ladder.fired).some(({ at }) => this.now - at < 60 * S)
    expect(people(decisions).length > 0 || just).toBe(true)
    if (this.ladder.rush !== null) expect((this.dueAt ?? Infinity) - this.now).toBeLessThanOrEqual(60 * S)
  }
}

test('an untaken incident always has a next moment, and no decision is ever made twice, or for nobody who waits', () => {
  fc.assert(
    fc.property(aPriority, aPolicy, fc.array(anEvent, { maxLength: 40 }), (priority, policy, events) => {
      const watch = new Watch(priority, policy)
      for (const event of events) watch.apply(event)
      watch.pass(2 * 3_600 * S)
    }),
    RUNS,
  )
})

test('left alone, every step is told at its second, and again at its interval, to the millisecond', () => {
  fc.assert(
    fc.property(aPriority, aPolicy, anAttention, (priority, policy, attention) => {
      const incident = anIncident({ priority })
      const met = {
        untaken: true,
        unwatched: attention.watching === 0,
        none_free: attention.watching > 0 && attention.free === 0,
      }
      const seen: Record<string, number[]> = {}
      for (const { atMs, decisions } of alone(begin(incident, NOON), incident, policy, attention, 7_200 * S))
        for (const { step } of decisions) seen[`#${step.id}`] = [...(seen[`#${step.id}`] ?? []), atMs]
      for (const step of stepsOf(policy, priority)) {
        const wanted: number[] = []
        for (let at = step.afterS; at <= 7_200 && met[step.when]; at += step.everyS ?? Infinity) wanted.push(at * S)
        expect(seen[`#${step.id}`] ?? []).toEqual(wanted)
      }
    }),
    RUNS,
  )
})

test('P1 to P3 tell people within the hour whatever the policy, and go on telling them at least every hour', () => {
  fc.assert(
    fc.property(fc.constantFrom<Priority>('P1', 'P2', 'P3'), aPolicy, anAttention, (priority, policy, attention) => {
      const incident = anIncident({ priority })
      let last = 0
      for (const { atMs, decisions } of alone(begin(incident, NOON), incident, policy, attention, 4 * 3_600 * S)) {
        if (people(decisions).length === 0) continue
        expect(atMs - last).toBeLessThanOrEqual(3_600 * S)
        last = atMs
      }
      expect(last).toBeGreaterThan(3 * 3_600 * S - 1)
    }),
    RUNS,
  )
})

test('a graver priority never makes the next page later', () => {
  const aRaise = fc.constantFrom<[Priority, Priority]>(['P2', 'P1'], ['P3', 'P1'], ['P3', 'P2'], ['P4', 'P1'])
  const aMoment = fc.integer({ min: 0, max: 1_500 * S })
  fc.assert(
    fc.property(aRaise, aPolicy, anAttention, aMoment, ([from, to], policy, attention, afterMs) => {
      const before = anIncident({ priority: from })
      const lastMs = (ms: number) => alone(begin(before, NOON), before, policy, attention, ms).at(-1)?.ladder
      const ladder = lastMs(afterMs)
      if (!ladder) return
      const nextPage = (incident: Incident) =>
        [...alone(ladder, incident, policy, attention, 3 * 3_600 * S, NOON + afterMs)].find(
          ({ decisions }) => people(decisions).length > 0,
        )?.atMs ?? Infinity
      expect(nextPage({ ...before, priority: to })).toBeLessThanOrEqual(nextPage(before))
    }),
    RUNS,
  )
})

test('a clock that is set back, once looked at every minute, delays no step by more than two, and repeats none', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Priority>('P1', 'P2', 'P3'),
      aPolicy,
      fc.integer({ min: 1, max: 1_000 * S }),
      fc.integer({ min: 1, max: 7_200 * S }),
      (priority, policy, atMs, backMs) => {
        const right = told(priority, policy, atMs, 0)
        const wrong = told(priority, policy, atMs, backMs)
        expect(wrong.map(({ key }) => key).slice(0, right.length)).toEqual(
          right.map(({ key }) => key).slice(0, wrong.length),
        )
        for (const [n, { trueMs }] of right.entries())
          if (trueMs <= 1_800 * S) expect((wrong[n]?.trueMs ?? Infinity) - trueMs).toBeLessThanOrEqual(120 * S)
      },
    ),
    RUNS,
  )
})

/** Looks whenever something is due, from `from` on, for so long. */
function* walk(
  ladder: Ladder,
  incident: Incident,
  policy: EscalationPolicy,
  attention: Moment['attention'],
  forMs: number,
  from: number,
) {
  for (let now: number | null = from; now !== null && now - from <= forMs; ) {
    const climbed: Climb = climb(ladder, incident, policy, { now, attention, storm: false })
    ladder = climbed.ladder
    yield { atMs: now - from, ...climbed }
    now = climbed.dueAt
  }
}
const alone = (
  ladder: Ladder,
  incident: Incident,
  policy: EscalationPolicy,
  attention: Moment['attention'],
  forMs: number,
  from = NOON,
) => [...walk(ladder, incident, policy, attention, forMs, from)]

/** Decisions by true time in forty minutes, where the room's clock is set back once, and its tick looks every minute. */
function told(priority: Priority, policy: EscalationPolicy, backAtMs: number, backMs: number) {
  const incident = anIncident({ priority })
  const attention = { watching: 0, free: 0 }
  let ladder = begin(incident, NOON)
  let dueAt: number | null = NOON
  const all: { key: string; trueMs: number }[] = []
  for (let trueMs = 0; trueMs <= 2_400 * S; ) {
    const offset = trueMs >= backAtMs ? backMs : 0
    const now = NOON + trueMs - offset
    const climbed: Climb = climb(ladder, incident, policy, { now, attention, storm: false })
    ladder = climbed.ladder
    dueAt = climbed.dueAt
    for (const { step, n } of climbed.decisions) all.push({ key: `${step.id} ${n}`, trueMs })
    const tick = (Math.floor(trueMs / (60 * S)) + 1) * 60 * S
    const alarm: number = dueAt === null ? Infinity : dueAt - NOON + offset
    trueMs = Math.min(tick, Math.max(alarm, trueMs + 1))
    // The alarm was set by the clock before, and comes later by as much.
    if (offset === 0 && trueMs >= backAtMs) trueMs = Math.max(backAtMs, Math.min(tick, trueMs + backMs))
  }
  return all
}
