// How much beside its cries a lifeline is listened to. A phone that has gone mad, or a stranger with its token, may ask thousands of
// times a second; each question costs the thread on which others' presses wait. Cries, cancels and answers are never counted.

import { isObject, parsed } from '../ingest/json'

/** A phone that is well asks for its status every few seconds, and pings twice a minute. */
export const QUESTIONS_PER_SECOND = 20
/** At once, after a calm time: one that was away asks after all that it has. */
export const QUESTIONS_AT_ONCE = 60

/** Of one socket. */
export class Chatter {
  private left = QUESTIONS_AT_ONCE
  private at = Number.NEGATIVE_INFINITY

  /** True for one question too many: it is not answered. `now` in epoch ms; a clock that was set back costs nothing. */
  isTooMuch(frame: string, now: number): boolean {
    if (!isQuestion(frame)) return false
    const passedMs = Math.max(0, now - this.at)
    this.left = Math.min(QUESTIONS_AT_ONCE, this.left + (passedMs / 1_000) * QUESTIONS_PER_SECOND)
    this.at = now
    if (this.left < 1) return true
    this.left--
    return false
  }
}

/** Longer than any question of a phone. */
const LONGEST_QUESTION = 256

/** As `hearPhone` reads it: `ping` and `status`. Whatever it would take for anything else is none. */
function isQuestion(frame: string): boolean {
  if (frame.length > LONGEST_QUESTION) return false
  const fields = parsed(frame)
  if (!isObject(fields)) return false
  return fields.t === 'ping' || (typeof fields.status === 'string' && typeof fields.cancel !== 'string')
}
