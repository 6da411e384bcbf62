// What a call says when it is picked up and after each key: the keys first, what it is about only after one of them.

import type { Page, PageLang } from '../../domain/page'
import { vehicleIn } from '../../domain/vehicle-words'
import type { VoiceTurn } from '../contract'
import { answerOfKey } from './answers'
import { written } from './clean'
import { bit, clock, isDrill, isQuiet, pick, span, toldTogether } from './facts'
import { fill } from './fit'
import { drillCode, spokenCodeOf } from './sms'
import { AREA_KIND } from './sms-words'
import { figures, spelled, spokenCode, spokenPlace } from './spoken'
import { KIND_SPOKEN, VOICE, type VoiceWord } from './voice-words'

/** A person picks up late and hears it from the middle. */
const TIMES = 3

/**
 * `key`: null when the call is picked up. `before`: the key that was answered last in this call, so that `*` repeats what came
 * of it; without it `*` says the choice again, and so does any key that means nothing.
 */
export function voiceTurn(
  page: Page,
  key: string | null,
  joined: readonly Page[] = [],
  before: string | null = null,
): VoiceTurn {
  const pressed = key === '*' ? before : key
  const { main, others } = toldTogether(page, joined)
  const answer = pressed === null ? null : answerOfKey(main, pressed)
  const { lang } = page.contact
  if (answer === null) return { lang, say: asked(main, others, lang), gather: true, hangUp: false }
  if (answer === 'cannot') return last(main, lang, 'cannot')
  if (answer === 'everyone') return last(main, lang, 'everyone')
  if (answer !== 'take' && !isMessage(main)) return last(main, lang, 'answered')
  if (main.reason === 'drill') return last(main, lang, 'drill_done')
  return { lang, say: withMark(main, lang, details(main, others, lang)), gather: true, hangUp: false }
}

/** Of which one key plays the message. */
const isMessage = ({ reason }: Page): boolean =>
  reason === 'kin' || reason === 'driver' || reason === 'share' || reason === 'agency'

const say = (word: VoiceWord, lang: PageLang, slots: Record<string, string> = {}): string =>
  fill(pick(VOICE[word], lang), (name) => slots[name] ?? '')

const withMark = (page: Page, lang: PageLang, lines: string[]): string[] =>
  isDrill(page) ? [say('drill', lang), ...lines] : lines

const last = (page: Page, lang: PageLang, word: VoiceWord): VoiceTurn => ({
  lang,
  say: withMark(page, lang, [say(word, lang)]),
  gather: false,
  hangUp: true,
})

function asked(page: Page, others: readonly Page[], lang: PageLang): string[] {
  const text = question(page, others, lang)
  const once = isDrill(page) ? `${say('drill', lang)} ${text}` : text
  return Array.from({ length: TIMES }, () => once)
}

function question(page: Page, others: readonly Page[], lang: PageLang): string {
  const region = spelled(page.region)
  const more = others.length > 0 ? String(others.length) : ''
  switch (page.reason) {
    case 'escalation':
    case 'room_away':
      return say('ask_escalation', lang, { code: codeOf(page, lang), more, keys: say('keys', lang) })
    case 'drill':
      return say('ask_escalation', lang, { code: codeOf(page, lang), keys: say('keys_drill', lang) })
    case 'storm':
      return say('ask_storm', lang, { region, waiting: waitingOf(page), keys: say('keys', lang) })
    case 'tower_down':
      return say('ask_tower_down', lang, { region, keys: say('keys', lang) })
    case 'queue_question':
      return say('ask_queue_question', lang)
    default:
      // An area's own keys say safe or help: it is about a place and nobody in it, so it is said at once.
      return page.reason === 'area'
        ? [...message(page, lang), say('area_keys', lang)].join(' ')
        : say('ask_message', lang)
  }
}

function details(page: Page, others: readonly Page[], lang: PageLang): string[] {
  switch (page.reason) {
    case 'escalation':
    case 'room_away':
      return [say('have_it', lang), ...about(page, lang), ...further(others, lang), say('open', lang)]
    case 'storm':
    case 'tower_down': {
      const p1 = String(page.facts.counts?.p1 ?? 0)
      const counts = page.facts.counts ? [say('counts', lang, { waiting: waitingOf(page), p1 })] : []
      return [say('have_it', lang), ...counts, say('open', lang)]
    }
    default:
      return [say('message', lang, { text: message(page, lang).join(' ') })]
  }
}

/** Warning first: it is what a person must not miss. */
function about(page: Page, lang: PageLang): string[] {
  const { facts } = page
  const plate = facts.plate ? spelled(facts.plate) : ''
  const vehicle = written(facts.vehicle, 40)
  const place = written(facts.place, 120)
  const kind = facts.kind ? pick(KIND_SPOKEN[facts.kind] ?? ['', ''], lang) : ''
  return [
    isQuiet(page) ? say('quiet', lang) : '',
    kind && say('kind', lang, { kind }),
    plate && say('plate', lang, { plate }),
    vehicle && say('vehicle', lang, { vehicle: vehicleIn(lang, vehicle) }),
    plate || vehicle ? '' : say('no_vehicle', lang),
    place
      ? say('place', lang, { place: spokenPlace(place, lang), moving: facts.moving ? say('moving', lang) : '' })
      : say('no_place', lang),
    facts.silentS === null ? '' : say('silent', lang, { span: span(facts.silentS * 1000) }),
  ].filter((line) => line !== '')
}

function further(others: readonly Page[], lang: PageLang): string[] {
  if (others.length === 0) return []
  const codes = others.slice(0, 5).map((each) => codeOf(each, lang))
  const quiet = others.some(isQuiet) ? [bit('some_quiet', lang)] : []
  return [say('more', lang, { more: String(others.length), codes: codes.join('; ') }), ...quiet]
}

function message(page: Page, lang: PageLang): string[] {
  const { facts } = page
  const driver = written(facts.driver, 40)
  const at = clock(facts.pressedAt ?? page.decidedAt)
  if (page.reason === 'kin') {
    const who = driver ? (lang === 'fil' ? `si ${driver}` : driver) : bit('somebody', lang)
    const safe = facts.stage === 'safe'
    const word = isQuiet(page) ? (safe ? 'kin_safe_quiet' : 'kin_quiet') : safe ? 'kin_safe' : 'kin_pressed'
    return [say(word, lang, { driver: who, at })]
  }
  if (page.reason === 'share') return [say('share', lang, { spoken: spelledOut(spokenCodeOf(page)) })]
  if (page.reason === 'agency') return about(page, lang)
  const text = written(facts.text, 400)
  if (text) return [/[.!?]$/.test(text) ? text : `${text}.`]
  if (page.reason === 'area') {
    const { what, doing } = AREA_KIND[facts.kind ?? 'other'] ?? (AREA_KIND.other as (typeof AREA_KIND)[string])
    const place = spokenPlace(written(facts.place, 120) || page.region, lang)
    return [say('area', lang, { what: pick(what, lang), place, doing: pick(doing, lang) })]
  }
  return [bit(page.step.startsWith('help') ? 'help_coming' : 'has_it', lang)]
}

const codeOf = (page: Page, lang: PageLang): string =>
  spokenCode(page.reason === 'drill' ? drillCode(page) : page.facts.code, page.region, lang)

/** A share code is read aloud once more than it is heard: each character by itself. */
const spelledOut = (code: string): string =>
  [...code.replaceAll('-', '')].map((char) => (/\d/.test(char) ? figures(char) : char)).join(' ')

const waitingOf = ({ facts }: Page): string => (facts.counts ? String(facts.counts.waiting) : '')
