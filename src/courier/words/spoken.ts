// How a voice says what eyes read: codes and plates letter by letter, abbreviations as words.

import type { PageLang } from '../../domain/page'

/** Figures are said in English in both languages, as dispatchers do. */
const FIGURES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** "NAB 1234" is "N A B, one two three four". */
export function spelled(text: string): string {
  return (text.toUpperCase().match(/[A-ZÑ]+|\d+/g) ?? [])
    .map((run) => (/\d/.test(run) ? figures(run) : [...run].join(' ')))
    .join(', ')
}

export const figures = (digits: string): string => [...digits].map((digit) => FIGURES[Number(digit)] ?? '').join(' ')

const INCIDENT = { en: 'incident', fil: 'insidente' } as const

/** "NCR-47" is "N C R, incident four seven"; without a number only the region. */
export function spokenCode(code: string | null, region: string, lang: PageLang): string {
  const [, prefix = region, rest = ''] = /^([A-Za-z]+)-(.*)$/.exec(code ?? '') ?? []
  const number = spelled(rest).replaceAll(',', '')
  return number ? `${spelled(prefix)}, ${INCIDENT[lang]} ${number}` : spelled(region)
}

const WORDS: readonly (readonly [RegExp, en: string, fil: string])[] = [
  [/\bNB\b/g, 'northbound', 'northbound'],
  [/\bSB\b/g, 'southbound', 'southbound'],
  [/\bEB\b/g, 'eastbound', 'eastbound'],
  [/\bWB\b/g, 'westbound', 'westbound'],
  [/\bnr\b\.?/gi, 'near', 'malapit sa'],
  [/\bAve\b\.?/gi, 'Avenue', 'Avenue'],
  [/\bBlvd\b\.?/gi, 'Boulevard', 'Boulevard'],
  [/\bSt\b\.?(?=,|$| )/g, 'Street', 'Street'],
  [/\bRd\b\.?/gi, 'Road', 'Road'],
  [/\bHwy\b\.?/gi, 'Highway', 'Highway'],
  [/\bExpy\b\.?/gi, 'Expressway', 'Expressway'],
  [/\bBrgy\b\.?/gi, 'Barangay', 'Barangay'],
]

/** "EDSA NB nr Ortigas" is "EDSA northbound near Ortigas". */
export const spokenPlace = (place: string, lang: PageLang): string =>
  WORDS.reduce((text, [short, en, fil]) => text.replace(short, lang === 'fil' ? fil : en), place)
