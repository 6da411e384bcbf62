import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { renderPage } from '../../../src/courier/words'
import { CHANNELS, PAGE_REASONS } from '../../../src/domain/page'
import { anyPage, anyPages, aPage, NIGHT } from './pages'

describe('mail', () => {
  test('says state, facts and what to do, as text and as HTML', () => {
    const { subject, text, html } = renderPage(aPage(), 'email')
    expect(subject).toBe('SOS NCR-47 P1 NAB 1234: nobody has it')
    for (const part of [text, html ?? '']) {
      for (const word of [
        'Nobody has taken this SOS yet.',
        'SILENT: do NOT call',
        'NAB 1234',
        'EDSA NB nr Ortigas',
        'press 1',
        '0286540000',
      ]) {
        expect(part).toContain(word)
      }
      expect(part).toContain('2026-11-23 02:10:00')
    }
  })

  test('gives nothing to click, nothing to load and nothing to break out of', () => {
    fc.assert(
      fc.property(anyPage, anyPages, (page, joined) => {
        const { subject = '', text, html = '' } = renderPage(page, 'email', joined)
        expect(subject).not.toMatch(/[\r\n]/)
        expect(subject.length).toBeGreaterThan(5)
        expect(html).not.toMatch(
          /<(a|img|script|link|iframe|form|object|video|style|meta (?!charset))\b|\burl\(|https?:/i,
        )
        expect(
          html.replace(
            /<\/?(html|head|title|body|p|strong|table|tbody|tr|th|td)( [^<>]*)?>|<!doctype html>|<meta charset="utf-8">/g,
            '',
          ),
        ).not.toMatch(/[<>]/)
        expect(text.trim()).not.toBe('')
      }),
      { numRuns: 500 },
    )
    expect(renderPage(aPage({}, { place: '<b onload=x>"\'&' }), 'email').html).toContain(
      '&lt;b onload=x&gt;&quot;&#39;&amp;',
    )
  })

  test('to a contact or driver has no place and no plate', () => {
    for (const reason of ['kin', 'driver', 'queue_question', 'share'] as const) {
      const { subject, text, html } = renderPage(aPage({ reason }, { stage: 'pressed' }), 'email')
      expect([subject, text, html].join(' ')).not.toMatch(/EDSA|NAB|Vios/)
    }
  })
})

describe('a webhook', () => {
  test('gets a versioned event', () => {
    const { data } = renderPage(aPage({ until: NIGHT + 60_000 }), 'webhook')
    expect(data).toMatchObject({
      type: 'page',
      version: 1,
      timestamp: '2026-11-22T18:10:00.000Z',
      data: {
        id: 'page-1',
        reason: 'escalation',
        region: 'NCR',
        drill: false,
        incident: { id: 'incident-1', code: 'NCR-47' },
        quiet: true,
        plate: 'NAB 1234',
        until: '2026-11-22T18:11:00.000Z',
        with: [],
      },
    })
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
  })

  test('about a contact says no plate and no place', () => {
    const { data } = renderPage(aPage({ reason: 'kin' }), 'webhook')
    expect(data).toMatchObject({ data: { plate: null, place: null, vehicle: null } })
  })

  test('of a hand-off is the document that was made for the agency', () => {
    const document = { type: 'handoff.initial', version: 1 }
    expect(renderPage(aPage({ reason: 'agency', document }), 'webhook').data).toEqual(document)
    expect(renderPage(aPage({ reason: 'agency', document, drill: true }), 'webhook').data).toEqual({
      mark: 'DRILL',
      ...document,
    })
    expect(renderPage(aPage({ document }), 'webhook').data).toMatchObject({ type: 'page' })
  })
})

describe('a lifeline', () => {
  test('gets a message with its answers', () => {
    expect(renderPage(aPage({ reason: 'queue_question' }), 'lifeline').data).toEqual({
      t: 'message',
      id: 'page-1',
      reason: 'queue_question',
      text: 'SOS received, you are in line. What is it? In danger now, call 911.',
      answers: [
        { answer: 'trapped', text: 'Trapped, or water is rising' },
        { answer: 'hurt', text: 'Somebody is hurt' },
        { answer: 'stuck', text: 'Stuck but safe' },
        { answer: 'ok', text: 'OK' },
      ],
      until: null,
      drill: false,
    })
    expect(renderPage(aPage({ reason: 'driver' }, { text: 'Stay inside. 🙏' }), 'lifeline').data).toMatchObject({
      text: 'Stay inside. 🙏',
      answers: [],
    })
    expect(renderPage(aPage({ reason: 'area' }, { text: 'Flood at España.' }), 'lifeline').data).toMatchObject({
      answers: [{ answer: 'safe' }, { answer: 'need_help' }],
    })
  })

  test('of a drill says that nobody was alarmed', () => {
    expect(renderPage(aPage({ reason: 'drill', step: 'device' }), 'lifeline').text).toBe(
      'DRILL - not real. Test: your button works, nobody was alarmed.',
    )
  })
})

test('a drill says so first on every channel, for every reason, in both languages', () => {
  for (const reason of PAGE_REASONS) {
    for (const channel of CHANNELS) {
      for (const lang of ['en', 'fil'] as const) {
        const page = aPage(
          { reason, drill: true, contact: { id: 'c', name: 'Ana', lang } },
          { ref: 'D03', stage: 'pressed' },
        )
        const { text, subject, html, data } = renderPage(page, channel)
        expect(text).toMatch(/^(DRILL|PAGSASANAY)\b/i)
        if (subject !== undefined) expect(subject).toMatch(/^(DRILL|PAGSASANAY)\b/)
        if (html !== undefined)
          expect(html.replace(/<title>.*<\/title>|<[^>]*>/g, '').trim()).toMatch(/^(DRILL|PAGSASANAY)\b/)
        if (channel === 'webhook') expect(JSON.stringify(data)).toStartWith('{"mark":"DRILL"')
      }
    }
  }
})

test('no channel says anything without words', () => {
  fc.assert(
    fc.property(anyPage, fc.constantFrom(...CHANNELS), (page, channel) => {
      const { text } = renderPage(page, channel)
      expect(text.trim()).not.toBe('')
      expect(text).not.toContain('undefined')
    }),
  )
})
