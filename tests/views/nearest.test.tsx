// The list of who is near: one order, bars of one scale, whose times they are, and who may be asked.

import { describe, expect, test } from 'bun:test'
import type { IncidentSummary } from '../../src/domain/incident'
import { SAMPLE_NOW, SAMPLE_VIEWER } from '../../views/design/sample'
import { etaInWords, type NearestView, nearRows } from '../../views/nearness'
import { NearestList, NearestSlot } from '../../views/tower/panel-nearest'
import { type Lang, t } from '../../views/words'
import { summary } from './made-up'

const vehicle = { id: 'v', plate: 'NAB 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'White' }
const way = { lat: 14.6, lng: 121, by: 'road_factor' as const, asked: null }
const view = (changes: Partial<NearestView> = {}): NearestView => ({
  from: { lat: 14.59, lng: 121 },
  vehicles: [
    {
      ...way,
      ref: 'device:a',
      deviceId: 'a',
      vehicle,
      distanceM: 1_400,
      etaS: 300,
      lastContactAt: SAMPLE_NOW - 12_000,
      busy: false,
    },
    {
      ...way,
      ref: 'device:b',
      deviceId: 'b',
      vehicle: null,
      distanceM: 4_000,
      etaS: 1_200,
      lastContactAt: SAMPLE_NOW,
      busy: true,
    },
  ],
  responders: [{ ...way, ref: 'station:p', kind: 'police', name: 'Makati City Police', distanceM: 2_500, etaS: 600 }],
  away: [],
  at: SAMPLE_NOW,
  ...changes,
})
const html = (nearest: NearestView, incident: IncidentSummary = summary(), lang: Lang = 'en', viewer = SAMPLE_VIEWER) =>
  String(<NearestList {...{ nearest, incident, viewer, lang }} nonce="n" now={SAMPLE_NOW} roadFactor={1.4} />)
const count = (text: string, part: string) => text.split(part).length - 1

describe('the list', () => {
  test('is one, soonest first, vehicles and stations together', () => {
    expect(nearRows(view(), t('en')).map(({ name }) => name)).toEqual(['NAB 1234', 'Makati City Police', 'b'])
  })

  test('draws bars of one scale: the last to come fills its track, one four times as fast a quarter', () => {
    expect([...html(view()).matchAll(/class="near-time"[^>]*width="(\d+)"/g)].map(([, width]) => width)).toEqual([
      '25',
      '50',
      '100',
    ])
  })

  test('asks each by a form of its own whose words cannot be more than words', () => {
    const evil = '"><img src=x onerror=alert(1)>'
    const one = view({
      vehicles: [],
      responders: [{ ...way, ref: evil, kind: 'fire', name: evil, distanceM: 1, etaS: 60 }],
    })
    const text = html(one)
    expect(text).not.toContain('<img')
    expect(text).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;')
    expect(text).toMatch(/<form hx-post="\/desk\/incidents\/[^"]+\/leg"/)
    expect(text).not.toMatch(/style=|onclick=/)
  })

  test('hides the asking of whoever is asked already, and says how far that is', () => {
    const [first, ...others] = view().vehicles
    const text = html(view({ vehicles: [{ ...(first as NonNullable<typeof first>), asked: 'on_the_way' }, ...others] }))
    expect(text).toContain('data-near-asked="true">On the way')
    expect(count(text, '<form ')).toBe(3)
    expect(count(text, 'hidden=""><input type="hidden" name="kind"')).toBe(1)
  })

  test('has nothing to press for whoever may only look', () => {
    expect(html(view(), summary(), 'en', { ...SAMPLE_VIEWER, role: 'auditor' })).not.toContain('<button')
  })

  test('warns before an unarmed driver is sent to a robbery, and not where there is none', () => {
    expect(html(view(), summary({ kind: 'panic' }))).toContain('Never send an unarmed driver')
    expect(html(view(), summary({ kind: 'medical' }))).not.toContain('Never send an unarmed driver')
  })

  test('names Google beside its times alone, and says of estimates that they are', () => {
    const [first, second] = view().vehicles
    if (!first || !second) throw new Error('two vehicles')
    const text = html(view({ vehicles: [{ ...first, by: 'google' }, second] }))
    expect(count(text, 'translate="no">Google Maps</span>')).toBe(1)
    expect(count(text, '>estimated</span>')).toBe(2)
    expect(html(view())).not.toContain('Google')
    expect(html(view())).toContain('straight line × 1.4')
  })

  test('says when a part of the fleet did not answer, when no vehicle is near, and when nobody is', () => {
    expect(html(view({ away: ['NCR'] }))).toContain('Part of the fleet of NCR does not answer')
    expect(html(view({ vehicles: [] }))).toContain('No vehicle of ours is near.')
    expect(html(view({ vehicles: [], responders: [] }))).toContain('No vehicle or station is near.')
  })

  test('speaks Filipino', () => {
    const text = html(view(), summary(), 'fil')
    for (const word of ['Hilingan', 'tantiya', 'mula sa istasyon nito', 'Pulis (PNP)']) expect(text).toContain(word)
  })
})

test('a time is told in minutes, never as less than nothing, and in hours where it is long', () => {
  const say = t('en')
  expect([0, 29, 31, 340, 5_399, 7_260].map((s) => etaInWords(s, say))).toEqual([
    '< 1 min',
    '< 1 min',
    '1 min',
    '6 min',
    '1 h 30 min',
    '2 h 1 min',
  ])
})

describe('the slot in the panel', () => {
  const slot = (incident: IncidentSummary, viewer = SAMPLE_VIEWER) =>
    String(NearestSlot({ incident, viewer, say: t('en'), nonce: 'n' }) ?? '')
  test('is filled after the panel, and has a key', () => {
    const text = slot(summary())
    expect(text).toContain('hx-trigger="load, nearest-ask"')
    expect(text).toContain('data-key="v"')
  })
  test('is not there for an incident that is over or nowhere, nor for who may not see vehicles', () => {
    expect(slot(summary({ state: 'closed' }))).toBe('')
    expect(slot(summary({ position: null }))).toBe('')
    expect(slot(summary(), { ...SAMPLE_VIEWER, role: 'trainee' })).toBe('')
  })
})
