// The dictionary is complete, and never lets "received" and "taken" mean the same.

import { expect, test } from 'bun:test'
import { Glob } from 'bun'
import { ACCESS } from '../../src/domain/access'
import { EVENT_TYPES } from '../../src/domain/event'
import { CONFIRMERS, FALSE_REASONS, LEG_STATES, PRIORITIES, RESPONDER_KINDS, STATES } from '../../src/domain/incident'
import { KINDS, REPORTERS } from '../../src/domain/press'
import { FOR_REVIEW, isWord, LANGS, t, WORDS, type Word } from '../../views/words'

const words = Object.entries(WORDS) as [Word, readonly string[]][]

test('every word is said in every language', () => {
  const silent = words.filter(([, said]) => said.length !== LANGS.length || said.some((each) => each.trim() === ''))
  expect(silent).toEqual([])
})

test('both languages have the same blanks to fill', () => {
  const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join()
  expect(words.filter(([, [en, fil]]) => blanks(en as string) !== blanks(fil as string))).toEqual([])
})

test('received and taken are different words in both languages', () => {
  const received: Word[] = ['receipt.received', 'panel.received']
  const taken: Word[] = ['state.taken', 'state.taken_by', 'receipt.taken', 'event.taken', 'act.take']
  const root = /natanggap|received/i
  for (const lang of LANGS) {
    const say = t(lang)
    for (const word of received) expect(say(word)).toMatch(root)
    for (const word of taken) expect(say(word)).not.toMatch(root)
  }
})

test('a person is never called resolved, and an asked responder never dispatched, in Filipino', () => {
  const bad = words.filter(([, [, fil]]) => /nalutas|ipinadala na|natanggap na/i.test(fil as string))
  expect(bad).toEqual([])
})

test('everything that the domain can say has its word', () => {
  const needed = [
    ...STATES.map((each) => `state.${each}`),
    ...LEG_STATES.map((each) => `leg.${each}`),
    ...PRIORITIES.map((each) => `priority.${each}`),
    ...KINDS.map((each) => `kind.${each}`),
    ...REPORTERS.map((each) => `reporter.${each}`),
    ...RESPONDER_KINDS.map((each) => `responder.${each}`),
    ...CONFIRMERS.map((each) => `confirmed.${each}`),
    ...FALSE_REASONS.map((each) => `false.${each}`),
    ...EVENT_TYPES.map((each) => `event.${each}`),
    ...Object.keys(ACCESS).map((each) => `role.${each}`),
  ]
  expect(needed.filter((each) => !isWord(each))).toEqual([])
})

test('every word that a view names is in the dictionary', async () => {
  const root = new URL('../../', import.meta.url).pathname
  const unknown: string[] = []
  for await (const path of new Glob('{views,src/http/pages}/**/*.{ts,tsx}').scan(root)) {
    const source = await Bun.file(root + path).text()
    for (const [, word] of source.matchAll(/\bsay\('([^']+)'/g))
      if (!isWord(word as string)) unknown.push(`${path}: ${word}`)
  }
  expect(unknown).toEqual([])
})

test('what waits for review is in the dictionary', () => {
  expect(FOR_REVIEW.filter((word) => !isWord(word))).toEqual([])
})

test('blanks are filled, and an unknown blank stays visible', () => {
  expect(t('fil')('state.taken_by', { name: 'Ana' })).toBe('HAWAK ni Ana')
  expect(t('en')('state.taken_by', {})).toBe('Taken by {name}')
})
