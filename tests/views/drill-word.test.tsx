// A region's drill on a desk: whatever names it says DRILL / PAGSASANAY first, in words; and it counts for nothing there.

import { expect, test } from 'bun:test'
import type { IncidentSummary } from '../../src/domain/incident'
import { isOnlyDrill } from '../../views/client/sound/rules'
import { SAMPLE_NOW, SAMPLE_VIEWER, sampleEvents } from '../../views/design/sample'
import { BandItem, Card } from '../../views/tower/card'
import { cardView } from '../../views/tower/card-view'
import { Others } from '../../views/tower/drawer'
import { Panel } from '../../views/tower/panel'
import { bandWords, groupByKind, stormFigures } from '../../views/tower/summary'
import { type Lang, t } from '../../views/words'
import { ownedBy, summary } from './made-up'

const made = (change: Partial<IncidentSummary> = {}) => summary({ code: 'NCR-D03', flags: ['drill'], ...change })
const FIRST: Record<Lang, RegExp> = { en: /^DRILL\b/, fil: /^DRILL \/ PAGSASANAY\b/ }
const LANGS = ['en', 'fil'] as const

/** What a reader meets, in order, without marks. */
const read = (html: unknown): string =>
  String(html)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

test.each(LANGS)('its card, its place in the band and in the list of others begin with the word: %s', (lang) => {
  const say = t(lang)
  const incident = made()
  const view = cardView(incident, say, 'me')
  expect(read(<Card view={view} say={say} now={SAMPLE_NOW} />)).toMatch(FIRST[lang])
  expect(read(<BandItem view={view} now={SAMPLE_NOW} />)).toMatch(FIRST[lang])
  const others = { lang, nonce: 'n', region: 'NCR', incident: summary(), others: [incident] } as const
  expect(read(<Others {...others} />)).toMatch(FIRST[lang])
  // Said once: no mark of it below.
  expect(view.chips.map(({ text }) => text)).not.toContain(say('flag.drill'))
})

test('a real one has no such word', () => {
  const view = cardView(summary(), t('en'), 'me')
  expect(view.drill).toBe('')
  expect(read(<Card view={view} say={t('en')} now={SAMPLE_NOW} />)).not.toMatch(/drill/i)
})

test.each(LANGS)('its panel begins with it, so does its name, and the words for 911 say not to call: %s', (lang) => {
  const incident = made(ownedBy(SAMPLE_VIEWER.uid))
  const panel = String(
    <Panel
      {...{ incident, lang, viewer: SAMPLE_VIEWER, now: SAMPLE_NOW }}
      events={sampleEvents(incident)}
      nonce="n0nce"
    />,
  )
  expect(read(panel)).toMatch(/^DRILL \/ PAGSASANAY/)
  expect(read(/<h2 id="panel-code">.*?<\/h2>/.exec(panel)?.[0])).toMatch(FIRST[lang])
  expect(read(/<blockquote.*?<\/blockquote>/s.exec(panel)?.[0])).toMatch(
    lang === 'fil' ? /^PAGSASANAY\. Huwag tumawag sa 911/ : /^DRILL\. Do not call 911/,
  )
})

test('the band says so where nothing real waits, and counts only what is real where something does', () => {
  const say = t('en')
  expect(bandWords([made()], say)).toEqual({ title: 'DRILL: P1 not taken', figures: '1' })
  expect(bandWords([made(), summary()], say)).toEqual({ title: 'P1 not taken', figures: '1' })
  expect(bandWords([made()], t('fil')).title).toStartWith('DRILL / PAGSASANAY')
})

test('it is none of the open ones of a storm, nor of a kind', () => {
  const incidents = [made(), summary({ kind: 'medical' })]
  expect(stormFigures(incidents, t('en'), SAMPLE_NOW)).toStartWith('1 open · 1 P1 · 1 not taken')
  expect(groupByKind(incidents).map(({ kind, open }) => ({ kind, open }))).toEqual([{ kind: 'medical', open: 1 }])
})

test('a desk speaks of a drill only while nothing real calls', () => {
  expect(isOnlyDrill([made()])).toBe(true)
  expect(isOnlyDrill([made(), summary()])).toBe(false)
  expect(isOnlyDrill([made(), summary(ownedBy('ana'))])).toBe(true)
  expect(isOnlyDrill([made(ownedBy('ana'))])).toBe(false)
  expect(isOnlyDrill([])).toBe(false)
})
