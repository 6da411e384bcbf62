// What a phone may say to a message of ours: to a broadcast that it is safe or needs help, to a drill that it will not take
// part, to an operator in its own words.

import { readAnswer } from './queue-answer'

export const ROLL_ANSWERS = ['safe', 'need_help'] as const
export type RollAnswer = (typeof ROLL_ANSWERS)[number]

const WORDS: Record<RollAnswer, readonly string[]> = {
  safe: ['safe', 'ok', 'okay', 'ligtas', '1'],
  need_help: ['need_help', 'help', 'tulong', '2'],
}

/** A word of the roll-call, or its number in the message. Null for anything else. */
export function readRollAnswer(said: unknown): RollAnswer | null {
  const word = typeof said === 'number' ? String(said) : typeof said === 'string' ? said.trim().toLowerCase() : ''
  return ROLL_ANSWERS.find((answer) => WORDS[answer].includes(word)) ?? null
}

/** A cry whatever it answers; a bare number may mean something else in another question. */
export const isCryForHelp = (said: unknown): boolean =>
  typeof said === 'string' && readRollAnswer(said) === 'need_help' && said.trim() !== '2'

/** By these a driver skips a drill; the number is that of a text. "No" is none: to "are you safe?" it is a cry. */
const SKIPS: readonly string[] = ['cannot', 'skip', 'decline', 'laktawan', '2']

/** "Not now" to a drill. */
export const isSkip = (said: unknown): boolean =>
  (typeof said === 'string' || typeof said === 'number') && SKIPS.includes(String(said).trim().toLowerCase())

/** A word or number of any question that phones are asked; whatever else one says are its own words. */
export const isAnswerWord = (said: unknown): boolean =>
  readAnswer(said) !== null || readRollAnswer(said) !== null || isSkip(said)

export const SAID_MAX = 500

/** `answer`: a word or number of a question. `text`: their own words, cleaned and at most `SAID_MAX` characters. */
export type PhoneSaid = { answer: string | null; text: string | null }

/**
 * `press`: this is a cry for help, to be made durable as one. `over`: nobody listens to it any more, and only a new press is
 * heard.
 */
export type SaidHeard = 'heard' | 'unknown' | 'over' | 'press'

/**
 * A repeated cry to the same message is one press, and one of a quarter of an hour later is not: what it began may have ended
 * meanwhile.
 */
export const cryId = (messageId: string, now: number): string =>
  `${messageId.slice(0, 48)}_${Math.floor(now / 900_000)}`
