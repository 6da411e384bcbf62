import { expect, test } from 'bun:test'
import { LiveSources } from '../../views/client/live/sources'
import { type ShownSource, sourceRest } from '../../views/sources'
import { Sources } from '../../views/tower/panel-sources'
import { t } from '../../views/words'

const NOW = Date.UTC(2026, 10, 22, 4, 0, 0)
const source = (deviceId: string, own: boolean, lat: number, ageS: number): ShownSource => ({
  deviceId,
  source: own ? 'phone' : 'vehicle',
  own,
  position: {
    lat,
    lng: 121,
    accuracyM: 10,
    headingDeg: null,
    speedMps: 0,
    fixedAt: new Date(NOW - ageS * 1000).toISOString(),
    doubts: [],
  },
})
const phone = source('a', true, 14.6, 5)
const vehicle = source('b', false, 14.61, 20)

test('each device has its age, how sure its place is, and how far it is from the one that pressed', () => {
  const say = t('en')
  expect(sourceRest(phone, [phone, vehicle], say, NOW)).toBe('within 30 m')
  expect(sourceRest(vehicle, [phone, vehicle], say, NOW)).toBe('within 90 m · 1100 m away')
  const html = String(<Sources sources={[phone, vehicle]} separated={true} say={say} now={NOW} />)
  expect(html).toContain('data-separated="yes"')
  expect(html).toContain('20 s ago')
})

test('one device alone is not drawn twice', () => {
  expect(String(<Sources sources={[phone]} separated={false} say={t('fil')} now={NOW} />)).not.toContain('<ul')
})

test('a screen keeps the newest word of each device, and forgets what has left the queue', () => {
  const live = new LiveSources()
  expect(live.hear([{ id: 'x', ...vehicle }])).toEqual(new Set(['x']))
  expect(live.of('x')).toEqual([])
  live.hear([{ id: 'x', ...phone }])
  expect(live.of('x').map(({ deviceId }) => deviceId)).toEqual(['a', 'b'])
  expect(live.hear([{ id: 'x', ...source('b', false, 14.7, 60) }])).toEqual(new Set())
  expect(live.of('x')[1]).toEqual(vehicle)
  live.keep(new Set())
  expect(live.of('x')).toEqual([])
})
