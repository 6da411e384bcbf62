import { describe, expect, test } from 'bun:test'
import type { Position } from '../../src/domain/position'
import type { Report } from '../../src/domain/report'
import { RecentReports } from '../../src/fleet/recent-reports'

const place: Position = {
  lat: 14.5,
  lng: 121.0244,
  accuracyM: 8,
  headingDeg: 90,
  speedMps: 12.5,
  fixedAt: 1_000,
  batteryPct: 61,
  doubts: [],
}
const aReport = (changes: Partial<Report> = {}): Report => ({
  deviceId: 'd1',
  home: 'NCR',
  protocol: 'own',
  receivedAt: 2_000,
  position: place,
  event: null,
  charging: null,
  ignition: null,
  ...changes,
})

describe('the last reports of a device', () => {
  test('are given back as they were understood, newest first, in every field', () => {
    const recent = new RecentReports()
    const bare = { ...place, accuracyM: null, headingDeg: null, speedMps: null, fixedAt: null, batteryPct: null }
    recent.note(aReport(), 'taken')
    recent.note(aReport({ receivedAt: 2_001, position: bare, app: 'TraccarClient 10.0', charging: true }), 'older')
    recent.note(aReport({ receivedAt: 2_002, position: null, event: 'heartbeat', ignition: false }), 'no_fix')
    recent.note(aReport({ receivedAt: 2_003, position: { ...place, doubts: ['mocked', 'stale'] } }), 'jump')
    recent.note(aReport({ receivedAt: 2_004 }), 'jump')
    const quiet = { event: null, charging: null, ignition: null, protocol: 'own' }
    expect(recent.of('d1')).toEqual([
      { ...quiet, receivedAt: 2_004, verdict: 'jump', position: place },
      { ...quiet, receivedAt: 2_003, verdict: 'jump', position: { ...place, doubts: ['mocked', 'stale'] } },
      { ...quiet, receivedAt: 2_002, verdict: 'no_fix', position: null, event: 'heartbeat', ignition: false },
      { ...quiet, receivedAt: 2_001, verdict: 'older', position: bare, app: 'TraccarClient 10.0', charging: true },
      { ...quiet, receivedAt: 2_000, verdict: 'taken', position: place },
    ])
    expect(recent.of('d2')).toEqual([])
  })

  test('are twenty, of each device its own', () => {
    const recent = new RecentReports()
    for (let n = 0; n < 53; n++) {
      recent.note(aReport({ receivedAt: n }), 'taken')
      recent.note(aReport({ deviceId: 'd2', receivedAt: 1_000 + n, protocol: n % 2 ? 'own' : 'osmand' }), 'taken')
    }
    expect(recent.of('d1').map(({ receivedAt }) => receivedAt)).toEqual(Array.from({ length: 20 }, (_, n) => 52 - n))
    expect(recent.of('d2').map(({ receivedAt, protocol }) => `${receivedAt} ${protocol}`)).toEqual(
      Array.from({ length: 20 }, (_, n) => `${1_052 - n} ${n % 2 ? 'own' : 'osmand'}`),
    )
  })

  test('of the device that was heard longest ago are forgotten for those of a new one', () => {
    const recent = new RecentReports(2)
    for (const deviceId of ['d1', 'd2', 'd1', 'd3']) recent.note(aReport({ deviceId }), 'taken')
    expect(['d1', 'd2', 'd3'].map((id) => recent.of(id).length)).toEqual([2, 0, 1])
  })
})
