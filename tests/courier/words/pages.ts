// Pages for tests of words: made up, complete, and any that fast-check can think of.

import fc from 'fast-check'
import { PRIORITIES } from '../../../src/domain/incident'
import { PAGE_REASONS, type Page, type PageFacts } from '../../../src/domain/page'
import { KINDS } from '../../../src/domain/press'

/** 02:10 of 23 November in Manila. */
export const NIGHT = Date.UTC(2026, 10, 22, 18, 10, 0)

export const factsOf = (changes: Partial<PageFacts> = {}): PageFacts => ({
  code: 'NCR-47',
  region: 'NCR',
  priority: 'P1',
  kind: 'panic',
  contactPolicy: 'quiet',
  plate: 'NAB 1234',
  vehicle: 'white Vios',
  place: 'EDSA NB nr Ortigas, Mandaluyong',
  moving: true,
  silentS: null,
  driver: 'Juan D.',
  pressedAt: NIGHT,
  towerPhone: '0286540000',
  counts: null,
  text: null,
  ref: null,
  until: null,
  stage: null,
  ...changes,
})

export const aPage = (changes: Partial<Page> = {}, facts: Partial<PageFacts> = {}): Page => ({
  id: 'page-1',
  region: 'NCR',
  incidentId: 'incident-1',
  reason: 'escalation',
  step: 'lead',
  contact: { id: 'lead-1', name: 'Ana Santos', lang: 'en' },
  ladder: [[{ channel: 'sms', to: '+639170000001' }]],
  priority: 'P1',
  facts: factsOf(facts),
  decidedAt: NIGHT,
  until: null,
  drill: false,
  ...changes,
})

/** What people, geocoders and phones write: emoji, other scripts and directions, links, controls, the template's own signs. */
const wild = fc.oneof(
  { arbitrary: fc.string({ unit: 'binary', maxLength: 300 }), weight: 2 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }), weight: 2 },
  {
    arbitrary: fc
      .array(
        fc.constantFrom(
          'EDSA NB nr Ortigas,',
          'M.J. Cuenco Ave',
          'Parañaque',
          '🚨🚗',
          'شارع الملك',
          '\u202Eevil\u202C',
          'http://bit.ly/x',
          'HTTPS://a.b.com',
          'ｈｔｔｐ://ｅｖｉｌ.ｃｏｍ',
          'hhttpttp',
          'www.evil.ph/a?b=c',
          'evil.com.ph',
          '1.2.3.4/x',
          '{code}[ {place}]',
          '~~||^^€€',
          '\u0000\n\r\t',
          'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch'.repeat(3),
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(' ')),
    weight: 3,
  },
)

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const code = fc
  .tuple(fc.constantFrom('NCR', 'CEB', 'DVO', 'ILO'), fc.integer({ min: 1, max: 99_999 }))
  .map(([r, n]) => `${r}-${n}`)
const phone = fc.constantFrom('0286540000', '+63286540000', '09171234567', '+639171234567', '(02) 8654-0000')

export const anyFacts: fc.Arbitrary<PageFacts> = fc.record({
  code: perhaps(code),
  region: fc.constantFrom('NCR' as const, 'CEB' as const, 'DVO' as const, 'ILO' as const),
  priority: perhaps(fc.constantFrom(...PRIORITIES)),
  kind: perhaps(fc.constantFrom(...KINDS)),
  contactPolicy: perhaps(fc.constantFrom('quiet' as const, 'voice_ok' as const)),
  plate: perhaps(wild),
  vehicle: perhaps(wild),
  place: perhaps(wild),
  moving: fc.boolean(),
  silentS: perhaps(fc.integer({ min: 0, max: 1_000_000 })),
  driver: perhaps(wild),
  pressedAt: perhaps(fc.integer({ min: 0, max: 4e12 })),
  towerPhone: perhaps(phone),
  counts: perhaps(
    fc.record({
      waiting: fc.integer({ min: 0, max: 99_999 }),
      p1: fc.integer({ min: 0, max: 99_999 }),
      oldestMs: fc.integer({ min: 0, max: 1e9 }),
      operators: fc.integer({ min: 0, max: 999 }),
    }),
  ),
  text: perhaps(wild),
  ref: perhaps(fc.constantFrom('A-12', 'D03', 'K7M2QP', 'A-12345')),
  until: perhaps(fc.integer({ min: 0, max: 4e12 })),
  stage: perhaps(fc.constantFrom('pressed' as const, 'safe' as const)),
})

export const anyPage: fc.Arbitrary<Page> = fc
  .record({
    id: fc.uuid(),
    incidentId: perhaps(fc.uuid()),
    reason: fc.constantFrom(...PAGE_REASONS),
    step: fc.constantFrom('lead', 'help_on_the_way', 'device', 'all_leads'),
    lang: fc.constantFrom('en' as const, 'fil' as const),
    priority: fc.constantFrom(...PRIORITIES),
    facts: anyFacts,
    drill: fc.boolean(),
  })
  .map(({ lang, ...rest }) =>
    aPage({ ...rest, region: rest.facts.region, contact: { id: 'lead-1', name: 'Ana', lang } }, rest.facts),
  )

export const anyPages = fc.array(anyPage, { maxLength: 12 })
