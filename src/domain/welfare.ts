// "Are you OK?": what makes the tower ask a driver, how long it waits for an answer, and what becomes of none. Rules as data.
// A check is never an SOS: unanswered it is a P2 incident at most, and only so many an hour.

import type { DriverCard, VehicleCard } from './directory'
import type { Flag, Incident } from './incident'
import { mayReachPresser } from './phone-view'
import type { Position } from './position'
import type { Kind } from './press'
import { beginIncident } from './presses'
import type { RegionId } from './region'
import type { ReportEvent } from './report'

const S = 1_000
const MIN = 60 * S

export const HINT_REASONS = ['long_stop', 'crash', 'power_cut', 'tow'] as const
export type HintReason = (typeof HINT_REASONS)[number]

/** What a tracker says that a person is asked about. `sos` is none of it: that is a press. */
export const HINT_OF_EVENT: Partial<Record<ReportEvent, HintReason>> = {
  crash: 'crash',
  power_cut: 'power_cut',
  tow: 'tow',
}

export type WelfareRule = {
  /** Of the incident that an unanswered check becomes: the table of contact policy reads it. */
  kind: Kind
  flag: Flag
  /** What was said longer ago is not asked about: it has ended, one way or the other. */
  freshMs: number
  /** Nothing odd at a depot, a terminal or a workshop. */
  notAtKnownPlaces: boolean
  /** Nor at a depot that the fleet has drawn. A thief works there at night: his tow and his cut cable are asked about. */
  notAtDepots: boolean
  /** Unanswered by a device that was not heard since: it is the network that may be silent, so a word is waited for. */
  waitsForWord: boolean
}

export const WELFARE_RULES: Record<HintReason, WelfareRule> = {
  long_stop: {
    kind: 'other',
    flag: 'hint_long_stop',
    freshMs: 2 * MIN,
    notAtKnownPlaces: true,
    notAtDepots: true,
    waitsForWord: true,
  },
  // Somebody may lie there whose phone found the network an hour later.
  crash: {
    kind: 'crash',
    flag: 'hint_crash',
    freshMs: 60 * MIN,
    notAtKnownPlaces: false,
    notAtDepots: false,
    waitsForWord: false,
  },
  // Silence after it is what a thief makes of a tracker.
  power_cut: {
    kind: 'security',
    flag: 'hint_power_cut',
    freshMs: 10 * MIN,
    notAtKnownPlaces: true,
    notAtDepots: false,
    waitsForWord: false,
  },
  tow: {
    kind: 'security',
    flag: 'hint_tow',
    freshMs: 10 * MIN,
    notAtKnownPlaces: true,
    notAtDepots: false,
    waitsForWord: false,
  },
}

export const WELFARE = {
  /** A stop this long, on shift and at no known place, is asked about. Drivers wait for their next ride for less. */
  longStopMs: 30 * MIN,
  /** Fixes of a vehicle that stands scatter this far. */
  stopRadiusM: 150,
  /** The same is not asked of the same device again within this time. */
  againMs: 60 * MIN,
  answerMs: 60 * S,
  /** A device that was not heard since it was asked: after this it would be known to be in an area without coverage. */
  wordMs: 7 * MIN,
  /** Source: operators.md section 3. People who watch count; where nobody does, one is counted, for somebody is paged. */
  perOperatorHour: 6,
  hourMs: 60 * MIN,
  /** What was listed and touched by nobody for so long is no news any more. */
  listedMs: 2 * 60 * MIN,
  undoMs: 10 * MIN,
} as const

/** What a fleet shard noticed. The same hint said twice is one check: `deviceId`, `reason` and `at` name it. */
export type Hint = {
  deviceId: string
  reason: HintReason
  /** When it was so, epoch ms. */
  at: number
  position: Position | null
  /** Its ignition is on. Else only an open lifeline says that its driver is at work. */
  onShift: boolean
}

export const CHECK_ENDS = [
  'ok', // the phone's own answer
  'sos', // its person pressed, or has an incident
  'moving',
  'covered', // the area is without coverage: its silence says nothing
  'off_shift',
  'put_aside', // by a person
  'raised', // is an incident now
  'lapsed',
] as const
export type CheckEnd = (typeof CHECK_ENDS)[number]

/** Times are epoch ms. `listed`: unanswered, and beyond what operators can take in an hour. */
export type Check = Hint & {
  id: string
  state: 'asked' | 'listed' | 'over'
  begunAt: number
  /** When the question was on its way to the phone's lifeline. */
  askedAt: number | null
  /** First word of the device after the hint. */
  wordAt: number | null
  raisedAt: number | null
  incidentId: string | null
  end: CheckEnd | null
  endedAt: number | null
  /** Alias of the person who put it aside or raised it. */
  by: string | null
}

/** The gate: a person with an incident is asked nothing that the incident's own policy would not let through. */
export const mayAsk = (living: Pick<Incident, 'contactPolicy' | 'duress'> | null): boolean =>
  living === null || mayReachPresser(living, 'lifeline') === 'open'

/** How many checks may be raised in any hour. */
export const raisedPerHour = (watching: number): number => WELFARE.perOperatorHour * Math.max(1, watching)

export type Unanswered = { now: number; raisedLastHour: number; watching: number; covered: boolean }

/** What becomes of a check whose time has come. */
export function afterSilence(
  check: Check,
  at: Unanswered,
): { next: 'wait'; until: number } | { next: 'raise' | 'list' } | { next: 'end'; end: CheckEnd } {
  const { waitsForWord } = WELFARE_RULES[check.reason]
  const answerBy = (check.askedAt ?? check.begunAt) + WELFARE.answerMs
  if (at.now < answerBy) return { next: 'wait', until: answerBy }
  // Nobody at the wheel, for all that is known.
  if (check.reason === 'long_stop' && !check.onShift && check.askedAt === null) return { next: 'end', end: 'off_shift' }
  if (waitsForWord && check.wordAt === null) {
    if (at.covered) return { next: 'end', end: 'covered' }
    if (at.now < check.begunAt + WELFARE.wordMs) return { next: 'wait', until: check.begunAt + WELFARE.wordMs }
  }
  // What a crash or a thief said came through: its device was not covered by the notice when it said so.
  if (check.reason !== 'crash' && check.wordAt === null && at.covered) return { next: 'end', end: 'covered' }
  return { next: at.raisedLastHour < raisedPerHour(at.watching) ? 'raise' : 'list' }
}

export type CheckCards = { driver: DriverCard | null; vehicle: VehicleCard | null }

/** The P2 incident of an unanswered check. No press is in it: the first that comes makes it an SOS. */
export function checkIncident(
  check: Check,
  made: CheckCards & { id: string; home: RegionId; code: string; now: number },
): Incident {
  const { kind, flag } = WELFARE_RULES[check.reason]
  const begun = beginIncident({
    press: {
      sosId: made.id,
      deviceId: check.deviceId,
      home: made.home,
      tokenGeneration: 0,
      door: 'check',
      reporter: 'device',
      kind,
      position: check.position,
      safeToTalk: null,
      note: null,
      tripId: null,
      pressedAt: null,
      receivedAt: check.at,
      labels: [],
    },
    driver: made.driver,
    vehicle: made.vehicle,
    code: made.code,
    now: made.now,
  })
  return { ...begun, priority: 'P2', flags: ['check', flag], presses: [], pressCount: 0 }
}

/** As screens have it: without a word on whose it is. Times are ISO 8601, UTC. */
export type ShownCheck = {
  id: string
  reason: HintReason
  at: string
  state: 'listed' | 'put_aside'
  lat: number | null
  lng: number | null
  /** Alias of whoever put it aside. */
  by: string | null
}

export const shownCheck = (check: Check): ShownCheck => ({
  id: check.id,
  reason: check.reason,
  at: new Date(check.at).toISOString(),
  state: check.state === 'over' ? 'put_aside' : 'listed',
  lat: check.position?.lat ?? null,
  lng: check.position?.lng ?? null,
  by: check.by,
})
