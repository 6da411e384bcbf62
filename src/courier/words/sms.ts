// A page as one SMS of one segment: plate and landmark first, code, number and warning always, no link.

import type { Page, PageLang } from '../../domain/page'
import { vehicleIn } from '../../domain/vehicle-words'
import { areaInBoth } from './area'
import { dialled, forSms, shortCode, unlinked } from './clean'
import { bit, clock, isDrill, isQuiet, pick, span, toldTogether } from './facts'
import { byWords, type Cut, oneSegment, type Slot, told, whole } from './fit'
import { septets } from './gsm7'
import { AREA_KIND, SMS, SMS_KIND, type SmsWord } from './sms-words'

/** The landmark goes first, then the codes of further incidents, then how the vehicle looks. */
const CUTS: readonly Cut[] = [
  ['place', 14],
  ['text', 30],
  ['others', 0],
  ['vehicle', 0],
  ['moving', 0],
  ['place', 0],
  ['silent', 0],
  ['kind', 0],
  ['mark', 0],
  ['operators', 0],
  ['oldest', 0],
  ['driver', 9],
  ['text', 0],
]

/** `joined`: further pages that this text tells of too, by count and code. */
export function smsText(page: Page, joined: readonly Page[] = []): string {
  const both = page.reason === 'area' ? areaInBoth(page) : null
  if (both !== null) return both
  const { main, others } = toldTogether(page, joined)
  const { lang } = page.contact
  const word = wordOf(main)
  const mark = isDrill(main) && !word.startsWith('drill') ? markOf(lang) : ''
  const further = 'others' in mentioned(word) ? '' : ' [{others}]'
  return oneSegment(`{mark} ${pick(SMS[word], lang)}${further}`, { ...slotsOf(main, others, lang), mark }, CUTS)
}

function wordOf(page: Page): SmsWord {
  switch (page.reason) {
    case 'kin':
      if (page.facts.stage === 'safe') return isQuiet(page) ? 'kin_safe_quiet' : 'kin_safe'
      return isQuiet(page) ? 'kin_quiet' : 'kin_pressed'
    case 'area':
      return /[A-Za-z0-9]/.test(forSms(page.facts.text ?? '', 160)) ? 'area_text' : 'area'
    case 'drill':
      return page.step.startsWith('device') || page.facts.text ? 'drill_phone' : 'drill'
    default:
      return page.reason
  }
}

const mentioned = (word: SmsWord): Record<string, true> =>
  Object.fromEntries([...SMS[word][0].matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]))

function slotsOf(page: Page, others: readonly Page[], lang: PageLang): Record<string, Slot> {
  const { facts } = page
  const phone = dialled(facts.towerPhone ?? '')
  const code = facts.code ? shortCode(facts.code) : ''
  const plate = forSms(facts.plate ?? '', 12)
  const vehicle = vehicleIn(lang, forSms(facts.vehicle ?? '', 30))
  const place = forSms(facts.place ?? '', 120)
  const driver = forSms(facts.driver ?? '', 24)
  const at = clock(facts.pressedAt ?? page.decidedAt)
  const kind = facts.kind ? pick(SMS_KIND[facts.kind] ?? ['', ''], lang) : ''
  const silent = facts.silentS === null ? '' : bit('silent', lang, { s: span(facts.silentS * 1000, '') })
  return {
    region: page.region,
    code: page.reason === 'drill' ? drillCode(page) : code || (page.reason === 'tower_down' ? '' : page.region),
    priority: facts.priority ?? page.priority,
    kind: whole(kind),
    plate: plate || vehicle ? plate : driver || bit('no_vehicle', lang),
    vehicle: byWords(vehicle),
    place: place ? byWords(place) : whole(page.reason === 'area' ? page.region : bit('no_place', lang)),
    moving: whole(facts.moving ? bit('moving', lang) : ''),
    silent: whole(silent),
    warning: warningOf(page, others, lang),
    others: othersOf(others, lang),
    tower: phone ? bit('tower', lang, { phone }) : bit('no_tower', lang),
    open: bit('open', lang, { phone }),
    openPhone: bit('open_phone', lang, { phone }),
    info: infoOf('info', phone, code, lang),
    infoShort: infoOf('info_short', phone, code, lang),
    reply: replyOf(phone, lang),
    driver: byWords(driver ? (lang === 'fil' ? `si ${driver}` : driver) : bit('somebody', lang)),
    at,
    text: told(textOf(page, lang)),
    spoken: spokenCodeOf(page),
    until: facts.until === null ? '' : clock(facts.until),
    ref: facts.ref ? shortCode(facts.ref) : '',
    ...countsOf(page, lang),
    ...areaOf(page, lang),
  }
}

/** The word itself is never cut. */
function markOf(lang: PageLang): Slot {
  const mark = bit('drill_mark', lang)
  return (most) => (septets(mark) <= most ? mark : bit('drill_word', lang))
}

function warningOf(page: Page, others: readonly Page[], lang: PageLang): string {
  if (page.reason === 'agency') return isQuiet(page) ? bit('quiet', lang) : ''
  const quiet = [page, ...others].filter(isQuiet).length
  if (quiet === 0) return ''
  return bit(quiet === others.length + 1 ? 'quiet' : 'some_quiet', lang)
}

/** "Also 3 more: NCR-48, NCR-49." The count is never cut, the codes are. */
function othersOf(others: readonly Page[], lang: PageLang): Slot {
  if (others.length === 0) return ''
  const count = bit('others', lang, { n: String(others.length) })
  const codes = others.map(({ facts }) => shortCode(facts.code ?? '')).filter((code) => code !== '')
  return (most) => {
    for (let n = codes.length; n > 0; n--) {
      const text = `${count}: ${codes.slice(0, n).join(', ')}.`
      if (septets(text) <= most) return text
    }
    return `${count}.`
  }
}

function infoOf(form: 'info' | 'info_short', phone: string, code: string, lang: PageLang): string {
  if (phone) return bit(form, lang, { phone, code })
  return code ? bit('info_code', lang, { code }) : ''
}

/** A text can be answered only where it came from a number: a mobile one is named, else it is the sender itself. */
function replyOf(phone: string, lang: PageLang): string {
  return /^(\+63|0)9\d{9}$/.test(phone) ? bit('text_to', lang, { phone }) : bit('reply', lang)
}

function textOf(page: Page, lang: PageLang): string {
  const text = forSms(page.facts.text ?? '', 160)
  if (/[A-Za-z0-9]/.test(text)) return /[.!?]$/.test(text) ? text : `${text}.`
  if (page.reason === 'drill') return bit('button_works', lang)
  return bit(page.step.startsWith('help') ? 'help_coming' : 'has_it', lang)
}

function countsOf({ facts: { counts } }: Page, lang: PageLang): Record<string, Slot> {
  if (!counts) return { waiting: bit('many', lang) }
  const { waiting, p1, oldestMs, operators } = counts
  return {
    waiting: String(waiting),
    p1: String(p1),
    oldest: whole(span(oldestMs)),
    operators: whole(String(operators)),
  }
}

function areaOf({ facts }: Page, lang: PageLang): Record<string, string> {
  const words = AREA_KIND[facts.kind ?? 'other'] ?? AREA_KIND.other
  return words ? { what: pick(words.what, lang), doing: pick(words.doing, lang) } : {}
}

/** Of a live-location link: where its page has it, else what was written beside it, if that can be a code at all. */
export function spokenCodeOf({ facts: { ref, text } }: Page): string {
  const code = ref ?? text ?? ''
  return /^[A-Za-z0-9-]{4,12}$/.test(code) && unlinked(code) === code ? code : ''
}

/** NCR-D03, whether its reference carries the region or not. */
export function drillCode({ region, facts }: Page): string {
  const ref = shortCode(facts.ref ?? facts.code ?? 'DRILL')
  return ref.startsWith(`${region}-`) ? ref : `${region}-${ref}`
}
