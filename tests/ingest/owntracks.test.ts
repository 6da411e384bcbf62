import { describe, expect, test } from 'bun:test'
import { ask, FIX, only, PLACE, post } from './messages'

const AT = FIX / 1000
const location = {
  _type: 'location',
  lat: 14.5547,
  lon: 121.0244,
  tst: AT,
  tid: 'JJ',
  topic: 'owntracks/juan/22A67880',
}

describe('OwnTracks', () => {
  test('a position, whole: km/h become m/s, percent stay percent', () => {
    const heard = post(
      '{"_type":"location","acc":15,"alt":44,"batt":46,"bs":2,"conn":"w","lat":14.5547,"lon":121.0244,"t":"u","tid":"5t","tst":1755930000,"vac":2,"vel":36,"cog":271}',
    )
    expect(heard).toMatchObject({
      protocol: 'owntracks',
      reply: { status: 200, body: '[]', contentType: 'application/json' },
    })
    const item = only(heard)
    expect(item).toMatchObject({ sos: false, said: { event: null, charging: true, ignition: null } })
    expect(item.fields).toMatchObject({ pressedAt: FIX, labels: [] })
    expect(item.fields.position).toEqual({
      ...PLACE,
      accuracyM: 15,
      headingDeg: 271,
      speedMps: 10,
      fixedAt: FIX,
      batteryPct: 46,
      doubts: [],
    })
  })

  test.each<[string, object]>([
    [
      '{"cog":271,"lon":123.8854,"acc":5,"vel":61,"vac":21,"lat":10.3157,"tst":1755930000,"alt":16,"_type":"location","tid":"JJ","t":"u","batt":67}',
      { lat: 10.3157, lng: 123.8854, speedMps: 61 * (1 / 3.6), headingDeg: 271, batteryPct: 67 },
    ],
    [
      '{"lat":7.07,"lon":125.61,"_type":"location","tid":"JJ","tst":1755930000}',
      { lat: 7.07, lng: 125.61, speedMps: null, accuracyM: null, batteryPct: null, fixedAt: FIX },
    ],
    [
      '{"_type":"location","lat":"10.72","lon":"122.56","tst":"1755930000","batt":"55","vel":"18"}',
      { lat: 10.72, lng: 122.56, fixedAt: FIX, batteryPct: 55, speedMps: 5 },
    ],
  ])('%s', (body, position) => {
    expect(only(post(body)).fields.position).toMatchObject(position)
  })

  test('a position that was kept: written later than it was fixed', () => {
    const item = only(
      post(
        '{"lon":122.56,"acc":5,"created_at":1755930246,"lat":10.72,"topic":"owntracks/juan/22A67880","t":"u","m":1,"tst":1755930000,"conn":"w","alt":0,"_type":"location","tid":"AC"}',
      ),
    )
    expect(item).toMatchObject({
      claimedId: 'owntracks/juan/22A67880',
      fields: { pressedAt: FIX + 246_000, position: { fixedAt: FIX } },
    })
  })

  test('is named by its topic or its address, never by two letters that many share', () => {
    expect(only(post({ ...location, topic: undefined })).claimedId).toBeNull()
    const named = ask('?u=juan&d=22A67880', { body: JSON.stringify({ ...location, topic: undefined }) })
    expect(only(named).claimedId).toBe('juan/22A67880')
  })

  test('has ids of its own for its messages', () => {
    expect(only(post({ ...location, _id: '5f3ac81b' })).fields.clientId).toBe('5f3ac81b')
  })

  test.each([
    ['enter', 'enter'],
    ['leave', 'exit'],
    ['exit', 'exit'],
  ] as const)('a transition (%s) is a place and an event', (event, expected) => {
    const item = only(
      post(
        `{"_type":"transition","desc":"Terminal","event":"${event}","acc":12,"lat":14.55,"lon":121.02,"rid":"a1b2c3","tid":"j1","tst":1755930000,"wtst":1755920000}`,
      ),
    )
    expect(item).toMatchObject({
      sos: false,
      said: { event: expected },
      fields: { position: { lat: 14.55, lng: 121.02, accuracyM: 12, fixedAt: FIX } },
    })
  })

  test('a transition at a beacon has no place', () => {
    const item = only(post({ _type: 'transition', event: 'enter', desc: 'Gate', tst: AT, wtst: AT }))
    expect(item).toMatchObject({ said: { event: 'enter' }, fields: { position: null, labels: [] } })
    expect(item.malformed).toBeUndefined()
  })

  test('a waypoint, its numbers as text, is a fence and not where the phone is', () => {
    const fence =
      '{"_type":"waypoint","desc":"Terminal","lat":14.55,"lon":121.02,"rad":"50","tst":"1755930000","rid":"a1b2c3","wtst":1755920000}'
    expect(post(fence)).toMatchObject({ protocol: 'owntracks', items: [], reply: { body: '[]' } })
    expect(only(post(fence.replace('"50"', '"wide"')))).toMatchObject({ sos: false, malformed: true })
  })

  test('what cannot be read because it is encrypted is noted, without a place', () => {
    const heard = post('{"_type":"encrypted","data":"c2VjcmV0"}')
    expect(heard.reply).toMatchObject({ status: 200, body: '[]' })
    expect(only(heard)).toMatchObject({
      sos: false,
      said: { event: 'encrypted' },
      fields: { position: null, labels: [] },
    })
  })

  test('a last will says that the phone is gone', () => {
    expect(only(post('{"_type":"lwt","tst":1755930000}'))).toMatchObject({
      sos: false,
      said: { event: 'offline' },
      fields: { position: null, pressedAt: null },
    })
  })

  test.each([
    '{"_type":"request","request":"tour","tour":{"label":"Trip to Makati","from":"2026-08-24T05:00:00","to":"2026-08-24T15:00:00"}}',
    '{"_type":"beacon","uuid":"CA271EAE","major":1,"minor":2,"tst":1755930000,"acc":2,"rssi":-60}',
    '{"_type":"card","name":"Juan","face":"aGk=","tid":"JJ"}',
    '{"_type":"cmd","action":"reportLocation"}',
    '{"_type":"configuration","mode":3,"tid":"JJ"}',
    '{"_type":"dump","configuration":{"_type":"configuration"}}',
    '{"_type":"status","android":{"hib":0}}',
    '{"_type":"steps","tst":1755930000,"steps":120}',
    '{"_type":"waypoints","waypoints":[{"_type":"waypoint","desc":"x","lat":14.5,"lon":121.0,"rad":50,"tst":1}]}',
  ])('%s is understood, and is nothing', (body) => {
    expect(post(body)).toMatchObject({ protocol: 'owntracks', items: [], reply: { status: 200, body: '[]' } })
  })

  test('a type that nobody knows, or a position without a place, is counted', () => {
    for (const body of [{ _type: 'hologram' }, { ...location, lat: undefined }, { ...location, lon: 'east' }]) {
      expect(only(post(body))).toMatchObject({ sos: false, malformed: true, fields: { position: null } })
    }
  })

  test('of several in one message, one that cannot be read costs only itself', () => {
    const { items } = post([location, 7, { ...location, lat: 99 }, { ...location, tag: 'sos' }])
    expect(items.map(({ sos, malformed = false }) => [sos, malformed])).toEqual([
      [false, false],
      [false, true],
      [false, true],
      [true, false],
    ])
  })
})

describe('the cry of an OwnTracks phone', () => {
  const words = ['SOS', 'sos: engine fire', 'Help!', 'tulong po', 'Saklolo', 'emergency', 'MAYDAY MAYDAY', '  sos ']
  test.each(words)('is a poi or a tag that begins with "%s"', (said) => {
    for (const name of ['poi', 'tag']) {
      expect(only(post({ ...location, [name]: said }))).toMatchObject({
        sos: true,
        fields: { kind: 'panic', position: PLACE, note: said.trim() },
      })
    }
  })

  test.each(['Helper’s house', 'sosyal', 'no sos', 'Terminal', 'mga tulong', ''])('is not "%s"', (said) => {
    expect(only(post({ ...location, poi: said, tag: said })).sos).toBe(false)
  })

  test('needs no place, and no type that has one', () => {
    expect(only(post({ _type: 'location', poi: 'sos' }))).toMatchObject({ sos: true, fields: { position: null } })
    expect(only(post({ _type: 'status', tag: 'tulong' })).sos).toBe(true)
    expect(only(post({ ...location, alarm: 'sos' })).sos).toBe(true)
  })
})

describe('what Queclink trackers say through OwnTracks', () => {
  test.each([
    ['9', { event: 'low_battery' }],
    ['e', { event: 'power_cut' }],
    ['!', { event: 'tow' }],
    ['i', { event: 'ignition_on', ignition: true }],
    ['I', { event: 'ignition_off', ignition: false }],
    ['a', { event: 'stopped' }],
    ['3', { charging: true }],
    ['2', { charging: false }],
  ])('t=%s is %j', (t, said) => {
    expect(only(post({ ...location, t })).said).toMatchObject(said)
  })

  test('states: ignition and motion', () => {
    expect(only(post({ ...location, ign: true, motion: true, t: 't' })).said).toEqual({
      event: 'moving',
      charging: null,
      ignition: true,
    })
  })

  test.each(['p', 'c', 'b', 'r', 'u', 't', 'v', 's', 'h', 'toString'])('t=%s is no event', (t) => {
    expect(only(post({ ...location, t })).said).toBeUndefined()
  })

  test('is named by its log-in and device in the headers, before the address and its topic', () => {
    const named = (sender: { user: string | null; device: string | null }, query = '?u=juan&d=22A67880') =>
      only(ask(query, { body: JSON.stringify(location), sender })).claimedId
    expect(named({ user: 'lito', device: 'pixel' })).toBe('lito/pixel')
    expect(named({ user: null, device: 'pixel' }, '')).toBe('pixel')
    expect(named({ user: 'lito', device: null })).toBe('lito/22A67880')
    expect(only(ask('', { body: JSON.stringify(location) })).claimedId).toBe('owntracks/juan/22A67880')
  })

  test('knows a report that somebody asked for by hand, and no other', () => {
    for (const [t, manual] of [
      ['u', true],
      ['t', undefined],
      ['p', undefined],
      [undefined, undefined],
    ] as const)
      expect(only(post({ ...location, t })).manual).toBe(manual as true)
    expect(only(post({ ...location, _type: 'transition', event: 'enter', t: 'u' })).manual).toBeUndefined()
  })
})
