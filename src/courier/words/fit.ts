// A text of one SMS segment: a template with slots, of which some give way before others.

import { SEGMENT_SEPTETS, septets } from './gsm7'

/** What stands in a slot; a function gives its longest form of at most so many septets. */
export type Slot = string | ((most: number) => string)
/** First to last: which slot is made shorter, and to how many septets at least. */
export type Cut = readonly [slot: string, atLeast: number]

/**
 * `{name}` is a slot; `[, {name}]` vanishes whole when a slot in it is empty. Slots are cut in order until the text fits;
 * what stands in no cut is never shortened.
 */
export function oneSegment(template: string, slots: Record<string, Slot>, cuts: readonly Cut[]): string {
  const most: Record<string, number> = {}
  const wordFor = (name: string): string => {
    const slot = slots[name] ?? ''
    return typeof slot === 'string' ? slot : slot(most[name] ?? SEGMENT_SEPTETS)
  }
  let text = fill(template, wordFor)
  for (const [name, atLeast] of cuts) {
    const over = septets(text) - SEGMENT_SEPTETS
    if (over <= 0) return text
    most[name] = Math.max(atLeast, septets(wordFor(name)) - over)
    text = fill(template, wordFor)
  }
  return text
}

/** The template with its slots filled, without double spaces. */
export const fill = (template: string, wordFor: (name: string) => string): string =>
  filled(template, wordFor).replace(/ {2,}/g, ' ').trim()

function filled(template: string, wordFor: (name: string) => string): string {
  let out = ''
  for (const [, group, name, text] of template.matchAll(/\[([^\]]*)\]|\{(\w+)\}|([^[{]+)/g)) {
    if (text !== undefined) out += text
    else if (name !== undefined) out += wordFor(name)
    else if (group !== undefined && slotsOf(group).every((each) => wordFor(each) !== '')) out += filled(group, wordFor)
  }
  return out
}

const slotsOf = (group: string): string[] => [...group.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)

/** Whole words from the beginning: the street goes before the town is cut in two. */
export const byWords =
  (text: string): Slot =>
  (most) => {
    if (septets(text) <= most) return text
    let kept = ''
    for (const word of text.split(' ')) {
      const longer = kept ? `${kept} ${word}` : word
      if (septets(longer) > most) break
      kept = longer
    }
    // One long word, as some map names are: better its beginning than nothing.
    if (kept === '' && most >= 4) kept = take(text, most)
    return kept
      .replace(/[\s,;:.(-]+$/, '')
      .replace(/(?:^|\s)(?:nr|near|malapit sa|sa|ng|of|at|,)$/i, '')
      .trimEnd()
  }

/** All of it or nothing. */
export const whole =
  (text: string): Slot =>
  (most) =>
    septets(text) <= most ? text : ''

/** As `byWords`, and a reader sees that something is missing. */
export const told =
  (text: string): Slot =>
  (most) => {
    if (septets(text) <= most) return text
    const words = byWords(text)
    const kept = typeof words === 'string' ? words : words(Math.max(0, most - 3))
    return kept ? `${kept}...` : ''
  }

function take(text: string, most: number): string {
  let out = ''
  for (const char of text) {
    if (septets(out + char) > most) break
    out += char
  }
  return out
}
