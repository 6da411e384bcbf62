import { describe, expect, test } from 'bun:test'
import { contactPolicyOf } from '../../src/domain/contact-policy'
import { mayReachPresser, neutralView, phoneViewOf } from '../../src/domain/phone-view'
import { DOORS, KINDS, REPORTERS } from '../../src/domain/press'
import { anIncident, NOON } from '../support/made-up'

describe('quiet until proven', () => {
  const VOICE_OK = new Set(['crash', 'medical', 'fire', 'flood'])
  const SILENT_REPORTERS = new Set(['passenger', 'unenrolled', 'contact'])
  const SILENT_DOORS = new Set(['wired', 'text'])

  for (const kind of KINDS) {
    for (const reporter of REPORTERS) {
      for (const door of DOORS) {
        const voice = VOICE_OK.has(kind) && !SILENT_REPORTERS.has(reporter) && !SILENT_DOORS.has(door)
        test(`${kind} by ${reporter} through ${door} begins ${voice ? 'voice_ok' : 'quiet'}`, () => {
          expect(contactPolicyOf({ kind, reporter, door, safeToTalk: null }).policy).toBe(voice ? 'voice_ok' : 'quiet')
        })
      }
    }
  }

  test("the presser's own word stands above the table, both ways", () => {
    expect(contactPolicyOf({ kind: 'panic', reporter: 'driver', door: 'api', safeToTalk: true }).policy).toBe(
      'voice_ok',
    )
    expect(contactPolicyOf({ kind: 'crash', reporter: 'driver', door: 'api', safeToTalk: false }).policy).toBe('quiet')
  })
})

describe('the one gate towards the presser', () => {
  const WAYS = ['status', 'lifeline', 'app_reply', 'call', 'text', 'push', 'contacts', 'share', 'area'] as const

  test('a quiet incident sends nothing, and answers only neutrally', () => {
    for (const way of WAYS) {
      const answer = mayReachPresser({ contactPolicy: 'quiet', duress: false }, way)
      expect(answer).toBe(way === 'status' || way === 'app_reply' ? 'neutral' : 'nothing')
    }
  })

  test('duress closes the gate whatever the policy says', () => {
    for (const way of WAYS) expect(mayReachPresser({ contactPolicy: 'voice_ok', duress: true }, way)).not.toBe('open')
  })

  test('whatever happens to a quiet incident, its phone reads the same bytes', () => {
    const press = { receivedAt: NOON, cancelled: false }
    const owner = { uid: 'ana', name: 'Ana Cruz', initials: 'AC', alias: 'Desk 3', at: NOON }
    const lives = [
      anIncident(),
      anIncident({ shownAt: NOON + 1 }),
      anIncident({ state: 'taken', takenAt: NOON + 2, owner }),
      anIncident({ state: 'help_asked', helpOnTheWayAt: NOON + 3, takenAt: NOON + 2, owner }),
      anIncident({ state: 'safe', safeAt: NOON + 4 }),
      anIncident({ state: 'closed', closedAt: NOON + 5 }),
      anIncident({ offered911At: NOON + 30_000 }),
    ]
    const neutral = JSON.stringify(neutralView(NOON))
    for (const incident of lives) expect(JSON.stringify(phoneViewOf(incident, press))).toBe(neutral)
  })

  test('after the true PIN and after the duress PIN the phone reads the same bytes', () => {
    const cancelled = phoneViewOf(anIncident({ state: 'cancelled', cancelledAt: NOON + 9 }), {
      receivedAt: NOON,
      cancelled: true,
    })
    const forced = phoneViewOf(anIncident({ duress: true, priority: 'P1' }), { receivedAt: NOON, cancelled: false })
    const forcedOnVoiceOk = phoneViewOf(
      anIncident({ duress: true, contactPolicy: 'voice_ok', shownAt: 1, takenAt: 2, state: 'taken' }),
      { receivedAt: NOON, cancelled: false },
    )
    expect(JSON.stringify(forced)).toBe(JSON.stringify(cancelled))
    expect(JSON.stringify(forcedOnVoiceOk)).toBe(JSON.stringify(cancelled))
  })

  test('a voice-ok phone reads what happened, and a desk, never a name', () => {
    const owner = { uid: 'ana', name: 'Ana Cruz', initials: 'AC', alias: 'Desk 3', at: NOON + 2 }
    const incident = anIncident({
      contactPolicy: 'voice_ok',
      shownAt: NOON + 1,
      state: 'taken',
      takenAt: NOON + 2,
      owner,
    })
    const view = phoneViewOf(incident, { receivedAt: NOON, cancelled: false })
    expect(view).toEqual({ state: 'taken', receivedAt: NOON, shownAt: NOON + 1, takenAt: NOON + 2, desk: 'Desk 3' })
    expect(JSON.stringify(view)).not.toContain('Ana')
  })

  test('"help is on the way" needs a responder who accepted', () => {
    const asked = anIncident({ contactPolicy: 'voice_ok', state: 'help_asked', takenAt: NOON })
    expect(phoneViewOf(asked, { receivedAt: NOON, cancelled: false }).state).toBe('help_asked')
    const accepted = { ...asked, helpOnTheWayAt: NOON + 5 }
    expect(phoneViewOf(accepted, { receivedAt: NOON, cancelled: false }).state).toBe('help_on_the_way')
  })
})
