// A page as mail: state, what is known, what to do. No image, no tracking, and no link at all: programs that look at mail
// follow links, so none may take an incident.

import type { Page, PageLang } from '../../domain/page'
import { manilaClock, manilaDay } from '../../domain/time'
import { vehicleIn } from '../../domain/vehicle-words'
import { dialled, plain, shortCode, unlinked } from './clean'
import { bit, isDrill, isQuiet, pick, span, toldTogether } from './facts'
import { fill } from './fit'
import { MAIL, type MailWord } from './mail-words'
import { messageText } from './message'
import { drillCode } from './sms'
import { KIND_SPOKEN } from './voice-words'

export type Mail = { subject: string; text: string; html: string }

type Parts = {
  subject: string
  mark: string
  lead: string
  warning: string
  facts: [string, string][]
  doing: string[]
}

export function mail(page: Page, joined: readonly Page[] = []): Mail {
  const parts = partsOf(page, joined)
  return { subject: parts.subject, text: asText(parts), html: asHtml(parts, page.contact.lang) }
}

const say = (word: MailWord, lang: PageLang, slots: Record<string, string> = {}): string =>
  fill(pick(MAIL[word], lang), (name) => slots[name] ?? '')

function partsOf(page: Page, joined: readonly Page[]): Parts {
  const { main, others } = toldTogether(page, joined)
  const { lang } = page.contact
  const mark = isDrill(main) ? bit('drill_mark', lang) : ''
  const subject = subjectOf(main, lang)
  const base = { subject: isDrill(main) && main.reason !== 'drill' ? `${mark} ${subject}` : subject, mark }
  switch (main.reason) {
    case 'escalation':
    case 'room_away':
    case 'storm':
    case 'tower_down':
    case 'drill':
    case 'agency':
      return {
        ...base,
        lead: say(`state_${main.reason}`, lang),
        warning: warningOf(main, others, lang),
        facts: [...factsOf(main, lang), ...othersOf(others, lang)],
        doing: doingOf(main, lang),
      }
    default:
      // Drivers and their contacts read what a text says, and no more: no place, no plate.
      return { ...base, lead: messageText(main, lang), warning: '', facts: [], doing: [] }
  }
}

function subjectOf(page: Page, lang: PageLang): string {
  const { facts } = page
  const slots = {
    region: page.region,
    code: page.reason === 'drill' ? drillCode(page) : shortCode(facts.code ?? '') || page.region,
    priority: facts.priority ?? page.priority,
    plate: unlinked(plain(facts.plate ?? '', 12)),
    waiting: facts.counts ? String(facts.counts.waiting) : '',
    ref: shortCode(facts.ref ?? facts.code ?? ''),
  }
  if (page.reason === 'room_away') return say('subject_escalation', lang, slots)
  const of = page.reason === 'kin' ? 'kin' : page.reason
  const word = `subject_${of}`
  return word in MAIL ? say(word as MailWord, lang, slots) : say('subject_message', lang, slots)
}

function warningOf(page: Page, others: readonly Page[], lang: PageLang): string {
  if (page.reason !== 'escalation' && page.reason !== 'room_away' && page.reason !== 'agency') return ''
  if (isQuiet(page)) return say('do_quiet', lang)
  return others.some(isQuiet) ? bit('some_quiet', lang) : ''
}

function factsOf(page: Page, lang: PageLang): [string, string][] {
  const { facts } = page
  const row = (word: MailWord, value: string): [string, string][] => (value ? [[say(word, lang), value]] : [])
  if (page.reason === 'drill') return row('code', drillCode(page))
  if (page.reason === 'storm' || page.reason === 'tower_down') {
    const { counts } = facts
    return [
      ...row('code', page.reason === 'storm' ? '' : shortCode(facts.code ?? '')),
      ...(counts
        ? [
            ...row('waiting', String(counts.waiting)),
            ...row('p1', String(counts.p1)),
            ...row('oldest', span(counts.oldestMs)),
            ...row('operators', String(counts.operators)),
          ]
        : []),
    ]
  }
  const place = unlinked(plain(facts.place ?? '', 200)) || say('not_known', lang)
  const kind = facts.kind ? pick(KIND_SPOKEN[facts.kind] ?? ['', ''], lang) : ''
  return [
    ...row('code', shortCode(facts.code ?? '')),
    ...row('priority', facts.priority ?? page.priority),
    ...row('kind', kind),
    ...row('plate', unlinked(plain(facts.plate ?? '', 20)) || say('not_known', lang)),
    ...row('vehicle', vehicleIn(lang, unlinked(plain(facts.vehicle ?? '', 60)))),
    ...row('place', facts.moving ? `${place}, ${say('moving', lang)}` : place),
    ...row('pressed', facts.pressedAt === null ? '' : `${manilaDay(facts.pressedAt)} ${manilaClock(facts.pressedAt)}`),
    ...row('silent', facts.silentS === null ? '' : span(facts.silentS * 1000)),
  ]
}

function othersOf(others: readonly Page[], lang: PageLang): [string, string][] {
  if (others.length === 0) return []
  const codes = others.map(({ facts, priority }) => `${shortCode(facts.code ?? '') || '?'} ${priority}`)
  return [[say('others', lang), `${others.length}: ${codes.slice(0, 40).join(', ')}`]]
}

function doingOf(page: Page, lang: PageLang): string[] {
  const phone = dialled(page.facts.towerPhone ?? '')
  const call = phone ? [say('do_call', lang, { phone })] : []
  if (page.reason === 'agency') return call
  return [say(page.reason === 'drill' ? 'do_drill' : 'do_take', lang), ...call]
}

const asText = ({ mark, lead, warning, facts, doing }: Parts): string =>
  [
    `${mark}${mark ? ' ' : ''}${lead}`,
    ...(warning ? ['', warning] : []),
    ...(facts.length > 0 ? ['', ...facts.map(([name, value]) => `${name}: ${value}`)] : []),
    ...(doing.length > 0 ? ['', ...doing] : []),
    '',
  ].join('\n')

/** Inline styles, for mail has no other; readable without them. */
const asHtml = ({ subject, mark, lead, warning, facts, doing }: Parts, lang: PageLang): string =>
  [
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
    '<body style="margin:0;padding:16px;font:16px/1.5 sans-serif;color:#16191d;background:#ffffff">',
    mark &&
      `<p style="margin:0 0 12px;padding:8px 12px;border:2px dashed #5b4b8a"><strong>${escaped(mark)}</strong></p>`,
    `<p style="margin:0 0 12px;font-size:20px"><strong>${escaped(lead)}</strong></p>`,
    warning &&
      `<p style="margin:0 0 12px;padding:8px 12px;border:2px solid #16191d"><strong>${escaped(warning)}</strong></p>`,
    facts.length > 0 &&
      `<table style="border-collapse:collapse;margin:0 0 12px"><tbody>${facts
        .map(
          ([name, value]) =>
            `<tr><th scope="row" style="text-align:left;padding:2px 16px 2px 0">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
        )
        .join('')}</tbody></table>`,
    ...doing.map((line) => `<p style="margin:0 0 8px">${escaped(line)}</p>`),
    '</body></html>',
  ]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('\n')

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '')
