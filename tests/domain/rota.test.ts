// The rota: who is on duty, where nobody is, and whom a step of the ladder reaches.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { DUTIES, type Duty, type DutyContact, type Shift } from '../../src/domain/duty'
import type { Target } from '../../src/domain/escalation-policy'
import type { Address, Channel } from '../../src/domain/page'
import { gaps, ladderOf, onDuty, reach, staffed } from '../../src/domain/rota'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const WEEK = 7 * DAY
/** Sunday, 22 November 2026, 20:00 in Manila. */
const EVENING = Date.UTC(2026, 10, 22, 12)

let count = 0
const aShift = (contactId: string, changes: Partial<Shift> = {}): Shift => ({
  id: `shift-${++count}`,
  region: 'NCR',
  duty: 'lead',
  contactId,
  from: EVENING,
  until: EVENING + 8 * HOUR,
  weekly: false,
  weeklyUntil: null,
  override: false,
  note: null,
  ...changes,
})
const phone = (to: string): Address[] => [
  { channel: 'voice', to },
  { channel: 'sms', to },
]
const aContact = (id: string, changes: Partial<DutyContact> = {}): DutyContact => ({
  id,
  region: 'NCR',
  name: id[0]?.toUpperCase() + id.slice(1),
  lang: 'fil',
  addresses: phone('+639170000001'),
  teams: [],
  uid: null,
  active: true,
  ...changes,
})

describe('on duty', () => {
  test('from its first moment to the one before its last', () => {
    const shifts = [aShift('ben')]
    expect(onDuty(shifts, 'lead', EVENING - 1)).toEqual([])
    expect(onDuty(shifts, 'lead', EVENING)).toEqual(['ben'])
    expect(onDuty(shifts, 'lead', EVENING + 8 * HOUR - 1)).toEqual(['ben'])
    expect(onDuty(shifts, 'lead', EVENING + 8 * HOUR)).toEqual([])
    expect(onDuty(shifts, 'management', EVENING)).toEqual([])
  })

  test('several at once, each once', () => {
    const shifts = [aShift('ben'), aShift('cora'), aShift('ben', { from: EVENING - HOUR })]
    expect(onDuty(shifts, 'lead', EVENING + 1)).toEqual(['ben', 'cora'])
  })

  test('every week at the same hour of Manila, also over midnight; the last one that begins in time is whole', () => {
    const shifts = [aShift('ben', { weekly: true, weeklyUntil: EVENING + 3 * WEEK + HOUR })]
    expect(onDuty(shifts, 'lead', EVENING - WEEK)).toEqual([])
    for (const week of [0, 1, 2, 3]) {
      expect(onDuty(shifts, 'lead', EVENING + week * WEEK - 1)).toEqual([])
      expect(onDuty(shifts, 'lead', EVENING + week * WEEK + 7 * HOUR)).toEqual(['ben'])
    }
    expect(onDuty(shifts, 'lead', EVENING + 4 * WEEK)).toEqual([])
  })

  test('for ever where no end is set', () => {
    expect(onDuty([aShift('ben', { weekly: true })], 'lead', EVENING + 520 * WEEK)).toEqual(['ben'])
  })

  test('an override stands in the place of all others of its duty, and of no other duty', () => {
    const shifts = [
      aShift('ben', { weekly: true }),
      aShift('cora', { override: true, from: EVENING + HOUR, until: EVENING + 2 * HOUR }),
      aShift('dan', { duty: 'management' }),
    ]
    expect(onDuty(shifts, 'lead', EVENING + HOUR - 1)).toEqual(['ben'])
    expect(onDuty(shifts, 'lead', EVENING + HOUR)).toEqual(['cora'])
    expect(onDuty(shifts, 'lead', EVENING + 2 * HOUR)).toEqual(['ben'])
    expect(onDuty(shifts, 'management', EVENING + HOUR)).toEqual(['dan'])
  })

  test('never in a shift that ends before it begins, or at no time', () => {
    const shifts = [aShift('ben', { until: EVENING - 1, weekly: true }), aShift('cora', { from: Number.NaN })]
    expect(onDuty(shifts, 'lead', EVENING)).toEqual([])
    expect(gaps(shifts, 'lead', EVENING, EVENING + DAY)).toEqual([{ from: EVENING, until: EVENING + DAY }])
  })
})

describe('a gap', () => {
  test('is where nobody has the duty, before, between and after', () => {
    const shifts = [
      aShift('ben'),
      aShift('cora', { from: EVENING + 10 * HOUR, until: EVENING + 12 * HOUR }),
      aShift('dan', { from: EVENING + 11 * HOUR, until: EVENING + 13 * HOUR }),
    ]
    expect(gaps(shifts, 'lead', EVENING - HOUR, EVENING + 14 * HOUR)).toEqual([
      { from: EVENING - HOUR, until: EVENING },
      { from: EVENING + 8 * HOUR, until: EVENING + 10 * HOUR },
      { from: EVENING + 13 * HOUR, until: EVENING + 14 * HOUR },
    ])
  })

  test('is none where one shift follows another', () => {
    const shifts = [aShift('ben'), aShift('cora', { from: EVENING + 8 * HOUR, until: EVENING + DAY })]
    expect(gaps(shifts, 'lead', EVENING, EVENING + DAY)).toEqual([])
  })

  test('is also where the only person on duty cannot be told', () => {
    const shifts = [aShift('ben'), aShift('cora', { until: EVENING + HOUR })]
    const contacts = [aContact('ben', { active: false }), aContact('cora')]
    expect(gaps(staffed(shifts, contacts), 'lead', EVENING, EVENING + 2 * HOUR)).toEqual([
      { from: EVENING + HOUR, until: EVENING + 2 * HOUR },
    ])
    expect(staffed(shifts, [aContact('ben', { addresses: [] })])).toEqual([])
  })

  test('and a person on duty are never at one moment, and always one of them, for every rota', () => {
    const hours = (most: number) => fc.integer({ min: 0, max: most }).map((n) => n * HOUR)
    const someShift = fc.record({
      from: hours(400).map((at) => EVENING + at),
      length: hours(200),
      weekly: fc.boolean(),
      weeklyUntil: fc.option(hours(800).map((at) => EVENING + at)),
      override: fc.boolean(),
      duty: fc.constantFrom<Duty>(...DUTIES),
    })
    fc.assert(
      fc.property(fc.array(someShift, { maxLength: 8 }), hours(900), hours(400), (made, start, length) => {
        const shifts = made.map(({ length: ms, ...shift }, n) => aShift(`c${n}`, { ...shift, until: shift.from + ms }))
        const [from, until] = [EVENING + start, EVENING + start + length]
        for (const duty of DUTIES) {
          const open = gaps(shifts, duty, from, until)
          for (let at = from; at < until; at += HOUR / 2) {
            const inGap = open.some((gap) => gap.from <= at && at < gap.until)
            expect(onDuty(shifts, duty, at).length === 0).toBe(inGap)
          }
          for (const [n, gap] of open.entries()) {
            expect(gap.from).toBeLessThan(gap.until)
            expect(gap.from).toBeGreaterThanOrEqual(n === 0 ? from : (open[n - 1]?.until ?? 0) + 1)
            expect(gap.until).toBeLessThanOrEqual(until)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('the ways to a person', () => {
  const all: Address[] = [
    ...phone('+639170000001'),
    ...phone('+639180000002'),
    { channel: 'email', to: 'ben@example.org' },
    { channel: 'lifeline', to: 'dev-1' },
  ]
  const short = (contact: Pick<DutyContact, 'addresses'>, by: Channel[][]) =>
    ladderOf(contact, by).map((group) => group.map(({ channel, to }) => `${channel} ${to.slice(-4)}`))

  test('are those of the policy, in its order; a second number comes after the first', () => {
    expect(
      short({ addresses: all }, [
        ['voice', 'sms'],
        ['email', 'webhook'],
      ]),
    ).toEqual([['voice 0001', 'sms 0001'], ['voice 0002', 'sms 0002'], ['email .org']])
    expect(short({ addresses: all }, [['email'], ['email', 'sms']])).toEqual([
      ['email .org'],
      ['sms 0001'],
      ['sms 0002'],
    ])
  })

  test('are any that they have, one after the other, where they have none of the policy', () => {
    expect(short({ addresses: all.slice(4) }, [['voice']])).toEqual([['email .org']])
    expect(short({ addresses: all.slice(0, 2) }, [])).toEqual([['voice 0001'], ['sms 0001']])
  })
})

describe('a step', () => {
  const contacts = [
    aContact('ben', { teams: ['leads'] }),
    aContact('cora', { teams: ['leads'] }),
    aContact('dan'),
    aContact('eva', { active: false }),
  ]
  const lead: Target = { kind: 'duty', duty: 'lead' }
  const second: Target = { kind: 'duty', duty: 'second_lead' }
  const reached = (who: Target[], shifts: Shift[], already = {}, people = contacts) => {
    const step = { id: 's', when: 'untaken' as const, afterS: 0, who, by: [['voice' as const]], everyS: null }
    const { to, telling, ...rest } = reach({ step }, { contacts: people, shifts }, EVENING, already)
    return { ...rest, to: to.map(({ contact }) => contact.id), telling: telling.map(({ id }) => id) }
  }
  const quiet = { consoles: false, neighbour: false, telling: [], nobody: [] }

  test('reaches whoever is on duty, each person once, by the ways of its policy', () => {
    const who: Target[] = [lead, { kind: 'team', team: 'leads' }, { kind: 'person', contactId: 'dan' }]
    expect(reached(who, [aShift('ben')])).toEqual({ ...quiet, to: ['ben', 'cora', 'dan'] })
    const step = { id: 's', when: 'untaken' as const, afterS: 0, who: [lead], by: [['voice' as const]], everyS: null }
    expect(reach({ step }, { contacts, shifts: [aShift('ben')] }, EVENING).to[0]?.ladder).toEqual([
      [{ channel: 'voice', to: '+639170000001' }],
    ])
  })

  test('of consoles and neighbours pages nobody', () => {
    expect(reached([{ kind: 'consoles' }, { kind: 'neighbour' }], [])).toEqual({
      ...quiet,
      consoles: true,
      neighbour: true,
      to: [],
    })
  })

  test('for a duty with nobody falls to the next, then to anyone active, and says so', () => {
    expect(reached([lead], [aShift('cora', { duty: 'second_lead' })])).toMatchObject({
      to: ['cora'],
      nobody: ['nobody on duty as lead', 'falls to second lead'],
    })
    expect(reached([lead], [aShift('dan', { duty: 'management' })])).toMatchObject({
      to: ['dan'],
      nobody: ['nobody on duty as lead', 'nobody on duty as second lead', 'falls to management'],
    })
    expect(reached([lead], [])).toMatchObject({ to: ['ben', 'cora', 'dan'] })
    expect(reached([lead], []).nobody.at(-1)).toBe('falls to anyone active')
  })

  test('that reaches somebody wakes no others for an empty duty, but says that it is empty', () => {
    const shifts = [aShift('ben'), aShift('dan', { duty: 'management' })]
    expect(reached([lead, second], shifts)).toMatchObject({ to: ['ben'], nobody: ['nobody on duty as second lead'] })
  })

  test('passes over who is inactive or has no address, and an override of such a person does not count', () => {
    expect(reached([lead], [aShift('eva', { override: true }), aShift('ben')])).toMatchObject({
      to: ['ben'],
      nobody: ['Eva is on duty as lead and cannot be told'],
    })
    expect(reached([{ kind: 'person', contactId: 'eva' }], [])).toMatchObject({
      to: ['ben', 'cora', 'dan'],
      nobody: ['Eva cannot be told', 'falls to anyone active'],
    })
    expect(reached([{ kind: 'person', contactId: 'gone' }], []).nobody[0]).toBe('no contact gone')
    expect(reached([{ kind: 'team', team: 'ghosts' }], []).nobody[0]).toBe('nobody in team ghosts')
  })

  test('does not call again whoever is being told already, nor anybody in their place', () => {
    expect(reached([lead], [aShift('ben')], { telling: new Set(['ben']) })).toEqual({
      ...quiet,
      to: [],
      telling: ['ben'],
    })
  })

  test('takes a person who cannot for absent, until there is nobody else', () => {
    const shifts = [aShift('ben'), aShift('cora', { duty: 'second_lead' })]
    expect(reached([lead], shifts, { declined: ['ben'] })).toMatchObject({
      to: ['cora'],
      nobody: ['whoever is on duty as lead cannot', 'falls to second lead'],
    })
    const all = reached([lead], shifts, { declined: ['ben', 'cora', 'dan'] })
    expect(all.to).toEqual(['ben', 'cora', 'dan'])
    expect(all.nobody.at(-1)).toBe('everyone has said that they cannot: asked again')
  })

  test('with an empty directory says that nobody can be told', () => {
    expect(reached([lead], [], {}, [])).toMatchObject({ to: [], telling: [] })
    expect(reached([{ kind: 'everyone' }], [], {}, []).nobody).toEqual(['nobody in the directory can be told'])
  })

  test('with people always reaches somebody, if there is anybody active at all', () => {
    const target = fc.constantFrom<Target>(
      lead,
      second,
      { kind: 'duty', duty: 'responder' },
      { kind: 'person', contactId: 'eva' },
      { kind: 'team', team: 'ghosts' },
      { kind: 'everyone' },
    )
    const someone = fc.constantFrom('ben', 'cora', 'dan', 'eva', 'gone')
    const shift = fc.record({ contactId: someone, duty: fc.constantFrom<Duty>(...DUTIES), override: fc.boolean() })
    fc.assert(
      fc.property(
        fc.array(target, { minLength: 1, maxLength: 3 }),
        fc.array(shift, { maxLength: 5 }),
        fc.uniqueArray(someone),
        (who, made, declined) => {
          const shifts = made.map(({ contactId, ...rest }) => aShift(contactId, rest))
          const { to } = reached(who, shifts, { declined })
          expect(to.length).toBeGreaterThan(0)
          expect(new Set(to).size).toBe(to.length)
          expect(to).not.toContain('eva')
        },
      ),
      { numRuns: 300 },
    )
  })
})
