import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Act } from '../../src/domain/command'
import { decide, release } from '../../src/domain/decide'
import { furthestLeg, type Incident, OPEN_STATES } from '../../src/domain/incident'
import { MOVES } from '../../src/domain/moves'
import { anIncident, NOON, person } from '../support/made-up'

type Solo = Parameters<typeof decide>[1]
const at = { now: NOON + 5_000, newId: 'leg-1', nextFree: { uid: 'ben', name: 'Desk ben' } }
const ana = person('ana')
const ben = person('ben')

const does = (incident: Incident, act: Solo, actor = ana): Incident => {
  const outcome = decide(incident, act, actor, at)
  if (!outcome.ok) throw new Error(`${outcome.refusal.reason}: ${outcome.refusal.message}`)
  return outcome.incident
}
const refusal = (incident: Incident, act: Solo, actor = ana): string => {
  const outcome = decide(incident, act, actor, at)
  return outcome.ok ? 'accepted' : outcome.refusal.reason
}
const voiceOk = (changes: Partial<Incident> = {}) => anIncident({ contactPolicy: 'voice_ok', ...changes })

describe('take is own', () => {
  test('of two at once the second is told who has it', () => {
    const taken = does(anIncident(), { type: 'take' })
    expect(taken).toMatchObject({
      state: 'taken',
      takenAt: at.now,
      owner: { uid: 'ana', initials: 'AS', alias: 'Desk ana' },
      ring: { to: 'none' },
    })
    const second = decide(taken, { type: 'take' }, ben, at)
    expect(second.ok ? '' : second.refusal.message).toContain('ana Santos')
  })

  test('taking it twice is one take', () => {
    const taken = does(anIncident(), { type: 'take' })
    const again = decide(taken, { type: 'take' }, ana, at)
    expect(again.ok && again.lines).toEqual([])
  })

  test('passed on, it is back in the queue with sound and offered to who is free', () => {
    const passed = does(does(anIncident(), { type: 'take' }), { type: 'pass' })
    expect(passed).toMatchObject({ state: 'new', owner: null, offeredTo: { uid: 'ben' }, ring: { to: 'all' } })
  })

  test("nobody passes another's, but a supervisor", () => {
    const taken = does(anIncident(), { type: 'take' })
    expect(refusal(taken, { type: 'pass' }, ben)).toBe('not_yours')
    expect(refusal(taken, { type: 'pass' }, person('lea', { role: 'supervisor' }))).toBe('accepted')
  })

  test('released for want of a screen or an act, it sounds again and keeps what was asked for', () => {
    const asked = does(does(anIncident(), { type: 'take' }), { type: 'leg', kind: 'rover', name: 'Rover 2' })
    const released = release(asked, 'owner_screen_gone', NOON + 30_000)
    expect(released.ok && released.incident).toMatchObject({
      state: 'help_asked',
      owner: null,
      ring: { to: 'all', reason: 'requeued' },
    })
    expect(released.ok && released.incident.flags).toContain('requeued')
  })
})

describe('quiet and duress', () => {
  test('a call, a text or a word to the contacts is refused while quiet, an agency is not', () => {
    const quiet = anIncident()
    expect(refusal(quiet, { type: 'contact-attempt', to: 'driver', channel: 'call', outcome: 'no_answer' })).toBe(
      'quiet',
    )
    expect(refusal(quiet, { type: 'contact-attempt', to: 'driver', channel: 'text', outcome: 'answered' })).toBe(
      'quiet',
    )
    expect(refusal(quiet, { type: 'contact-attempt', to: 'contact', channel: 'call', outcome: 'answered' })).toBe(
      'quiet',
    )
    expect(refusal(quiet, { type: 'contact-attempt', to: 'agency', channel: 'call', outcome: 'called' })).toBe(
      'accepted',
    )
    expect(refusal(voiceOk(), { type: 'contact-attempt', to: 'driver', channel: 'call', outcome: 'answered' })).toBe(
      'accepted',
    )
  })

  test('closing a quiet incident, or calling it false, needs a second person', () => {
    const ends: Solo[] = [{ type: 'close' }, { type: 'false-alarm', reason: 'accidental' }]
    for (const act of ends) {
      const incident = act.type === 'close' ? anIncident({ state: 'safe' }) : anIncident({ state: 'taken' })
      const first = does(incident, act)
      expect(first.state).toBe(incident.state)
      expect(first.pending?.by).toBe('ana')
      expect(first.flags).toContain('needs_second')
      expect(refusal(first, act)).toBe('second_person')
      const second = does(first, act, ben)
      expect(second.state).toBe(act.type === 'close' ? 'closed' : 'false_alarm')
      expect(second.flags).not.toContain('needs_second')
    }
  })

  test('one person is enough where the incident is voice-ok', () => {
    expect(does(voiceOk({ state: 'safe' }), { type: 'close' })).toMatchObject({ state: 'closed', closedAt: at.now })
  })

  test('under duress nobody makes it voice-ok before the duress is lifted', () => {
    const forced = anIncident({ duress: true, flags: ['duress'] })
    expect(refusal(forced, { type: 'contact-policy', policy: 'voice_ok', reason: 'spoke' })).toBe('duress')
    const lifted = does(forced, { type: 'lift-duress', reason: 'met in person' })
    expect(does(lifted, { type: 'contact-policy', policy: 'voice_ok', reason: 'spoke' }).contactPolicy).toBe('voice_ok')
  })
})

describe('legs', () => {
  test('several at once; the incident shows the furthest, and "on the way" only after an acceptance', () => {
    let incident = does(anIncident(), { type: 'leg', kind: 'rover', name: 'Rover 2' })
    expect(incident).toMatchObject({ state: 'help_asked', helpOnTheWayAt: null, outsideTold: true })
    const second = decide(incident, { type: 'leg', kind: 'police', name: 'PS-7' }, ana, { ...at, newId: 'leg-2' })
    if (!second.ok) throw new Error('refused')
    incident = does(second.incident, { type: 'leg', legId: 'leg-2', state: 'declined' })
    expect(incident.helpOnTheWayAt).toBeNull()
    incident = does(incident, { type: 'leg', legId: 'leg-1', state: 'accepted' })
    expect(incident.helpOnTheWayAt).toBe(at.now)
    expect(furthestLeg(incident.legs)).toBe('accepted')
    expect(furthestLeg(does(incident, { type: 'leg', legId: 'leg-1', state: 'there' }).legs)).toBe('there')
  })

  test('a leg never goes back, and an ended one stays ended', () => {
    let incident = does(anIncident(), { type: 'leg', kind: 'rover', name: 'Rover 2' })
    incident = does(incident, { type: 'leg', legId: 'leg-1', state: 'there' })
    expect(refusal(incident, { type: 'leg', legId: 'leg-1', state: 'accepted' })).toBe('leg_state')
    incident = does(incident, { type: 'leg', legId: 'leg-1', state: 'done' })
    expect(refusal(incident, { type: 'leg', legId: 'leg-1', state: 'there' })).toBe('leg_state')
    expect(refusal(incident, { type: 'leg', legId: 'nope', state: 'there' })).toBe('unknown_leg')
    expect(refusal(incident, { type: 'leg' })).toBe('leg_incomplete')
  })
})

describe('every state and act', () => {
  const ACTS: Solo[] = [
    { type: 'take' },
    { type: 'pass' },
    { type: 'help' },
    { type: 'note', text: 'n' },
    { type: 'priority', priority: 'P3' },
    { type: 'contact-policy', policy: 'voice_ok', reason: 'r' },
    { type: 'contact-attempt', to: 'agency', channel: 'call', outcome: 'called' },
    { type: 'leg', kind: 'rover', name: 'R' },
    { type: 'safe', confirmedBy: 'police_there' },
    { type: 'false-alarm', reason: 'accidental' },
    { type: 'close' },
    { type: 'reopen' },
    { type: 'lift-duress', reason: 'r' },
  ]

  test('what the table of moves does not name is refused, whoever asks', () => {
    for (const act of ACTS) {
      for (const state of [
        'new',
        'taken',
        'help_asked',
        'safe',
        'closed',
        'cancelled',
        'false_alarm',
        'duplicate',
      ] as const) {
        const allowed = MOVES[act.type].from.includes(state)
        const outcome = decide(anIncident({ state }), act, ana, at)
        if (!allowed) expect(outcome.ok ? 'accepted' : outcome.refusal.reason).toBe('wrong_state')
      }
    }
  })

  test('whatever people do, an incident stays whole', () => {
    const actors = [ana, ben, person('lea', { role: 'supervisor' })]
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...ACTS), fc.constantFrom(...actors)), { maxLength: 30 }),
        (steps) => {
          let incident = anIncident()
          for (const [act, actor] of steps) {
            const outcome = decide(
              incident,
              act as Exclude<Act, { type: 'link' | 'unlink' | 'merge' | 'unmerge' }>,
              actor,
              at,
            )
            if (!outcome.ok) continue
            incident = outcome.incident
            if (incident.state === 'taken') expect(incident.owner).not.toBeNull()
            if (incident.state === 'new') expect(incident.owner).toBeNull()
            if (incident.state === 'closed') expect(incident.closedAt).not.toBeNull()
            if (incident.owner === null && OPEN_STATES.includes(incident.state))
              expect(incident.ring.to === 'none' && incident.ring.reason === 'taken').toBe(false)
          }
        },
      ),
    )
  })
})
