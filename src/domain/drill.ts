// A drill: somebody, or something, is tried as if it were real, and what each of them did is kept. What a press in a drill's
// window means is in drill-press.ts, when drills begin by themselves in drill-schedule.ts, what they tell in drill-report.ts.

import type { Channel } from './page'
import type { Press } from './press'
import type { RegionId } from './region'

/** A driver's button, a person on duty, a way out of the tower, or a whole region from press to hand. */
export const DRILL_KINDS = ['driver', 'duty', 'channel', 'region'] as const
export type DrillKind = (typeof DRILL_KINDS)[number]

/**
 * What came of one that was tried. `became_real`: the alarm came, and by what else came it was no drill any more.
 * `no_alarm`: its app reported meanwhile and sent no alarm. `silent`: nothing came at all. `unknown`: no alarm, and nobody
 * could say whether it reported. `not_reached`: they were never asked. `moving`: on the road, so nobody was asked.
 */
export const OUTCOMES = [
  'passed',
  'became_real',
  'no_alarm',
  'silent',
  'unknown',
  'declined',
  'no_answer',
  'failed',
  'not_taken',
  'not_reached',
  'moving',
  'called_off',
] as const
export type DrillOutcome = (typeof OUTCOMES)[number]

/** Null where it says nothing of what was tried: whoever was not asked has neither passed nor failed. */
export const PASSED: Record<DrillOutcome, boolean | null> = {
  passed: true,
  became_real: true,
  no_alarm: false,
  silent: false,
  unknown: false,
  declined: false,
  no_answer: false,
  failed: false,
  not_taken: false,
  not_reached: null,
  moving: null,
  called_off: null,
}

/**
 * `waiting`: its place is being asked for. `asked`: it is under way. `judging`: time is up, and its reports are being asked
 * for. `over`: nothing of it is awaited any more.
 */
export type TrialState = 'waiting' | 'asked' | 'judging' | 'over'

/** One that is tried. Times are epoch ms. */
export type Trial = {
  drillId: string
  kind: DrillKind
  /** `device:ncr-7`, `contact:…`, `channel:sms`, `region:NCR`. */
  subject: string
  name: string
  state: TrialState
  at: number
  until: number
  outcome: DrillOutcome | null
  /** A word more: a provider's error, why it was called off. */
  why: string | null
  /** From being asked to the press, the answer, the receipt, the hand that took it. */
  tookMs: number | null
  endedAt: number | null
  /** Whose device it is: an incident of theirs ends it. Null where no device is tried. */
  person: string | null
  /** The page that asked, where there is one. */
  pageId: string | null
  /** What the phone's app calls itself: "TraccarClient 10.0". */
  app: string | null
  /** How its app speaks: `traccar`, `owntracks`, …; the door of its press where nothing else is known. */
  client: string | null
  channel: Channel | null
  provider: string | null
  /** A press came with a place. */
  fix: boolean | null
  /** Where it stood when it was asked. */
  place: { lat: number; lng: number } | null
  /** The press that counted, kept whole: it may turn out to be real. */
  press: { press: Press; intake: string } | null
}

/** `by`: a uid, or `schedule:<id>`. `incidentId`: of a region's made-up incident. */
export type Drill = {
  id: string
  region: RegionId
  /** Speakable and new each day: D03. */
  ref: string
  kind: DrillKind
  by: { uid: string; name: string }
  at: number
  until: number
  endedAt: number | null
  note: string | null
  incidentId: string | null
}

export const WINDOW_MS = 10 * 60_000
export const WINDOW_LEAST_MS = 60_000
export const WINDOW_MOST_MS = 60 * 60_000
/** More at once is a wave of texts that nobody watches over. */
export const SUBJECTS_MOST = 500

export const deviceSubject = (deviceId: string): string => `device:${deviceId}`
export const contactSubject = (contactId: string): string => `contact:${contactId}`
export const isDeviceSubject = (subject: string): boolean => subject.startsWith('device:')
export const idOfSubject = (subject: string): string => subject.slice(subject.indexOf(':') + 1)

export const trialKey = ({ drillId, subject }: Pick<Trial, 'drillId' | 'subject'>): string => `${drillId} ${subject}`

/** Null while something of it is awaited, or where nobody was tried. */
export function hasPassed(trials: readonly Pick<Trial, 'outcome'>[]): boolean | null {
  const said = trials.map(({ outcome }) => (outcome === null ? null : PASSED[outcome])).filter((each) => each !== null)
  return said.length === 0 ? null : said.every(Boolean)
}

/** This many of a day, in its own short name: D03. */
export const refOf = (n: number): string => `D${String(n).padStart(2, '0')}`
