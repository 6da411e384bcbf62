import { describe, expect, test } from 'bun:test'
import { makeFleet } from '../../scripts/simulate/fleet'
import { cancelOf, pressOf, type Saying, SPEAKERS } from '../../scripts/simulate/speakers'
import type { Position } from '../../src/domain/position'
import { readPositions } from '../../src/ingest/own-positions'
import { readPressText } from '../../src/ingest/press-json'
import { sniff } from '../../src/ingest/sniff'

const NOW = Date.UTC(2026, 10, 23, 3, 0, 20)
const FIXED = NOW - 2_000
const TOKEN = 'd1.k1.payload.mac'
const WHO = { id: 'sim-ncr-1', token: TOKEN }

/** As the server's decoder of each understands it, by the name under which it is counted. */
const DECODED: Record<string, string> = {
  'traccar-client-8': 'osmand-query',
  'traccar-client-9': 'transistorsoft-json',
  'traccar-client-10': 'traccar-form',
  owntracks: 'owntracks',
  overland: 'overland',
  'traccar-server': 'traccar-server',
}

const hear = ({ method, path, headers, body }: Saying) => {
  const [address, query = ''] = path.split('?')
  expect(address).toBe(`/i/${TOKEN}`)
  return sniff({ method, contentType: headers['content-type'] ?? '', query, body: body ?? '', now: NOW })
}

const vehicles = makeFleet(0, 60, 1).map(({ vehicle }) => vehicle)

describe.each(SPEAKERS)('$name', ({ name, agesS, say }) => {
  const read = (saying: Saying): (Position | null)[] => {
    if (name === 'own') {
      expect(saying).toMatchObject({ path: '/api/positions', headers: { authorization: `Bearer ${TOKEN}` } })
      const { reports, malformedCount } = readPositions(JSON.parse(saying.body ?? ''), NOW)
      expect(malformedCount).toBe(0)
      return reports.map(({ position }) => position)
    }
    const { protocol, items } = hear(saying)
    expect(protocol).toBe(DECODED[name] as string)
    expect(items.some(({ sos, malformed }) => sos || malformed)).toBe(false)
    return items.map(({ fields }) => fields.position)
  }

  test('is read back as what was meant', () => {
    for (const vehicle of vehicles) {
      const fixes = agesS.map((ageS) => vehicle.at(FIXED - ageS * 1000))
      const positions = read(say(WHO, fixes, false))
      expect(positions).toHaveLength(fixes.length)
      fixes.forEach((fix, nth) => {
        const position = positions[nth] as Position
        expect(position).toMatchObject({
          fixedAt: fix.at,
          accuracyM: fix.accuracyM,
          headingDeg: fix.headingDeg,
          doubts: [],
        })
        expect(position.lat).toBeCloseTo(fix.lat, 6)
        expect(position.lng).toBeCloseTo(fix.lng, 6)
        expect(position.batteryPct).toBeCloseTo(fix.batteryPct, 6)
        // OwnTracks writes whole km/h.
        expect(Math.abs((position.speedMps ?? -1) - fix.speedMps)).toBeLessThan(0.15)
      })
    }
  })
})

test.each(SPEAKERS.filter(({ cries }) => cries))('$name cries in its own way, with its place', ({ agesS, say }) => {
  const [vehicle] = vehicles
  const fixes = agesS.map((ageS) => (vehicle as NonNullable<typeof vehicle>).at(FIXED - ageS * 1000))
  const cried = hear(say(WHO, fixes, true)).items.filter(({ sos }) => sos)
  expect(cried).toHaveLength(1)
  expect(cried[0]?.fields).toMatchObject({ labels: [], pressedAt: FIXED })
  expect(cried[0]?.fields.position?.lat).toBeCloseTo(fixes.at(-1)?.lat ?? 0, 6)
})

test('our own press is read without a label, and taken back where it lies', () => {
  const fix = (vehicles[0] as (typeof vehicles)[number]).at(FIXED)
  const press = pressOf(TOKEN, { id: 'simulated-m1-0', kind: 'crash', fix })
  expect(press).toMatchObject({ path: '/api/sos', headers: { authorization: `Bearer ${TOKEN}` } })
  const { readable, fields } = readPressText(press.body ?? '', NOW)
  expect(readable).toBe(true)
  expect(fields).toMatchObject({ clientId: 'simulated-m1-0', kind: 'crash', labels: [], pressedAt: FIXED })
  expect(cancelOf(TOKEN, '/api/sos/x/cancel?s=NCR-0', '4321')).toMatchObject({
    path: '/api/sos/x/cancel?s=NCR-0',
    body: '{"pin":"4321"}',
  })
})
