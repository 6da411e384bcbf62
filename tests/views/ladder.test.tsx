// What is drawn of a ladder: every state has a mark that needs no colour, people's words stay text, and what the log says of
// pages reads in both languages.

import { expect, test } from 'bun:test'
import { defaultPolicy } from '../../src/domain/escalation-policy'
import { EVENT_TYPES, type EventType, type LogEvent } from '../../src/domain/event'
import { PRIORITIES } from '../../src/domain/incident'
import { ATTEMPT_STATES, type Attempt, CHANNELS, PAGE_ANSWERS, PAGE_REASONS } from '../../src/domain/page'
import type { LadderView } from '../../src/room/paging-contract'
import { sampleEvents } from '../../views/design/sample'
import { cardView } from '../../views/tower/card-view'
import { eventLine } from '../../views/tower/event-line'
import { left, otherPages, RUNG_MARKS, shownSteps } from '../../views/tower/ladder-view'
import { nobodyWords } from '../../views/tower/ladder-words'
import { Ladder } from '../../views/tower/panel-ladder'
import { isWord, LANGS, t } from '../../views/words'
import { summary } from './made-up'

const NOW = Date.parse('2026-11-22T13:14:30Z')
const EVIL = `<img src=x onerror=alert(1)>`

const view = (change: Partial<LadderView> = {}): LadderView => ({
  incidentId: 'i1',
  state: 'climbing',
  round: 1,
  since: NOW - 20_000,
  held: null,
  decided: [],
  pages: [],
  next: [],
  ...change,
})

const step = (change: Partial<LadderView['decided'][number]> = {}): LadderView['decided'][number] => ({
  at: NOW - 10_000,
  step: 'lead',
  round: 1,
  n: 1,
  why: 'untaken',
  to: [],
  telling: [],
  kept: [],
  nobody: [],
  consoles: false,
  neighbour: null,
  ...change,
})

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  id: 'NCR.0.00000000-0000-4000-8000-000000000001',
  pageId: 'p1',
  incidentId: 'i1',
  region: 'NCR',
  reason: 'escalation',
  step: 'lead',
  contact: { id: 'ana', name: 'Ana' },
  channel: 'sms',
  provider: 'twilio',
  network: null,
  to: '+63917•••4567',
  n: 1,
  state: 'delivered',
  error: null,
  answer: null,
  drill: false,
  at: { delivered: NOW },
  ...change,
})

const page = (change: Partial<LadderView['pages'][number]> = {}): LadderView['pages'][number] => ({
  id: 'p1',
  reason: 'escalation',
  step: 'lead',
  contact: { id: 'ana', name: 'Ana' },
  state: 'with',
  why: null,
  answer: null,
  decidedAt: NOW,
  ...change,
})

const draw = (of: LadderView, attempts: Attempt[] | null = [], lang: 'en' | 'fil' = 'en', mayResend = false): string =>
  String(<Ladder view={of} attempts={attempts} mayResend={mayResend} lang={lang} nonce="n" now={NOW} />)

test('each state of a try has letter and shape of its own, so that none is told by colour alone', () => {
  const marks = ATTEMPT_STATES.map((state) => `${RUNG_MARKS[state].letter} ${RUNG_MARKS[state].shape}`)
  expect(new Set(marks).size).toBe(ATTEMPT_STATES.length)
  expect(RUNG_MARKS.delivered.tone).toBe('plain')
  expect(RUNG_MARKS.answered.tone).toBe('good')
})

test('whatever room and courier can say has its word in both languages', () => {
  const steps = PRIORITIES.flatMap((priority) => defaultPolicy('NCR').steps[priority].map(({ id }) => `step.${id}`))
  const needed = [
    ...steps,
    ...ATTEMPT_STATES.map((each) => `attempt.${each}`),
    ...CHANNELS.map((each) => `way.${each}`),
    ...PAGE_REASONS.map((each) => `pagereason.${each}`),
    ...PAGE_ANSWERS.map((each) => `pageanswer.${each}`),
  ]
  expect(needed.filter((each) => !isWord(each))).toEqual([])
})

test('what is due next counts down, and says so when its time has come', () => {
  const html = draw(
    view({
      next: [
        { step: 'all_leads', at: NOW + 17_000 },
        { step: 'management', at: NOW + 60_000 },
      ],
    }),
  )
  expect(html).toContain('all leads in 0:17')
  expect(html).toContain('data-words="all leads in {left}"')
  expect(html).toContain('Then management 21:15:30')
  expect(draw(view({ next: [{ step: 'all_leads', at: NOW - 1 }] }))).toContain('all leads: due now')
  expect([left(-5), left(400), left(92_000), left(120_000)]).toEqual(['0:00', '0:00', '1:32', '2:00'])
})

test('a phone that holds it is said with what is left, in the panel and on the card', () => {
  const held = view({ state: 'held', held: { contactId: 'ana', name: 'Ana', until: NOW + 92_000 } })
  expect(draw(held)).toContain('Held by Ana (phone) 1:32')
  expect(draw(held, [], 'fil')).toContain('Hawak ni Ana (telepono) 1:32')
  const incident = summary({ phoneAck: { name: 'Ana', until: new Date(NOW + 92_000).toISOString() } })
  const chip = cardView(incident, t('en'), 'me', NOW).chips.find(({ until }) => until)
  expect(chip).toMatchObject({ tone: 'warn', text: 'Ana, phone, 1:32' })
  expect(cardView(incident, t('en'), 'me', NOW + 92_001).chips.some(({ until }) => until)).toBe(false)
})

test('nobody on duty, every way failed, and parked are each said where they happened', () => {
  const steps = view({
    decided: [step({ nobody: ['nobody on duty as second lead'], to: [{ id: 'ana', name: 'Ana', page: 'p1' }] })],
    pages: [page({ state: 'exhausted' })],
  })
  const html = draw(steps, [attempt({ state: 'parked', error: 'cannot be rendered' })], 'en', true)
  expect(html).toContain('Nobody on duty: second lead')
  expect(html).toContain('data-tone="alarm">every way failed')
  expect(html).toContain('/desk/incidents/i1/ladder/resend')
  expect(draw(steps, [attempt({ state: 'parked' })])).not.toContain('resend')
})

test('the newest step stands first, each page with its own tries in their order', () => {
  const of = view({
    decided: [
      step({ step: 'unwatched', to: [{ id: 'ana', name: 'Ana', page: 'p1' }] }),
      step({ step: 'all_leads', to: [{ id: 'ben', name: 'Ben', page: 'p2' }] }),
    ],
    pages: [page(), page({ id: 'p3', reason: 'kin' })],
  })
  const attempts = [
    attempt({ id: 'b', n: 2 }),
    attempt({ id: 'a', n: 1 }),
    attempt({ id: 'c', pageId: 'p2' }),
    attempt({ id: 'd', pageId: 'p9', contact: { id: 'z', name: 'Zed' } }),
  ]
  expect(
    shownSteps(of, attempts).map((each) => [each.step, each.people.map(({ rungs }) => rungs.map(({ id }) => id))]),
  ).toEqual([
    ['all_leads', [['c']]],
    ['unwatched', [['a', 'b']]],
  ])
  expect(otherPages(of, attempts).map(({ id, page }) => [id, page?.reason ?? null])).toEqual([
    ['p3', 'kin'],
    ['p9', null],
  ])
})

test('names, numbers, errors and erased steps are text', () => {
  const html = draw(
    view({
      decided: [
        step({ step: '', why: '' }),
        step({ step: EVIL, why: EVIL, nobody: [EVIL], to: [{ id: 'x', name: EVIL, page: 'p1' }] }),
      ],
      held: { contactId: 'x', name: EVIL, until: NOW },
      state: 'held',
    }),
    [attempt({ to: EVIL, network: EVIL, error: EVIL })],
  )
  expect(html).not.toContain('<img')
  expect(html).toContain('What was decided is erased.')
})

test('without the courier it is said, and the room’s half is drawn', () => {
  const html = draw(
    view({
      decided: [step({ to: [{ id: 'ana', name: 'Ana', page: 'p1' }] })],
      pages: [page({ state: 'answered', answer: 'take' })],
    }),
    null,
  )
  expect(html).toContain('The courier does not answer')
  expect(html).toContain('answered: takes it')
})

const line = (type: EventType, body: LogEvent['body'], lang: 'en' | 'fil' = 'en') =>
  eventLine({ ...(sampleEvents(summary())[0] as LogEvent), type, body }, t(lang))

test('every type of event has a line in both languages, also with a body that lacks everything', () => {
  for (const lang of LANGS)
    for (const type of EVENT_TYPES) {
      for (const body of [{}, null, { to: 5, nobody: 'x', contact: null, state: 1 }] as LogEvent['body'][]) {
        const { what } = line(type, body, lang)
        expect(what).not.toBe(t(lang)('event.unknown'))
        expect(what).not.toContain('{')
      }
    }
})

test('the lines of the ladder say who, by which way, and what came of it', () => {
  const contact = { id: 'ana', name: 'Ana Cruz' }
  expect(
    line('escalated', {
      step: 'all_leads',
      why: 'untaken',
      to: [{ id: 'a', name: 'Ana', page: 'p' }],
      nobody: ['nobody on duty as lead'],
    }),
  ).toMatchObject({
    what: 'Told outside the screens',
    detail: 'all leads · nobody has taken it · Ana · Nobody on duty: lead',
  })
  expect(
    line('escalated', { step: 'lead', why: 'untaken', to: [], nobody: ['nobody in the directory can be told'] }),
  ).toMatchObject({
    what: 'Nobody could be told',
    detail: 'duty lead · nobody has taken it · Nobody in the directory can be told',
  })
  expect(line('paged', { contact, channel: 'sms', state: 'undelivered', error: '30003' }).detail).toBe(
    'Ana Cruz · Text · not delivered · 30003',
  )
  expect(line('paged', { contact, channel: 'voice', state: 'failed', error: 'no_answer' }, 'fil').detail).toBe(
    'Ana Cruz · Tawag · bigo · walang sagot',
  )
  expect(line('page_answered', { contact, answer: 'take' }).detail).toBe('Ana Cruz · takes it')
  expect(line('page_exhausted', { contact })).toMatchObject({ detail: 'Ana Cruz', tone: 'alarm' })
  expect(line('ack_expired', { contactId: 'ana', name: 'Ana Cruz' })).toMatchObject({
    detail: 'Ana Cruz',
    tone: 'alarm',
  })
  expect(line('tower_down', { site: 'Manila', back: true }).detail).toBe('Manila · they are back')
  expect(line('taken_over', { region: 'NCR', from: 'CEB', reason: 'power cut' }).detail).toBe('CEB → NCR · power cut')
})

test('why nobody is told is said in the reader’s language, and what is not known as the log has it', () => {
  expect(nobodyWords('nobody on duty as management', t('fil'))).toBe('Walang naka-duty: pamunuan')
  expect(nobodyWords('nobody in team motos', t('en'))).toBe('Nobody in team motos')
  expect(nobodyWords('something new', t('fil'))).toBe('something new')
})
