// The first word of a text decides what it is: a cry, or an answer. Words are data. Pure.

import { cleanText } from '../../ingest/text'

/** English, Filipino, Cebuano, Hiligaynon. */
export const CRIES = ['SOS', 'TULONG', 'SAKLOLO', 'HELP', 'TABANG', 'BULIG'] as const

/** As the keys of a call: 1 take, 2 cannot, 9 everyone. */
const ANSWERS: Record<string, string> = {
  TAKE: '1',
  KUNIN: '1',
  CANNOT: '2',
  'CAN’T': '2',
  "CAN'T": '2',
  CANT: '2',
  'DI KAYA': '2',
  'HINDI KAYA': '2',
  EVERYONE: '9',
  LAHAT: '9',
  SAFE: 'safe',
  LIGTAS: 'safe',
}

export type ReadText = { is: 'sos'; note: string | null } | { is: 'answer'; key: string } | { is: 'other' }

const NOTE_MAX = 500

export function readText(message: string): ReadText {
  // Some keyboards put a mark or a space before the first word.
  const text = cleanText(message, 2_000)
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
  const upper = text.toUpperCase().replace(/\s+/g, ' ')
  const cry = CRIES.find((word) => upper.startsWith(word) && !/^[\p{L}\p{N}]/u.test(upper.slice(word.length)))
  if (cry) return { is: 'sos', note: cleanText(text, NOTE_MAX) }
  const answer = upper.replace(/[.!?]+$/, '').trim()
  if (/^\d$/.test(answer)) return { is: 'answer', key: answer }
  return Object.hasOwn(ANSWERS, answer) ? { is: 'answer', key: ANSWERS[answer] as string } : { is: 'other' }
}

export const keyOf = (read: ReadText): string | null => (read.is === 'answer' ? read.key : null)
