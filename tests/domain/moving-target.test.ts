import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { haversine } from '../../src/domain/distance'
import { crossed, fellSilent, heardAgain, parted } from '../../src/domain/moving-target'
import { fixEveryAfterPress, mayHasten } from '../../src/domain/pace'
import { phoneViewOf } from '../../src/domain/phone-view'
import { apartM, SEPARATION, separation } from '../../src/domain/separation'
import { reachM, UNCERTAINTY, uncertaintyM } from '../../src/domain/uncertainty'
import { anIncident, NOON } from '../support/made-up'

const metres = fc.option(fc.double({ min: 0, max: 5_000, noNaN: true }), { nil: null })
const speed = fc.option(fc.double({ min: 0, max: 60, noNaN: true }), { nil: null })
const age = fc.integer({ min: 0, max: 3_600_000 })
const fix = fc.record({
  lat: fc.double({ min: 5, max: 19, noNaN: true }),
  lng: fc.double({ min: 117, max: 126, noNaN: true }),
  accuracyM: metres,
  speedMps: speed,
  at: fc.integer({ min: NOON - 300_000, max: NOON + 60_000 }),
})
const taken = { uid: 'ana', name: 'Ana', initials: 'A', alias: 'Desk 1', at: NOON }

describe('the circle of a position', () => {
  test('grows with its age and never shrinks, from what the receiver said up to a limit', () => {
    fc.assert(
      fc.property(metres, speed, age, age, (accuracyM, speedMps, one, other) => {
        const [younger, older] = one < other ? [one, other] : [other, one]
        const at = (ms: number) => uncertaintyM({ accuracyM, speedMps }, ms)
        expect(at(older)).toBeGreaterThanOrEqual(at(younger))
        expect(at(younger)).toBeGreaterThanOrEqual(accuracyM ?? UNCERTAINTY.unknownAccuracyM)
        expect(at(older)).toBeLessThanOrEqual(Math.max(UNCERTAINTY.limitM, accuracyM ?? 0))
      }),
    )
  })

  test('grows by the speed that it had, and for one that stood as if it might drive off', () => {
    expect(uncertaintyM({ accuracyM: 8, speedMps: 15 }, 20_000)).toBe(308)
    expect(uncertaintyM({ accuracyM: 8, speedMps: 0 }, 20_000)).toBe(88)
    expect(uncertaintyM({ accuracyM: null, speedMps: null }, 0)).toBe(50)
    expect(uncertaintyM({ accuracyM: 8, speedMps: 15 }, 600_000)).toBe(2_000)
    expect(reachM(-5, 10)).toBe(0)
  })
})

describe('two sources', () => {
  const here = { lat: 14.6, lng: 121, accuracyM: 10, speedMps: 0, at: NOON }
  const north = (m: number) => ({ ...here, lat: here.lat + m / 111_195 })

  test('are apart only beyond both uncertainties and 150 m', () => {
    expect(apartM(here, north(140), NOON)).toBeNull()
    expect(apartM(here, north(160), NOON)).toBeCloseTo(160, 0)
    expect(apartM({ ...here, accuracyM: 100 }, { ...north(160), accuracyM: 100 }, NOON)).toBeNull()
  })

  test('have separated when they were apart at every look for more than 30 s', () => {
    const at = (ms: number, m: number, since: number | null) => {
      const now = NOON + ms
      return separation({ ...here, at: now }, { ...north(m), at: now }, now, since)
    }
    const first = at(0, 400, null)
    expect(first).toMatchObject({ since: NOON, separated: false })
    expect(at(30_000, 400, first.since).separated).toBe(false)
    expect(at(30_001, 400, first.since).separated).toBe(true)
    expect(at(20_000, 30, first.since)).toEqual({ since: null, apartM: null, separated: false })
  })

  test('of which one is old say nothing: it may have driven after the other', () => {
    expect(apartM({ ...here, at: NOON - SEPARATION.freshMs - 1 }, north(3_000), NOON)).toBeNull()
  })

  test('are judged the same whichever comes first, never apart where they may be together, never separated at first sight', () => {
    fc.assert(
      fc.property(fix, fix, (a, b) => {
        const found = apartM(a, b, NOON)
        expect(apartM(b, a, NOON)).toBe(found)
        expect(separation(a, b, NOON, null).separated).toBe(false)
        if (found === null) return
        const doubt = [a, b].reduce((sum, each) => sum + uncertaintyM(each, Math.max(0, NOON - each.at)), 0)
        expect(haversine(a, b)).toBeGreaterThan(doubt)
        expect(found).toBeGreaterThan(SEPARATION.beyondM)
      }),
    )
  })
})

describe('an incident whose phone and vehicle part, or whose phone falls silent', () => {
  const raises = [
    [
      'parted',
      (incident: ReturnType<typeof anIncident>) =>
        parted(incident, { apartM: 400.4, forMs: 31_000, devices: ['a', 'b'] }, NOON + 5),
    ],
    ['silent', (incident: ReturnType<typeof anIncident>) => fellSilent(incident, NOON - 40_000, NOON + 5)],
  ] as const

  test.each(raises)('%s: sounds to its owner, or to everybody where nobody has it, and to nobody twice', (_, raise) => {
    for (const [owner, to] of [
      [null, 'all'],
      [taken, 'owner'],
    ] as const) {
      const before = anIncident({ owner, state: owner ? 'taken' : 'new' })
      const after = raise(before)
      if (!after.ok) throw new Error('refused')
      expect(after.incident.ring).toMatchObject({ n: before.ring.n + 1, to })
      expect(after.lines).toHaveLength(1)
      const again = raise(after.incident)
      expect(again.ok && again.lines).toEqual([])
    }
  })

  test.each(raises)('%s: lowers nothing, and the phone reads nothing of it', (_, raise) => {
    const before = anIncident({ contactPolicy: 'voice_ok', priority: 'P2' })
    const after = raise(before)
    if (!after.ok) throw new Error('refused')
    expect(after.incident).toMatchObject({ priority: 'P2', state: 'new', alarmedAt: before.alarmedAt, owner: null })
    const press = { receivedAt: NOON, cancelled: false }
    expect(phoneViewOf(after.incident, press)).toEqual(phoneViewOf(before, press))
  })

  test.each(raises)('%s: is nobody’s business when it is over', (_, raise) => {
    for (const state of ['safe', 'closed', 'cancelled', 'false_alarm', 'duplicate'] as const) {
      const outcome = raise(anIncident({ state }))
      expect(outcome.ok && outcome.lines).toEqual([])
    }
  })

  test('heard again is noted once; the flag stays, and no sound is taken away', () => {
    const silent = fellSilent(anIncident(), NOON - 40_000, NOON)
    if (!silent.ok) throw new Error('refused')
    const back = heardAgain(silent.incident, NOON + 20_000)
    if (!back.ok) throw new Error('refused')
    expect(back.lines).toEqual([{ type: 'heard_again', body: { silentS: 60 } }])
    expect(back.incident).toMatchObject({ flags: ['phone_silent'], ring: silent.incident.ring, silentSince: null })
    expect(heardAgain(back.incident, NOON + 21_000)).toMatchObject({ lines: [] })
  })
})

describe('a vehicle that drives into another region', () => {
  test('takes its desk along while nobody has it', () => {
    const moved = crossed(anIncident({ desk: 'CEB' }), 'ILO', NOON)
    expect(moved).toMatchObject({
      incident: { desk: 'ILO', region: 'NCR' },
      lines: [{ type: 'desk_moved', body: { from: 'CEB', to: 'ILO' } }],
    })
  })

  test('stays with its owner, and is seen in both until it drives back', () => {
    const over = crossed(anIncident({ owner: taken, state: 'taken' }), 'CEB', NOON)
    if (!over.ok) throw new Error('refused')
    expect(over.incident).toMatchObject({ desk: 'NCR', owner: taken, alsoIn: ['CEB'], ring: { n: 1 } })
    expect(over.lines).toEqual([{ type: 'crossed_over', body: { from: 'NCR', to: 'CEB' } }])
    expect(crossed(over.incident, 'CEB', NOON)).toMatchObject({ lines: [] })
    expect(crossed(over.incident, 'NCR', NOON)).toMatchObject({
      incident: { alsoIn: [] },
      lines: [{ type: 'crossed_over' }],
    })
  })

  test('whose owner has gone moves on with the next fix', () => {
    const incident = anIncident({ alsoIn: ['CEB'], owner: null })
    expect(crossed(incident, 'CEB', NOON)).toMatchObject({ incident: { desk: 'CEB', alsoIn: [] } })
  })

  test('moves nothing when it is over', () => {
    expect(crossed(anIncident({ state: 'closed' }), 'CEB', NOON)).toMatchObject({ lines: [] })
  })
})

describe('faster fixes', () => {
  const open = anIncident({ contactPolicy: 'voice_ok' })
  test('are asked for in the half hour after a press, by its time alone', () => {
    const half = 30 * 60_000
    expect([0, half - 1, half].map((passed) => fixEveryAfterPress(NOON, NOON + passed))).toEqual([
      { fixEveryS: 5 },
      { fixEveryS: 5 },
      {},
    ])
  })

  test('are asked for beyond it only while an incident is open and none of them is quiet or under duress', () => {
    expect(mayHasten([open])).toBe(true)
    expect(mayHasten([])).toBe(false)
    expect(mayHasten([anIncident({ contactPolicy: 'quiet' })])).toBe(false)
    expect(mayHasten([{ ...open, duress: true }])).toBe(false)
    expect(mayHasten([open, anIncident({ contactPolicy: 'quiet' })])).toBe(false)
    expect(mayHasten([{ ...open, state: 'safe' }])).toBe(false)
    expect(mayHasten([{ ...open, state: 'cancelled' }])).toBe(false)
  })
})
