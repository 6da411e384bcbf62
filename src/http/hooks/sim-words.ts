// The first word of a text decides what it is: a cry, or an answer. Pure.

import { cleanText } from '../../ingest/text'

/** English, Filipino, Cebuano, Hiligaynon. */
export const CRIES = ['SOS', 'TULONG', 'SAKLOLO', 'HELP', 'TABANG', 'BULIG'] as const

export type ReadText = { is: 'sos'; note: string | null } | { is: 'answer'; key: string } | { is: 'other' }

const NOTE_MAX = 500
/** Who answers says a word or two. */
const ANSWER_MAX = 60

export function readText(message: string): ReadText {
  // Some keyboards put a mark or a space before the first word.
  const text = cleanText(message, 2_000)
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
  const upper = text.toUpperCase().replace(/\s+/g, ' ')
  const cry = CRIES.find((word) => upper.startsWith(word) && !/^[\p{L}\p{N}]/u.test(upper.slice(word.length)))
  if (cry) return { is: 'sos', note: cleanText(text, NOTE_MAX) }
  // Which words answer what is the courier's to know: it knows why the person was asked.
  return text !== '' && text.length <= ANSWER_MAX ? { is: 'answer', key: text.toLowerCase() } : { is: 'other' }
}
