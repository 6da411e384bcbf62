import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { answerOfKey, answerOfText, voiceTurn } from '../../../src/courier/words'
import { spelled, spokenCode, spokenPlace } from '../../../src/courier/words/spoken'
import type { PageReason } from '../../../src/domain/page'
import { anyPage, anyPages, aPage } from './pages'

const fil = { contact: { id: 'lead-1', name: 'Ana Santos', lang: 'fil' as const } }
const all = (turn: { say: string[] }) => turn.say.join(' ')

describe('a call to a lead', () => {
  test('says the keys first, three times, and waits', () => {
    const turn = voiceTurn(aPage(), null)
    expect(turn).toMatchObject({ lang: 'en', gather: true, hangUp: false })
    expect(turn.say).toEqual(
      Array(3).fill(
        'Emergency. Xpress Tower, N C R, incident four seven. Press 1 to take it, 2 if you cannot, 9 to call everyone.',
      ),
    )
    expect(voiceTurn(aPage(fil), null).say[0]).toBe(
      'Emerhensiya. Xpress Tower, N C R, insidente four seven. Pindutin ang 1 para kunin, 2 kung hindi mo kaya, 9 para tawagin ang lahat.',
    )
  })

  test('after 1 says the warning, the vehicle, the place, and what to do', () => {
    const turn = voiceTurn(aPage(), '1')
    expect(all(turn)).toBe(
      'You have it. Silent alarm: do not call the driver. Plate N A B, one two three four. white Vios. EDSA northbound near Ortigas, Mandaluyong, moving. Open the Tower within two minutes, or it goes to the next person. Star repeats.',
    )
    expect(turn).toMatchObject({ gather: true, hangUp: false })
    expect(all(voiceTurn(aPage(fil), '1'))).toContain('Tahimik na alarma: huwag tawagan ang drayber. Plaka N A B,')
    expect(all(voiceTurn(aPage({}, { contactPolicy: 'voice_ok' }), '1'))).not.toContain('Silent')
    expect(all(voiceTurn(aPage({}, { contactPolicy: null }), '1'))).toContain('do not call the driver')
  })

  test('after 2 and 9 says what happens, and ends', () => {
    for (const [key, words] of [
      ['2', 'The next person is called'],
      ['9', 'Everyone is called'],
    ] as const) {
      const turn = voiceTurn(aPage(), key)
      expect(all(turn)).toContain(words)
      expect(turn).toMatchObject({ gather: false, hangUp: true })
    }
  })

  test('star repeats what came last; a key that means nothing brings the choice again', () => {
    const choice = voiceTurn(aPage(), null)
    expect(voiceTurn(aPage(), '*')).toEqual(choice)
    expect(voiceTurn(aPage(), '5')).toEqual(choice)
    expect(voiceTurn(aPage(), '')).toEqual(choice)
    expect(voiceTurn(aPage(), '*', [], '1')).toEqual(voiceTurn(aPage(), '1'))
  })

  test('tells of further incidents by count before a key, by code after it', () => {
    const other = aPage({ id: 'b', incidentId: 'b' }, { code: 'NCR-48' })
    expect(voiceTurn(aPage(), null, [other]).say[0]).toContain('And 1 more incidents.')
    expect(all(voiceTurn(aPage(), '1', [other]))).toContain('And 1 more: N C R, incident four eight.')
  })
})

test('nothing that voicemail hears says plate, vehicle, place or name of anybody', () => {
  const secret = { plate: 'ZZQ 9871', vehicle: 'turquoise Zonda', place: 'Kalye Sikreto', driver: 'Quirino X.' }
  for (const reason of [
    'escalation',
    'room_away',
    'storm',
    'tower_down',
    'kin',
    'driver',
    'queue_question',
    'agency',
    'share',
    'drill',
  ] as const) {
    for (const lang of ['en', 'fil'] as const) {
      for (const key of [null, '*', '7']) {
        const page = aPage(
          { reason, contact: { id: 'c', name: 'Maria Lihim', lang } },
          { ...secret, text: 'Kalye Sikreto' },
        )
        const heard = all(voiceTurn(page, key, [{ ...page, id: 'other', incidentId: 'other' }]))
        expect(heard).not.toMatch(/zzq|z z q|nine eight|zonda|sikreto|quirino|lihim/i)
        expect(heard.length).toBeGreaterThan(40)
      }
    }
  }
})

test('a contact of the driver hears what a text says, after a key', () => {
  const kin = (contactPolicy: 'quiet' | 'voice_ok') => aPage({ reason: 'kin' }, { stage: 'pressed', contactPolicy })
  expect(all(voiceTurn(kin('quiet'), '1'))).toContain(
    'Juan D. pressed S O S at 02:10. For safety, do not call or text.',
  )
  expect(all(voiceTurn(kin('voice_ok'), '1'))).toContain('Please keep your phone free.')
})

test('a drill says so first, in every turn, and rings off after its answer', () => {
  fc.assert(
    fc.property(anyPage, fc.constantFrom(null, '1', '2', '4', '9', '*', '#'), (page, key) => {
      const turn = voiceTurn({ ...page, drill: true }, key)
      expect(turn.say[0]).toStartWith('Drill. Hindi ito totoo.')
      expect(turn.gather).toBe(!turn.hangUp)
    }),
  )
  expect(voiceTurn(aPage({ reason: 'drill' }, { ref: 'D03' }), null).say[0]).toContain('N C R, incident D zero three.')
  expect(voiceTurn(aPage({ reason: 'drill' }), '1').hangUp).toBe(true)
})

test('every page has something to say after every key, in the language of whoever is called', () => {
  fc.assert(
    fc.property(anyPage, anyPages, fc.constantFrom(null, '1', '2', '3', '9', '*', 'x'), (page, joined, key) => {
      const turn = voiceTurn(page, key, joined)
      expect(turn.lang).toBe(page.contact.lang)
      expect(all(turn).length).toBeGreaterThan(10)
      expect(all(turn)).not.toMatch(/\p{Cc}|\{\w+\}\.|undefined|null/u)
    }),
  )
})

test('codes, plates and places are said as one says them', () => {
  expect(spokenCode('NCR-47', 'NCR', 'en')).toBe('N C R, incident four seven')
  expect(spokenCode(null, 'CEB', 'fil')).toBe('C E B')
  expect(spelled('NAB 1234')).toBe('N A B, one two three four')
  expect(spokenPlace('EDSA NB nr Ortigas Ave, Brgy San Jose', 'fil')).toBe(
    'EDSA northbound malapit sa Ortigas Avenue, Barangay San Jose',
  )
})

test('keys and words answer by what was asked', () => {
  const keys = (reason: PageReason, all: string) => [...all].map((key) => answerOfKey({ reason }, key))
  expect(keys('escalation', '1293*')).toEqual(['take', 'cannot', 'everyone', null, null])
  expect(keys('queue_question', '12349')).toEqual(['trapped', 'hurt', 'stuck', 'ok', null])
  expect(keys('area', '123')).toEqual(['safe', 'need_help', null])
  expect(keys('kin', '129')).toEqual(['ok', null, null])
  expect(answerOfText({ reason: 'escalation' }, ' Kunin ko na')).toBe('take')
  expect(answerOfText({ reason: 'escalation' }, '12')).toBeNull()
  expect(answerOfText({ reason: 'queue_question' }, '1 naipit kami')).toBe('trapped')
  expect(answerOfText({ reason: 'area' }, 'Tulong po')).toBe('need_help')
  expect(answerOfText({ reason: 'kin' }, '1')).toBeNull()
})
