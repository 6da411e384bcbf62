import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { DEMO_CONTACTS, demoShifts } from '../../scripts/lib/demo-duty'
import type { Shift } from '../../src/domain/duty'
import { defaultPolicy } from '../../src/domain/escalation-policy'
import { REGION_IDS } from '../../src/domain/region'
import { onDuty } from '../../src/domain/rota'
import { asAddress, checkContact, checkHandover, checkShift } from '../../src/domain/rota-check'
import { dutiesOf, gapsAhead, watches } from '../../src/domain/rota-week'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const T0 = Date.parse('2026-11-23T00:00:00+08:00')
let count = 0
const shift = (from: number, until: number, changes: Partial<Shift> = {}): Shift => ({
  id: `s${++count}`,
  region: 'NCR',
  duty: 'lead',
  contactId: 'a',
  from: T0 + from * HOUR,
  until: T0 + until * HOUR,
  weekly: false,
  weeklyUntil: null,
  override: false,
  note: null,
  ...changes,
})
const hours = (found: ReturnType<typeof watches>) =>
  found.map(({ from, until, who }) => [(from - T0) / HOUR, (until - T0) / HOUR, who.join('+')])

describe('who has a duty from when until when', () => {
  test('is one line of watches and gaps, in which an override stands in the place of others', () => {
    const rota = [
      shift(6, 14),
      shift(14, 22, { contactId: 'b' }),
      shift(12, 16, { contactId: 'c', override: true }),
      shift(6, 22, { duty: 'management', contactId: 'm' }),
    ]
    const found = watches(rota, 'lead', T0, T0 + DAY)
    expect(hours(found)).toEqual([
      [0, 6, ''],
      [6, 12, 'a'],
      [12, 16, 'c'],
      [16, 22, 'b'],
      [22, 24, ''],
    ])
    expect(found.map(({ override }) => override)).toEqual([false, false, true, false, false])
  })

  test('joins what belongs together, also over midnight and into the next week', () => {
    const rota = [shift(22, 30, { weekly: true }), shift(30, 46, { weekly: true, contactId: 'a' })]
    expect(hours(watches(rota, 'lead', T0 + 7 * DAY, T0 + 9 * DAY))).toEqual([
      [168, 190, ''],
      [190, 214, 'a'],
      [214, 216, ''],
    ])
  })

  test('says at every moment what the ladder would do, for any rota', () => {
    const any = fc.record({
      from: fc.integer({ min: -200, max: 60 }),
      length: fc.integer({ min: 1, max: 100 }),
      weekly: fc.boolean(),
      override: fc.boolean(),
      contactId: fc.constantFrom('a', 'b', 'c'),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), fc.integer({ min: 0, max: 71 }), (made, hour) => {
        const rota = made.map(({ from, length, ...rest }) => shift(from, from + length, rest))
        const found = watches(rota, 'lead', T0, T0 + 72 * HOUR)
        const at = T0 + hour * HOUR + 1
        const now = found.filter(({ from, until }) => from <= at && at < until)
        expect(now.map(({ who }) => who.toSorted())).toEqual([onDuty(rota, 'lead', at).toSorted()])
        expect(found.map(({ from }) => from)).toEqual([T0, ...found.slice(0, -1).map(({ until }) => until)])
      }),
    )
  })
})

describe('a gap', () => {
  const person = (id: string, active = true) => ({
    ...(DEMO_CONTACTS[0] as (typeof DEMO_CONTACTS)[number]),
    id,
    active,
  })

  test('is seen before it happens, also where the person cannot be told', () => {
    const rota = [shift(0, 8), shift(8, 24, { contactId: 'off' })]
    const policy = { steps: { ...defaultPolicy('NCR').steps, P1: [], P2: [], P3: [], P4: [] } }
    const found = gapsAhead(policy, { contacts: [person('a'), person('off', false)], shifts: rota }, T0, T0 + DAY)
    expect(found).toEqual([{ duty: 'lead', from: T0 + 8 * HOUR, until: T0 + 24 * HOUR }])
  })

  test('of a duty that nobody tells and nobody has is none', () => {
    expect(dutiesOf(defaultPolicy('NCR'), [])).toEqual(['lead', 'second_lead', 'management'])
    expect(dutiesOf(defaultPolicy('NCR'), [shift(0, 1, { duty: 'responder' })])).toContain('responder')
  })

  test('is not in the rota of the demo, in any region, whenever it is begun', () => {
    for (let n = 0; n < 8; n++) {
      const now = T0 + n * 23 * HOUR + 7 * 60_000
      const shifts = demoShifts(now)
      for (const region of REGION_IDS) {
        const own = {
          contacts: DEMO_CONTACTS.filter((each) => each.region === region),
          shifts: shifts.filter((each) => each.region === region),
        }
        expect(gapsAhead(defaultPolicy(region), own, now, now + 21 * DAY)).toEqual([])
        expect(watches(own.shifts, 'lead', now, now + 7 * DAY).every(({ who }) => who.length === 1)).toBe(true)
      }
      expect(shifts.flatMap((each) => checkShift(each))).toEqual([])
    }
    expect(DEMO_CONTACTS.flatMap((each) => checkContact(each))).toEqual([])
  })
})

describe('what a person writes', () => {
  test('is a number however it is written, and never a short one that people dial', () => {
    expect(asAddress({ channel: 'sms', to: ' 0917-000 0001' }).to).toBe('+639170000001')
    expect(asAddress({ channel: 'voice', to: '+63 (900) 555.0001' }).to).toBe('+639005550001')
    const codes = (channel: 'voice' | 'sms' | 'email' | 'webhook' | 'lifeline', to: string) =>
      checkContact({ name: 'Ana', active: true, addresses: [{ channel, to }] }).map(({ code }) => code)
    expect(codes('voice', '911')).toEqual(['address_short'])
    expect(codes('sms', '143')).toEqual(['address_short'])
    expect(codes('sms', '+639005550001')).toEqual([])
    expect(codes('sms', '9005550001')).toEqual(['address_phone'])
    expect(codes('email', 'ana@tower.example')).toEqual([])
    expect(codes('email', 'ana')).toEqual(['address_mail'])
    expect(codes('webhook', 'http://tower.example/')).toEqual(['address_web'])
    expect(codes('webhook', 'https://u:p@tower.example/')).toEqual(['address_web'])
    expect(codes('webhook', 'https://tower.example/hook')).toEqual([])
    expect(codes('lifeline', 'ncr-7')).toEqual(['address_channel'])
  })

  test('names the field that is wrong', () => {
    const twice = [
      { channel: 'sms' as const, to: '+639005550001' },
      { channel: 'sms' as const, to: '+639005550001' },
    ]
    expect(checkContact({ name: ' ', active: true, addresses: twice }).map(({ field }) => field)).toEqual([
      'name',
      'addresses.1.to',
    ])
    expect(checkContact({ name: 'Ana', active: true, addresses: [] })).toMatchObject([{ field: 'addresses' }])
    expect(checkContact({ name: 'Ana', active: false, addresses: [] })).toEqual([])
  })

  test('of a shift makes sense', () => {
    const codes = (changes: Partial<Shift>) => checkShift(shift(0, 8, changes)).map(({ code }) => code)
    expect(codes({})).toEqual([])
    expect(codes({ until: T0 })).toEqual(['ends_before'])
    expect(codes({ until: Number.NaN })).toEqual(['ends_before'])
    expect(codes({ until: T0 + 32 * DAY })).toEqual(['too_long'])
    expect(codes({ until: T0 + 8 * DAY, weekly: true })).toEqual(['longer_than_week'])
    expect(codes({ weekly: true, weeklyUntil: T0 })).toEqual(['weekly_until_before'])
    expect(codes({ weekly: true, override: true })).toEqual(['override_weekly'])
  })

  test('of a hand-over goes to another, with words', () => {
    expect(checkHandover({ from: 'a', to: 'a', note: 'x' })).toMatchObject([{ field: 'to' }])
    expect(checkHandover({ from: 'a', to: 'b', note: ' ' })).toMatchObject([{ field: 'note' }])
    expect(checkHandover({ from: 'a', to: 'b', note: 'NCR-47 is open' })).toEqual([])
  })
})
