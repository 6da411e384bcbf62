import { describe, expect, test } from 'bun:test'
import { FIX, NOW, only, PLACE, post } from './messages'

const feature = (said: object = {}, coordinates: unknown = [121.0244, 14.5547]) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates },
  properties: { timestamp: '2025-08-23T14:20:00+0800', ...said },
})

describe('Overland', () => {
  test('a position, whole: longitude first, m/s, a share of the battery, a time with its offset', () => {
    const heard = post(
      '{"locations":[{"type":"Feature","geometry":{"type":"Point","coordinates":[121.0244,14.5547]},"properties":{"timestamp":"2025-08-22T23:20:00-0700","altitude":0,"speed":4,"course":90,"horizontal_accuracy":30,"vertical_accuracy":-1,"motion":["driving","stationary"],"battery_state":"charging","battery_level":0.89,"device_id":"van-7","wifi":""}}]}',
    )
    expect(heard).toMatchObject({
      protocol: 'overland',
      reply: { status: 200, body: '{"result":"ok"}', contentType: 'application/json' },
    })
    const item = only(heard)
    expect(item).toMatchObject({
      sos: false,
      claimedId: 'van-7',
      said: { event: null, charging: true, ignition: null },
    })
    expect(item.fields).toMatchObject({ pressedAt: FIX, labels: [] })
    expect(item.fields.position).toEqual({
      ...PLACE,
      accuracyM: 30,
      headingDeg: 90,
      speedMps: 4,
      fixedAt: FIX,
      batteryPct: 89,
      doubts: [],
    })
  })

  test('-1 is unknown, and so is an empty name', () => {
    const item = only(
      post({
        locations: [feature({ speed: -1, course: -1, horizontal_accuracy: -1, battery_level: -1, device_id: '' })],
      }),
    )
    expect(item.claimedId).toBeNull()
    expect(item.fields.position).toMatchObject({ speedMps: null, headingDeg: null, accuracyM: null, batteryPct: null })
  })

  test.each([
    ['unplugged', false],
    ['full', true],
    ['unknown', undefined],
  ])('battery_state %s', (battery_state, charging) => {
    expect(only(post({ locations: [feature({ battery_state })] })).said?.charging).toBe(charging as never)
  })

  test('the newest place stands beside a backlog, and comes after it', () => {
    const old = Array.from({ length: 400 }, (_, n) =>
      feature({ timestamp: new Date(FIX - 7_200_000 + n * 1_000).toISOString() }, [120.9, 14.4]),
    )
    const { items } = post({ locations: old, current: feature(), trip: { mode: 'car' } })
    expect(items).toHaveLength(401)
    expect(items.at(-1)?.fields.position).toMatchObject({ ...PLACE, fixedAt: FIX, doubts: [] })
    expect(items[0]?.fields.position?.doubts).toEqual(['stale'])
  })

  test('a phone that knows no place yet says at least that it lives', () => {
    const item = only(post({ locations: [{ ...feature(), geometry: null }] }))
    expect(item).toMatchObject({ said: { event: 'heartbeat' }, fields: { position: null, labels: [] } })
  })

  test('a record that cannot be read costs only itself, and the batch is answered as kept', () => {
    const heard = post({
      locations: [feature(), null, 'x', {}, feature({}, ['east', 14.5]), feature({}, [14.5547, 121.0244]), feature()],
    })
    expect(heard.items.map(({ malformed }) => malformed ?? false)).toEqual([false, true, true, true, true, true, false])
    expect(heard.reply.body).toBe('{"result":"ok"}')
  })

  test('nothing to send is answered as kept, too', () => {
    expect(post('{"locations":[]}')).toMatchObject({
      protocol: 'overland',
      items: [],
      reply: { body: '{"result":"ok"}' },
    })
  })

  test('a batch that broke off is answered so that it does not come again for ever', () => {
    const heard = post('{"locations": [{"type":"Feature","geometry":{"type":"Point","coordi')
    expect(heard).toMatchObject({ protocol: 'overland', reply: { body: '{"result":"ok"}' } })
    expect(only(heard)).toMatchObject({ sos: false, malformed: true })
  })

  test.each([
    { locations: [feature({ alarm: 'sos' })] },
    { locations: [feature({ sos: true })] },
    { locations: [{ ...feature(), alarm: 'sos' }] },
    { locations: [feature({}, [1])], alarm: 'sos' },
    { locations: [], alarm: 'sos' },
  ])('a cry that some app adds is heard: %j', (message) => {
    expect(post(message).items.filter(({ sos }) => sos)).toHaveLength(1)
  })

  test("Transistorsoft's records under this name are read as what they are", () => {
    const heard = post({ locations: [{ coords: { latitude: 14.5547, longitude: 121.0244 }, timestamp: NOW }] })
    expect(heard.protocol).toBe('transistorsoft-json')
    expect(only(heard).fields.position).toMatchObject(PLACE)
  })
})
