// Facts come from people, geocoders and phones. What they may bring into a text, and how much of it.

import { toGsm7 } from './gsm7'

/** One line, without control characters and without those that turn the direction of writing. */
export function plain(text: string, most: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ' ')
    .replace(/[\p{Cf}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  return [...line].slice(0, most).join('').trimEnd()
}

/** For SMS: in its alphabet, and nothing in it that a phone makes a link of or a network blocks as one. */
export const forSms = (text: string, most: number): string => plain(unlinked(toGsm7(plain(text, 1_000))), most)

/**
 * Philippine networks hold back texts with links, so a fact must not look like one: no scheme, and no dot between letters
 * ("bit.ly" becomes "bit. ly", "M.J. Cuenco" stays).
 */
export function unlinked(text: string): string {
  let before: string
  let now = text
  do {
    before = now
    now = now
      .replace(/https?/gi, '')
      .replace(/:\/+/g, ' ')
      .replace(/([\p{L}\p{N}_-])\.(?=[\p{L}\p{N}_-]{2})/gu, (whole, char: string, at: number, all: string) =>
        isDecimal(char, all[at + 2]) ? whole : `${char}. `,
      )
      .replace(/(\d)\.(?=\d+\.\d)/g, '$1 ')
      .replace(/w{3,}/gi, '')
  } while (now !== before)
  return now.replace(/ {2,}/g, ' ').trim()
}

/** 14.5873 is a number, not a name. */
const isDecimal = (before: string, after: string | undefined): boolean => /\d/.test(before) && /\d/.test(after ?? '')

/** What somebody wrote, without links; empty where not one letter or figure is left of it. */
export function written(text: string | null, most: number): string {
  const clean = unlinked(plain(text ?? '', most))
  return /[\p{L}\p{N}]/u.test(clean) ? clean : ''
}

/** As one dials it; a number of somebody's invention is cut like any other. */
export const dialled = (phone: string): string => phone.replace(/[^\d+]/g, '').slice(0, 16)

/** NCR-47, A-12, D03: what a person says aloud. One of somebody's invention makes no link either. */
export const shortCode = (code: string): string => unlinked(toGsm7(code).replace(/[^A-Za-z0-9-]/g, '')).slice(0, 12)
