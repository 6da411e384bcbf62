import { describe, expect, test } from 'bun:test'
import {
  GAP_MS,
  type HeldIncident,
  segmentsOf,
  type Track,
  type TrackPoint,
  toGeoJson,
  toGpx,
  withHeld,
} from '../../src/domain/track'
import { aRow } from '../support/positions'

const NOON = Date.UTC(2026, 10, 22, 4)
const point = (seconds: number, changes: Partial<TrackPoint> = {}): TrackPoint => {
  const { region, deviceId, ...rest } = aRow({ at: NOON + seconds * 1_000, lat: 14.5 + seconds / 1e5, ...changes })
  return rest
}
const track = (points: TrackPoint[], changes: Partial<Track> = {}): Track => ({
  region: 'NCR',
  deviceId: 'ncr-0047',
  from: NOON,
  to: NOON + 3_600_000,
  points,
  sos: [],
  events: [],
  next: null,
  ...changes,
})
const press = {
  incidentId: 'i1',
  code: 'NCR-47',
  kind: 'panic',
  state: 'closed',
  at: NOON + 5_000,
  lat: 14.51,
  lng: 121,
}

describe('the way', () => {
  test('breaks where nothing was heard for long, and nowhere else', () => {
    const gap = GAP_MS / 1_000
    const segments = segmentsOf([point(0), point(gap), point(2 * gap + 1), point(2 * gap + 2)])
    expect(segments.map((each) => each.length)).toEqual([2, 2])
    expect(segmentsOf([])).toEqual([])
  })

  test('does not lead over a place where the device cannot have been', () => {
    const jumped = point(10, { lat: 48.1, doubts: ['stale', 'jump'] })
    const nowhere = point(20, { lat: 0, lng: 0, doubts: ['null_island'] })
    const stale = point(30, { doubts: ['stale'] })
    expect(segmentsOf([point(0), jumped, nowhere, stale])).toEqual([[point(0), stale]])
  })
})

describe('with what its room holds', () => {
  const ana = { uid: 'ana', alias: 'Desk ana', kind: 'person' as const }
  const room = { uid: 'system', alias: 'System', kind: 'system' as const }
  const held = (changes: Partial<HeldIncident['incident']> = {}): HeldIncident => ({
    incident: {
      ...{ id: 'i1', code: 'NCR-47', kind: 'panic', state: 'taken', region: 'NCR', deviceId: 'ncr-0047' },
      receivedAt: new Date(NOON + 5_000).toISOString(),
      position: null,
      ...changes,
    },
    events: [
      { type: 'created', at: NOON + 5_000, actor: room },
      { type: 'realarmed', at: NOON + 6_000, actor: room },
      { type: 'taken', at: NOON + 9_000, actor: ana },
      { type: 'noted', at: NOON + 10_000, actor: ana },
      { type: 'safe', at: NOON + 3_600_000, actor: ana },
    ],
  })
  const taken = { incidentId: 'i1', code: 'NCR-47', type: 'taken' as const, at: NOON + 9_000, by: 'Desk ana' }

  test('has acts that the archive does not have yet, in their order and once, and the state of now', () => {
    const { sos, events } = withHeld(track([], { sos: [press], events: [taken] }), held())
    expect(sos).toMatchObject([{ incidentId: 'i1', state: 'taken', at: NOON + 5_000 }])
    expect(events.map(({ type, by }) => [type, by])).toEqual([
      ['realarmed', null],
      ['taken', 'Desk ana'],
    ])
  })

  test('takes nothing of another device, nor of another time', () => {
    const archived = track([], { sos: [press], events: [taken] })
    expect(withHeld(archived, held({ deviceId: 'other' }))).toBe(archived)
    expect(withHeld(archived, held({ region: 'CEB' }))).toBe(archived)
    const later = withHeld(track([], { from: NOON + 60_000 }), held())
    expect([later.sos, later.events]).toEqual([[], []])
  })
})

describe('as GeoJSON', () => {
  test('is a line of longitude and latitude with a time for each of its points', () => {
    const { type, features } = toGeoJson(track([point(0), point(5, { speedMps: null })]))
    expect(type).toBe('FeatureCollection')
    expect(features).toHaveLength(1)
    expect(features[0]).toMatchObject({
      type: 'Feature',
      geometry: {
        type: 'LineString',
        coordinates: [
          [121.0569, 14.5],
          [121.0569, 14.50005],
        ],
      },
      properties: {
        role: 'track',
        coordTimes: ['2026-11-22T04:00:00.000Z', '2026-11-22T04:00:05.000Z'],
        speedsMps: [12.5, null],
      },
    })
  })

  test('one fix alone is a point, for a line needs two', () => {
    expect(toGeoJson(track([point(0)])).features[0]?.geometry).toEqual({ type: 'Point', coordinates: [121.0569, 14.5] })
  })

  test('marks presses, what the device said, and where it cannot have been', () => {
    const points = [point(0, { event: 'ignition_on' }), point(5), point(6, { doubts: ['jump'], lat: 48 })]
    const unplaced = { ...press, lat: null, lng: null }
    const { features } = toGeoJson(track(points, { sos: [press, unplaced] }))
    expect(features.map(({ properties }) => [properties.role, properties.name])).toEqual([
      ['track', undefined],
      ['sos', 'SOS NCR-47 panic'],
      ['event', 'ignition_on'],
      ['doubtful', 'jump'],
    ])
  })
})

describe('as GPX', () => {
  test('has waypoints, then the track with time, speed and course of each point', () => {
    const gpx = toGpx(track([point(0), point(5, { speedMps: null, headingDeg: null })], { sos: [press] }))
    expect(gpx).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Xpress Ops Tower" xmlns="http://www.topografix.com/GPX/1/1"
  xmlns:tpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
  <wpt lat="14.51" lon="121"><time>2026-11-22T04:00:05.000Z</time><name>SOS NCR-47 panic</name><type>sos</type></wpt>
  <trk>
    <name>ncr-0047</name>
    <trkseg>
      <trkpt lat="14.5" lon="121.0569"><time>2026-11-22T04:00:00.000Z</time><extensions><tpx:TrackPointExtension><tpx:speed>12.5</tpx:speed><tpx:course>90</tpx:course></tpx:TrackPointExtension></extensions></trkpt>
      <trkpt lat="14.50005" lon="121.0569"><time>2026-11-22T04:00:05.000Z</time></trkpt>
    </trkseg>
  </trk>
</gpx>
`)
  })

  test('keeps every text inside its element, whatever it holds', () => {
    const evil = `</name><trkpt lat="0">&amp;'"\u0000\u0008\ud800`
    const gpx = toGpx(track([point(0, { doubts: [evil] })], { deviceId: evil, sos: [{ ...press, kind: evil }] }))
    const harmless = '&lt;/name&gt;&lt;trkpt lat=&quot;0&quot;&gt;&amp;amp;&apos;&quot;\ufffd\ufffd\ufffd'
    expect(gpx).toContain(`<name>${harmless}</name>`)
    expect(gpx).toContain(`<name>SOS NCR-47 ${harmless}</name>`)
    expect(gpx).toContain(`<desc>doubtful: ${harmless}</desc>`)
    expect(gpx.match(/<trkpt /g)).toHaveLength(1)
  })

  test('of nothing is still a track', () => {
    expect(toGpx(track([]))).toContain('<trk>\n    <name>ncr-0047</name>\n  </trk>')
  })
})
