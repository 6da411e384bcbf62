import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { REPORT_EVENTS } from '../../src/domain/report'
import { MOST_POSITIONS, readPositions } from '../../src/ingest/own-positions'
import { FIX, ISO, NOW, PLACE } from './messages'

const read = (json: unknown) => readPositions(json, NOW)
const whole = {
  ...PLACE,
  accuracyM: 8,
  headingDeg: 90,
  speedMps: 3.5,
  fixedAt: ISO,
  batteryPct: 41,
  charging: true,
  ignition: false,
  event: 'moving',
  mocked: true,
}

describe('our own message of positions', () => {
  test('is one object, several in an array, or several under `positions`', () => {
    const expected = {
      position: {
        ...PLACE,
        accuracyM: 8,
        headingDeg: 90,
        speedMps: 3.5,
        fixedAt: FIX,
        batteryPct: 41,
        doubts: ['mocked' as const],
      },
      event: 'moving' as const,
      charging: true,
      ignition: false,
    }
    expect(read(whole)).toEqual({ reports: [expected], malformed: [], malformedCount: 0 })
    for (const many of [[whole, whole], { positions: [whole, whole] }]) {
      expect(read(many)).toEqual({ reports: [expected, expected], malformed: [], malformedCount: 0 })
    }
    expect(read({ positions: whole }).reports).toEqual([expected])
  })

  test('needs a place and no more', () => {
    expect(read(PLACE).reports).toEqual([
      {
        position: {
          ...PLACE,
          accuracyM: null,
          headingDeg: null,
          speedMps: null,
          fixedAt: null,
          batteryPct: null,
          doubts: [],
        },
        event: null,
        charging: null,
        ignition: null,
      },
    ])
  })

  test.each([ISO, FIX, `${FIX}`, FIX / 1000, '2025-08-23T14:20:00+08:00'])('knows the time %p', (fixedAt) => {
    expect(read({ ...PLACE, fixedAt }).reports[0]?.position?.fixedAt).toBe(FIX)
  })

  test('may be without a place where it says something else', () => {
    for (const said of [{ event: 'heartbeat' }, { charging: false }, { ignition: true }]) {
      expect(read(said).reports).toMatchObject([{ position: null, ...said }])
    }
    expect(read({ event: 'ignition_off' }).reports).toMatchObject([{ event: 'ignition_off', ignition: false }])
  })

  test('takes null for what is not known, and numbers out of range as unknown', () => {
    const { reports, malformed } = read({
      ...PLACE,
      speedMps: -1,
      headingDeg: -1,
      batteryPct: null,
      event: null,
      fixedAt: null,
    })
    expect(malformed).toEqual([])
    expect(reports[0]?.position).toMatchObject({ speedMps: null, headingDeg: null, batteryPct: null })
  })

  test.each<[unknown, string]>([
    [7, ''],
    [null, ''],
    ['x', ''],
    [{}, 'lat'],
    [{ lat: 14.5 }, 'lng'],
    [{ lng: 121 }, 'lat'],
    [{ lat: 91, lng: 121 }, 'lat'],
    [{ lat: 14.5, lng: 181 }, 'lng'],
    [{ lat: 'north', lng: 121 }, 'lat'],
    [{ ...PLACE, accuracyM: 'good' }, 'accuracyM'],
    [{ ...PLACE, headingDeg: {} }, 'headingDeg'],
    [{ ...PLACE, speedMps: [] }, 'speedMps'],
    [{ ...PLACE, batteryPct: 'full' }, 'batteryPct'],
    [{ ...PLACE, fixedAt: 'yesterday' }, 'fixedAt'],
    [{ ...PLACE, charging: 'yes' }, 'charging'],
    [{ ...PLACE, ignition: 1 }, 'ignition'],
    [{ ...PLACE, mocked: 'no' }, 'mocked'],
    [{ ...PLACE, event: 'party' }, 'event'],
    [{ ...PLACE, event: 'encrypted' }, 'event'],
    [{ ...PLACE, event: 'push_token' }, 'event'],
  ])('loses only a record that is wrong, and names its field: %j', (record, field) => {
    const { reports, malformed, malformedCount } = read([PLACE, record, PLACE])
    expect(reports).toHaveLength(2)
    expect(malformed).toEqual([{ index: 1, field, why: expect.any(String) }])
    expect(malformedCount).toBe(1)
  })

  test('says nothing where it is empty', () => {
    for (const json of [[], { positions: [] }])
      expect(read(json)).toEqual({ reports: [], malformed: [], malformedCount: 0 })
  })

  test('is taken up to its thousandth record; the others are malformed', () => {
    const { reports, malformed } = read(Array(MOST_POSITIONS + 2).fill(PLACE))
    expect(reports).toHaveLength(MOST_POSITIONS)
    expect(malformed.map(({ index }) => index)).toEqual([MOST_POSITIONS, MOST_POSITIONS + 1])
  })

  test('tells of a thousand faults, and counts them all', () => {
    const { malformed, malformedCount } = read(Array(100_000).fill(0))
    expect(malformed).toHaveLength(1_000)
    expect(malformedCount).toBe(100_000)
  })

  test('may be any JSON whatever: every record is read or named, and every place is on earth', () => {
    const field = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.double(), fc.constantFrom(ISO, FIX, true, 'moving', -1))
    const record = fc.dictionary(fc.constantFrom(...Object.keys(whole), 'x'), field)
    const json = fc.oneof(fc.jsonValue(), record, fc.array(record), fc.record({ positions: fc.array(record) }))
    fc.assert(
      fc.property(json, (any) => {
        const { reports, malformed } = read(any)
        for (const { position, event } of reports) {
          if (event !== null) expect(REPORT_EVENTS).toContain(event)
          if (!position) continue
          expect(Math.abs(position.lat)).toBeLessThanOrEqual(90)
          expect(Math.abs(position.lng)).toBeLessThanOrEqual(180)
        }
        const records = Array.isArray(any) ? any : (any as { positions?: unknown })?.positions
        expect(reports.length + malformed.length).toBe(Array.isArray(records) ? records.length : 1)
      }),
      { numRuns: 500 },
    )
  })
})
