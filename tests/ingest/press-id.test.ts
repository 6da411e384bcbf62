import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { REGION_IDS, regionOfIncident } from '../../src/domain/region'
import { clientIdOf, type PressMarks, sosIdOf } from '../../src/ingest/press-id'

const marks = fc.record<PressMarks>({
  home: fc.constantFrom(...REGION_IDS),
  deviceId: fc.string(),
  clientId: fc.option(fc.uuid()),
  alarm: fc.constantFrom('panic', 'medical', 'sos'),
  fixedAt: fc.option(fc.nat()),
  pressedAt: fc.option(fc.nat()),
  lat: fc.option(fc.double({ min: -90, max: 90, noNaN: true })),
  lng: fc.option(fc.double({ min: -180, max: 180, noNaN: true })),
  body: fc.string(),
  receivedAt: fc.nat({ max: 2 ** 41 }),
})
const one: PressMarks = {
  home: 'CEB',
  deviceId: 'CEB-1',
  clientId: null,
  alarm: 'panic',
  fixedAt: null,
  pressedAt: null,
  lat: null,
  lng: null,
  body: '{}',
  receivedAt: 1_755_930_001_000,
}

describe('the name of a press', () => {
  test('is a UUIDv8 that says its home region', () => {
    fc.assert(
      fc.property(marks, (press) => {
        const id = sosIdOf(press)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(regionOfIncident(id)).toBe(press.home)
      }),
    )
  })

  test("is the same for the same sender's id, whatever else a retry says", () => {
    fc.assert(
      fc.property(marks, marks, fc.uuid(), (first, retry, clientId) => {
        const { home, deviceId } = first
        expect(sosIdOf({ ...retry, home, deviceId, clientId })).toBe(sosIdOf({ ...first, clientId }))
      }),
    )
  })

  test('without an id is made of times and place, whenever it comes and however it is written', () => {
    fc.assert(
      fc.property(marks, fc.nat(), fc.nat(), fc.string(), (press, fixedAt, receivedAt, body) => {
        const first = { ...press, clientId: null, fixedAt }
        expect(sosIdOf({ ...first, receivedAt, body })).toBe(sosIdOf(first))
        expect(sosIdOf({ ...first, fixedAt: fixedAt + 1 })).not.toBe(sosIdOf(first))
        expect(sosIdOf({ ...first, alarm: 'fire' })).not.toBe(sosIdOf(first))
      }),
    )
  })

  test('of a second press on an old fix is another', () => {
    const first = { ...one, fixedAt: 1, pressedAt: 2 }
    expect(sosIdOf({ ...first, pressedAt: 3 })).not.toBe(sosIdOf(first))
  })

  test('without id and time is the same for the same bytes within a step of 10 s', () => {
    const step = 1_755_930_000_000
    const at = (receivedAt: number, body = 'x') => sosIdOf({ ...one, body, receivedAt })
    expect(at(step)).toBe(at(step + 9_999))
    expect(at(step)).not.toBe(at(step + 10_000))
    expect(at(step)).not.toBe(at(step, 'y'))
  })

  test('is never shared by two devices', () => {
    fc.assert(
      fc.property(marks, fc.string(), (press, other) => {
        fc.pre(other !== press.deviceId)
        expect(sosIdOf({ ...press, deviceId: other })).not.toBe(sosIdOf(press))
      }),
    )
  })
})

describe("a sender's id", () => {
  test('is any id that can tell presses apart, in one spelling', () => {
    expect(clientIdOf(' 6B1F3C1E-0C0C-4B1E-9D55-3F2A6C1F0001 ')).toBe('6b1f3c1e-0c0c-4b1e-9d55-3f2a6c1f0001')
    expect(clientIdOf('01J8Z4N5T6V7W8X9Y0ABCDEFGH')).toBe('01j8z4n5t6v7w8x9y0abcdefgh')
  })

  test.each(['00000000-0000-0000-0000-000000000000', '1', '', 'a b c d e f g h', 'x'.repeat(99), 42, null, {}])(
    'is not %j',
    (value) => {
      expect(clientIdOf(value)).toBeNull()
    },
  )
})
