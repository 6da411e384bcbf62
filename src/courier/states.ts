// How an attempt's state moves: forward only, whoever speaks, however late and however often. And whose word an end was,
// for what a provider's silence made us believe is less than what the provider then says.

import type { AttemptState } from '../domain/page'

/**
 * Why an attempt is over, as the ladder must know it.
 * `provider`: the provider itself is in trouble; another one, or later, may do. `open`: its circuit is open, nothing was
 * called. `unknown`: it may have gone through. `lost`: we died while sending. `refused`: this provider will never take it.
 * `silent`: taken, and then nothing. `person`: the network or the person ended it (undelivered, busy, no answer). `ours`: we
 * did not want it (budget, stopped, not configured, a fault of our own).
 */
export const WORDS = ['provider', 'open', 'unknown', 'lost', 'refused', 'silent', 'person', 'ours'] as const
export type Word = (typeof WORDS)[number]

/** Ends that we believe because nothing better was heard: a later receipt takes their place. */
const GUESSED: readonly Word[] = ['provider', 'unknown', 'lost', 'silent']

const RANK: Record<AttemptState, number> = {
  queued: 0,
  sending: 1,
  accepted: 2,
  sent: 3,
  parked: 3.5,
  delivered: 4,
  undelivered: 4,
  failed: 4,
  stopped: 4,
  answered: 5,
}

export const rankOf = (state: AttemptState, word: Word | null): number =>
  state === 'failed' && word !== null && GUESSED.includes(word) ? 3.5 : RANK[state]

/** True where what is said now takes the place of what is known. Equal ranks never do: the first last word stands. */
export const moves = (
  from: { state: AttemptState; word: Word | null },
  to: { state: AttemptState; word: Word | null },
): boolean => rankOf(to.state, to.word) > rankOf(from.state, from.word)

export const isOver = (state: AttemptState): boolean => RANK[state] > 3
