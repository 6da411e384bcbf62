// What all channels say alike of a page: which pages it tells of, whether they are quiet, how long and when.

import type { Page, PageLang, PageReason } from '../../domain/page'
import { manilaClock } from '../../domain/time'
import { fill } from './fit'
import { BITS, type Bit } from './sms-words'

export const pick = (words: readonly [en: string, fil: string], lang: PageLang): string => words[lang === 'fil' ? 1 : 0]

/** One short phrase in somebody's language. */
export const bit = (key: Bit, lang: PageLang, slots: Record<string, string> = {}): string =>
  fill(pick(BITS[key], lang), (name) => slots[name] ?? '')

export const isDrill = (page: Page): boolean => page.drill || page.reason === 'drill'

/** Told to people on duty, who may hear of several incidents in one message. Nobody else ever hears of another's. */
const TO_DUTY: readonly PageReason[] = ['escalation', 'room_away', 'storm', 'tower_down', 'drill']

/**
 * The page that a text is about and those that it tells of beside it. A drill never hides what is real: among mixed pages the
 * real ones are told and the drill is not.
 */
export function toldTogether(page: Page, joined: readonly Page[]): { main: Page; others: Page[] } {
  if (!TO_DUTY.includes(page.reason)) return { main: page, others: [] }
  const all = [page, ...joined.filter(({ reason }) => TO_DUTY.includes(reason))]
  const real = all.filter((each) => !isDrill(each))
  const [main = page, ...others] = real.length > 0 ? real : all
  // One incident told by two steps of its ladder is one incident.
  const seen = new Set([main.incidentId ?? main.id])
  const distinct = others.filter((each) => {
    const key = each.incidentId ?? each.id
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
  return { main, others: distinct.sort((a, b) => a.priority.localeCompare(b.priority)) }
}

/**
 * True where these two may be one text to one contact: both tell a duty person of an incident. What goes to drivers, kin and
 * agencies stands alone, and a drill is never told with what is real.
 */
export function mayTellTogether(a: Page, b: Page): boolean {
  const joins = (page: Page): boolean => page.reason === 'escalation' || page.reason === 'room_away'
  return joins(a) && joins(b) && isDrill(a) === isDrill(b) && a.contact.id === b.contact.id
}

/** Quiet until proven: a page about an incident whose policy it does not know is quiet. */
export const isQuiet = ({ facts }: Page): boolean => facts.contactPolicy !== 'voice_ok'

/** "02:14", in Manila. */
export const clock = (at: number): string => manilaClock(at).slice(0, 5)

/** "40s", "6 min", "2 h". */
export function span(ms: number, joint: '' | ' ' = ' '): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 120) return `${s}${joint}s`
  return s < 7_200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3_600)} h`
}
