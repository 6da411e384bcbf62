import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { SEGMENT_SEPTETS, septets } from '../../src/courier/words/gsm7'
import { AREA_KINDS, type AreaDraft, checkDraft, circleOf, mayTalk, PLACE_MAX, TEXT_MAX } from '../../src/domain/area'
import { imitates } from '../../src/domain/area-imitation'
import { isCryForHelp, readRollAnswer } from '../../src/domain/phone-said'
import { manilaClock } from '../../src/domain/time'
import { areaTexts } from '../../src/http/areas'
import { NOON } from '../support/made-up'

const draft = (changes: Partial<AreaDraft> = {}): AreaDraft => ({
  kind: 'flood',
  place: 'Espana Blvd, Manila',
  text: null,
  polygon: [
    [14.6, 120.98],
    [14.6, 121],
    [14.62, 121],
  ],
  until: NOON + 3_600_000,
  ...changes,
})
const why = (changes: Partial<AreaDraft>) => {
  const checked = checkDraft(draft(changes), 'NCR', NOON)
  return checked.ok ? null : checked.refusal.reason
}

describe('what may be said to an area', () => {
  test('has a kind, a place, an end within a day, and an outline that is one', () => {
    expect(why({})).toBeNull()
    expect(why({ kind: 'panic' as 'flood' })).toBe('area_kind')
    expect(why({ place: '  ' })).toBe('area_place')
    expect(why({ place: 'x'.repeat(PLACE_MAX + 1) })).toBe('area_place')
    expect(why({ until: NOON + 60_000 })).toBe('area_until')
    expect(why({ until: NOON + 25 * 3_600_000 })).toBe('area_until')
    expect(why({ until: Number.NaN })).toBe('area_until')
    expect(why({ polygon: [[14.6, 120.98]] })).toBe('fence_few_corners')
    expect(
      why({
        polygon: [
          [40, 10],
          [41, 10],
          [41, 11],
        ],
      }),
    ).toBe('fence_outside')
  })

  test('in own words is said in both languages, short enough, and without a link', () => {
    expect(why({ text: { en: 'Bridge closed.', fil: 'Sarado ang tulay.' } })).toBeNull()
    expect(why({ text: { en: 'Bridge closed.', fil: ' ' } })).toBe('area_text_both')
    expect(why({ text: { en: 'x'.repeat(TEXT_MAX.en + 1), fil: 'x' } })).toBe('area_text_long')
    expect(why({ text: { en: 'See bit.ly/flood', fil: 'x' } })).toBe('area_link')
  })

  test('never reads as a government’s alert, and the refusal says why', () => {
    const checked = checkDraft(draft({ text: { en: 'NDRRMC: flood', fil: 'Baha' } }), 'NCR', NOON)
    expect(!checked.ok && checked.refusal).toMatchObject({ reason: 'area_government' })
    expect(!checked.ok && checked.refusal.message).toContain('RA 10639')
    expect(why({ place: 'PAGASA' })).toBe('area_government')
    expect(why({ text: { en: 'x', fil: 'Emergency Alert' } })).toBe('area_government')
  })

  test('is one segment of plain letters that holds all of it, for every kind, in both languages', () => {
    const words = (max: number) =>
      fc
        .array(
          fc.string({ unit: fc.constantFrom(...'abcdefghijklmnoprstuvwyABCDE0123456789'), minLength: 1, maxLength: 9 }),
          {
            minLength: 1,
            maxLength: 30,
          },
        )
        .map((all) => all.join(' ').slice(0, max).trim())
        // What a network would take for a link is refused, which the next test has.
        .filter((text) => text !== '' && imitates(text) === null && !/w{3}/.test(text))
    fc.assert(
      fc.property(
        fc.constantFrom(...AREA_KINDS),
        words(PLACE_MAX),
        fc.option(fc.record({ en: words(TEXT_MAX.en), fil: words(TEXT_MAX.fil) })),
        (kind, place, text) => {
          const made = areaTexts({ ...draft({ kind, place, text }), until: Date.now() + 3_600_000 }, 'NCR')
          if (!made.ok) throw new Error(`${made.refusal.reason}: ${made.refusal.message}`)
          for (const lang of ['en', 'fil'] as const) {
            expect(septets(made.texts[lang])).toBeLessThanOrEqual(SEGMENT_SEPTETS)
            expect(made.texts[lang]).toStartWith('Xpress Tower: ')
            expect(made.texts[lang]).toEndWith(' Ref A-00')
            expect(made.texts[lang]).toContain('SOS')
          }
          const { sms, fil } = made.texts
          expect(septets(sms)).toBeLessThanOrEqual(SEGMENT_SEPTETS)
          expect(sms).toContain('SOS')
          // The kind's words always in both; own words too where they are short enough, and never cut.
          if (!text) expect(sms).toMatch(new RegExp(`^Xpress Tower: [A-Z]+ / [A-Z]+ ${place}\\. .* / `))
          else if (sms !== fil) expect(sms).toStartWith(`Xpress Tower: ${ended(text.en)} / ${ended(text.fil)} `)
          else expect(text.en.length + text.fil.length).toBeGreaterThan(95)
        },
      ),
    )
  })

  test('as a text it is in both languages, in as many words as it has room for', () => {
    const until = Date.now() + 3_600_000
    const at = manilaClock(until).slice(0, 5)
    const sms = (changes: Partial<AreaDraft> = {}) => {
      const made = areaTexts({ ...draft(changes), until }, 'NCR')
      if (!made.ok) throw new Error(made.refusal.reason)
      return made.texts.sms
    }
    expect(sms()).toBe(
      `Xpress Tower: FLOOD / BAHA Espana Blvd, Manila. Do not enter / Huwag pumasok. Need help / Tulong? Press SOS. Until/Hanggang ${at}. Ref A-00`,
    )
    expect(sms({ kind: 'crash', place: 'x'.repeat(PLACE_MAX) })).toBe(
      `Xpress Tower: CRASH / BANGGAAN ${'x'.repeat(PLACE_MAX)}. Take another way / Umiba ng daan. Help/Tulong? SOS. Until/Hanggang ${at}. Ref A-00`,
    )
    expect(sms({ text: { en: 'Use Quezon Ave', fil: 'Dumaan sa Quezon Ave' } })).toBe(
      `Xpress Tower: Use Quezon Ave. / Dumaan sa Quezon Ave. Need help? Press SOS / Kailangan ng tulong? Pindutin SOS. Until/Hanggang ${at}. Ref A-00`,
    )
    // Too long for both: whole in one, rather than cut in two.
    expect(sms({ text: { en: 'a'.repeat(TEXT_MAX.en), fil: 'b'.repeat(TEXT_MAX.fil) } })).toStartWith(
      `Xpress Tower: ${'b'.repeat(TEXT_MAX.fil)}.`,
    )
  })

  test('what a text cannot write is refused before anybody confirms it', () => {
    const at = (changes: Partial<AreaDraft>) => areaTexts({ ...draft(changes), until: Date.now() + 3_600_000 }, 'NCR')
    expect(at({ place: '国道一号' })).toMatchObject({ ok: false, refusal: { reason: 'area_place_form' } })
    expect(at({ text: { en: 'x', fil: 'www x' } })).toMatchObject({ ok: false, refusal: { reason: 'area_text_form' } })
    expect(at({ text: { en: 'Flood 🌊 here', fil: 'Baha rito' } })).toMatchObject({
      ok: false,
      refusal: { reason: 'area_text_form' },
    })
    expect(at({})).toMatchObject({
      ok: true,
      texts: { en: expect.stringContaining('FLOOD around Espana Blvd, Manila. Do not enter.') },
    })
  })
})

describe('words of a government', () => {
  for (const text of [
    ...[
      'NDRRMC',
      'ndrrmc',
      'N.D.R.R.M.C.',
      'N D R R M C says',
      'From PAGASA:',
      'P.A.G.A.S.A',
      'PAG\u200bASA',
      'P4G4S4',
      'PHIV0LCS',
    ],
    ...[
      'EMERGENCY ALERT',
      'Emergency  alert!',
      'EMERGENCY-ALERT',
      'Émergency alert',
      'Public advisory',
      'official warning',
    ],
    ...[
      'Red rainfall warning',
      'ORANGE WARNING',
      'Flood Warning',
      'Storm Signal #3',
      'Signal No. 4',
      'signal no 2',
      'Alert level 3',
    ],
    ...[
      'Forced evacuation now',
      'pre-emptive evacuation',
      'Sapilitang paglikas',
      'state of calamity',
      'babala ng pamahalaan',
    ],
    ...['MDRRMO Quezon', 'by order of the mayor', 'tsunami warning', 'Cell Broadcast'],
  ])
    test(`“${text}” is refused`, () => expect(imitates(text)).not.toBeNull())

  for (const text of [
    ...[
      'Pag-asa, Quezon City',
      'Espana Blvd, Manila',
      'Flooded to the knee. Take C-5.',
      'Baha hanggang tuhod.',
      'EDSA nr Ortigas',
    ],
    ...[
      'Traffic signal is out',
      'Fire at Divisoria, keep away',
      'Brgy 105',
      'Aurora Blvd',
      'Road closed by order',
      'Alert and careful, please',
    ],
  ])
    test(`“${text}” is not`, () => expect(imitates(text)).toBeNull())
})

describe('answers of a roll-call', () => {
  test('are read by word, in Filipino, and by number', () => {
    for (const said of ['safe', ' Ligtas ', '1', 1, 'ok']) expect(readRollAnswer(said)).toBe('safe')
    for (const said of ['need_help', 'tulong', 'HELP', '2', 2]) expect(readRollAnswer(said)).toBe('need_help')
    for (const said of ['', 'perhaps', null, {}, 3]) expect(readRollAnswer(said)).toBeNull()
  })

  test('a word for help is a cry whatever it answers, and a bare number is not', () => {
    expect(isCryForHelp('need_help')).toBe(true)
    expect(isCryForHelp('tulong')).toBe(true)
    expect(isCryForHelp('2')).toBe(false)
    expect(isCryForHelp('safe')).toBe(false)
  })

  test('a cry may be answered by voice where the cause is no person', () => {
    expect(AREA_KINDS.filter((kind) => mayTalk(kind) === true)).toEqual(['flood', 'fire', 'crash'])
  })
})

test('the circle of a situation holds every corner', () => {
  const { polygon } = draft()
  const circle = circleOf(polygon)
  expect(circle.radiusM).toBeGreaterThan(1_500)
  expect(circle.radiusM).toBeLessThan(1_700)
})

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
