// A broadcast in both languages at once, for no record says which one a driver reads: one segment, nothing of it cut. What does
// not fit goes in one language, as sms.ts has it.

import type { Page } from '../../domain/page'
import { forSms } from './clean'
import { clock } from './facts'
import { fill } from './fit'
import { SEGMENT_SEPTETS, septets } from './gsm7'
import { AREA_BOTH, AREA_BOTH_KIND } from './sms-words'

/** Null where the page is for somebody whose language is known, or where both are too long for one text. */
export function areaInBoth({ facts }: Pick<Page, 'facts'>): string | null {
  const { texts, until, ref } = facts
  if (texts === undefined) return null
  const kind = AREA_BOTH_KIND[facts.kind ?? 'other'] ?? AREA_BOTH_KIND.other
  const slots: Record<string, string> = {
    what: kind?.what ?? '',
    doing: kind?.doing ?? '',
    place: forSms(facts.place ?? '', 120),
    en: sentence(texts?.en ?? ''),
    fil: sentence(texts?.fil ?? ''),
    until: until === null ? '' : clock(until),
    ref: ref ?? '',
  }
  if (texts ? slots.en === '' || slots.fil === '' : slots.place === '') return null
  return (
    AREA_BOTH[texts ? 'own' : 'kind']
      .map((template) => fill(template, (name) => slots[name] ?? ''))
      .find((text) => septets(text) <= SEGMENT_SEPTETS) ?? null
  )
}

/** Empty where a text can write nothing of it. */
function sentence(said: string): string {
  const text = forSms(said, SEGMENT_SEPTETS)
  if (!/[A-Za-z0-9]/.test(text)) return ''
  return /[.!?]$/.test(text) ? text : `${text}.`
}
