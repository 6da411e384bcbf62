import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type HandoffInput, handoffScript } from '../../src/domain/handoff-script'
import { KINDS } from '../../src/domain/press'

const NOW = Date.UTC(2026, 10, 22, 18, 10, 0)

const aCall = (changes: Partial<HandoffInput> = {}): HandoffInput => ({
  code: 'NCR-47',
  alias: 'Desk 3',
  callback: '0286540000',
  kind: 'panic',
  nature: 'Hold-up in progress',
  contactPolicy: 'quiet',
  drill: false,
  vehicle: { plate: 'NAB 1234', conduction: null, make: 'Toyota', model: 'Vios', colour: 'White' },
  place: 'EDSA northbound, just past Ortigas, Mandaluyong',
  position: { lat: 14.5873, lng: 121.0565, accuracyM: 8, headingDeg: 15, speedMps: 8.3, fixedAt: NOW - 12_000 },
  driver: null,
  people: null,
  pressedAt: NOW - 60_000,
  now: NOW,
  ...changes,
})

const field = (input: HandoffInput, id: string) =>
  handoffScript(input, 'en').fields.find((each) => each.id === id)?.value

describe('the first ten seconds of a call', () => {
  test('in English', () => {
    expect(handoffScript(aCall(), 'en').opening).toBe(
      'Emergency, Xpress transport, operator Desk 3, callback 0286540000. Hold-up in progress, in a moving car. White Toyota Vios, plate NAB 1234. Now EDSA northbound, just past Ortigas, Mandaluyong, about 30 kph, 12 seconds ago. Do not call the driver. I can stay on the line and update.',
    )
  })

  test('in Filipino', () => {
    const script = handoffScript(
      aCall({ nature: 'May holdap', place: 'EDSA northbound, lampas ng Ortigas, Mandaluyong' }),
      'fil',
    )
    expect(script.opening).toBe(
      'Emergency po, Xpress transport, operator Desk 3, callback 0286540000. May holdap, sa umaandar na sasakyan. Puting Toyota Vios, plaka NAB 1234. Ngayon ay nasa EDSA northbound, lampas ng Ortigas, Mandaluyong, mga 30 kph, 12 segundo ang nakaraan. Huwag po tawagan ang drayber. Mananatili ako sa linya para mag-update.',
    )
  })

  test('take ten to fifteen seconds to say', () => {
    // Dispatchers speak some 180 words a minute.
    expect(handoffScript(aCall(), 'en').opening.split(/\s+/).length).toBeLessThanOrEqual(48)
  })

  test('while nobody knows more, say that nobody knows more', () => {
    expect(handoffScript(aCall({ nature: null }), 'en').opening).toContain('reason not known yet')
    const bare = handoffScript(aCall({ vehicle: null, position: null, place: null, callback: null }), 'en').opening
    expect(bare).toContain('The vehicle is not known yet.')
    expect(bare).toContain('Its position is not known yet.')
    expect(bare).toContain('callback the number on your display.')
  })

  test('a car without plates has its conduction sticker', () => {
    const vehicle = { plate: null, conduction: 'AB 1234', make: 'Toyota', model: 'Vios', colour: 'white' }
    expect(handoffScript(aCall({ vehicle }), 'en').opening).toContain('no plate yet, conduction sticker AB 1234.')
  })
})

describe('where it is', () => {
  const where = (changes: Partial<HandoffInput>) =>
    handoffScript(aCall(changes), 'en').lines.find(({ id }) => id === 'where')?.text
  const at = aCall().position

  test('an old place is the last known one, never "now"', () => {
    expect(where({ position: at && { ...at, fixedAt: NOW - 5 * 60_000 } })).toStartWith('Last known at EDSA')
    expect(where({ position: at && { ...at, fixedAt: NOW - 5 * 60_000 } })).toEndWith('5 minutes ago.')
    expect(where({ position: at && { ...at, fixedAt: null } })).toEndWith('time not known.')
  })

  test('a heading is said where the name of the road does not say it, and only of what moves', () => {
    expect(where({ place: 'Ortigas, Mandaluyong' })).toContain('heading north, about 30 kph')
    expect(where({})).not.toContain('heading')
    expect(where({ place: 'Ortigas', position: at && { ...at, speedMps: 0 } })).not.toMatch(/heading|kph/)
  })

  test('without words there are coordinates', () => {
    expect(where({ place: null })).toStartWith('Now coordinates 14.58730, 121.05650')
  })
})

test('not to call is said strongly while it is quiet, and not at all otherwise', () => {
  for (const lang of ['en', 'fil'] as const) {
    const quiet = handoffScript(aCall(), lang)
    expect(quiet.lines.find(({ id }) => id === 'quiet')).toMatchObject({ strong: true })
    expect(quiet.fields.some(({ id }) => id === 'quiet')).toBe(true)
    const open = handoffScript(aCall({ contactPolicy: 'voice_ok' }), lang)
    expect(JSON.stringify(open)).not.toMatch(/do not call the driver|huwag (po )?tawagan ang drayber/i)
  }
})

test('a drill says first that nobody is called', () => {
  const script = handoffScript(aCall({ drill: true }), 'en')
  expect(script.opening).toStartWith('DRILL. Do not call 911.')
  expect(handoffScript(aCall({ drill: true }), 'fil').opening).toStartWith('PAGSASANAY. Huwag tumawag sa 911.')
})

test('the fields are what is read off when asked, and only what is known', () => {
  expect(field(aCall(), 'coordinates')).toBe('14.58730, 121.05650')
  expect(field(aCall(), 'heading')).toBe('15°')
  expect(field(aCall(), 'speed')).toBe('30 km/h')
  expect(field(aCall(), 'pressed')).toBe('02:09:00')
  expect(field(aCall({ people: 2, driver: 'Juan D.' }), 'people')).toBe('2')
  expect(field(aCall({ position: null }), 'coordinates')).toBeUndefined()
  expect(handoffScript(aCall({ people: 2, driver: 'Juan D.' }), 'en').next).toContain('Driver: Juan D.')
})

test('whatever is known or not, there is a script to read, without a hole in it', () => {
  const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
  const wild = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(
      fc.record({
        kind: fc.constantFrom(...KINDS),
        nature: perhaps(wild),
        contactPolicy: fc.constantFrom('quiet' as const, 'voice_ok' as const),
        vehicle: perhaps(
          fc.record({ plate: perhaps(wild), conduction: perhaps(wild), make: wild, model: wild, colour: wild }),
        ),
        place: perhaps(wild),
        position: perhaps(
          fc.record({
            lat: fc.double({ min: -90, max: 90, noNaN: true }),
            lng: fc.double({ min: -180, max: 180, noNaN: true }),
            accuracyM: perhaps(fc.double({ min: 0, max: 1e5, noNaN: true })),
            headingDeg: perhaps(fc.double({ min: 0, max: 360, noNaN: true })),
            speedMps: perhaps(fc.double({ min: 0, max: 90, noNaN: true })),
            fixedAt: perhaps(fc.integer({ min: 0, max: NOW * 2 })),
          }),
        ),
        callback: perhaps(fc.constant('0286540000')),
      }),
      fc.constantFrom('en' as const, 'fil' as const),
      (changes, lang) => {
        const { opening, lines, next, fields } = handoffScript(aCall(changes), lang)
        expect(lines.map(({ id }) => id)).toEqual(
          ['hello', 'what', 'vehicle', 'where', 'quiet', 'stay'].filter(
            (id) => id !== 'quiet' || changes.contactPolicy === 'quiet',
          ) as (typeof lines)[number]['id'][],
        )
        expect(opening).not.toMatch(/undefined|\bnull\b|NaN|\p{Cc}/u)
        expect(lines.every(({ text }) => /[\p{L}\p{N}]/u.test(text))).toBe(true)
        expect(next.length).toBeGreaterThan(3)
        expect(fields.every(({ label, value }) => label !== '' && value !== '')).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})
