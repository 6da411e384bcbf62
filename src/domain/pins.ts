// What a PIN does to the incident of its press: the true one, the one under duress, and a wrong one.

import type { Incident } from './incident'
import { accept, type Outcome, ring, unchanged, withFlag } from './outcome'

const GUESSING_AT = 5
/** Beyond this a further wrong PIN tells nothing new, and must not fill the log. */
const WRONG_PINS_LOGGED = 20

export type PinVerdict = { sosId: string; deviceId: string; verdict: 'true' | 'duress' | 'wrong'; at: number }

/** A true PIN cancels the presses of its own device only; another device's press of the same person stays. */
export function decidePin(incident: Incident, pin: PinVerdict, now: number): Outcome {
  if (pin.verdict === 'duress') return underDuress(incident, pin, now)
  if (pin.verdict === 'wrong') return wrongPin(incident, pin, now)
  return truePin(incident, pin, now)
}

function truePin(incident: Incident, pin: PinVerdict, now: number): Outcome {
  // Once somebody was forced, no PIN calms it: only a person does.
  if (incident.duress) return unchanged(incident)
  const presses = incident.presses.map((press) =>
    press.deviceId === pin.deviceId && press.receivedAt <= pin.at ? { ...press, cancelled: true } : press,
  )
  const line = { type: 'press_cancelled' as const, body: { sosId: pin.sosId, deviceId: pin.deviceId } }
  const open = incident.state === 'new' || incident.state === 'taken' || incident.state === 'help_asked'
  if (!open || presses.some((press) => !press.cancelled)) return accept({ ...incident, presses, changedAt: now }, line)
  return accept(
    {
      ...incident,
      presses,
      state: 'cancelled',
      flags: withFlag(incident, 'cancel_verify'),
      cancelledByPin: true,
      cancelledAt: now,
      reactBy: null,
      ring: ring(incident, 'none', 'ended', now),
      changedAt: now,
    },
    line,
  )
}

// The phone reads "cancelled" from now on. Everyone at the desks hears that the opposite is true.
function underDuress(incident: Incident, pin: PinVerdict, now: number): Outcome {
  const ended =
    incident.state === 'cancelled' ||
    incident.state === 'safe' ||
    incident.state === 'closed' ||
    incident.state === 'false_alarm'
  return accept(
    {
      ...incident,
      duress: true,
      contactPolicy: 'quiet',
      policyReason: 'duress',
      priority: 'P1',
      state: ended ? 'new' : incident.state,
      owner: ended ? null : incident.owner,
      flags: withFlag(incident, 'duress').filter((flag) => flag !== 'cancel_verify'),
      pending: null,
      alarmedAt: now,
      ring: ring(incident, 'all', 'raised', now),
      changedAt: now,
    },
    { type: 'duress_pin', body: { sosId: pin.sosId, deviceId: pin.deviceId } },
  )
}

function wrongPin(incident: Incident, pin: PinVerdict, now: number): Outcome {
  if (incident.wrongPins >= WRONG_PINS_LOGGED) return unchanged(incident)
  const wrongPins = incident.wrongPins + 1
  const line = { type: 'wrong_pin' as const, body: { sosId: pin.sosId, deviceId: pin.deviceId, count: wrongPins } }
  if (wrongPins !== GUESSING_AT) return accept({ ...incident, wrongPins, changedAt: now }, line)
  // Somebody who does not know the PIN has the phone: nothing may reach it any more.
  return accept(
    {
      ...incident,
      wrongPins,
      contactPolicy: 'quiet',
      policyReason: 'pin_guessing',
      flags: withFlag(incident, 'pin_guessing'),
      ring: ring(incident, 'all', 'raised', now),
      changedAt: now,
    },
    line,
    { type: 'pin_guessing', body: { deviceId: pin.deviceId } },
  )
}
