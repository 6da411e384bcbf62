// The ladder that climbs until somebody takes an incident, on a clock that tests turn.

import { describe, expect, test } from 'bun:test'
import { decide, release } from '../../src/domain/decide'
import {
  acknowledge,
  ahead,
  begin,
  cannot,
  climb,
  type Decision,
  everyone,
  type Ladder,
} from '../../src/domain/escalation'
import { defaultPolicy, type EscalationPolicy } from '../../src/domain/escalation-policy'
import type { Incident, Priority } from '../../src/domain/incident'
import { merge } from '../../src/domain/pairs'
import { decidePin } from '../../src/domain/pins'
import { mergePress } from '../../src/domain/presses'
import { anIncident, aPress, NOON, person } from '../support/made-up'

const NCR = defaultPolicy('NCR')
const ben = { contactId: 'ben', name: 'Ben Reyes' }
const FREE = { watching: 3, free: 2 }
const BUSY = { watching: 3, free: 0 }
const NOBODY = { watching: 0, free: 0 }

/** One incident and its ladder, as a room keeps them: climbed at every change and whenever something is due. */
function aWatch(incident: Incident, attention = FREE, policy: EscalationPolicy = NCR) {
  const told: { atS: number; id: string; n: number; why: string; round: number }[] = []
  const expired: string[] = []
  const watch = {
    incident,
    attention,
    storm: false,
    now: NOON,
    ladder: begin(incident, NOON),
    dueAt: null as number | null,
    told,
    expired,
    look(): Decision[] {
      const { now, storm } = watch
      const kept = JSON.parse(JSON.stringify(watch.ladder)) as Ladder
      const climbed = climb(kept, watch.incident, policy, { now, attention: watch.attention, storm })
      watch.ladder = climbed.ladder
      watch.dueAt = climbed.dueAt
      if (climbed.expired) expired.push(climbed.expired.name)
      for (const { step, n, why, round } of climbed.decisions)
        told.push({ atS: (now - NOON) / 1_000, id: step.id, n, why, round })
      return climbed.decisions
    },
    /** Looks whenever something is due, until so many seconds after the alarm. */
    until(s: number) {
      const end = NOON + s * 1_000
      while (watch.dueAt !== null && watch.dueAt <= end) {
        watch.now = watch.dueAt
        watch.look()
      }
      watch.now = end
    },
    becomes(change: Partial<Incident>) {
      watch.incident = { ...watch.incident, ...change }
      watch.look()
    },
    answers(ladder: Ladder) {
      watch.ladder = ladder
      return watch.look()
    },
    lines: () => told.map(({ atS, id }) => `${atS} ${id}`),
  }
  watch.look()
  return watch
}
const ofPriority = (priority: Priority, changes: Partial<Incident> = {}) => anIncident({ priority, ...changes })
const accepted = <T extends { ok: boolean }>(outcome: T): Extract<T, { ok: true }> => {
  if (!outcome.ok) throw new Error('refused')
  return outcome as Extract<T, { ok: true }>
}
const took = (incident: Incident, now: number) =>
  accepted(decide(incident, { type: 'take' }, person('ana'), { now, newId: 'x', nextFree: null })).incident
const ids = (decisions: Decision[]) => decisions.map(({ step }) => step.id)

describe('the clocks of a desk', () => {
  test('P1 that free people watch: consoles at 10 s, the lead at 20 s, all leads at 45 s, management at 120 s', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(130)
    expect(watch.lines()).toEqual(['10 louder', '20 lead', '45 all_leads', '120 management'])
  })

  test('P2: 30 s, 90 s, 3 min, 10 min', () => {
    const watch = aWatch(ofPriority('P2'))
    watch.until(600)
    expect(watch.lines()).toEqual(['30 louder', '90 lead', '180 all_leads', '600 management'])
  })

  test('P3: 5 min, 15 min, and the lead again every 15 min; P4 tells nobody, ever', () => {
    const watch = aWatch(ofPriority('P3'))
    watch.until(2_700)
    expect(watch.lines()).toEqual(['300 louder', '900 lead', '1800 lead', '2700 lead'])
    expect(aWatch(ofPriority('P4'), NOBODY)).toMatchObject({ told: [], dueAt: null })
  })

  test('nobody watching: the lead at second 0 for P1 and P2, after a minute for P3', () => {
    for (const [priority, atS] of [
      ['P1', 0],
      ['P2', 0],
      ['P3', 60],
    ] as const) {
      const watch = aWatch(ofPriority(priority), NOBODY)
      watch.until(60)
      expect(watch.told.find(({ id }) => id === 'unwatched')).toMatchObject({ atS, why: 'unwatched' })
    }
  })

  test('nobody free: 5 s for P1, and 30 s for P2', () => {
    const one = aWatch(ofPriority('P1'), BUSY)
    one.until(6)
    expect(one.told).toEqual([{ atS: 5, id: 'none_free', n: 1, why: 'none_free', round: 1 }])
    const two = aWatch(ofPriority('P2'), BUSY)
    two.until(31)
    expect(two.lines()).toContain('30 none_free')
  })

  test('watchers who vanish later, or become busy, are noticed at once', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(7)
    watch.attention = BUSY
    expect(ids(watch.look())).toEqual(['none_free'])
    watch.until(8)
    watch.attention = NOBODY
    expect(ids(watch.look())).toEqual(['unwatched'])
    watch.attention = FREE
    watch.look()
    watch.attention = NOBODY
    expect(ids(watch.look())).toEqual([])
  })

  test('told again every two minutes for as long as nobody takes it', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(3_600)
    const times = watch.told.filter(({ id }) => id === 'management').map(({ atS }) => atS)
    expect(times).toEqual(Array.from({ length: 30 }, (_, n) => 120 * (n + 1)))
    expect(watch.told.filter(({ n }) => n > 1).every(({ why }) => why === 'repeat')).toBe(true)
  })

  test('an incident that waits where nobody owns it waits also when help was asked already', () => {
    const watch = aWatch(ofPriority('P1', { state: 'help_asked' }))
    watch.until(20)
    expect(watch.lines()).toEqual(['10 louder', '20 lead'])
  })
})

describe('it ends', () => {
  test('when a person takes it, and for as long as they have it', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(15)
    watch.becomes(took(watch.incident, watch.now))
    expect(watch.dueAt).toBeNull()
    watch.until(9_000)
    expect(watch.look()).toEqual([])
    expect(watch.lines()).toEqual(['10 louder'])
  })

  test('with a true PIN, though it stays in the queue to be verified', () => {
    const watch = aWatch(ofPriority('P1', { deviceId: 'dev-1' }))
    const { incident } = accepted(
      decidePin(watch.incident, { sosId: watch.incident.id, deviceId: 'dev-1', verdict: 'true', at: NOON }, NOON),
    )
    expect(incident).toMatchObject({ state: 'cancelled', flags: ['cancel_verify'] })
    watch.becomes(incident)
    watch.until(9_000)
    expect(watch).toMatchObject({ told: [], dueAt: null })
  })

  test.each(['safe', 'closed', 'false_alarm', 'duplicate'] as const)('when it is %s', (state) => {
    const watch = aWatch(ofPriority('P1'))
    watch.becomes({ state })
    watch.until(9_000)
    expect(watch).toMatchObject({ told: [], dueAt: null })
  })
})

describe('a new round at step 1', () => {
  test('where its owner vanished', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(50)
    watch.becomes(took(watch.incident, watch.now))
    watch.until(100)
    watch.becomes(accepted(release(watch.incident, 'owner_screen_gone', watch.now)).incident)
    watch.until(125)
    expect(watch.told.slice(3)).toMatchObject([
      { atS: 110, id: 'louder', round: 2, n: 1 },
      { atS: 120, id: 'lead', round: 2, n: 1 },
    ])
  })

  test('where it is reopened', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.becomes({ state: 'safe', safeAt: NOON })
    watch.until(60)
    const press = aPress({ receivedAt: watch.now })
    watch.becomes(accepted(mergePress(watch.incident, { press, now: watch.now })).incident)
    watch.until(80)
    expect(watch.lines()).toEqual(['70 louder', '80 lead'])
  })

  test('where its priority is raised, and never later than it would have been', () => {
    const watch = aWatch(ofPriority('P2'))
    watch.until(175)
    watch.becomes({ priority: 'P1' })
    watch.until(196)
    expect(watch.told.filter(({ round }) => round === 2).map(({ atS, id }) => `${atS} ${id}`)).toEqual([
      '180 all_leads',
      '185 louder',
      '195 lead',
    ])
  })

  test('but not where it is lowered: what was told stays told', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(50)
    watch.becomes({ priority: 'P3' })
    watch.until(949)
    expect(watch.lines()).toEqual(['10 louder', '20 lead', '45 all_leads', '920 lead'])
    expect(watch.ladder.round).toBe(1)
  })

  test('where a merge brings it something graver', () => {
    const watch = aWatch(ofPriority('P2'))
    watch.until(15)
    const pair = merge(anIncident({ priority: 'P1' }), watch.incident, watch.now)
    watch.becomes(accepted(pair).other)
    expect(watch.ladder).toMatchObject({ round: 2, since: NOON + 15_000 })
  })

  test('a duress PIN after the true one', () => {
    const watch = aWatch(ofPriority('P2', { state: 'cancelled', flags: ['cancel_verify'], cancelledByPin: true }))
    expect(watch.dueAt).toBeNull()
    const { id } = watch.incident
    watch.until(30)
    watch.becomes(
      accepted(decidePin(watch.incident, { sosId: id, deviceId: 'dev-1', verdict: 'duress', at: watch.now }, watch.now))
        .incident,
    )
    watch.until(50)
    expect(watch.lines()).toEqual(['40 louder', '50 lead'])
  })

  test('further presses of an untaken incident change nothing', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(15)
    watch.becomes(accepted(mergePress(watch.incident, { press: aPress(), now: watch.now })).incident)
    watch.until(46)
    expect(watch.lines()).toEqual(['10 louder', '20 lead', '45 all_leads'])
  })
})

describe('a taken incident that cries again', () => {
  const taken = () => took(ofPriority('P2', { kind: 'flood' }), NOON)
  const graver = (incident: Incident, now: number) =>
    accepted(mergePress(incident, { press: aPress({ kind: 'panic', receivedAt: now }), now })).incident

  test('begins again at step 1 where its owner does not react within 15 s', () => {
    const watch = aWatch(taken())
    watch.until(100)
    watch.becomes(graver(watch.incident, watch.now))
    expect(watch.dueAt).toBe(NOON + 115_000)
    watch.until(135)
    expect(watch.lines()).toEqual(['125 louder', '135 lead'])
  })

  test('stays with its owner who acts, and stops when they act later', () => {
    const watch = aWatch(taken())
    watch.becomes(graver(watch.incident, NOON))
    watch.until(14)
    watch.becomes({ lastActAt: watch.now })
    expect(watch.dueAt).toBeNull()
    watch.until(60)
    const again = accepted(mergePress(watch.incident, { press: aPress(), now: watch.now })).incident
    watch.becomes({ ...again, ring: { n: again.ring.n + 1, to: 'all', reason: 'no_reaction', at: watch.now } })
    watch.until(80)
    expect(watch.lines()).toEqual(['70 louder', '80 lead'])
    watch.becomes({ lastActAt: watch.now })
    expect(watch.dueAt).toBeNull()
  })

  test('a further sound gives its owner no more time, and another sound does not hide it', () => {
    const watch = aWatch(taken())
    watch.becomes(graver(watch.incident, NOON))
    watch.until(10)
    watch.becomes(graver(watch.incident, watch.now))
    watch.becomes({ ring: { n: 99, to: 'owner', reason: 'separated', at: watch.now } })
    watch.until(25)
    expect(watch.lines()).toEqual(['25 louder'])
  })
})

describe('an answer by phone', () => {
  test('takes it: for 120 s nobody else is paged, consoles go on; then the ladder goes on at once', () => {
    const watch = aWatch(ofPriority('P1'), NOBODY)
    expect(watch.lines()).toEqual(['0 unwatched'])
    watch.until(3)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    watch.until(122)
    expect(watch.lines()).toEqual(['0 unwatched', '10 louder'])
    expect(watch.ladder.held).toEqual({ until: NOON + 123_000, by: ben })
    watch.until(123)
    expect(watch.expired).toEqual(['Ben Reyes'])
    expect(watch.lines().slice(2)).toEqual(['123 unwatched', '123 lead', '123 all_leads', '123 management'])
    watch.until(140)
    expect(watch.expired).toHaveLength(1)
  })

  test('which ran out tells the next people also where none were due yet', () => {
    const watch = aWatch(ofPriority('P2'))
    watch.until(91)
    watch.answers(acknowledge(watch.ladder, ben, { ackHoldsS: 30 }, watch.now))
    watch.until(121)
    expect(watch.told.at(-1)).toMatchObject({ atS: 121, id: 'all_leads', why: 'ack_expired' })
  })

  test('is not prolonged by pressing again, and another does not take it from them', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(21)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    watch.until(100)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    watch.answers(acknowledge(watch.ladder, { contactId: 'c', name: 'Cora' }, NCR, watch.now))
    expect(watch.ladder.held).toEqual({ until: NOON + 141_000, by: ben })
  })

  test('cannot: the next people are told now, and those who were just called are not called twice', () => {
    const watch = aWatch(ofPriority('P1'), NOBODY)
    watch.until(4)
    // The step `lead` would call the same person again; all leads are others.
    expect(watch.answers(cannot(watch.ladder, watch.now, ben))).toMatchObject([
      { step: { id: 'all_leads' }, why: 'cannot' },
    ])
    expect(watch.ladder.declined).toEqual(['ben'])
  })

  test('cannot, with nobody left to tell: the last people again after a minute, not at once and not for ever', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(121)
    expect(watch.answers(cannot(watch.ladder, watch.now))).toEqual([])
    watch.until(179)
    watch.answers(cannot(watch.ladder, watch.now))
    expect(watch.dueAt).toBe(NOON + 180_000)
    watch.until(239)
    expect(watch.told.filter(({ id }) => id === 'management')).toMatchObject([
      { atS: 120, why: 'untaken' },
      { atS: 180, why: 'cannot' },
    ])
  })

  test('cannot, of who had taken it: the hold is over; of another: it stands', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(21)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    expect(watch.answers(cannot(watch.ladder, watch.now, { contactId: 'cora' }))).toEqual([])
    expect(watch.ladder.held?.by).toEqual(ben)
    expect(ids(watch.answers(cannot(watch.ladder, watch.now, ben)))).toEqual(['all_leads'])
    expect(watch.ladder.held).toBeNull()
  })

  test('that comes just after a hold ran out does not hide that it ran out', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(21)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    watch.now = NOON + 142_000
    watch.answers(cannot(watch.ladder, watch.now, { contactId: 'cora' }))
    expect(watch.expired).toEqual(['Ben Reyes'])
  })

  test('everyone: all leads now, also where a phone holds it; not again while their phones ring', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(21)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    expect(watch.answers(everyone(watch.ladder, watch.now))).toMatchObject([
      { step: { id: 'all_leads' }, n: 1, why: 'everyone' },
    ])
    watch.until(40)
    expect(watch.answers(everyone(watch.ladder, watch.now))).toEqual([])
  })

  test('everyone, in a policy without such a step: every step with people', () => {
    const policy = { ...NCR, steps: { ...NCR.steps, P1: NCR.steps.P1.filter(({ id }) => id !== 'all_leads') } }
    const watch = aWatch(ofPriority('P1'), FREE, policy)
    expect(ids(watch.answers(everyone(watch.ladder, watch.now)))).toEqual(['lead', 'management'])
  })

  test('about an incident that somebody has taken meanwhile changes nothing', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.becomes(took(watch.incident, NOON))
    for (const ladder of [
      acknowledge(watch.ladder, ben, NCR, NOON),
      cannot(watch.ladder, NOON, ben),
      everyone(watch.ladder, NOON),
    ])
      expect(ladder).toBe(watch.ladder)
  })
})

describe('a storm', () => {
  test('leaves P1 as it is', () => {
    const watch = aWatch(ofPriority('P1'), BUSY)
    watch.storm = true
    watch.until(121)
    expect(watch.lines()).toEqual(['5 none_free', '10 louder', '20 lead', '45 all_leads', '120 management'])
  })

  test('tells nobody singly of P2: consoles and neighbours hear it; after it, the last people who were owed are told', () => {
    const watch = aWatch(ofPriority('P2'))
    watch.storm = true
    watch.until(1_000)
    expect(watch.lines()).toEqual(['30 louder', '180 all_leads', '780 all_leads'])
    expect(watch.dueAt).toBe(NOON + 1_200_000)
    watch.storm = false
    expect(watch.look()).toMatchObject([{ step: { id: 'all_leads' }, why: 'storm_over' }])
    expect(watch.look()).toEqual([])
  })

  test('its P2 that becomes P1 begins at step 1, and people are told of it singly', () => {
    const watch = aWatch(ofPriority('P2'))
    watch.storm = true
    watch.until(300)
    watch.becomes({ priority: 'P1' })
    watch.until(325)
    expect(watch.lines().slice(2)).toEqual(['310 louder', '320 lead'])
  })
})

describe('a clock that is wrong', () => {
  test('an alarm that fires twice tells once', () => {
    const watch = aWatch(ofPriority('P1'), NOBODY)
    watch.until(45)
    const { ladder } = watch
    const again = climb(ladder, watch.incident, NCR, { now: watch.now, attention: NOBODY, storm: false })
    expect(again.decisions).toEqual([])
    expect(again.ladder).toBe(ladder)
    expect(again.dueAt).toBe(watch.dueAt)
  })

  test('an alarm an hour late tells each step once, and goes on from there', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.now = NOON + 3_600_000
    expect(watch.look().map(({ step, n }) => `${step.id} ${n}`)).toEqual([
      'louder 1',
      'lead 1',
      'all_leads 1',
      'management 1',
    ])
    expect(watch.dueAt).toBe(watch.now + 120_000)
  })

  test('set back by an hour: what had passed has passed, nothing is told twice and nothing an hour late', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.until(21)
    watch.answers(acknowledge(watch.ladder, ben, NCR, watch.now))
    watch.until(30)
    watch.look()
    watch.now -= 3_600_000
    expect(watch.look()).toEqual([])
    expect(watch.dueAt).toBe(watch.now + 120_000)
    expect(watch.ladder.held?.until).toBe(watch.now + 120_000)
  })

  test('an incident alarmed in the future, by a clock that was right or wrong, climbs from now', () => {
    const ladder = begin(ofPriority('P1', { alarmedAt: NOON + 3_600_000 }), NOON)
    expect(ladder.since).toBe(NOON)
  })
})

describe('odd policies', () => {
  const only = (...steps: EscalationPolicy['steps']['P1']): EscalationPolicy => ({
    ...NCR,
    steps: { P1: steps, P2: steps, P3: steps, P4: steps },
  })
  const lead = NCR.steps.P1.find(({ id }) => id === 'lead')
  if (!lead) throw new Error('no lead')

  test('without any step: everyone active at the time of all leads, again and again', () => {
    const watch = aWatch(ofPriority('P1'), NOBODY, only())
    watch.until(300)
    expect(watch.lines()).toEqual(['45 last_resort', '165 last_resort', '285 last_resort'])
    expect(
      ahead(watch.ladder, watch.incident, only(), { now: watch.now, attention: NOBODY, storm: false }),
    ).toMatchObject([{ step: { who: [{ kind: 'everyone' }] }, at: NOON + 405_000 }])
  })

  test('that tell people once: the last of them are told again every two minutes', () => {
    const watch = aWatch(ofPriority('P3'), FREE, only({ ...lead, everyS: null }))
    watch.until(300)
    expect(watch.lines()).toEqual(['20 lead', '140 lead', '260 lead'])
  })

  test('with steps of one name: each is told', () => {
    const watch = aWatch(ofPriority('P1'), FREE, only(lead, { ...lead, afterS: 30 }))
    watch.until(31)
    expect(watch.lines()).toEqual(['20 lead', '30 lead~2'])
  })

  test('a row of another version, with steps that nobody knows, is borne', () => {
    const watch = aWatch(ofPriority('P1'))
    watch.ladder = { ...watch.ladder, fired: { of_tomorrow: { n: 3, at: NOON } } }
    watch.until(20)
    expect(watch.lines()).toEqual(['10 louder', '20 lead'])
  })
})

test('what is ahead is what will be told', () => {
  const watch = aWatch(ofPriority('P1'))
  watch.until(11)
  const moment = { now: watch.now, attention: watch.attention, storm: false }
  expect(
    ahead(watch.ladder, watch.incident, NCR, moment).map(({ step, at }) => `${(at - NOON) / 1_000} ${step.id}`),
  ).toEqual(['20 lead', '45 all_leads', '120 management'])
  watch.becomes(took(watch.incident, watch.now))
  expect(ahead(watch.ladder, watch.incident, NCR, moment)).toEqual([])
})
