import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Incident } from '../../src/domain/incident'
import { STATES } from '../../src/domain/incident'
import { asked, hearAnswer, mayBeAsked, QUEUE_ANSWERS, readAnswer } from '../../src/domain/queue-answer'
import { anIncident, NOON } from '../support/made-up'

const flood = (changes: Partial<Incident> = {}) => anIncident({ ...changes }, { kind: 'flood' })
const inLine = (changes: Partial<Incident> = {}) => asked(flood(changes), NOON)
const hear = (incident: Incident, answer: (typeof QUEUE_ANSWERS)[number], setByPerson = false): Incident => {
  const outcome = hearAnswer(incident, answer, { now: NOON + 1_000, via: 'lifeline', setByPerson })
  if (!outcome.ok) throw new Error(outcome.refusal.reason)
  return outcome.incident
}
const owner = { uid: 'ana', name: 'Ana', initials: 'A', alias: 'Desk 1', at: NOON }

describe('what a presser in line answers', () => {
  test('raises: trapped is P1 and sounds, hurt at least P2', () => {
    const trapped = hear(inLine(), 'trapped')
    expect(trapped.priority).toBe('P1')
    expect(trapped.ring).toMatchObject({ to: 'all', reason: 'raised' })
    expect(hear(inLine({ priority: 'P3' }), 'hurt').priority).toBe('P2')
    expect(hear(inLine({ priority: 'P1' }), 'hurt').priority).toBe('P1')
  })

  test('sounds to its owner alone where somebody has it', () => {
    const taken = inLine({ state: 'taken', owner })
    expect(hear(taken, 'trapped').ring).toMatchObject({ to: 'owner' })
  })

  test('lowers, where they were asked and nobody has it: stuck is P3, ok is P4', () => {
    expect(hear(inLine(), 'stuck').priority).toBe('P3')
    expect(hear(inLine(), 'ok').priority).toBe('P4')
  })

  test('lowers nothing that a person has set, holds, or that was graver before, nor what nobody asked', () => {
    expect(hear(inLine({ priority: 'P1' }), 'ok', true).priority).toBe('P1')
    expect(hear(inLine({ state: 'taken', owner }), 'ok').priority).toBe('P2')
    expect(hear(hear(inLine(), 'trapped'), 'ok').priority).toBe('P1')
    expect(hear(flood(), 'ok').priority).toBe('P2')
  })

  test('said twice changes nothing', () => {
    const outcome = hearAnswer(hear(inLine(), 'ok'), 'ok', { now: NOON + 9, via: 'sms', setByPerson: false })
    expect(outcome).toMatchObject({ ok: true, lines: [] })
  })

  test('"trapped" of somebody believed safe opens it again, and what is over is refused', () => {
    const safe = inLine({ state: 'safe', safeAt: NOON })
    expect(hear(safe, 'trapped')).toMatchObject({ state: 'new', owner: null, priority: 'P1', ring: { to: 'all' } })
    expect(hear(safe, 'ok').state).toBe('safe')
    const over = hearAnswer(inLine({ state: 'closed' }), 'trapped', { now: NOON, via: 'http', setByPerson: false })
    expect(over).toMatchObject({ ok: false, refusal: { reason: 'over' } })
  })

  test('is read by its word or its number', () => {
    expect(['trapped', ' HURT ', '3', 4].map(readAnswer)).toEqual(['trapped', 'hurt', 'stuck', 'ok'])
    expect(['', '5', 0, null, undefined, {}, 'help'].map(readAnswer)).toEqual(Array(7).fill(null))
  })
})

const anyIncident = fc
  .record({
    state: fc.constantFrom(...STATES),
    priority: fc.constantFrom('P1' as const, 'P2' as const, 'P3' as const, 'P4' as const),
    contactPolicy: fc.constantFrom('quiet' as const, 'voice_ok' as const),
    duress: fc.boolean(),
    owner: fc.constantFrom(null, owner),
    wasAsked: fc.boolean(),
  })
  .map(({ wasAsked, ...changes }) => (wasAsked ? inLine(changes) : flood(changes)))

test('where silence is kept, or a person has it, no answer ever lowers; and trapped is always P1', () => {
  fc.assert(
    fc.property(anyIncident, fc.constantFrom(...QUEUE_ANSWERS), fc.boolean(), (incident, answer, setByPerson) => {
      const outcome = hearAnswer(incident, answer, { now: NOON, via: 'http', setByPerson })
      if (!outcome.ok) return
      const { priority } = outcome.incident
      if (answer === 'trapped') expect(priority).toBe('P1')
      const silent = incident.contactPolicy === 'quiet' || incident.duress
      if (silent || incident.owner || setByPerson) expect(priority <= incident.priority).toBe(true)
    }),
  )
})

test('nobody is asked who must stay silent, is held by somebody, or was asked before', () => {
  fc.assert(
    fc.property(anyIncident, (incident) => {
      if (!mayBeAsked(incident)) return
      expect(incident).toMatchObject({ contactPolicy: 'voice_ok', duress: false, owner: null, state: 'new' })
      expect(incident.inLine).toBeUndefined()
      expect(mayBeAsked(asked(incident, NOON))).toBe(false)
    }),
  )
  expect(mayBeAsked(flood())).toBe(true)
})
