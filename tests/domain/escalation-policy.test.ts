// Policies: what a person may write, and what a page tells of them.

import { describe, expect, test } from 'bun:test'
import { defaultPolicy, type EscalationPolicy, type EscalationStep } from '../../src/domain/escalation-policy'
import { checkPolicy, explain } from '../../src/domain/policy-check'
import { REGION_IDS } from '../../src/domain/region'

const NCR = defaultPolicy('NCR')
const lead: EscalationStep = {
  id: 'lead',
  when: 'untaken',
  afterS: 20,
  who: [{ kind: 'duty', duty: 'lead' }],
  by: [['voice', 'sms'], ['email']],
  everyS: 120,
}
const withP1 = (...steps: EscalationStep[]): EscalationPolicy => ({ ...NCR, steps: { ...NCR.steps, P1: steps } })
const faultsOf = (policy: EscalationPolicy) => checkPolicy(policy).map(({ field, code }) => `${field} ${code}`)

describe('a policy', () => {
  test('as every region has it from the start may stand', () => {
    for (const region of REGION_IDS) expect(checkPolicy(defaultPolicy(region))).toEqual([])
    expect(checkPolicy(withP1(lead, { ...lead, id: 'sooner', afterS: 5 }))).toEqual([])
  })

  test('names its neighbour, and not itself', () => {
    expect(faultsOf({ ...NCR, neighbour: 'NCR' })).toEqual(['neighbour own_region'])
  })

  test.each(['P1', 'P2', 'P3'] as const)('leaves no %s without people for as long as nobody takes it', (priority) => {
    const policy = (steps: EscalationStep[]) => ({ ...NCR, steps: { ...NCR.steps, [priority]: steps } })
    const faults = [`steps.${priority} no_people`]
    expect(faultsOf(policy([]))).toEqual(faults)
    expect(faultsOf(policy([{ ...lead, when: 'unwatched' }]))).toEqual(faults)
    expect(faultsOf(policy([{ ...lead, who: [{ kind: 'consoles' }, { kind: 'neighbour' }] }]))).toEqual(faults)
  })

  test('may tell nobody of P4', () => {
    expect(faultsOf({ ...NCR, steps: { ...NCR.steps, P4: [] } })).toEqual([])
  })

  test.each<[string, Partial<EscalationStep>]>([
    ['id id_empty', { id: ' ' }],
    ['when condition_unknown', { when: 'full_moon' as 'untaken' }],
    ['afterS too_large', { afterS: 3_601 }],
    ['afterS too_small', { afterS: -1 }],
    ['afterS not_whole', { afterS: 1.5 }],
    ['everyS too_small', { everyS: 29 }],
    ['everyS too_large', { everyS: 3_601 }],
    ['everyS not_whole', { everyS: Number.NaN }],
    ['who who_empty', { who: [] }],
    ['who.0.duty who_unknown', { who: [{ kind: 'duty', duty: 'cook' as 'lead' }] }],
    ['who.1.contactId who_unknown', { who: [{ kind: 'everyone' }, { kind: 'person', contactId: '' }] }],
    ['who.0.team who_unknown', { who: [{ kind: 'team', team: ' ' }] }],
    ['who.0.kind who_unknown', { who: [{ kind: 'police' } as unknown as { kind: 'everyone' }] }],
    ['by by_empty', { by: [] }],
    ['by.1 by_empty', { by: [['sms'], []] }],
    ['by.0 channel_unknown', { by: [['lifeline']] }],
    ['by.1 channel_twice', { by: [['sms'], ['voice', 'sms']] }],
  ])('has a fault that names its field: %s', (wanted, change) => {
    expect(faultsOf(withP1(lead, { ...lead, id: 'other', ...change }))).toEqual([`steps.P1.1.${wanted}`])
  })

  test('has steps of different names, and not too many of them', () => {
    expect(faultsOf(withP1(lead, lead))).toEqual(['steps.P1.1.id id_twice'])
    expect(faultsOf(withP1(...Array.from({ length: 21 }, (_, n) => ({ ...lead, id: `s${n}` }))))).toEqual([
      'steps.P1 too_many_steps',
    ])
  })

  test('names people and teams who are there, where it is known who is', () => {
    const who: EscalationStep['who'] = [
      { kind: 'person', contactId: 'ben' },
      { kind: 'person', contactId: 'gone' },
      { kind: 'team', team: 'ghosts' },
    ]
    const known = { contactIds: new Set(['ben']), teams: new Set(['leads']) }
    expect(checkPolicy(withP1({ ...lead, who }), known).map(({ field, code }) => `${field} ${code}`)).toEqual([
      'steps.P1.0.who.1.contactId who_unknown',
      'steps.P1.0.who.2.team who_unknown',
    ])
  })

  test.each<[string, Partial<EscalationPolicy>]>([
    ['ackHoldsS too_small', { ackHoldsS: 9 }],
    ['ackHoldsS too_large', { ackHoldsS: 601 }],
    ['bundleS too_small', { bundleS: -1 }],
    ['hourlyBudget too_small', { hourlyBudget: 0 }],
    ['towerDownS too_large', { towerDownS: 301 }],
    ['storm.offeredAt too_small', { storm: { ...NCR.storm, offeredAt: 0 } }],
    ['storm.ownAt not_whole', { storm: { ...NCR.storm, ownAt: 1.5 } }],
    ['storm.withinS too_large', { storm: { ...NCR.storm, withinS: 3_601 } }],
    ['storm.repeatS too_small', { storm: { ...NCR.storm, repeatS: 59 } }],
  ])('keeps its figures within limits: %s', (wanted, change) => {
    expect(faultsOf({ ...NCR, ...change })).toEqual([wanted])
  })
})

describe('the rows of a policy', () => {
  test('stand in the order in which they come due', () => {
    expect(explain(NCR, 'P1').map(({ afterS, id, everyS }) => [afterS, id, everyS])).toEqual([
      [0, 'unwatched', 120],
      [5, 'none_free', null],
      [10, 'louder', null],
      [20, 'lead', 120],
      [45, 'all_leads', 120],
      [120, 'management', 120],
    ])
  })

  test('show what the tower does by itself: the last people again, and everyone where nobody is named', () => {
    expect(explain(withP1({ ...lead, everyS: null }), 'P1')).toEqual([{ ...lead, everyS: 120, builtIn: false }])
    expect(explain(withP1(), 'P1')).toMatchObject([
      { who: [{ kind: 'everyone' }], afterS: 45, everyS: 120, builtIn: true },
    ])
    expect(explain(NCR, 'P4')).toEqual([])
  })
})
