// Whether a press in the window of a drill is the one that was asked for. Whatever is not plainly so is real: a drill must
// never be what keeps somebody in danger from being heard.

import { haversine } from './distance'
import type { Trial } from './drill'
import type { Position } from './position'
import type { Press, PressLabel } from './press'

/** Faster than this nobody stands still, metres per second. */
export const MOVING_MPS = 3
/** Farther from where it was asked, it has moved, metres. */
export const MOVED_M = 200
/** Later than this an intake may have told people of it by itself. */
export const LATE_MS = 5_000
/** After the press that counted, moving off within this time makes it real. */
export const WATCHED_AFTER_MS = 120_000

/** A parked phone indoors has no fix, or an old one. All others say that something is odd. */
const USUAL: readonly PressLabel[] = ['no_fix', 'stale_fix']

export const REAL_BECAUSE = [
  'second_press',
  'moving',
  'kind',
  'reporter',
  'door',
  'note',
  'safe_to_talk',
  'odd',
  'late',
  'cancelled',
  'told_already',
  'not_in_window',
] as const
export type RealBecause = (typeof REAL_BECAUSE)[number]

/** What is known of a press beside itself: `toldAlready`: people have been paged about it; `cancelled`: a PIN came before it. */
export type PressAround = { now: number; toldAlready: boolean; cancelled: boolean }

/** Null where it is the press that was asked for; else why it is real. */
export function realBecause(
  trial: Pick<Trial, 'at' | 'until' | 'place' | 'press'>,
  press: Press,
  around: PressAround,
): RealBecause | null {
  if (trial.press) return 'second_press'
  if (press.receivedAt < trial.at || press.receivedAt > trial.until) return 'not_in_window'
  if (around.toldAlready) return 'told_already'
  if (around.now - press.receivedAt > LATE_MS) return 'late'
  if (around.cancelled) return 'cancelled'
  if (press.kind !== 'panic' && press.kind !== 'other') return 'kind'
  if (press.reporter !== 'driver' && press.reporter !== 'device') return 'reporter'
  if (press.door === 'text' || press.door === 'phone' || press.door === 'check') return 'door'
  if (press.safeToTalk !== null) return 'safe_to_talk'
  if (press.note !== null && press.note.trim() !== '') return 'note'
  // A cry for help in answer to a message of ours is about that.
  if (press.answers !== undefined) return 'odd'
  if (press.labels.some((label) => !USUAL.includes(label))) return 'odd'
  return hasMoved(trial.place, press.position) ? 'moving' : null
}

/** Without a place of then, its speed must say that it stands; without a fix, or with an old one, nothing speaks against it. */
export function hasMoved(place: Trial['place'], position: Position | null): boolean {
  if (!position || position.doubts.includes('stale')) return false
  if (position.speedMps !== null && position.speedMps >= MOVING_MPS) return true
  return place === null ? position.speedMps === null : haversine(place, position) > MOVED_M
}

/** True for one that drives, by its last fix, so that nobody is asked to press at the wheel. A fix this old says nothing, ms. */
const FRESH_MS = 3 * 60_000
export const isDriving = (position: Position | null, now: number): boolean =>
  position !== null &&
  position.fixedAt !== null &&
  now - position.fixedAt <= FRESH_MS &&
  (position.speedMps ?? 0) >= MOVING_MPS
