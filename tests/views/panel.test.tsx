// What the server renders: what people wrote stays text, quiet is never a link, the next step is one button, and the card
// has the slots that the browser fills.

import { expect, test } from 'bun:test'
import type { LogEvent } from '../../src/domain/event'
import type { IncidentSummary } from '../../src/domain/incident'
import type { Whereabouts } from '../../src/domain/whereabouts'
import { SAMPLE_NOW, SAMPLE_VIEWER, sampleEvents } from '../../views/design/sample'
import { LoginPage } from '../../views/login'
import { Card } from '../../views/tower/card'
import { cardView } from '../../views/tower/card-view'
import { nextStep } from '../../views/tower/next-step'
import { Panel } from '../../views/tower/panel'
import { t } from '../../views/words'
import { ownedBy, summary } from './made-up'

const EVIL = `<img src=x onerror=alert(1)>"'&</script>`
const me = SAMPLE_VIEWER.uid

const panel = (incident: IncidentSummary, events: LogEvent[] = sampleEvents(incident), lang: 'en' | 'fil' = 'en') =>
  String(
    <Panel incident={incident} events={events} viewer={SAMPLE_VIEWER} lang={lang} nonce="n0nce" now={SAMPLE_NOW} />,
  )

const event = (incident: IncidentSummary, type: LogEvent['type'], body: Record<string, unknown>): LogEvent => ({
  ...(sampleEvents(incident)[0] as LogEvent),
  seq: 9_000,
  type,
  body,
})

test('what people and phones wrote is text wherever it stands', () => {
  const incident = summary({
    note: EVIL,
    code: EVIL,
    deviceId: EVIL,
    driver: { id: 'd', name: EVIL, phone: EVIL },
    vehicle: { id: 'v', plate: EVIL, conduction: null, make: EVIL, model: EVIL, colour: EVIL },
    legs: [{ id: 'l', kind: 'rover', name: EVIL, state: 'asked', etaMinutes: null }],
  })
  const events = (
    ['noted', 'pressed', 'contact_tried', 'priority_set', 'released', 'linked', 'leg_asked'] as const
  ).map((type) =>
    event(incident, type, {
      text: EVIL,
      note: EVIL,
      ref: EVIL,
      from: EVIL,
      to: EVIL,
      why: EVIL,
      code: EVIL,
      name: EVIL,
      kind: EVIL,
    }),
  )
  const html =
    panel(incident, events) + String(<Card view={cardView(incident, t('en'), me)} say={t('en')} now={SAMPLE_NOW} />)
  expect(html).not.toContain('<img')
  expect(html).not.toContain('</script>')
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
})

test('a body of any shape makes a line, never an error', () => {
  const incident = summary()
  const shapes: (LogEvent['body'] | object)[] = [
    null,
    {},
    { text: 7, to: {}, from: [], reason: null },
    { etaMinutes: 'soon', count: 'many' },
  ]
  for (const body of shapes) {
    const html = panel(incident, [{ ...event(incident, 'leg_moved', {}), body: body as LogEvent['body'] }])
    expect(html).toContain('Responder')
  }
})

test('nothing on the page needs an inline style, an inline script or eval', () => {
  const html = panel(summary({ ...ownedBy(me) }))
  expect(html).not.toMatch(/\sstyle=|\son\w+=|javascript:|hx-on|js:/)
})

test('whatever has an hx attribute carries the nonce, or hx-csp would take it away', () => {
  const html = panel(summary({ ...ownedBy(me) }))
  const tags = html.match(/<\w+[^>]*\shx-(?:get|post)=[^>]*>/g) ?? []
  expect(tags.length).toBeGreaterThan(10)
  expect(tags.filter((tag) => !tag.includes('hx-nonce="n0nce"'))).toEqual([])
})

test('a quiet driver’s number is no link, and the band says so in both languages', () => {
  const quiet = panel(summary({ contactPolicy: 'quiet' }), [], 'fil')
  expect(quiet).not.toContain('href="tel:')
  expect(quiet).toContain('TAHIMIK: HUWAG TAWAGAN')
  expect(panel(summary({ contactPolicy: 'voice_ok' }))).toContain('href="tel:+639175550147"')
})

test('the place is told by landmark and road beside the coordinates, in both languages, and read out to the agency', () => {
  const where: Whereabouts = {
    landmark: { name: 'SM Megamall', kind: 'mall', distanceM: 312, bearing: 182, wind: 's' },
    road: { name: 'EDSA', distanceM: 9, on: true, direction: 'n' },
    municipality: 'Mandaluyong',
    orElse: 'Pasig',
  }
  const at = (lang: 'en' | 'fil', place: Whereabouts | null) =>
    String(
      <Panel
        incident={summary()}
        events={[]}
        viewer={SAMPLE_VIEWER}
        lang={lang}
        nonce="n"
        now={SAMPLE_NOW}
        where={place}
        ahead={place && { municipality: 'Pasig', orElse: null, inM: 800, inS: 90 }}
      />,
    )
  const english = 'on EDSA, heading north, 300 m south of SM Megamall, Mandaluyong or Pasig'
  expect(at('en', where)).toContain(`data-place="${english}">${english}</p>`)
  expect(at('en', where)).toContain(`Now ${english}, 12 s ago.`)
  expect(at('en', where)).toContain('14.58690, 121.06140')
  expect(at('en', where)).toContain('then Pasig, in 800 m')
  expect(at('en', null)).not.toContain('then Pasig')
  expect(at('fil', where)).toContain('sa EDSA, patungong hilaga, 300 m timog ng SM Megamall, Mandaluyong o Pasig')
  const unknown = { landmark: null, road: null, municipality: null, orElse: null }
  for (const none of [null, unknown])
    expect(at('en', none)).toMatch(/<p class="panel-place"[^>]*>[^<]*of Mandaluyong<\/p>/)
})

test('the next step goes take, contact, 911, send, safe, close', () => {
  const at = (change: Partial<IncidentSummary>, events: LogEvent[] = []) =>
    nextStep(summary({ contactPolicy: 'voice_ok', ...change }), events, SAMPLE_VIEWER)
  const some = summary()
  const called = event(some, 'contact_tried', { to: 'driver' })
  const told911 = event(some, 'contact_tried', { to: 'agency' })
  const leg = { id: 'l', kind: 'rover', name: 'R', state: 'asked', etaMinutes: null } as const
  expect(at({})).toBe('take')
  expect(at({ ...ownedBy(me) })).toBe('contact')
  expect(at({ ...ownedBy(me) }, [called])).toBe('script')
  expect(at({ ...ownedBy(me) }, [called, told911])).toBe('send')
  expect(at({ ...ownedBy(me), legs: [{ ...leg, state: 'declined' }] }, [called, told911])).toBe('send')
  expect(at({ ...ownedBy(me), legs: [leg] }, [called, told911])).toBe('safe')
  expect(at({ ...ownedBy(me), state: 'safe' })).toBe('close')
  expect(at({ state: 'closed' })).toBe('none')
})

test('a quiet incident’s next step after taking is 911, never a call to the driver', () => {
  expect(nextStep(summary({ contactPolicy: 'quiet', ...ownedBy(me) }), [], SAMPLE_VIEWER)).toBe('script')
})

test('take is own: who holds it stands in place of the button', () => {
  const html = panel(summary({ ...ownedBy('ben') }), [])
  expect(nextStep(summary(ownedBy('ben')), [], SAMPLE_VIEWER)).toBe('held')
  expect(html).not.toContain('data-act="take"')
  expect(html).toContain('ben has it.')
})

test('who may only look gets no act at all', () => {
  const incident = summary()
  const auditor = { ...SAMPLE_VIEWER, role: 'auditor' as const }
  const html = String(<Panel incident={incident} events={[]} viewer={auditor} lang="en" nonce="n" now={SAMPLE_NOW} />)
  expect(html).not.toContain('hx-post')
})

test('what waits for a second person offers its confirmation to others, not to who asked', () => {
  const pending = { act: 'close' as const, by: 'ben', byName: 'Ben' }
  const safe = { state: 'safe' as const, flags: ['needs_second' as const] }
  expect(nextStep(summary({ ...safe, pending }), [], SAMPLE_VIEWER)).toBe('second')
  expect(nextStep(summary({ ...safe, pending: { ...pending, by: me } }), [], SAMPLE_VIEWER)).toBe('none')
})

test('the template has every slot that a card has, so that the browser can draw the same', () => {
  const slots = (html: string) => [...html.matchAll(/data-slot="(\w+)"/g)].map(([, name]) => name)
  const full = String(<Card view={cardView(summary(), t('en'), me)} say={t('en')} now={SAMPLE_NOW} />)
  const template = String(<Card view={null} say={t('en')} now={SAMPLE_NOW} />)
  expect(slots(template)).toEqual(slots(full))
  expect(slots(full)).toEqual([
    'mark',
    'drill',
    'priority',
    'code',
    'kind',
    'age',
    'plate',
    'vehicle',
    'place',
    'who',
    'chips',
    'quiet',
  ])
})

test('the log-in page says why it came again, and keeps where to go as text', () => {
  const html = String(<LoginPage lang="fil" error="throttled" next={`/r/NCR?"><b>`} nonce="n" />)
  expect(html).toContain('Masyadong maraming subok')
  expect(html).not.toContain('"><b>')
})
