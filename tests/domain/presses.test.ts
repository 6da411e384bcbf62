import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { decide } from '../../src/domain/decide'
import { KINDS } from '../../src/domain/press'
import { beginIncident, mergePress, takesPress } from '../../src/domain/presses'
import { rank } from '../../src/domain/priority'
import { anIncident, aPress, inCebu, inManila, NOON, person } from '../support/made-up'

const merged = (...args: Parameters<typeof mergePress>) => {
  const outcome = mergePress(...args)
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  return outcome.incident
}

const taken = (changes = {}) => {
  const outcome = decide(anIncident(changes), { type: 'take' }, person('ana'), {
    now: NOON + 1_000,
    newId: 'x',
    nextFree: null,
  })
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  return outcome.incident
}

describe('a press that begins an incident', () => {
  test('an unknown panic is P1, new and sounding to all', () => {
    expect(anIncident()).toMatchObject({ state: 'new', priority: 'P1', ring: { n: 1, to: 'all' }, pressCount: 1 })
  })

  test('the desk is the region of a fresh fix, the room is home', () => {
    const far = beginIncident({
      press: aPress({ position: inCebu }),
      driver: null,
      vehicle: null,
      code: 'NCR-1',
      now: NOON,
    })
    expect([far.region, far.desk]).toEqual(['NCR', 'CEB'])
  })

  test('a stale or doubtful fix does not choose the desk', () => {
    const old = { ...inCebu, fixedAt: NOON - 10 * 60_000 }
    const mocked = { ...inCebu, doubts: ['mocked' as const] }
    for (const position of [old, mocked, null]) {
      expect(
        beginIncident({ press: aPress({ position }), driver: null, vehicle: null, code: '', now: NOON }).desk,
      ).toBe('NCR')
    }
  })
})

describe('a press that joins an incident', () => {
  test('never lowers, whatever comes in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 8 }), (kinds) => {
        let incident = anIncident({}, { kind: kinds[0] ?? 'panic' })
        for (const kind of kinds) {
          const next = merged(incident, { press: aPress({ kind }), now: NOON })
          expect(rank(next.priority)).toBeLessThanOrEqual(rank(incident.priority))
          if (incident.contactPolicy === 'quiet') expect(next.contactPolicy).toBe('quiet')
          expect(next.pressCount).toBe(incident.pressCount + 1)
          incident = next
        }
      }),
    )
  })

  test('on a taken incident sounds to its owner, who has 15 s to react', () => {
    const next = merged(taken(), { press: aPress({ receivedAt: NOON + 70_000 }), now: NOON + 70_000 })
    expect(next.ring).toMatchObject({ to: 'owner', reason: 're_press' })
    expect(next.reactBy).toBe(NOON + 85_000)
    expect(next.state).toBe('taken')
  })

  test('the fourth within a minute sounds to everyone', () => {
    let incident = taken()
    for (let n = 1; n <= 3; n++)
      incident = merged(incident, { press: aPress({ receivedAt: NOON + n * 1_000 }), now: NOON + n * 1_000 })
    expect(incident.ring.to).toBe('all')
  })

  test('a graver kind sounds to everyone, also on a taken one', () => {
    const flood = taken({ kind: 'flood', priority: 'P2' })
    const next = merged(flood, { press: aPress({ kind: 'panic', receivedAt: NOON + 90_000 }), now: NOON + 90_000 })
    expect(next).toMatchObject({ priority: 'P1', kind: 'panic', ring: { to: 'all', reason: 'raised' } })
  })

  test('after safe opens it again, with sound and without an owner', () => {
    const safe = anIncident({ state: 'safe', safeAt: NOON })
    expect(takesPress(safe, NOON + 60_000)).toBe(true)
    const next = merged(safe, { press: aPress(), now: NOON + 60_000 })
    expect(next).toMatchObject({ state: 'new', owner: null, ring: { to: 'all', reason: 'reopened' } })
  })

  test('after its end begins another incident', () => {
    for (const state of ['closed', 'cancelled', 'false_alarm', 'duplicate'] as const)
      expect(takesPress(anIncident({ state }), NOON)).toBe(false)
    expect(takesPress(anIncident({ state: 'safe', safeAt: NOON }), NOON + 31 * 60_000)).toBe(false)
  })

  test('a newer fix wins, an older one does not go back', () => {
    const older = { ...inCebu, fixedAt: NOON - 5_000 }
    expect(merged(anIncident(), { press: aPress({ position: older }), now: NOON }).position).toEqual(inManila)
  })

  test('a taken incident stays on its desk; an untaken one follows the fix', () => {
    const later = { ...inCebu, fixedAt: NOON + 1_000 }
    expect(merged(taken(), { press: aPress({ position: later }), now: NOON + 1_000 }).desk).toBe('NCR')
    expect(merged(anIncident(), { press: aPress({ position: later }), now: NOON + 1_000 }).desk).toBe('CEB')
  })

  test('under duress the word "safe to talk" is worth nothing', () => {
    const forced = anIncident({ duress: true })
    expect(merged(forced, { press: aPress({ safeToTalk: true }), now: NOON }).contactPolicy).toBe('quiet')
  })
})
