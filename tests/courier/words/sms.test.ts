import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { unlinked } from '../../../src/courier/words/clean'
import { mayTellTogether } from '../../../src/courier/words/facts'
import { isGsm7, septets, toGsm7 } from '../../../src/courier/words/gsm7'
import { smsText } from '../../../src/courier/words/sms'
import type { Page } from '../../../src/domain/page'
import { anyPage, anyPages, aPage } from './pages'

const fil = { contact: { id: 'lead-1', name: 'Ana Santos', lang: 'fil' as const } }

describe('a text to a lead', () => {
  test('of a quiet incident says plate and landmark first, and not to call', () => {
    expect(smsText(aPage())).toBe(
      'SOS NCR-47 P1 NAB 1234 white Vios, EDSA NB nr Ortigas, Mandaluyong, moving. SILENT: do NOT call driver. Nobody has it. Tower 0286540000',
    )
    expect(smsText(aPage(fil, { place: 'EDSA NB, Ortigas, Mandaluyong', moving: false }))).toBe(
      'SOS NCR-47 P1 NAB 1234 puting Vios, EDSA NB, Ortigas, Mandaluyong. TAHIMIK: HUWAG tawagan drayber. Wala pang humahawak. Tower 0286540000',
    )
  })

  test('of one that may be called says what it is and how long the phone has been silent', () => {
    const crash = {
      code: 'CEB-12',
      region: 'CEB' as const,
      kind: 'crash' as const,
      contactPolicy: 'voice_ok' as const,
      plate: 'GAE 5678',
      vehicle: 'red Mirage',
      place: 'M.J. Cuenco Ave, Cebu City',
      moving: false,
      silentS: 40,
      towerPhone: '0324150000',
    }
    expect(smsText(aPage({ region: 'CEB' }, crash))).toBe(
      'SOS CEB-12 P1 CRASH GAE 5678 red Mirage, M.J. Cuenco Ave, Cebu City. Phone silent 40s. Nobody has it. Tower 0324150000',
    )
    expect(smsText(aPage({ region: 'CEB', ...fil }, crash))).toBe(
      'SOS CEB-12 P1 BANGGAAN GAE 5678 pulang Mirage, M.J. Cuenco Ave, Cebu City. Walang signal 40s. Wala pang humahawak. Tower 0324150000',
    )
  })

  test('reads naturally where hardly anything is known, and is quiet until somebody says otherwise', () => {
    const nothing = {
      code: null,
      kind: null,
      contactPolicy: null,
      plate: null,
      vehicle: null,
      place: null,
      moving: false,
      driver: null,
      towerPhone: null,
    }
    expect(smsText(aPage({}, nothing))).toBe(
      'SOS NCR P1 vehicle not known, place not known. SILENT: do NOT call driver. Nobody has it. Open the Tower',
    )
    expect(smsText(aPage({}, { ...nothing, driver: 'Juan D.' }))).toStartWith('SOS NCR P1 Juan D., place not known.')
  })

  test('loses its landmark from the end before anything else', () => {
    const text = smsText(
      aPage({}, { place: 'Epifanio de los Santos Avenue northbound near Ortigas Avenue flyover, Mandaluyong' }),
    )
    expect(text).toStartWith('SOS NCR-47 P1 NAB 1234 white Vios, Epifanio de los Santos Avenue')
    expect(text).not.toContain('Mandaluyong')
    expect(text).toEndWith('moving. SILENT: do NOT call driver. Nobody has it. Tower 0286540000')
  })

  test('tells of further incidents by count and code, and warns where any of them is quiet', () => {
    const other = (n: number, contactPolicy: 'quiet' | 'voice_ok') =>
      aPage({ id: `page-${n}`, incidentId: `incident-${n}` }, { code: `NCR-${n}`, contactPolicy })
    expect(smsText(other(47, 'voice_ok'), [other(48, 'quiet'), other(49, 'voice_ok'), other(49, 'voice_ok')])).toBe(
      'SOS NCR-47 P1 NAB 1234 white Vios, EDSA NB nr Ortigas, moving. Some SILENT: do NOT call drivers. Nobody has it. Also 2 more: NCR-48, NCR-49. Tower 0286540000',
    )
    expect(smsText(other(47, 'quiet'), [other(48, 'quiet')])).toContain('SILENT: do NOT call driver.')
  })

  test('never calls what is real a drill, whichever of them was to be sent', () => {
    const drill = aPage({ id: 'd', incidentId: 'd', drill: true }, { code: 'NCR-99' })
    for (const text of [smsText(drill, [aPage()]), smsText(aPage(), [drill])]) {
      expect(text).toStartWith('SOS NCR-47')
      expect(text).not.toMatch(/drill/i)
    }
    expect(mayTellTogether(aPage(), drill)).toBe(false)
    expect(mayTellTogether(aPage(), aPage({ reason: 'kin' }))).toBe(false)
    expect(mayTellTogether(aPage(), aPage({ reason: 'room_away' }))).toBe(true)
  })
})

test('one text tells a whole storm', () => {
  const counts = { waiting: 127, p1: 14, oldestMs: 6 * 60_000, operators: 6 }
  expect(smsText(aPage({ reason: 'storm' }, { counts }))).toBe(
    'SOS STORM NCR: 127 waiting, 14 P1, oldest 6 min, 6 operators. ONE text for all. Open the Tower or call 0286540000',
  )
  expect(smsText(aPage({ reason: 'storm' }, { counts: null, towerPhone: null }))).toBe(
    'SOS STORM NCR: many waiting. ONE text for all. Open the Tower',
  )
})

test('a tower that is down is told with its time and its gravest', () => {
  const counts = { waiting: 3, p1: 1, oldestMs: 0, operators: 0 }
  expect(smsText(aPage({ reason: 'tower_down', incidentId: null }, { counts, pressedAt: null }))).toBe(
    'TOWER DOWN NCR: all screens lost 02:10. 3 open, 1 P1: NCR-47. Open the Tower on your phone now or call 0286540000',
  )
})

describe('a text to a contact of the driver', () => {
  const kin = (stage: 'pressed' | 'safe', contactPolicy: 'quiet' | 'voice_ok' | null, more = {}) =>
    smsText(aPage({ reason: 'kin', ...more }, { stage, contactPolicy }))

  test('says what is done, without any place', () => {
    expect(kin('pressed', 'voice_ok')).toBe(
      'Xpress Tower: Juan D. pressed SOS 02:10. Our team is working on it. Please keep your phone free. Info: 0286540000, ref NCR-47',
    )
    expect(kin('safe', 'voice_ok')).toContain('You may call Juan D. now.')
    for (const stage of ['pressed', 'safe'] as const) {
      for (const policy of ['quiet', 'voice_ok'] as const) expect(kin(stage, policy)).not.toMatch(/EDSA|NAB|Vios/)
    }
  })

  test('while it is quiet, or nobody knows, forbids to call, also when the driver is safe', () => {
    expect(kin('pressed', 'quiet')).toContain('DO NOT CALL OR TEXT Juan D., FOR SAFETY.')
    expect(kin('pressed', null)).toContain('DO NOT CALL OR TEXT')
    expect(kin('safe', 'quiet')).toContain('DO NOT CALL OR TEXT yet')
    expect(kin('pressed', 'quiet', fil)).toContain('HUWAG SIYANG TAWAGAN O I-TEXT')
    expect(kin('pressed', 'quiet', { step: 'kin' })).not.toContain('You may call')
  })

  test('never tells of another incident', () => {
    const other = aPage({ reason: 'kin', incidentId: 'incident-2' }, { code: 'NCR-48' })
    expect(smsText(aPage({ reason: 'kin' }, { stage: 'pressed' }), [other])).not.toContain('48')
  })
})

describe('texts to phones', () => {
  test('the question of the queue names the number to write to, where one can', () => {
    const text = (towerPhone: string) => smsText(aPage({ reason: 'queue_question' }, { towerPhone }))
    expect(text('09171234567')).toContain(
      'Text 09171234567: 1 trapped/water rising 2 hurt 3 stuck but safe 4 OK. Danger now? Call 911',
    )
    expect(text('0286540000')).toContain('Reply 1 trapped')
  })

  test('an area says what, where, what to do, until when', () => {
    const until = Date.UTC(2026, 10, 23, 12, 0, 0)
    const flood = { kind: 'flood' as const, place: 'España Blvd, Manila', ref: 'A-12', until }
    expect(smsText(aPage({ reason: 'area' }, flood))).toBe(
      'Xpress Tower: FLOOD around España Blvd, Manila. Do not enter. If safe do nothing; if you need help press SOS. Until 20:00. Ref A-12',
    )
    expect(smsText(aPage({ reason: 'area', ...fil }, flood))).toBe(
      'Xpress Tower: BAHA sa España Blvd, Manila. Huwag pumasok. Kung kailangan mo ng tulong, pindutin ang SOS. Hanggang 20:00. Ref A-12',
    )
  })

  test('a message of an operator keeps its number and code however long it is', () => {
    const text = smsText(aPage({ reason: 'driver' }, { text: 'Stay where you are. '.repeat(30) }))
    expect(septets(text)).toBeLessThanOrEqual(160)
    expect(text).toEndWith('... Info: 0286540000, ref NCR-47')
  })

  test('help is said to be on the way only where that was decided', () => {
    expect(smsText(aPage({ reason: 'driver', step: 'help_on_the_way' }))).toContain('Help is on the way.')
    expect(smsText(aPage({ reason: 'driver', step: 'message' }))).not.toContain('Help is on the way')
  })
})

const isDutyAndReal = ({ reason, drill }: Page): boolean =>
  !drill && ['escalation', 'room_away', 'storm', 'tower_down'].includes(reason)

describe('every text that can be', () => {
  const all = (
    check: (text: string, page: Parameters<typeof smsText>[0], joined: Parameters<typeof smsText>[1]) => void,
  ) =>
    fc.assert(
      fc.property(anyPage, anyPages, (page, joined) => check(smsText(page, joined), page, joined)),
      { numRuns: 1_500 },
    )

  test('is one segment of the plain alphabet, on one line', () => {
    all((text) => {
      expect(isGsm7(text)).toBe(true)
      expect(septets(text)).toBeLessThanOrEqual(160)
      expect(text).not.toMatch(/[\n\r]|\s{2}|^\s|\s$/)
      expect(text.length).toBeGreaterThan(10)
    })
  })

  test('has no link, nor what a phone or a network takes for one', () => {
    all((text) => {
      expect(text).not.toMatch(/http|:\/\/|www/i)
      expect(text).not.toMatch(/[\p{L}\p{N}_-]\.\p{L}{2,}/u)
      expect(text).not.toMatch(/\d+\.\d+\.\d+/)
    })
  })

  test('makes no link of a code that is none of ours', () => {
    const page = aPage({ reason: 'share' }, { text: 'hhttpttp' })
    expect(smsText(page, [])).not.toMatch(/http/i)
  })

  test('keeps the code, the number and the warning', () => {
    fc.assert(
      fc.property(anyPage, anyPages, (page, joined) => {
        const text = smsText({ ...page, reason: 'escalation' }, joined)
        const real = page.drill ? joined.find((each) => isDutyAndReal(each)) : undefined
        const { code, contactPolicy, towerPhone } = (real ?? page).facts
        fc.pre(real === undefined || real.reason === 'escalation')
        expect(text).toContain(`SOS ${code ?? (real ?? page).region} `)
        if (towerPhone) expect(text).toEndWith(towerPhone.replace(/[^\d+]/g, ''))
        if (contactPolicy !== 'voice_ok') expect(text).toMatch(/do NOT call driver|HUWAG tawagan/)
      }),
      { numRuns: 1_500 },
    )
  })

  test('keeps number, code and warning towards contacts too', () => {
    fc.assert(
      fc.property(anyPage, ({ facts, ...page }) => {
        const text = smsText({ ...page, reason: 'kin', facts })
        if (facts.towerPhone) expect(text).toContain(facts.towerPhone.replace(/[^\d+]/g, ''))
        if (facts.code) expect(text).toContain(facts.code)
        if (facts.contactPolicy !== 'voice_ok') expect(text).toMatch(/DO NOT CALL OR TEXT|HUWAG/)
        else expect(text).not.toMatch(/DO NOT CALL|HUWAG/)
      }),
      { numRuns: 1_500 },
    )
  })

  test('says first that it is a drill, where it is one and tells of nothing real', () => {
    all((text, page, joined = []) => {
      if ((page.drill || page.reason === 'drill') && !joined.some(isDutyAndReal))
        expect(text).toMatch(/^(DRILL|PAGSASANAY)\b/)
    })
  })
})

describe('the plain alphabet', () => {
  test('keeps ñ, writes accents, quotes and full-width letters plainly, and leaves out what it has no letter for', () => {
    expect(toGsm7('Parañaque “Café”, Łódź — ｆｕｌｌ 🚨 ₱20 شارع')).toBe(
      'Parañaque "Café", Lódz - full PHP 20'.replace('ó', 'o'),
    )
    expect(toGsm7('n\u0303')).toBe('ñ')
  })

  test('counts what is escaped twice', () => {
    expect(septets('abc')).toBe(3)
    expect(septets('a€[~')).toBe(7)
  })

  test('initials and numbers are no links', () => {
    expect(unlinked('M.J. Cuenco Ave 14.5873')).toBe('M.J. Cuenco Ave 14.5873')
    expect(unlinked('go to https://evil.com.ph/x')).toBe('go to evil. com. ph/x')
  })
})
