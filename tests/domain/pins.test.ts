import { describe, expect, test } from 'bun:test'
import { clocksOf } from '../../src/domain/clocks'
import type { Incident } from '../../src/domain/incident'
import { decidePin, type PinVerdict } from '../../src/domain/pins'
import { mergePress } from '../../src/domain/presses'
import { anIncident, aPress, NOON } from '../support/made-up'

const pin = (verdict: PinVerdict['verdict'], changes: Partial<PinVerdict> = {}): PinVerdict => ({
  sosId: 's',
  deviceId: 'dev-1',
  verdict,
  at: NOON + 9_000,
  ...changes,
})
const after = (incident: Incident, verdict: PinVerdict): Incident => {
  const outcome = decidePin(incident, verdict, NOON + 10_000)
  if (!outcome.ok) throw new Error('refused')
  return outcome.incident
}

describe('the true PIN', () => {
  test('stops the alarm and leaves the incident in the queue to be verified', () => {
    const cancelled = after(anIncident(), pin('true'))
    expect(cancelled).toMatchObject({ state: 'cancelled', ring: { to: 'none' } })
    expect(cancelled.flags).toContain('cancel_verify')
    expect(clocksOf(cancelled).cancel_verify).toBe(NOON + 130_000)
  })

  test("does not end the incident while another device's press of the same person stands", () => {
    const merged = mergePress(anIncident(), { press: aPress({ deviceId: 'wired-7', door: 'wired' }), now: NOON })
    if (!merged.ok) throw new Error('refused')
    expect(after(merged.incident, pin('true')).state).toBe('new')
    expect(after(after(merged.incident, pin('true')), pin('true', { deviceId: 'wired-7' })).state).toBe('cancelled')
  })

  test('does not leave the queue by itself where something is odd or somebody outside was told', () => {
    for (const odd of [{ outsideTold: true }, { flags: ['pin_guessing' as const] }]) {
      expect(clocksOf(after(anIncident(odd), pin('true'))).cancel_verify).toBeUndefined()
    }
  })

  test('calms nothing once a duress PIN was given', () => {
    const forced = after(anIncident(), pin('duress'))
    expect(after(forced, pin('true'))).toBe(forced)
  })
})

describe('the duress PIN', () => {
  test('keeps it open, makes it quiet and P1, and sounds to all', () => {
    const forced = after(anIncident({ contactPolicy: 'voice_ok', priority: 'P2' }), pin('duress'))
    expect(forced).toMatchObject({
      state: 'new',
      duress: true,
      contactPolicy: 'quiet',
      priority: 'P1',
      ring: { to: 'all' },
    })
    expect(forced.flags).toContain('duress')
  })

  test('brings an incident back that a true PIN had cancelled', () => {
    const cancelled = after(anIncident(), pin('true'))
    expect(after(cancelled, pin('duress'))).toMatchObject({ state: 'new', duress: true })
  })
})

describe('a wrong PIN', () => {
  test('never cancels, and the fifth is an alarm of its own', () => {
    let incident = anIncident({ contactPolicy: 'voice_ok' })
    for (let n = 1; n <= 4; n++) incident = after(incident, pin('wrong'))
    expect(incident).toMatchObject({ state: 'new', wrongPins: 4, contactPolicy: 'voice_ok' })
    incident = after(incident, pin('wrong'))
    expect(incident.flags).toContain('pin_guessing')
    expect(incident).toMatchObject({ state: 'new', contactPolicy: 'quiet', ring: { to: 'all' } })
  })

  test('does not fill the log for ever', () => {
    let incident = anIncident()
    for (let n = 0; n < 50; n++) incident = after(incident, pin('wrong'))
    expect(incident.wrongPins).toBe(20)
  })
})
