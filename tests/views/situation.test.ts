import { expect, test } from 'bun:test'
import type { ShownSituation, Suggestion } from '../../src/domain/situation'
import { sampleIncident } from '../../views/design/sample'
import { situationView, suggestionView } from '../../views/storm/situation-view'
import { cardView } from '../../views/tower/card-view'
import { t } from '../../views/words'

const flood: ShownSituation = {
  id: 's1',
  name: 'Flood España 112',
  kind: 'flood',
  area: null,
  madeAt: '2026-11-22T04:00:00.000Z',
  madeBy: 'Desk 1',
  endedAt: null,
  counts: { trapped: 9, hurt: 0, stuck: 31, safe: 60, none: 12, people: 112, untaken: 40, worst: 'P1' },
}

test('a situation says who is trapped, stuck, safe and silent, in both languages, and leaves out what nobody says', () => {
  expect(situationView(flood, t('en'))).toMatchObject({
    worst: 'P1',
    people: '112',
    words: '9 trapped · 31 stuck · 60 safe · 12 no answer',
    untaken: '40 not taken',
  })
  expect(situationView(flood, t('fil')).words).toBe('9 naipit · 31 stranded · 60 ligtas · 12 walang sagot')
})

test('the bar is as long as all its people, and empty without any', () => {
  const { bar } = situationView(flood, t('en'))
  expect(bar.at(-1)?.x).toBeCloseTo(89.3, 1)
  expect(bar.reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(100, 0)
  const none = { ...flood, counts: { ...flood.counts, trapped: 0, stuck: 0, safe: 0, none: 0, people: 0 } }
  expect(situationView(none, t('en'))).toMatchObject({ words: '', people: '0' })
  expect(situationView(none, t('en')).bar.every(({ width }) => width === 0)).toBe(true)
})

test('a suggestion names the kind, how many and where, and which situation it would join', () => {
  const near: Suggestion = {
    key: 'k',
    kind: 'flood',
    lat: 14.6,
    lng: 121,
    incidentIds: ['a', 'b', 'c'],
    situationId: null,
  }
  expect(suggestionView(near, [flood], t('en')).button).toBe('Make a situation of 3')
  expect(suggestionView(near, [flood], t('en')).words).toMatch(/^Flood: 3 near /)
  expect(suggestionView({ ...near, situationId: 's1' }, [flood], t('en')).button).toBe('Add 3 to Flood España 112')
  expect(suggestionView(near, [flood], t('en')).name.length).toBeLessThanOrEqual(80)
})

test('a card says what its presser answered, and who is looking at it while that lasts', () => {
  const now = Date.parse('2026-11-22T04:00:00.000Z')
  const until = '2026-11-22T04:00:10.000Z'
  const incident = sampleIncident({ said: 'trapped', leased: { uid: 'ben', name: 'Ben Cruz', until }, owner: null })
  const says = (at: number) => cardView(incident, t('en'), 'ana', at).chips.map(({ text }) => text)
  expect(says(now)).toEqual(expect.arrayContaining(['Says: trapped', 'Ben Cruz is looking']))
  expect(says(now + 10_000)).not.toContain('Ben Cruz is looking')
})
