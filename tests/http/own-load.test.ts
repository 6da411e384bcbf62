import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { Collect, MOST_WAITING } from '../../src/http/doors/collect'
import { loadOf, reportsOf, textLoadOf } from '../../src/http/doors/own-load'
import { parsed } from '../../src/ingest/json'
import { readPositions } from '../../src/ingest/own-positions'
import { NOON } from '../support/made-up'

const device = { deviceId: 'NCR-1', home: 'NCR', generation: 3 } as const
const many = (count: number, more = {}) => ({
  positions: Array.from({ length: count }, (_, n) => ({ lat: 14.5 + n / 1e4, lng: 121, fixedAt: NOON - n, ...more })),
})
const both = (text: string) => {
  const read = readPositions(parsed(text), NOON)
  return { asText: textLoadOf(device, read, text, NOON, 'own'), asReports: loadOf(device, read, NOON, 'own') }
}

/** Some of all that a record may be, and some of what it must not. */
const record = fc.oneof(
  fc.record(
    {
      lat: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constant('14.5'), fc.constant(91)),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
      fixedAt: fc.oneof(fc.constant(NOON - 5_000), fc.constant('2026-01-01T00:00:00Z'), fc.constant('noon')),
      speedMps: fc.oneof(fc.double({ min: -5, max: 250, noNaN: true }), fc.constant(null)),
      event: fc.constantFrom('moving', 'ignition_off', 'push_token'),
      charging: fc.boolean(),
      mocked: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue(),
)

describe('a message of many positions on its way to a shard', () => {
  test('goes as the text that it came as, and is there what it was here', () => {
    const text = JSON.stringify(many(50))
    const { asText, asReports } = both(text)
    expect(asText.reports).toEqual([{ ...device, protocol: 'own', receivedAt: NOON, text, most: 50 }])
    expect<unknown>(reportsOf(asText.reports)).toEqual(asReports.reports)
  })

  test('is there what it was here, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (positions) => {
        const { asText, asReports } = both(JSON.stringify({ positions }))
        expect<unknown>(reportsOf(asText.reports)).toEqual(asReports.reports)
        expect(asText.malformed).toEqual(asReports.malformed)
      }),
    )
  })

  test('brings the count of what nobody could read once', () => {
    const { positions } = many(10)
    const { asText } = both(JSON.stringify([...positions, { lat: 91, lng: 0 }, 7]))
    expect(asText.malformed).toEqual({ 'NCR-1': 2 })
    expect(reportsOf(asText.reports)).toHaveLength(10)
  })

  test.each([
    ['of a few is reports already', many(4)],
    ['that is stuffed with something else leaves that behind', many(10, { note: 'x'.repeat(500) })],
  ])('%s', (_, message) => {
    const { asText, asReports } = both(JSON.stringify(message))
    expect(asText).toEqual(asReports)
  })

  test('keeps its place among others of the same device', () => {
    const [first, last] = [many(1), many(2)].map((each) => both(JSON.stringify(each)).asText.reports)
    const between = both(JSON.stringify(many(50))).asText.reports
    const all = [...(first ?? []), ...between, ...(last ?? [])]
    expect(reportsOf(all).map(({ position }) => position?.fixedAt)).toEqual([
      NOON,
      ...Array.from({ length: 50 }, (_, n) => NOON - n),
      NOON,
      NOON - 1,
    ])
  })

  test('fills no more than its share of memory, and what is dropped of it is counted', () => {
    const collect = new Collect()
    const { asText } = both(JSON.stringify(many(900)))
    for (let n = 0; n < 23; n++) collect.add('NCR:0', asText, NOON)
    expect(collect.dropped).toBe(23 * 900 - MOST_WAITING)
    const { reports, count } = collect.take('NCR:0')
    expect(count).toBe(MOST_WAITING)
    expect(reportsOf(reports)).toHaveLength(MOST_WAITING)
  })
})
